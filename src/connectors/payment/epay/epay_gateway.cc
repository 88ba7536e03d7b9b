#include "connectors/payment/epay/epay_gateway.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "connectors/payment/epay/answer.h"
#include "connectors/payment/epay/notice.h"
#include "connectors/payment/epay/request.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t reply_bytes_max = 256 * 1024;

// Never the client's own detail, which may name the URL.
std::string problem_of(const net::OutgoingResult& result) {
  return std::string(net::to_string(result.outcome))
      .append(": ")
      .append(net::to_string(result.fault));
}

ports::ChannelCapabilities capabilities_of(const Account& account) {
  const bool v2 = account.version == Version::v2;
  ports::ChannelCapabilities capabilities;
  capabilities.way = account.way;
  capabilities.close = v2;
  capabilities.refund_query = v2;
  capabilities.idempotent_refund = v2;
  capabilities.bill = false;  // Its order list is not fetched yet (order_page.h reads it).
  capabilities.confirm_by_query = true;
  capabilities.notice_by_get = account.dialect.notice_method != NoticeMethod::post;
  return capabilities;
}

// Whether the gateway acts once on the same bytes sent twice.
bool may_be_sent_twice(Version version, ports::PaymentCallKind kind) {
  switch (kind) {
    case ports::PaymentCallKind::query:
    case ports::PaymentCallKind::query_refund:
    case ports::PaymentCallKind::close:
      return true;
    case ports::PaymentCallKind::refund:
      return version == Version::v2;
    case ports::PaymentCallKind::create:
      return false;
  }
  UNREACHABLE();
}

// Calls may outlive the gateway, so what they need is shared with it.
struct Shared {
  Account account;
  ports::ChannelCapabilities capabilities;
  GatewayOptions options;
};

ports::PaymentAnswer read_result(const Shared& shared, const ports::PaymentCall& call,
                                 const net::OutgoingResult& result) {
  const Account& account = shared.account;
  if (result.outcome != net::OutgoingOutcome::replied) {
    ports::PaymentAnswer answer = unknown_answer(account, problem_of(result));
    if (call.kind == ports::PaymentCallKind::refund &&
        result.outcome == net::OutgoingOutcome::not_sent) {
      answer.outcome = ports::Outcome::failed;
      answer.retry_later = true;
    }
    return answer;
  }
  if (result.status != 200) {
    const std::string problem = "http_" + std::to_string(result.status);
    return unknown_answer(account, problem, result.body);
  }
  return answer_of(account, call, result.body, shared.options.now());
}

net::OutgoingRequest outgoing(const GatewayOptions& options, GatewayCall call) {
  net::OutgoingRequest request;
  request.method = call.by_get ? net::Method::get : net::Method::post;
  request.url = std::move(call.url);
  request.body = std::move(call.body);
  request.headers = {{"Accept", "application/json"}};
  if (!call.by_get) {
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"});
  }
  request.connect_time_max = options.connect_time_max;
  request.total_time_max = options.call_time_max;
  request.reply_bytes_max = reply_bytes_max;
  return request;
}

class EpayGateway final : public ports::PaymentChannel {
 public:
  EpayGateway(Account account, net::HttpClient& client, GatewayOptions options) : client_(client) {
    const auto capabilities = capabilities_of(account);
    shared_ = std::make_shared<const Shared>(
        Shared{std::move(account), capabilities, std::move(options)});
  }

  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override {
    return shared_->capabilities;
  }

  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder& order,
                                                            base::Instant now) override {
    if (shared_->account.way != ports::Way::page) {
      return base::refuse(ports::PayLinkRefusal::not_a_link_channel);
    }
    if (now >= order.expires_at) return base::refuse(ports::PayLinkRefusal::expired);
    return epay::pay_link(shared_->account, order, now);
  }

  void call(ports::PaymentCall call, std::function<void(ports::PaymentAnswer)> answer) override {
    const Account& account = shared_->account;
    if (const auto why = why_no_call(account, call.kind); !why.empty()) {
      ports::PaymentAnswer none = unknown_answer(account, why);
      none.outcome = ports::Outcome::failed;
      answer(std::move(none));
      return;
    }
    net::OutgoingRequest request =
        outgoing(shared_->options, gateway_call(account, call, shared_->options.now()));
    request.may_be_sent_twice = may_be_sent_twice(account.version, call.kind);
    client_.call(std::move(request),
                 [shared = shared_, call = std::move(call), answer = std::move(answer)](
                     net::OutgoingResult&& result) { answer(read_result(*shared, call, result)); });
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant now) override {
    return epay::read_notice(shared_->account, message, now);
  }

  [[nodiscard]] std::string_view notice_accepted() const override { return notice_accepted_body; }
  [[nodiscard]] std::string_view notice_refused() const override { return notice_refused_body; }

 private:
  std::shared_ptr<const Shared> shared_;
  net::HttpClient& client_;
};

}  // namespace

std::unique_ptr<ports::PaymentChannel> make_gateway(Account account, net::HttpClient& client,
                                                    GatewayOptions options) {
  CHECK(options.now != nullptr);
  return std::make_unique<EpayGateway>(std::move(account), client, std::move(options));
}

}  // namespace daozhang::connectors::payment::epay
