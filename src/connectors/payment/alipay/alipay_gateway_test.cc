#include "connectors/payment/alipay/alipay_gateway.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "connectors/payment/alipay/alipay_provider.h"
#include "connectors/payment/alipay/test_account.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;

// A gateway that verifies what it is sent and answers what a test wants.
class AlipayServer {
 public:
  AlipayServer() : server_({}, routes()) { EXPECT_TRUE(server_.start().has_value()); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/gateway.do";
  }
  void answer_with(int status, FormFields content) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    content_ = std::move(content);
  }
  // "alipay.trade.query D7Q2XK5M_1", or the refusal's name.
  [[nodiscard]] std::string last_seen() {
    const std::lock_guard lock(mutex_);
    return last_seen_;
  }

 private:
  net::Router routes() {
    net::Router router;
    router.add(net::Method::post, "/gateway.do",
               [this](net::Request&& request, net::Responder responder) {
                 responder.send(reply_to(request));
               });
    return router;
  }

  net::Response reply_to(const net::Request& request) {
    const std::string query = request.target.substr(request.target.find('?') + 1);
    const auto fields = decode_form(query + "&" + request.body).value();
    const auto content = verify_request(fields, test_app_key().public_key());
    const std::string method(field(fields, "method"));
    const std::lock_guard lock(mutex_);
    last_seen_ = content ? method + " " + std::string(content->text_of("out_trade_no"))
                         : std::string(base::name_of(content.error()));
    return net::json_response(status_,
                              render_reply(method, content_, {.alipay_key = test_alipay_key()}));
  }

  std::mutex mutex_;
  int status_ = 200;
  FormFields content_;
  std::string last_seen_;
  net::HttpServer server_;
};

class AlipayGatewayTest : public testing::Test {
 protected:
  static net::ClientOptions loopback() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }
  std::unique_ptr<ports::PaymentChannel> channel(const std::string& url,
                                                 ports::Way way = ports::Way::page) {
    AccountSettings settings = test_settings(way);
    settings.gateway_url = url;
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

  net::HttpClient client{loopback()};
};

TEST_F(AlipayGatewayTest, EveryCallArrivesSignedAndItsReplyIsRead) {
  AlipayServer server;
  const auto qr = channel(server.url(), ports::Way::qr);
  server.answer_with(200, {{"code", "10000"},
                           {"out_trade_no", "D7Q2XK5M_1"},
                           {"qr_code", "https://qr.example/1"},
                           {"trade_status", "TRADE_SUCCESS"},
                           {"total_amount", "9.90"},
                           {"trade_no", "2026112222001"},
                           {"fund_change", "Y"},
                           {"refund_status", "REFUND_SUCCESS"},
                           {"out_request_no", "R1"},
                           {"refund_amount", "9.90"}});
  const std::pair<PaymentCallKind, const char*> calls[] = {
      {PaymentCallKind::create, "alipay.trade.precreate"},
      {PaymentCallKind::query, "alipay.trade.query"},
      {PaymentCallKind::close, "alipay.trade.close"},
      {PaymentCallKind::refund, "alipay.trade.refund"},
      {PaymentCallKind::query_refund, "alipay.trade.fastpay.refund.query"},
  };
  for (const auto& [kind, method] : calls) {
    const auto answer = ask(*qr, kind);
    EXPECT_EQ(answer.outcome, Outcome::done) << method << " " << answer.problem;
    EXPECT_EQ(server.last_seen(), std::string(method) + " D7Q2XK5M_1");
  }
  client.stop();
}

TEST_F(AlipayGatewayTest, AnotherStatusThan200IsUnknown) {
  AlipayServer server;
  const auto page = channel(server.url());
  server.answer_with(502,
                     {{"code", "10000"}, {"out_trade_no", "D7Q2XK5M_1"}, {"fund_change", "Y"}});
  const auto answer = ask(*page, PaymentCallKind::refund);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "http_502");
  EXPECT_FALSE(answer.raw.empty());
  client.stop();
}

TEST_F(AlipayGatewayTest, NobodyThereIsUnknown) {
  const auto page = channel("http://127.0.0.1:1/gateway.do");
  const auto answer = ask(*page, PaymentCallKind::query);
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.problem, "not_sent: connect_failed");
  client.stop();
}

TEST_F(AlipayGatewayTest, ACallOutlivesItsGateway) {
  AlipayServer server;
  server.answer_with(200, {{"code", "40004"}, {"sub_code", "ACQ.TRADE_NOT_EXIST"}});
  auto page = channel(server.url());
  std::promise<ports::PaymentAnswer> promise;
  page->call(test_call(PaymentCallKind::query),
             [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
  page.reset();
  EXPECT_EQ(promise.get_future().get().trade, ports::TradeStatus::not_exist);
  client.stop();
}

TEST_F(AlipayGatewayTest, LinksAreForPageAndWapUntilTheOrderExpires) {
  const std::string url = "https://openapi.alipay.com/gateway.do";
  const auto page = channel(url);
  const auto order = test_order();
  EXPECT_TRUE(page->pay_link(order, test_now)->starts_with(url + "?"));
  EXPECT_TRUE(channel(url, ports::Way::wap)->pay_link(order, test_now).has_value());
  EXPECT_EQ(page->pay_link(order, order.expires_at).error(), ports::PayLinkRefusal::expired);
  const auto qr = channel(url, ports::Way::qr);
  EXPECT_EQ(qr->pay_link(order, test_now).error(), ports::PayLinkRefusal::not_a_link_channel);
  EXPECT_EQ(qr->capabilities().way, ports::Way::qr);
  const auto create = ask(*page, PaymentCallKind::create);
  EXPECT_EQ(create.outcome, Outcome::failed);
  EXPECT_EQ(create.problem, "created_by_link");
  client.stop();
}

TEST_F(AlipayGatewayTest, NoticesAreReadAndAnswered) {
  const auto page = channel("https://openapi.alipay.com/gateway.do");
  ports::NoticeMessage message;
  message.content_type = "application/x-www-form-urlencoded";
  message.body = render_notice({{"app_id", "2021000000000001"},
                                {"seller_id", "2088000000000001"},
                                {"out_trade_no", "D7Q2XK5M_1"},
                                {"trade_no", "2026112222001"},
                                {"trade_status", "TRADE_SUCCESS"},
                                {"total_amount", "9.90"}},
                               test_alipay_key());
  const auto notice = page->read_notice(message, test_now);
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->amount_minor, 990);
  auto by_get = message;
  by_get.method = "GET";
  EXPECT_EQ(page->read_notice(by_get, test_now).error(), ports::NoticeRefusal::method_differs);
  message.body += "&a=b";
  EXPECT_EQ(page->read_notice(message, test_now).error(), ports::NoticeRefusal::signature_invalid);
  EXPECT_EQ(page->notice_accepted(), "success");
  EXPECT_EQ(page->notice_refused(), "failure");
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
