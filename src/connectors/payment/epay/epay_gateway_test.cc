#include "connectors/payment/epay/epay_gateway.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "connectors/payment/epay/test_account.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;
using ports::Way;

// A gateway that verifies what it is sent and answers what a test wants.
class EpayServer {
 public:
  EpayServer() : server_({}, routes()) { EXPECT_TRUE(server_.start().has_value()); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/";
  }
  void answer_with(int status, std::string body) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    body_ = std::move(body);
  }
  // "POST /api/pay/query D7Q2XK5M_1", or the refusal's name.
  [[nodiscard]] std::string last_seen() {
    const std::lock_guard lock(mutex_);
    return last_seen_;
  }

 private:
  net::Router routes() {
    net::Router router;
    const auto answer = [this](net::Request&& request, net::Responder responder) {
      responder.send(reply_to(request));
    };
    for (const char* path : {"/mapi.php", "/api.php", "/api/pay/create", "/api/pay/query",
                             "/api/pay/close", "/api/pay/refund", "/api/pay/refundquery"}) {
      router.add(net::Method::post, path, answer);
    }
    router.add(net::Method::get, "/api.php", answer);
    return router;
  }

  static std::string seen(const net::Request& request) {
    const auto question = request.target.find('?');
    std::string query = question == std::string::npos ? "" : request.target.substr(question + 1);
    const auto fields = decode_form(query + "&" + request.body).value();
    const bool v2 = request.path.starts_with("/api/");
    const auto verified =
        request.path == "/api.php"
            ? verify_keyed(test_merchant(), fields)
            : verify_signed(test_merchant(v2 ? Version::v2 : Version::v1), fields, test_now);
    if (!verified) return std::string(base::name_of(verified.error()));
    std::string text(net::to_string(request.method));
    text.append(" ").append(request.path).append(" ").append(field(fields, "act"));
    text.append(field(fields, "out_trade_no")).append(field(fields, "out_refund_no"));
    return text;
  }

  net::Response reply_to(const net::Request& request) {
    const std::lock_guard lock(mutex_);
    last_seen_ = seen(request);
    return net::json_response(status_, body_);
  }

  std::mutex mutex_;
  int status_ = 200;
  std::string body_;
  std::string last_seen_;
  net::HttpServer server_;
};

