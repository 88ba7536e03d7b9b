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

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
