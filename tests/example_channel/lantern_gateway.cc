#include "tests/example_channel/lantern_gateway.h"

#include "base/check.h"

namespace daozhang::connectors::payment::lantern {
namespace {

constexpr std::size_t reply_bytes_max = 64 * 1024;

// Calls may outlive the gateway, so what they need is shared with it.
struct Shared {
  Account account;
  GatewayOptions options;
};

net::OutgoingRequest outgoing(const Shared& shared, Request made) {
  net::OutgoingRequest request;
  request.method = made.method == "GET" ? net::Method::get : net::Method::post;
  request.url = std::move(made.url);
  request.headers = {{"Content-Type", "application/json"},
                     {"Lantern-Account", shared.account.account},
                     {"Lantern-Timestamp", std::move(made.proof.timestamp)},
                     {"Lantern-Signature", std::move(made.proof.signature)}};
  request.body = std::move(made.body);
  request.connect_time_max = shared.options.connect_time_max;
  request.total_time_max = shared.options.call_time_max;
  request.reply_bytes_max = reply_bytes_max;
  // Lantern acts once on a number, however often the bytes come.
  request.may_be_sent_twice = true;
  return request;
}

ports::PaymentAnswer read_result(const Shared& shared, const ports::PaymentCall& call,
                                 net::OutgoingResult&& result) {
  if (result.outcome == net::OutgoingOutcome::replied) {
    Proof proof{std::string(result.headers.find("Lantern-Timestamp").value_or("")),
                std::string(result.headers.find("Lantern-Signature").value_or(""))};
    return answer_of(shared.account, call,
                     {result.status, std::move(result.body), std::move(proof)},
                     shared.options.now());
  }
  ports::PaymentAnswer answer;
  answer.problem = net::words_of(result);
  return answer;
}

class LanternGateway final : public ports::PaymentChannel {
 public:
  LanternGateway(Shared shared, net::HttpClient& client)
      : shared_(std::make_shared<const Shared>(std::move(shared))), client_(client) {
    capabilities_.way = ports::Way::qr;
    capabilities_.bill = false;
    capabilities_.refund_window = base::hours(24 * 180);
  }

  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override {
    return capabilities_;
  }

  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder&,
                                                            base::Instant) override {
    return base::refuse(ports::PayLinkRefusal::not_a_link_channel);
  }

  void call(ports::PaymentCall call, std::function<void(ports::PaymentAnswer)> answer) override {
    auto request = outgoing(*shared_, request_of(shared_->account, call, shared_->options.now()));
    client_.call(std::move(request), [shared = shared_, call = std::move(call),
                                      answer = std::move(answer)](net::OutgoingResult&& result) {
      answer(read_result(*shared, call, std::move(result)));
    });
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant now) override {
    return lantern::read_notice(shared_->account, message, now);
  }

  [[nodiscard]] std::string_view notice_accepted() const override { return "ok"; }
  [[nodiscard]] std::string_view notice_refused() const override { return "refused"; }

 private:
  std::shared_ptr<const Shared> shared_;
  ports::ChannelCapabilities capabilities_;
  net::HttpClient& client_;
};

}  // namespace

std::unique_ptr<ports::PaymentChannel> make_gateway(Account account, net::HttpClient& client,
                                                    GatewayOptions options) {
  CHECK(options.now != nullptr);
  return std::make_unique<LanternGateway>(Shared{std::move(account), std::move(options)}, client);
}

}  // namespace daozhang::connectors::payment::lantern
