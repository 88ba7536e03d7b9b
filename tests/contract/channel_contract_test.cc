// What every payment channel must do whatever its protocol: a transport that believes what does not
// prove itself loses money in any of them. A connector joins with one `make_…` and one row.
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "connectors/payment/alipay/test_account.h"
#include "connectors/payment/epay/epay_gateway.h"
#include "connectors/payment/epay/test_account.h"
#include "connectors/payment/wechatpay/test_account.h"
#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "net/http_server.h"
#include "tests/example_channel/lantern_gateway.h"

namespace daozhang::contract {
namespace {

using namespace connectors::payment;  // NOLINT(google-build-using-namespace)
using Channel = std::unique_ptr<ports::PaymentChannel>;
using Now = std::function<base::Instant()>;
using ports::Outcome;
using ports::PaymentCallKind;

constexpr base::Instant start = epay::test_now;
constexpr auto all_kinds =
    std::to_array({PaymentCallKind::create, PaymentCallKind::query, PaymentCallKind::close,
                   PaymentCallKind::refund, PaymentCallKind::query_refund});

// `origin` has no slash at its end. The way is one that begins with a call, so that all five are
// made.
Channel make_alipay(const std::string& origin, net::HttpClient& client, Now now) {
  auto settings = alipay::test_settings(ports::Way::qr);
  settings.gateway_url = origin + "/gateway.do";
  return alipay::make_gateway(alipay::read_account(settings).value(), client,
                              {.now = std::move(now)});
}
Channel make_wechatpay(const std::string& origin, net::HttpClient& client, Now now) {
  auto settings = wechatpay::test_settings();
  settings.api_url = origin;
  return wechatpay::make_gateway(wechatpay::read_account(settings).value(), client,
                                 {.now = std::move(now)});
}
Channel make_epay(const std::string& origin, net::HttpClient& client, Now now) {
  auto settings = epay::test_settings(epay::Version::v2, ports::Way::qr);
  settings.base_url = origin + "/";
  return epay::make_gateway(epay::read_account(settings).value(), client, {.now = std::move(now)});
}
// What is known of a gateway of which nobody has asked anything.
Channel make_cautious_epay(const std::string& origin, net::HttpClient& client, Now now) {
  auto settings = epay::cautious_settings(ports::Way::qr);
  settings.base_url = origin + "/";
  return epay::make_gateway(epay::read_account(settings).value(), client, {.now = std::move(now)});
}
Channel make_lantern(const std::string& origin, net::HttpClient& client, Now now) {
  const lantern::AccountSettings settings = {origin + "/", "lt_1001",
                                             "vK3tq9XwZ7mPf2RbY8sLd4NhC6gJ1aUe",
                                             "https://shop.example/v1/notify/lantern"};
  return lantern::make_gateway(lantern::read_account(settings).value(), client,
                               {.now = std::move(now)});
}

struct Connector {
  const char* name;
  Channel (*make)(const std::string& origin, net::HttpClient& client, Now now);
};
std::ostream& operator<<(std::ostream& out, const Connector& connector) {
  return out << connector.name;
}

// The calls that the channel makes at all.
std::vector<PaymentCallKind> kinds_of(const ports::PaymentChannel& channel) {
  std::vector<PaymentCallKind> kinds(all_kinds.begin(), all_kinds.end());
  if (!channel.capabilities().close) std::erase(kinds, PaymentCallKind::close);
  return kinds;
}

// Takes whatever comes and answers what it is told to.
class AnyServer {
 public:
  AnyServer() : server_({}, routes()) { EXPECT_TRUE(server_.start()); }

  [[nodiscard]] std::string origin() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }
  void answer_with(int status, std::string body) {
    const std::lock_guard lock(mutex_);
    response_ = net::json_response(status, std::move(body));
  }
  // The target and the body of what came last.
  [[nodiscard]] std::string seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  net::Router routes() {
    net::Router router;
    std::string path;
    for (const char* segment : {"/{a}", "/{b}", "/{c}", "/{d}", "/{e}", "/{f}", "/{g}"}) {
      path += segment;
      for (const auto method : {net::Method::get, net::Method::post})
        router.add(method, path, [this](net::Request&& request, net::Responder responder) {
          const std::lock_guard lock(mutex_);
          seen_ = request.target + "\n" + request.body;
          responder.send(response_);
        });
    }
    return router;
  }

  std::mutex mutex_;
  net::Response response_;
  std::string seen_;
  net::HttpServer server_;
};

class ChannelContract : public testing::TestWithParam<Connector> {
 protected:
  ~ChannelContract() override { client.stop(); }

