#include "connectors/payment/wechatpay/payer.h"

#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::string_view secret = "53d67fcb97e68f9998cbd17ed7a8d1e2";

Account account_with_secret() {
  auto settings = test_settings(ports::Way::jsapi);
  settings.app_secret = secret;
  return read_account(settings).value();
}

std::string told(std::string_view body, int status = 200) {
  const auto openid = read_token_reply(status, body);
  return openid ? *openid : std::string(base::name_of(openid.error()));
}

TEST(WechatpayPayer, IsNamedOnlyWithTheSheetAndTheSecret) {
  EXPECT_TRUE(names_payer(account_with_secret()));
  EXPECT_FALSE(names_payer(test_account(ports::Way::jsapi)));
  EXPECT_FALSE(names_payer(test_account()));
}

TEST(WechatpayPayer, TheLinkHasWechatsOrderAndNotTheSecret) {
  const std::string link = authorize_link(
      account_with_secret(), "https://shop.example/v1/orders/N1/payments/1/payer/back", "abc123");
  EXPECT_EQ(link,
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wxd678efh567hg6787"
            "&redirect_uri=https%3A%2F%2Fshop.example%2Fv1%2Forders%2FN1%2Fpayments%2F1%2Fpayer"
            "%2Fback&response_type=code&scope=snsapi_base&state=abc123#wechat_redirect");
  EXPECT_EQ(link.find(secret), std::string::npos);
}

TEST(WechatpayPayer, TheCodeIsExchangedAsOneValue) {
  EXPECT_EQ(token_link(account_with_secret(), "c&secret=x"),
            "https://api.weixin.qq.com/sns/oauth2/access_token?appid=wxd678efh567hg6787&secret=" +
                std::string(secret) + "&code=c%26secret%3Dx&grant_type=authorization_code");
}

TEST(WechatpayPayer, OnlyAReplyWithAnOpenidNamesHim) {
  EXPECT_EQ(told(R"({"access_token":"A","expires_in":7200,"refresh_token":"R","openid":"oUpF8_-1",
                     "scope":"snsapi_base"})"),
            "oUpF8_-1");
  EXPECT_EQ(told(R"({"errcode":0,"errmsg":"ok","openid":"o1"})"), "o1");
  EXPECT_EQ(told(R"({"errcode":40163,"errmsg":"code been used, rid: 6"})"), "code_used");
  EXPECT_EQ(told(R"({"errcode":42003,"errmsg":"oauth_code expired"})"), "code_expired");
  EXPECT_EQ(told(R"({"errcode":40029,"errmsg":"invalid code"})"), "code_invalid");
  EXPECT_EQ(told(R"({"errcode":40125,"errmsg":"invalid appsecret"})"), "account_refused");
  EXPECT_EQ(told(R"({"errcode":40013,"errmsg":"invalid appid"})"), "account_refused");
  for (const char* body :
       {"", "[]", "{}", "<html>", R"({"openid":""})", R"({"openid":"o 1"})", R"({"openid":7})",
        R"({"errcode":-1,"errmsg":"system error"})", R"({"errcode":"0","openid":"o1"})",
        R"({"errcode":40163,"openid":"o1","openid":"o2"})", R"({"errcode":99999,"openid":"o1"})"})
    EXPECT_EQ(told(body), "unavailable") << body;
  EXPECT_EQ(told(R"({"openid":"o1"})", 502), "unavailable");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
