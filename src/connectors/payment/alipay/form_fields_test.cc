#include "connectors/payment/alipay/form_fields.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

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
