#include "connectors/payment/epay/epay_provider.h"

#include <gtest/gtest.h>

#include "connectors/payment/epay/request.h"
#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

FormFields submitted(Version version) {
  const std::string link = pay_link(test_account(version), test_order(), test_now);
  return decode_form(replayed_submit(link)).value();
}

std::string seen(const FormFields& fields, Version version = Version::v1,
                 base::Instant now = test_now) {
  const auto verified = verify_signed(test_merchant(version), fields, now);
  return verified ? "verified" : std::string(base::name_of(verified.error()));
}

void set(FormFields& fields, std::string_view name, std::string_view value) {
  for (auto& [each, held] : fields) {
    if (each == name) held = value;
  }
}

TEST(EpayProvider, AChangedRequestIsNoLongerTheMerchants) {
  for (const Version version : {Version::v1, Version::v2}) {
    const FormFields good = submitted(version);
    EXPECT_EQ(seen(good, version), "verified");
    for (std::size_t i = 0; i < good.size(); ++i) {
      FormFields changed = good;
      changed[i].second += "x";
      EXPECT_NE(seen(changed, version), "verified") << good[i].first;
    }
  }
}

TEST(EpayProvider, RefusesRequestsByName) {
  FormFields fields = submitted(Version::v2);
  EXPECT_EQ(seen(fields, Version::v2, test_now + base::seconds(301)), "timestamp_differs");
  EXPECT_EQ(seen(fields), "sign_type_unsupported");
  set(fields, "money", "0.01");
  EXPECT_EQ(seen(fields, Version::v2), "signature_invalid");
  set(fields, "sign", "");
  EXPECT_EQ(seen(fields, Version::v2), "sign_missing");
  set(fields, "pid", "1002");
  EXPECT_EQ(seen(fields, Version::v2), "pid_unknown");
}

TEST(EpayProvider, TheApiWantsTheKey) {
  const auto keyed = [](std::string_view pid, std::string_view key) {
    const auto verified =
        verify_keyed(test_merchant(), {{"pid", std::string(pid)}, {"key", std::string(key)}});
    return verified ? "verified" : std::string(base::name_of(verified.error()));
  };
  EXPECT_EQ(keyed("1001", test_merchant_key), "verified");
  EXPECT_EQ(keyed("1001", "wrong"), "key_wrong");
  EXPECT_EQ(keyed("1002", test_merchant_key), "pid_unknown");
  const auto call =
      gateway_call(test_account(), test_call(ports::PaymentCallKind::query), test_now);
  EXPECT_TRUE(verify_keyed(test_merchant(), decode_form(call.body).value()).has_value());
}

TEST(EpayProvider, MoneyIsPrintedAsGatewaysPrintIt) {
  EXPECT_EQ(print_money(100, MoneyFormat::whole), "1");
  EXPECT_EQ(print_money(100, MoneyFormat::one_decimal), "1.0");
  EXPECT_EQ(print_money(100, MoneyFormat::two_decimals), "1.00");
  EXPECT_EQ(print_money(10'000, MoneyFormat::four_decimals), "100.0000");
  EXPECT_EQ(print_money(990, MoneyFormat::whole), "9.9");
  EXPECT_EQ(print_money(991, MoneyFormat::whole), "9.91");
  EXPECT_EQ(print_money(1'000, MoneyFormat::whole), "10");
}

TEST(EpayProvider, CodesArePrintedAsNumbersOrTexts) {
  EXPECT_EQ(render_reply(test_merchant(), {{"status", "1"}, {"msg", "ok"}}, test_now),
            R"({"code":1,"status":1,"msg":"ok"})");
  ReplyFormat texts;
  texts.numbers_as_text = true;
  EXPECT_EQ(render_reply(test_merchant(), {{"status", "1"}}, test_now, texts),
            R"({"code":"1","status":"1"})");
  EXPECT_EQ(render_failure(test_merchant(), "no", test_now), R"({"code":-1,"msg":"no"})");
  EXPECT_EQ(render_orders(test_merchant(), {{{"status", "1"}}, {{"status", "0"}}}, test_now),
            R"({"code":1,"data":[{"status":1},{"status":0}]})");
  EXPECT_TRUE(render_reply(test_merchant(Version::v2), {}, test_now)
                  .starts_with(R"({"code":0,"timestamp":"1795323900","sign_type":"RSA","sign":")"));
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