class EpayGatewayTest : public testing::Test {
 protected:
  static net::ClientOptions loopback() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }
  std::unique_ptr<ports::PaymentChannel> channel(AccountSettings settings, const std::string& url) {
    settings.base_url = url;
    GatewayOptions options;
    options.now = [] { return test_now; };
    return make_gateway(read_account(settings).value(), client, std::move(options));
  }
  static ports::PaymentAnswer ask(ports::PaymentChannel& channel, PaymentCallKind kind) {
    std::promise<ports::PaymentAnswer> promise;
    channel.call(test_call(kind),
                 [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  static FormFields everything() {
    return {{"trade_no", "T1"},     {"out_trade_no", "D7Q2XK5M_1"}, {"money", "9.90"},
            {"status", "1"},        {"qrcode", "qr://1"},           {"pay_type", "qrcode"},
            {"pay_info", "qr://1"}, {"out_refund_no", "R1"}};
  }

  net::HttpClient client{loopback()};
};

TEST_F(EpayGatewayTest, EveryV2CallArrivesSignedAndItsReplyIsRead) {
  EpayServer server;
  const auto qr = channel(test_settings(Version::v2, Way::qr), server.url());
  server.answer_with(200, render_reply(test_merchant(Version::v2), everything(), test_now));
  const std::pair<PaymentCallKind, const char*> calls[] = {
      {PaymentCallKind::create, "POST /api/pay/create D7Q2XK5M_1"},
      {PaymentCallKind::query, "POST /api/pay/query D7Q2XK5M_1"},
      {PaymentCallKind::close, "POST /api/pay/close D7Q2XK5M_1"},
      {PaymentCallKind::refund, "POST /api/pay/refund D7Q2XK5M_1R1"},
      {PaymentCallKind::query_refund, "POST /api/pay/refundquery R1"},
  };
  for (const auto& [kind, seen] : calls) {
    const auto answer = ask(*qr, kind);
    EXPECT_EQ(answer.outcome, Outcome::done) << seen << " " << answer.problem;
    EXPECT_EQ(server.last_seen(), seen);
  }
  client.stop();
}

TEST_F(EpayGatewayTest, EveryV1CallArrivesAndItsReplyIsRead) {
  EpayServer server;
  const auto qr = channel(test_settings(Version::v1, Way::qr), server.url());
  server.answer_with(200, render_reply(test_merchant(), everything(), test_now));
  EXPECT_EQ(ask(*qr, PaymentCallKind::create).pay_content, "qr://1");
  EXPECT_EQ(server.last_seen(), "POST /mapi.php D7Q2XK5M_1");
  EXPECT_EQ(ask(*qr, PaymentCallKind::query).trade, ports::TradeStatus::paid);
  EXPECT_EQ(server.last_seen(), "POST /api.php orderD7Q2XK5M_1");
  EXPECT_EQ(ask(*qr, PaymentCallKind::refund).outcome, Outcome::done);
  EXPECT_EQ(server.last_seen(), "POST /api.php refundD7Q2XK5M_1");
  AccountSettings by_get = test_settings();
  by_get.dialect.api_method = ApiMethod::get;
  EXPECT_EQ(ask(*channel(by_get, server.url()), PaymentCallKind::query).outcome, Outcome::done);
  EXPECT_EQ(server.last_seen(), "GET /api.php orderD7Q2XK5M_1");
  client.stop();
}

TEST_F(EpayGatewayTest, AnotherStatusThan200IsUnknown) {
  EpayServer server;
  const auto page = channel(test_settings(), server.url());
  server.answer_with(502, render_reply(test_merchant(), everything(), test_now));
  const auto answer = ask(*page, PaymentCallKind::refund);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "http_502");
  EXPECT_FALSE(answer.retry_later);
  client.stop();
}

TEST_F(EpayGatewayTest, NothingButAnUnsentRefundMayBeRepeated) {
  AccountSettings by_get = test_settings();
  by_get.dialect.api_method = ApiMethod::get;
  const auto page = channel(by_get, "http://127.0.0.1:1/");
  const auto query = ask(*page, PaymentCallKind::query);
  EXPECT_EQ(query.outcome, Outcome::unknown);
  EXPECT_EQ(query.problem, "not_sent: connect_failed");
  const auto refund = ask(*page, PaymentCallKind::refund);
  EXPECT_EQ(refund.outcome, Outcome::failed);
  EXPECT_TRUE(refund.retry_later);
  EXPECT_EQ(refund.problem, "not_sent: connect_failed");
  client.stop();
}

TEST_F(EpayGatewayTest, WhatTheGatewayDoesNotHaveIsRefusedWithoutACall) {
  AccountSettings settings = test_settings();
  settings.dialect.refund = false;
  const auto page = channel(settings, "http://127.0.0.1:1/");
  for (const auto& [kind, problem] : {std::pair{PaymentCallKind::create, "created_by_link"},
                                      std::pair{PaymentCallKind::close, "close_not_supported"},
                                      std::pair{PaymentCallKind::refund, "refund_not_supported"}}) {
    const auto answer = ask(*page, kind);
    EXPECT_EQ(answer.outcome, Outcome::failed);
    EXPECT_EQ(answer.problem, problem);
    EXPECT_FALSE(answer.retry_later);
  }
  client.stop();
}

TEST_F(EpayGatewayTest, CapabilitiesAreWhatTheDialectSays) {
  const auto v1 = channel(test_settings(), "https://pay.example/");
  EXPECT_FALSE(v1->capabilities().close);
  EXPECT_FALSE(v1->capabilities().refund_query);
  EXPECT_FALSE(v1->capabilities().idempotent_refund);
  EXPECT_TRUE(v1->capabilities().confirm_by_query);
  const auto v2 = channel(test_settings(Version::v2, Way::qr), "https://pay.example/");
  EXPECT_TRUE(v2->capabilities().close);
  EXPECT_TRUE(v2->capabilities().refund_query);
  EXPECT_TRUE(v2->capabilities().idempotent_refund);
  EXPECT_TRUE(v2->capabilities().confirm_by_query);
  EXPECT_TRUE(v2->capabilities().bill);
  EXPECT_FALSE(v2->capabilities().bill_has_refunds);
  EXPECT_EQ(v2->capabilities().way, Way::qr);
  const auto cautious = channel(cautious_settings(), "https://pay.example/");
  EXPECT_FALSE(cautious->capabilities().close);
  EXPECT_FALSE(cautious->capabilities().refund_query);
  EXPECT_FALSE(cautious->capabilities().idempotent_refund);
  EXPECT_EQ(ask(*cautious, PaymentCallKind::close).problem, "close_not_supported");
  client.stop();
}

TEST_F(EpayGatewayTest, LinksAreForPageUntilTheOrderExpires) {
  const auto page = channel(test_settings(), "https://pay.example/");
  const auto order = test_order();
  EXPECT_TRUE(
      page->pay_link(order, test_now)->starts_with("https://pay.example/submit.php?pid=1001&"));
  EXPECT_EQ(page->pay_link(order, order.expires_at).error(), ports::PayLinkRefusal::expired);
  const auto qr = channel(test_settings(Version::v1, Way::qr), "https://pay.example/");
  EXPECT_EQ(qr->pay_link(order, test_now).error(), ports::PayLinkRefusal::not_a_link_channel);
  client.stop();
}

TEST_F(EpayGatewayTest, NoticesAreReadAndAnswered) {
  const auto page = channel(test_settings(), "https://pay.example/");
  const PaidTrade trade{.trade_no = "T1",
                        .out_trade_no = "D7Q2XK5M_1",
                        .type = "alipay",
                        .name = "Steam",
                        .money = "9.9000"};
  const auto encoded = render_notice(test_merchant(), trade, test_now, NoticeFault::none);
  const auto notice = page->read_notice(notice_message(true, encoded), test_now);
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->amount_minor, 990);
  EXPECT_EQ(page->read_notice(notice_message(true, encoded + "&a=b"), test_now).error(),
            ports::NoticeRefusal::signature_invalid);
  EXPECT_EQ(page->notice_accepted(), "success");
  EXPECT_EQ(page->notice_refused(), "fail");
  client.stop();
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
