#include "connectors/payment/wechatpay/wechatpay_provider.h"

#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

std::string header_of_query() {
  const auto call =
      signed_call(test_account(), test_call(ports::PaymentCallKind::query), test_stamp());
  return call->headers.front().second;
}
constexpr std::string_view target = "/v3/pay/transactions/out-trade-no/D7Q2XK5M_1?mchid=1900000001";

std::string outcome(std::string_view authorization, base::Instant now = test_now,
                    std::string_view asked = target, std::string_view body = {}) {
  const auto nonce = verify_merchant(
      test_merchant(),
      {.method = "GET", .target = asked, .authorization = authorization, .body = body}, now);
  return nonce ? *nonce : std::string(base::name_of(nonce.error()));
}

TEST(WechatpayProvider, AGenuineRequestIsItsMerchants) {
  EXPECT_EQ(outcome(header_of_query()), test_stamp().nonce);
}

TEST(WechatpayProvider, EveryOtherRequestHasItsRefusal) {
  const std::string good = header_of_query();
  EXPECT_EQ(outcome(""), "authorization_missing");
  EXPECT_EQ(outcome("Bearer x"), "scheme_unsupported");
  EXPECT_EQ(outcome("WECHATPAY2-SHA256-RSA2048x"), "scheme_unsupported");
  EXPECT_EQ(outcome("WECHATPAY2-SHA256-RSA2048 "), "authorization_unreadable");
  EXPECT_EQ(outcome(replaced(good, "nonce_str", "nonce")), "authorization_unreadable");
  EXPECT_EQ(outcome(replaced(good, "nonce_str", "mchid")), "authorization_unreadable");
  EXPECT_EQ(outcome(good + ",x"), "authorization_unreadable");
  EXPECT_EQ(outcome(good.substr(0, good.size() - 1)), "authorization_unreadable");
  EXPECT_EQ(outcome(replaced(good, "1900000001", "1900000002")), "mchid_differs");
  EXPECT_EQ(outcome(replaced(good, "25F8AA", "25F8AB")), "serial_unknown");
  EXPECT_EQ(outcome(good, test_now + base::seconds(301)), "timestamp_differs");
  EXPECT_EQ(outcome(replaced(good, "1795323900", "now")), "timestamp_differs");
  EXPECT_EQ(outcome(replaced(good, "1795323900", "1795323901")), "signature_invalid");
  EXPECT_EQ(outcome(good, test_now, "/v3/other"), "signature_invalid");
  EXPECT_EQ(outcome(good, test_now, target, "x"), "signature_invalid");
}

TEST(WechatpayProvider, SignsUnderEitherStyleOfSerial) {
  AccountSettings settings = test_settings();
  settings.platform_certificates = test_certificate();
  const Account account = read_account(settings).value();
  for (const auto& serial : {test_public_key_id, test_certificate_serial}) {
    const HeaderList headers =
        sign_message("{}", {.serial = serial, .key = test_platform_key()}, test_stamp());
    EXPECT_TRUE(verify(account.platform_keys, headers, "{}", test_now).has_value()) << serial;
  }
}

TEST(WechatpayProvider, AnErrorSaysCodeAndMessage) {
  EXPECT_EQ(render_error("SIGN_ERROR", "签名错误"),
            R"({"code":"SIGN_ERROR","message":"签名错误"})");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
