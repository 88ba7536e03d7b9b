#include "connectors/payment/epay/form_fields.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::payment::epay {
namespace {

std::string decoded(std::string_view encoded) {
  const auto fields = decode_form(encoded);
  if (!fields) return std::string(base::name_of(fields.error()));
  std::string text;
  for (const auto& [name, value] : *fields) text.append(name).append("=").append(value).append(";");
  return text;
}

TEST(EpayForm, IsDecodedExactlyOnce) {
  EXPECT_EQ(decoded("a=1&b=x+y&c=%2526&d=&e"), "a=1;b=x y;c=%26;d=;e=;");
  EXPECT_EQ(decoded("name=%E5%95%86%E5%93%81&&x=a=b"), "name=商品;x=a=b;");
  EXPECT_EQ(decoded(""), "");
}

TEST(EpayForm, WhatReadersUnderstandDifferentlyIsRefused) {
  EXPECT_EQ(decoded("a=%4"), "bad_escape");
  EXPECT_EQ(decoded("a=%zz"), "bad_escape");
  EXPECT_EQ(decoded("%=a"), "bad_escape");
  EXPECT_EQ(decoded("=1"), "bad_name");
  EXPECT_EQ(decoded("money[]=1"), "bad_name");
  EXPECT_EQ(decoded("money%5B0%5D=1"), "bad_name");
  EXPECT_EQ(decoded("a=1&a=1"), "duplicate_field");
  EXPECT_EQ(decoded("a=1&%61=2"), "duplicate_field");
  EXPECT_EQ(decoded("a=%ff"), "not_utf8");
  EXPECT_EQ(decoded(std::string(70'000, 'a')), "too_large");
  std::string many;
  for (int i = 0; i < 101; ++i) many += "n" + std::to_string(i) + "=1&";
  EXPECT_EQ(decoded(many), "too_large");
}

TEST(EpayForm, WhatIsWrittenIsReadBack) {
  const FormFields fields{
      {"name", "商品 &+\"测试\"=/%~*'"}, {"money", "9.90"}, {"empty", ""}, {"k&=", "1"}};
  EXPECT_EQ(decode_form(encode_form(fields)).value(), fields);
  EXPECT_EQ(encode_form({{"a", "1 +&=%"}, {"b", "x.y-z_"}}), "a=1+%2B%26%3D%25&b=x.y-z_");
}

TEST(EpayText, LeavesOutSignaturesAndEmptyValuesAndSortsByBytes) {
  EXPECT_EQ(text_to_sign({{"pid", "1"},
                          {"sign", "abc"},
                          {"sign_type", "MD5"},
                          {"param", ""},
                          {"zero", "0"},
                          {"blank", " "},
                          {"Name", "x y"},
                          {"money", "1.00"}}),
            "Name=x y&blank= &money=1.00&pid=1&zero=0");
  EXPECT_EQ(text_to_sign({}), "");
}

TEST(EpayText, IsAmbiguousOnlyWhereAnotherFieldCouldBegin) {
  for (const char* value : {"a&b=", "a&b=c", "other&out_trade_no=order", "&_x1=", "&&money=1",
                            "a&1&b=2", "\xe4\xb8\xad&B9="}) {
    EXPECT_TRUE(is_ambiguous(value)) << value;
  }
  for (const char* value :
       {"", "a=b", "a&b", "a & b = c", "&=", "&1a=2", "a&b c=d", "M&M", "&", "&\xe4\xb8\xad="}) {
    EXPECT_FALSE(is_ambiguous(value)) << value;
  }
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
