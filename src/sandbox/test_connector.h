// For tests only: what it takes to let a connector of the shop meet the sandbox on a socket.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/ascii.h"
#include "ports/payment_channel.h"
#include "ports/supplier.h"
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
    if (const auto mark = request.target.find('?'); mark != std::string::npos)
      message.query = request.target.substr(mark + 1);
    for (std::size_t i = 0; i < request.headers.size(); ++i) {
      const auto header = request.headers.at(i);
      if (ports::is_signature_header(header.name))
        message.headers.emplace_back(base::lower(header.name), header.value);
    }
    return message;
  }
  void pay_url(const std::string& url) {
    const auto paid =
        post(net::Method::post, url_ + "/sandbox/v1/pay-url", "{\"url\":\"" + url + "\"}");
    ASSERT_EQ(paid.status, 200) << paid.body;
  }
};

}  // namespace daozhang::sandbox
