#include "connectors/payment/wechatpay/pay_sheet.h"

#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_account.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

TEST(WechatpayPaySheet, IsSignedByTheMerchantOverFourLines) {
  const Account account = test_account(ports::Way::jsapi);
  const auto sheet =
      json::read(pay_sheet(account, "wx201410272009395522657a690389285100", test_stamp()));
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(sheet->object()->size(), 6u);
  EXPECT_EQ(sheet->text_of("appId"), account.appid);
  EXPECT_EQ(sheet->text_of("timeStamp"), "1795323900");
  EXPECT_EQ(sheet->text_of("nonceStr"), test_stamp().nonce);
  EXPECT_EQ(sheet->text_of("package"), "prepay_id=wx201410272009395522657a690389285100");
  EXPECT_EQ(sheet->text_of("signType"), "RSA");
  const std::string text = account.appid + "\n1795323900\n" + test_stamp().nonce +
                           "\nprepay_id=wx201410272009395522657a690389285100\n";
  EXPECT_TRUE(is_signed(text, sheet->text_of("paySign"), test_merchant_key().public_key()));
}

TEST(WechatpayPaySheet, IsReadOnlyIfItIsWholeFreshAndTheMerchants) {
  const Account account = test_account(ports::Way::jsapi);
  const std::string text = pay_sheet(account, "wx1", test_stamp());
  const auto key = test_merchant_key().public_key();
  const auto read = [&](const std::string& sheet, base::Duration later = {}) {
    return read_pay_sheet(*json::read(sheet), account.appid, key, test_now + later).value_or("");
  };
  EXPECT_EQ(read(text), "wx1");
  EXPECT_EQ(read(text, base::hours(2) + base::seconds(1)), "");
  EXPECT_EQ(read(text, base::minutes(-6)), "");
  for (const auto& [from, to] :
       {std::pair{"prepay_id=wx1", "prepay_id=wx2"}, std::pair{"prepay_id=wx1", "wx1"},
        std::pair{"1795323900", "1795323901"}, std::pair{"1795323900", "x"},
        std::pair{"\"RSA\"", "\"MD5\""}, std::pair{"\"nonceStr\"", "\"nonce\""},
        std::pair{"wxd678efh567hg6787", "wxd679efh567hg6787"}})
    EXPECT_EQ(read(replaced(text, from, to)), "") << to;
  EXPECT_FALSE(
      read_pay_sheet(*json::read(text), account.appid, test_platform_key().public_key(), test_now));
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