  static net::ClientOptions loopback() {
    net::ClientOptions options;
    options.address_rule = net::public_addresses(true);
    return options;
  }
  Channel channel_at(const std::string& origin) {
    return GetParam().make(origin, client, [this] { return now; });
  }
  static ports::PaymentAnswer ask(ports::PaymentChannel& channel, PaymentCallKind kind) {
    std::promise<ports::PaymentAnswer> promise;
    channel.call(epay::test_call(kind),
                 [&promise](ports::PaymentAnswer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }

  base::Instant now = start;  // Changed between calls only.
  net::HttpClient client{loopback()};
};

TEST_P(ChannelContract, WhatDoesNotProveItselfIsUnknown) {
  AnyServer server;
  const auto channel = channel_at(server.origin());
  for (const auto kind : kinds_of(*channel))
    for (const int status : {200, 302, 400, 401, 404, 500, 502})
      for (const char* body :
           {"", "null", "[]", "{}", "<html>", R"({"code":"SUCCESS")", R"({"result":"ok"})",
            R"({"code":0,"msg":"success","status":1,"out_trade_no":"D7Q2XK5M_1"})",
            R"({"code":"ORDER_NOT_EXIST"})", R"({"trade_state":"SUCCESS"})",
            R"({"alipay_trade_query_response":{"code":"10000","trade_status":"TRADE_SUCCESS"}})"}) {
        server.answer_with(status, body);
        const auto answer = ask(*channel, kind);
        const auto what = std::string(base::name_of(kind)) + " " + std::to_string(status) + body;
        EXPECT_EQ(answer.outcome, Outcome::unknown) << what;
        EXPECT_NE(answer.problem, "") << what;
        EXPECT_EQ(answer.pay_content, "") << what;
        EXPECT_FALSE(answer.retry_later) << what;
      }
}

TEST_P(ChannelContract, WithoutAReplyNothingHappenedAsFarAsAnybodyKnows) {
  const auto channel = channel_at("http://127.0.0.1:1");
  for (const auto kind : kinds_of(*channel)) {
    const auto answer = ask(*channel, kind);
    // A refund of which nothing was sent may also be sent again.
    const bool may_come_again = kind == PaymentCallKind::refund && answer.retry_later;
    EXPECT_EQ(answer.outcome, may_come_again ? Outcome::failed : Outcome::unknown)
        << base::name_of(kind);
    EXPECT_NE(answer.problem, "") << base::name_of(kind);
  }
}

TEST_P(ChannelContract, WhatTheChannelCanNotDoIsFailedAndNotSent) {
  AnyServer server;
  server.answer_with(502, "");
  const auto channel = channel_at(server.origin());
  const auto answer = ask(*channel, PaymentCallKind::close);
  const bool can_close = channel->capabilities().close;
  EXPECT_EQ(answer.outcome, can_close ? Outcome::unknown : Outcome::failed);
  EXPECT_NE(answer.problem, "");
  EXPECT_EQ(server.seen().empty(), !can_close) << server.seen();
}

TEST_P(ChannelContract, TheSameCallSendsTheSameNumbersHoweverLate) {
  AnyServer server;
  server.answer_with(502, "");
  const auto channel = channel_at(server.origin());
  for (const auto kind : kinds_of(*channel))
    for (const auto later : {base::hours(0), base::hours(1)}) {
      now = start + later;
      ask(*channel, kind);
      const auto call = epay::test_call(kind);
      const auto& number =
          kind == PaymentCallKind::query_refund ? call.refund_ref : call.order.trade_ref;
      EXPECT_NE(server.seen().find(number), std::string::npos) << server.seen();
      const bool is_refund = kind == PaymentCallKind::refund;
      EXPECT_TRUE(!is_refund || server.seen().find(call.refund_ref) != std::string::npos)
          << server.seen();
    }
}

TEST_P(ChannelContract, NothingUnsignedIsANotice) {
  const auto channel = channel_at("http://127.0.0.1:1");
  for (const char* method : {"POST", "GET"})
    for (const char* type : {"", "application/json", "application/x-www-form-urlencoded"})
      for (const char* text : {"", "{}", "a=b", R"({"order_no":"D7Q2XK5M_1","status":"paid"})",
                               "out_trade_no=D7Q2XK5M_1&trade_status=TRADE_SUCCESS&sign="}) {
        ports::NoticeMessage message{.method = method, .content_type = type};
        (message.method == "GET" ? message.query : message.body) = text;
        EXPECT_FALSE(channel->read_notice(message, start)) << method << type << text;
      }
  EXPECT_NE(channel->notice_accepted(), channel->notice_refused());
}

TEST_P(ChannelContract, AWayThatBeginsWithACallHasNoLink) {
  const auto channel = channel_at("http://127.0.0.1:1");
  ASSERT_TRUE(ports::begins_with_a_call(channel->capabilities().way));
  EXPECT_EQ(channel->pay_link(epay::test_order(), start).error(),
            ports::PayLinkRefusal::not_a_link_channel);
}

INSTANTIATE_TEST_SUITE_P(Every, ChannelContract,
                         testing::Values(Connector{"alipay", make_alipay},
                                         Connector{"wechatpay", make_wechatpay},
                                         Connector{"epay", make_epay},
                                         Connector{"epay_cautious", make_cautious_epay},
                                         Connector{"lantern", make_lantern}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace daozhang::contract
