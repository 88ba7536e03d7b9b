#include "connectors/payment/wechatpay/request.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/wechatpay/test_account.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::PaymentCallKind;
using ports::Way;

constexpr std::string_view host = "https://api.mch.weixin.qq.com";

SignedCall made(PaymentCallKind kind, Way way = Way::qr) {
  const auto call = signed_call(test_account(way), test_call(kind), test_stamp());
  CHECK(call.has_value());
  return *call;
}

std::string refusal(PaymentCallKind kind, const std::function<void(ports::PaymentCall&)>& spoil,
                    Way way = Way::qr) {
  ports::PaymentCall call = test_call(kind);
  spoil(call);
  const auto result = signed_call(test_account(way), call, test_stamp());
  return result ? "made" : std::string(base::name_of(result.error()));
}

std::string_view header(const SignedCall& call, std::string_view name) {
  for (const auto& [known, value] : call.headers) {
    if (known == name) return value;
  }
  return {};
}

std::string verified(const SignedCall& call) {
  const auto nonce = verify_merchant(test_merchant(),
                                     {.method = call.method,
                                      .target = target_of(call.url),
                                      .authorization = header(call, "Authorization"),
                                      .body = call.body},
                                     test_now);
  return nonce ? *nonce : std::string(base::name_of(nonce.error()));
}

TEST(WechatpayRequest, EveryCallIsSignedOverWhatIsSent) {
  for (const auto kind : {PaymentCallKind::create, PaymentCallKind::query, PaymentCallKind::close,
                          PaymentCallKind::refund, PaymentCallKind::query_refund}) {
    const SignedCall call = made(kind);
    EXPECT_EQ(verified(call), test_stamp().nonce) << base::name_of(kind);
    EXPECT_EQ(header(call, "Accept"), "application/json");
    EXPECT_EQ(header(call, "User-Agent"), "daozhang");
    EXPECT_EQ(header(call, "Wechatpay-Serial"), test_public_key_id);
    EXPECT_EQ(header(call, "Content-Type"), call.body.empty() ? "" : "application/json");
  }
  EXPECT_EQ(verified(certificates_call(test_account(), test_stamp())), test_stamp().nonce);
}

TEST(WechatpayRequest, ThePublicKeysIdIsOnlySentIfThereIsOne) {
  AccountSettings settings = test_settings();
  settings.public_key = settings.public_key_id = "";
  settings.platform_certificates = test_certificate();
  const auto call =
      signed_call(read_account(settings).value(), test_call(PaymentCallKind::query), test_stamp());
  EXPECT_EQ(header(*call, "Wechatpay-Serial"), "");
}

TEST(WechatpayRequest, CreateSaysWhatIsBoughtByWay) {
  const std::string common =
      R"({"appid":"wxd678efh567hg6787","mchid":"1900000001","description":"Steam 充值卡 50元",)"
      R"("out_trade_no":"D7Q2XK5M_1","time_expire":"2026-11-22T13:20:00+08:00",)"
      R"("notify_url":"https://shop.example/v1/notify/wechat",)"
      R"("amount":{"total":990,"currency":"CNY"},)";
  const SignedCall qr = made(PaymentCallKind::create);
  EXPECT_EQ(qr.url, std::string(host) + "/v3/pay/transactions/native");
  EXPECT_EQ(qr.body, common + R"("scene_info":{"payer_client_ip":"203.0.113.7"}})");
  const SignedCall h5 = made(PaymentCallKind::create, Way::h5);
  EXPECT_EQ(h5.url, std::string(host) + "/v3/pay/transactions/h5");
  EXPECT_EQ(h5.body, common + R"("scene_info":{"payer_client_ip":"203.0.113.7",)"
                              R"("h5_info":{"type":"Wap"}}})");
  const SignedCall jsapi = made(PaymentCallKind::create, Way::jsapi);
  EXPECT_EQ(jsapi.url, std::string(host) + "/v3/pay/transactions/jsapi");
  EXPECT_EQ(jsapi.body, common + R"("payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},)"
                                 R"("scene_info":{"payer_client_ip":"203.0.113.7"}})");
}

TEST(WechatpayRequest, TheOtherCallsNameOrderAndRefund) {
  const SignedCall query = made(PaymentCallKind::query);
  EXPECT_EQ(query.method, "GET");
  EXPECT_EQ(query.url,
            std::string(host) + "/v3/pay/transactions/out-trade-no/D7Q2XK5M_1?mchid=1900000001");
  const SignedCall close = made(PaymentCallKind::close);
  EXPECT_EQ(close.method, "POST");
  EXPECT_EQ(close.url, std::string(host) + "/v3/pay/transactions/out-trade-no/D7Q2XK5M_1/close");
  EXPECT_EQ(close.body, R"({"mchid":"1900000001"})");
  const SignedCall refund = made(PaymentCallKind::refund);
  EXPECT_EQ(refund.url, std::string(host) + "/v3/refund/domestic/refunds");
  EXPECT_EQ(refund.body,
            R"({"out_trade_no":"D7Q2XK5M_1","out_refund_no":"R1","reason":"promise missed",)"
            R"("notify_url":"https://shop.example/v1/notify/wechat",)"
            R"("amount":{"refund":990,"total":990,"currency":"CNY"}})");
  EXPECT_EQ(made(PaymentCallKind::query_refund).url,
            std::string(host) + "/v3/refund/domestic/refunds/R1");
}

