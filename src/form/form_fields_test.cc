#include "form/form_fields.h"

#include <gtest/gtest.h>

namespace daozhang::form {
namespace {

std::string refusal(std::string_view body) {
  const auto fields = decode_form(body);
  return fields ? "decoded" : std::string(base::name_of(fields.error()));
}

TEST(FormFields, IsDecodedExactlyOnce) {
  const auto fields = decode_form("a=1%2B2+3&b=%2525&c=&d&%E5%88%B0=x%3Dy=z&e=%00");
  ASSERT_TRUE(fields.has_value());
  const FormFields expected{{"a", "1+2 3"},
                            {"b", "%25"},
                            {"c", ""},
                            {"d", ""},
                            {"\xe5\x88\xb0", "x=y=z"},
                            {"e", std::string(1, '\0')}};
  EXPECT_EQ(*fields, expected);
}

TEST(FormFields, EncodedFieldsComeBack) {
  FormFields fields{{"empty", ""}, {"a b", "&=+%?/#"}, {"zh", "\xe8\xb4\xa6"}};
  std::string all;
  for (int byte = 1; byte < 0x80; ++byte) all += static_cast<char>(byte);
  fields.emplace_back("all", all);
  EXPECT_EQ(decode_form(encode_form(fields)), fields);
  EXPECT_EQ(encode_form({{"t", "2016-04-01 00:00:00"}, {"j", "{\"a\":1}~"}}),
            "t=2016-04-01+00%3A00%3A00&j=%7B%22a%22%3A1%7D~");
}

TEST(FormFields, ChineseNamesAndSignsComeBack) {
  const FormFields fields{
      {"name", "商品 &+\"测试\"=/%~*'"}, {"money", "9.90"}, {"empty", ""}, {"k&=", "1"}};
  EXPECT_EQ(decode_form(encode_form(fields)), fields);
}

TEST(FormFields, AreJoinedByTheBytesOfTheirNames) {
  EXPECT_EQ(joined_text({{"b", "2"}, {"a", "x y&"}, {"B", ""}}), "B=&a=x y&&b=2");
  EXPECT_EQ(joined_text({}), "");
}

TEST(FormFields, WhatReadersCouldUnderstandDifferentlyIsRefused) {
  EXPECT_EQ(refusal(""), "decoded");
  EXPECT_EQ(refusal("a=1&&b=2&"), "decoded");
  EXPECT_EQ(refusal("total_amount=1&total_amount=2"), "duplicate_field");
  EXPECT_EQ(refusal("a=1&%61=1"), "duplicate_field");
  EXPECT_EQ(refusal("total_amount[]=1"), "bad_name");
  EXPECT_EQ(refusal("a%5B0%5D=1"), "bad_name");
  EXPECT_EQ(refusal("=1"), "bad_name");
  EXPECT_EQ(refusal("a=%"), "bad_escape");
  EXPECT_EQ(refusal("a=%2"), "bad_escape");
  EXPECT_EQ(refusal("a=%GG"), "bad_escape");
  EXPECT_EQ(refusal("a=%2%30"), "bad_escape");
  EXPECT_EQ(refusal("a=%FF"), "not_utf8");
  EXPECT_EQ(refusal("a=%B5%BD"), "not_utf8");
  EXPECT_EQ(refusal("a=" + std::string(70'000, 'x')), "too_large");
  std::string many;
  for (int i = 0; i < 300; ++i) many.append("f").append(std::to_string(i)).append("=1&");
  EXPECT_EQ(refusal(many), "too_large");
}

}  // namespace
}  // namespace daozhang::form
