#include "connectors/payment/wechatpay/wechatpay_gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/payment/wechatpay/test_wechatpay_gateway.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;
using ports::Way;
using WechatpayGateway = GatewayFixture;

TEST_F(WechatpayGateway, EveryCallArrivesSignedAndItsReplyIsRead) {
  WechatServer server;
  const auto qr = channel(server.url());
  struct Case {
    PaymentCallKind kind;
    int status;
    std::string body;
    const char* seen;
  };
  for (const Case& one : {
           Case{PaymentCallKind::create, 200, R"({"code_url":"weixin://wxpay/1"})",
                "POST /v3/pay/transactions/native"},
           Case{PaymentCallKind::query, 200, render_trade(test_trade()),
                "GET /v3/pay/transactions/out-trade-no/D7Q2XK5M_1?mchid=1900000001"},
           Case{PaymentCallKind::close, 204, "",
                "POST /v3/pay/transactions/out-trade-no/D7Q2XK5M_1/close"},
           Case{PaymentCallKind::refund, 200, render_refund(test_refund()),
                "POST /v3/refund/domestic/refunds"},
           Case{PaymentCallKind::query_refund, 200, render_refund(test_refund()),
                "GET /v3/refund/domestic/refunds/R1"},
       }) {
    server.answer_with(one.status, one.body);
    const auto answer = ask(*qr, one.kind);
    EXPECT_EQ(answer.outcome, Outcome::done) << one.seen << " " << answer.problem;
    EXPECT_EQ(server.last_seen(), one.seen);
  }
  EXPECT_EQ(server.certificate_calls(), 0);
  client.stop();
}

TEST_F(WechatpayGateway, AReplyWithoutProofIsUnknownEvenIfItSaysNo) {
  WechatServer server;
  const auto qr = channel(server.url());
  server.answer_with(403, render_error("NOT_ENOUGH", ""));
  EXPECT_EQ(ask(*qr, PaymentCallKind::refund).outcome, Outcome::failed);
  server.do_not_sign();
  const auto answer = ask(*qr, PaymentCallKind::refund);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "signature_missing, http_403");
  client.stop();
}

TEST_F(WechatpayGateway, NobodyThereIsUnknown) {
  const auto qr = channel("http://127.0.0.1:1");
  const auto answer = ask(*qr, PaymentCallKind::query);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "not_sent: connect_failed");
  client.stop();
}

TEST_F(WechatpayGateway, ACallThatCanNotBeMadeIsFailedAndNotSent) {
  WechatServer server;
  const auto qr = channel(server.url());
  auto call = test_call(PaymentCallKind::create);
  call.order.trade_ref = "x";
  const auto answer = ask(*qr, call);
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_EQ(answer.problem, "trade_ref_unusable");
  EXPECT_EQ(server.last_seen(), "");
  client.stop();
}

TEST_F(WechatpayGateway, ACallOutlivesItsGateway) {
  WechatServer server;
  server.answer_with(404, render_error("ORDER_NOT_EXIST", ""));
  auto qr = channel(server.url());
  std::promise<ports::PaymentAnswer> promise;
  qr->call(test_call(PaymentCallKind::query),
           [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
  qr.reset();
  EXPECT_EQ(promise.get_future().get().trade, TradeStatus::not_exist);
  client.stop();
}

TEST_F(WechatpayGateway, ThereAreNoPayLinks) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  EXPECT_EQ(qr->pay_link(test_order(), test_now).error(),
            ports::PayLinkRefusal::not_a_link_channel);
  EXPECT_EQ(qr->capabilities().way, Way::qr);
  EXPECT_FALSE(qr->capabilities().confirm_by_query);
}

TEST_F(WechatpayGateway, APayersCodeIsExchangedOnTheServersSide) {
  std::mutex mutex;
  std::string seen;
  net::Router router;
  router.add(
      net::Method::get, "/sns/oauth2/access_token",
      [&](net::Request&& request, net::Responder responder) {
        const std::lock_guard lock(mutex);
        seen = request.target;
        responder.send(net::text_response(200, R"({"access_token":"A","openid":"oPayer1"})"));
      });
  net::HttpServer server({}, std::move(router));
  ASSERT_TRUE(server.start().has_value());
  auto settings = test_settings(Way::jsapi);
  settings.app_secret = "53d67fcb97e68f9998cbd17ed7a8d1e2";
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const auto found = [&](const std::string& token_url) {
    settings.token_url = token_url;
    const auto sheet = channel(settings);
    EXPECT_TRUE(sheet->capabilities().names_payer);
    std::promise<std::string> promise;
    sheet->find_payer("CODE", [&](base::Result<std::string, ports::PayerRefusal> payer) {
      promise.set_value(payer ? *payer : std::string(base::name_of(payer.error())));
    });
    return promise.get_future().get();
  };
  EXPECT_EQ(found(url + "/sns/oauth2/access_token"), "oPayer1");
  EXPECT_EQ(seen,
            "/sns/oauth2/access_token?appid=wxd678efh567hg6787&secret="
            "53d67fcb97e68f9998cbd17ed7a8d1e2&code=CODE&grant_type=authorization_code");
  EXPECT_EQ(found(url + "/nothing"), "unavailable");
  EXPECT_EQ(found("http://127.0.0.1:1/"), "unavailable");
  client.stop();
}

TEST_F(WechatpayGateway, WhoeverHasNoAppSecretNamesNobody) {
  const auto sheet = channel(test_settings(Way::jsapi));
  EXPECT_FALSE(sheet->capabilities().names_payer);
  EXPECT_FALSE(sheet->payer_link("https://shop.example/back", "abc"));
  std::string told;
  sheet->find_payer("CODE", [&](base::Result<std::string, ports::PayerRefusal> payer) {
    told = payer ? *payer : std::string(base::name_of(payer.error()));
  });
  EXPECT_EQ(told, "unavailable");
}

TEST_F(WechatpayGateway, TheSameSignedNoticeCountsOnceAndARepeatSignedAnewDoes) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  const auto message = notice(test_signing(), std::string(32, 'a'));
  EXPECT_EQ(outcome(*qr, message), "paid");
  EXPECT_EQ(outcome(*qr, message), "nonce_reused");
  EXPECT_EQ(outcome(*qr, notice(test_signing(), std::string(32, 'b'))), "paid");
}

TEST_F(WechatpayGateway, ARefusedNoticeDoesNotUseItsNonceUp) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  auto message = notice(test_signing(), std::string(32, 'a'));
  message.body += ' ';
  EXPECT_EQ(outcome(*qr, message), "signature_invalid");
  message.body.pop_back();
  EXPECT_EQ(outcome(*qr, message), "paid");
}

TEST_F(WechatpayGateway, NoticesAreAnsweredInWechatsWords) {
  const auto qr = channel("https://api.mch.weixin.qq.com");
  EXPECT_EQ(qr->notice_accepted(), R"({"code":"SUCCESS"})");
  EXPECT_THAT(std::string(qr->notice_refused()), testing::HasSubstr(R"("code":"FAIL")"));
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