TEST(WechatpayRequest, MarksThatAPathDoesNotTakeAreEscapedBeforeSigning) {
  ports::PaymentCall call = test_call(PaymentCallKind::query);
  call.order.trade_ref = "a|b*c-d_1";
  const auto signed_one = signed_call(test_account(), call, test_stamp());
  EXPECT_NE(signed_one->url.find("/a%7Cb%2Ac-d_1?"), std::string::npos);
  EXPECT_EQ(verified(*signed_one), test_stamp().nonce);
}

TEST(WechatpayRequest, WhatWechatWouldRefuseIsNotSent) {
  const auto ref = [](const std::string& text) {
    return [text](ports::PaymentCall& call) { call.order.trade_ref = text; };
  };
  for (const auto* text : {"", "short", "a/b/c/d", "a b c d", "123456?x=1", "订单号一二三"}) {
    EXPECT_EQ(refusal(PaymentCallKind::query, ref(text)), "trade_ref_unusable") << text;
  }
  EXPECT_EQ(refusal(PaymentCallKind::create, ref(std::string(33, 'a'))), "trade_ref_unusable");
  EXPECT_EQ(refusal(PaymentCallKind::create, ref(std::string(32, 'a'))), "made");
  for (const std::int64_t minor :
       {std::int64_t{0}, std::int64_t{-1}, domain::amount_minor_max + 1}) {
    EXPECT_EQ(refusal(PaymentCallKind::create, [&](auto& c) { c.order.amount_minor = minor; }),
              "amount_unusable");
    EXPECT_EQ(refusal(PaymentCallKind::refund, [&](auto& c) { c.refund_minor = minor; }),
              "amount_unusable");
  }
  EXPECT_EQ(refusal(PaymentCallKind::refund, [](auto& c) { c.refund_minor = 991; }),
            "amount_unusable");
  for (const auto kind : {PaymentCallKind::create, PaymentCallKind::refund}) {
    EXPECT_EQ(refusal(kind, [](auto& c) { c.order.currency = domain::Currency::USD; }),
              "currency_unusable");
  }
  for (const auto kind : {PaymentCallKind::refund, PaymentCallKind::query_refund}) {
    EXPECT_EQ(refusal(kind, [](auto& c) { c.refund_ref = ""; }), "refund_ref_unusable");
    EXPECT_EQ(refusal(kind, [](auto& c) { c.refund_ref = "a/b"; }), "refund_ref_unusable");
    EXPECT_EQ(refusal(kind, [](auto& c) { c.refund_ref = std::string(65, 'a'); }),
              "refund_ref_unusable");
  }
  const auto nobody = [](ports::PaymentCall& c) { c.order.payer_ip = c.order.payer_id = ""; };
  EXPECT_EQ(refusal(PaymentCallKind::create, nobody, Way::h5), "payer_ip_missing");
  EXPECT_EQ(refusal(PaymentCallKind::create, nobody, Way::jsapi), "payer_id_missing");
  EXPECT_EQ(refusal(PaymentCallKind::create, nobody), "made");
}

TEST(WechatpayRequest, TextsAreCutBetweenCharactersAndFreeOfMarks) {
  EXPECT_EQ(plain_text("a`b\nc\x7f"
                       "d",
                       100),
            "a b c d");
  EXPECT_EQ(plain_text("充值卡", 8), "充值");
  EXPECT_EQ(plain_text("\xff"
                       "a",
                       8),
            " a");
  ports::PaymentCall call = test_call(PaymentCallKind::create);
  for (int i = 0; i < 40; ++i) call.order.subject += "充值卡";
  const auto body = json::read(signed_call(test_account(), call, test_stamp())->body);
  EXPECT_LE(body->text_of("description").size(), 127u);
  EXPECT_GT(body->text_of("description").size(), 123u);
}

TEST(WechatpayRequest, BillsAreAskedForByDayAndFetchedFromWhereTheyAre) {
  const Account account = test_account();
  const SignedCall trades = trade_bill_call(account, "2026-11-22", test_stamp());
  EXPECT_EQ(trades.url,
            std::string(host) + "/v3/bill/tradebill?bill_date=2026-11-22&bill_type=ALL");
  EXPECT_EQ(verified(trades), test_stamp().nonce);
  EXPECT_EQ(fund_flow_bill_call(account, "2026-11-22", test_stamp()).url,
            std::string(host) + "/v3/bill/fundflowbill?bill_date=2026-11-22&account_type=BASIC");
  const auto file =
      download_call(account, std::string(host) + "/v3/billdownload/file?token=a%2Fb", test_stamp());
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(verified(*file), test_stamp().nonce);
  for (const char* url : {"", "https://", "https:///x", "http://evil.example/x",
                          "https://a@evil.example/x", "https://a/b c", "file:///etc/x"}) {
    EXPECT_FALSE(download_call(account, url, test_stamp()).has_value()) << url;
  }
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
