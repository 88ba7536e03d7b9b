// For tests only: what it takes to let a connector of the shop meet the sandbox on a socket.
#pragma once

#include <functional>
#include <future>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/ascii.h"
#include "ports/payment_channel.h"
#include "ports/supplier.h"
#include "sandbox/form_text.h"
#include "sandbox/test_shop.h"

namespace daozhang::sandbox {

class ConnectorTest : public SandboxTest {
 protected:
  static ports::ChannelOrder channel_order(std::string trade_ref) {
    ports::ChannelOrder order;
    order.trade_ref = std::move(trade_ref);
    order.amount_minor = 990;
    order.subject = "话费 100 元 / A&B=1";
    order.created_at = World::now();
    order.expires_at = World::now() + base::minutes(15);
    order.return_url = "http://127.0.0.1/return";
    return order;
  }
  template <class Port, class Call>
  auto ask(Port& port, Call call) {
    using Answer = std::conditional_t<std::is_same_v<Call, ports::PaymentCall>,
                                      ports::PaymentAnswer, ports::SupplierAnswer>;
    std::promise<Answer> promise;
    port.call(std::move(call), [&](Answer answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }
  static ports::PaymentCall payment_call(ports::PaymentCallKind kind, ports::ChannelOrder order) {
    ports::PaymentCall call;
    call.kind = kind;
    call.order = std::move(order);
    call.refund_ref = "R1";
    call.refund_minor = 990;
    call.refund_reason = "late";
    return call;
  }
  static ports::NoticeMessage message_of(const net::Request& request) {
    ports::NoticeMessage message;
    message.method = net::to_string(request.method);
    message.content_type = request.header("Content-Type");
    message.body = request.body;
    message.query = query_of(request.target);
    for (std::size_t i = 0; i < request.headers.size(); ++i) {
      const auto header = request.headers.at(i);
      if (ports::is_signature_header(header.name))
        message.headers.emplace_back(base::lower(header.name), header.value);
    }
    return message;
  }
  // `paid`, or why the notification does not count.
  static std::string notice_outcome(ports::PaymentChannel& port, const net::Request& request) {
    const auto notice = port.read_notice(message_of(request), World::now());
    return std::string(notice ? base::name_of(notice->trade) : base::name_of(notice.error()));
  }
  // Each fault strikes the first notification of a trade of its own, which the shop refuses for the
  // reason given; what comes next is genuine. `pay` makes the trade of that number and pays it.
  void expect_false_then_genuine(
      ports::PaymentChannel& port,
      std::initializer_list<std::pair<std::string, std::string>> reasons_by_fault,
      const std::function<void(const std::string&)>& pay) {
    std::size_t count = 0;
    for (const auto& [name, reason] : reasons_by_fault) {
      fault(name, R"({"on":true,"times":1})");
      refuse_next(1);
      pay("TRADE" + std::to_string(count));
      const auto requests = told(count + 2);
      EXPECT_EQ(notice_outcome(port, requests.at(count)), reason) << name;
      EXPECT_EQ(notice_outcome(port, requests.at(count + 1)), "paid") << name;
      count += 2;
    }
  }
  void pay_url(const std::string& url) {
    const auto paid =
        post(net::Method::post, url_ + "/sandbox/v1/pay-url", "{\"url\":\"" + url + "\"}");
    ASSERT_EQ(paid.status, 200) << paid.body;
  }
};

}  // namespace daozhang::sandbox
