#include "connectors/payment/alipay/form_fields.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

std::string refusal(std::string_view body) {
  const auto fields = decode_form(body);
  return fields ? "decoded" : std::string(name(fields.error()));
}

TEST(AlipayForm, IsDecodedExactlyOnce) {
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

TEST(AlipayForm, EncodedFieldsComeBack) {
  FormFields fields{{"empty", ""}, {"a b", "&=+%?/#"}, {"zh", "\xe8\xb4\xa6"}};
  std::string all;
  for (int byte = 1; byte < 0x80; ++byte) all += static_cast<char>(byte);
  fields.emplace_back("all", all);
  EXPECT_EQ(decode_form(encode_form(fields)), fields);
  EXPECT_EQ(encode_form({{"t", "2016-04-01 00:00:00"}, {"j", "{\"a\":1}~"}}),
            "t=2016-04-01+00%3A00%3A00&j=%7B%22a%22%3A1%7D~");
}

TEST(AlipayForm, WhatReadersCouldUnderstandDifferentlyIsRefused) {
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

TEST(AlipayText, RequestsLeaveOutBlanksAndSignButKeepSignType) {
  const FormFields fields{
      {"b", "2"},         {"a", "1"},       {"sign_type", "RSA2"},  {"sign", "x"},
      {"return_url", ""}, {"blank", " \t"}, {"B", "\xe5\x88\xb0&="}};
  EXPECT_EQ(request_text(fields), "B=\xe5\x88\xb0&=&a=1&b=2&sign_type=RSA2");
}

TEST(AlipayText, NoticesLeaveOutSignAndSignTypeButKeepEmptyValues) {
  const FormFields fields{{"b", ""}, {"a", "%2B+"}, {"sign_type", "RSA2"}, {"sign", "x"}};
  EXPECT_EQ(notice_text(fields), "a=%2B+&b=");
}

TEST(AlipayText, MessagesKeepSignTypeOrGetIt) {
  EXPECT_EQ(message_text({{"z", "1"}, {"sign", "x"}}), "sign_type=RSA2&z=1");
  EXPECT_EQ(message_text({{"z", "1"}, {"sign_type", "RSA2"}}), "sign_type=RSA2&z=1");
}

TEST(AlipaySignature, OnlyTheRightTextAndBase64IsAccepted) {
  FormFields fields{{"app_id", "1"}, {"method", "m"}};
  sign_request(fields, test_app_key());
  const std::string sign(field(fields, "sign"));
  const auto key = test_app_key().public_key();
  EXPECT_TRUE(is_signed("app_id=1&method=m", sign, key));
  EXPECT_FALSE(is_signed("app_id=1&method=n", sign, key));
  EXPECT_FALSE(is_signed("app_id=1&method=m", sign.substr(0, sign.size() - 4), key));
  EXPECT_FALSE(is_signed("app_id=1&method=m", sign + "\n", key));
  EXPECT_FALSE(is_signed("app_id=1&method=m", "", key));
  EXPECT_FALSE(is_signed("app_id=1&method=m", sign, test_alipay_key().public_key()));
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
