#include "connectors/payment/alipay/bill_call.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/alipay_provider.h"
#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::BillRefusal;

constexpr std::string_view method = "alipay.data.dataservice.bill.downloadurl.query";
constexpr std::string_view day = "2026-11-22";
// 10:00 of the day after, in Beijing.
const base::Instant next_morning = test_now + base::hours(21) - base::minutes(5);

std::string reply(const FormFields& content) {
  return render_reply(method, content, {.alipay_key = test_alipay_key()});
}

BillRefusal refusal_of(const std::string& raw, base::Instant now = next_morning) {
  const auto address = bill_address(test_account(), raw, day, now);
  EXPECT_FALSE(address.has_value());
  return address ? BillRefusal::refused : address.error().refusal;
}

FormFields refused_with(std::string_view sub_code) {
  return {{"code", "40004"}, {"msg", "Business Failed"}, {"sub_code", std::string(sub_code)}};
}

TEST(AlipayBillCall, AsksForTheTradesOfADay) {
  const GatewayCall call = bill_call(test_account(), day, next_morning);
  EXPECT_EQ(call.method, method);
  const auto fields =
      decode_form(call.url.substr(call.url.find('?') + 1) + "&" + call.body).value();
  const auto content = verify_request(fields, test_app_key().public_key());
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->text_of("bill_type"), "trade");
  EXPECT_EQ(content->text_of("bill_date"), day);
}

TEST(AlipayBillCall, TheAddressIsReadFromASignedReply) {
  const FormFields content = {{"code", "10000"},
                              {"msg", "Success"},
                              {"bill_download_url", "https://dwbillcenter.alipay.com/x?a=b&c"}};
  const auto address = bill_address(test_account(), reply(content), day, next_morning);
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(*address, "https://dwbillcenter.alipay.com/x?a=b&c");
  std::string forged = reply(content);
  forged.replace(forged.find("dwbill"), 6, "evilxx");
  EXPECT_EQ(refusal_of(forged), BillRefusal::unavailable);
}

TEST(AlipayBillCall, OnlyAnAddressOfHttpsIsCalled) {
  for (const char* url : {"http://dwbillcenter.alipay.com/x", "file:///etc/passwd", ""})
    EXPECT_EQ(refusal_of(reply({{"code", "10000"}, {"bill_download_url", url}})),
              BillRefusal::unreadable);
}

TEST(AlipayBillCall, ABillThatIsNotThereIsNotReadyAndLaterEmpty) {
  const std::string raw = reply(refused_with("isp.BILL_NOT_EXIST"));
  EXPECT_EQ(refusal_of(raw), BillRefusal::not_ready);
  EXPECT_EQ(refusal_of(raw, next_morning + base::hours(25)), BillRefusal::not_ready);
  EXPECT_EQ(refusal_of(raw, next_morning + base::hours(27)), BillRefusal::empty_day);
}

TEST(AlipayBillCall, OtherRefusalsSayWhetherAskingAgainHelps) {
  EXPECT_EQ(refusal_of(reply(refused_with("isv.INVAILID_ARGUMENTS"))), BillRefusal::refused);
  EXPECT_EQ(refusal_of(reply({{"code", "40006"}, {"msg", "no rights"}})), BillRefusal::refused);
  EXPECT_EQ(refusal_of(reply(refused_with("isp.UNKNOW_ERROR"))), BillRefusal::unavailable);
  EXPECT_EQ(refusal_of(reply({{"code", "20000"}, {"msg", "busy"}})), BillRefusal::unavailable);
  EXPECT_EQ(refusal_of("<html>"), BillRefusal::unavailable);
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
