#include "connectors/payment/alipay/alipay_gateway.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "connectors/payment/alipay/alipay_gateway_bill.h"
#include "connectors/payment/alipay/answer.h"
#include "connectors/payment/alipay/notice.h"
#include "connectors/payment/alipay/request.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::size_t reply_bytes_max = 256 * 1024;

// Calls may outlive the gateway, so what they need is shared with it.
struct Shared {
  Account account;
  ports::ChannelCapabilities capabilities;
};

ports::PaymentAnswer read_result(const Shared& shared, const ports::PaymentCall& call,
                                 std::string_view method, const net::OutgoingResult& result) {
  if (result.outcome != net::OutgoingOutcome::replied) return unknown_answer(net::words_of(result));
  if (result.status != 200) {
    return unknown_answer(net::words_of(result), result.body);
  }
  return answer_of(shared.account, call, method, result.body);
}

class AlipayGateway final : public ports::PaymentChannel {
 public:
  AlipayGateway(Account account, net::HttpClient& client, GatewayOptions options)
      : client_(client), options_(std::move(options)) {
    ports::ChannelCapabilities capabilities;
    capabilities.way = account.way;
    capabilities.bill_account = "alipay:" + account.seller_id;
    shared_ = std::make_shared<const Shared>(Shared{std::move(account), capabilities});
    bills_ = std::make_unique<BillFetcher>(shared_->account, client_, options_);
  }

  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override {
    return shared_->capabilities;
  }

  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder& order,
                                                            base::Instant now) override {
    if (shared_->account.way == ports::Way::qr) {
      return base::refuse(ports::PayLinkRefusal::not_a_link_channel);
    }
    if (now >= order.expires_at) return base::refuse(ports::PayLinkRefusal::expired);
    return alipay::pay_link(shared_->account, order, now);
  }

  void call(ports::PaymentCall call, std::function<void(ports::PaymentAnswer)> answer) override {
    if (call.kind == ports::PaymentCallKind::create && shared_->account.way != ports::Way::qr) {
      ports::PaymentAnswer none = unknown_answer("created_by_link");
      none.outcome = ports::Outcome::failed;
      answer(std::move(none));
      return;
    }
    GatewayCall signed_call = gateway_call(shared_->account, call, options_.now());
    net::OutgoingRequest request =
        outgoing(std::move(signed_call.url), std::move(signed_call.body));
    client_.call(std::move(request),
                 [shared = shared_, call = std::move(call), method = std::move(signed_call.method),
                  answer = std::move(answer)](net::OutgoingResult&& result) {
                   answer(read_result(*shared, call, method, result));
                 });
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant) override {
    if (message.method != "POST") return base::refuse(ports::NoticeRefusal::method_differs);
    const auto notice = alipay::read_notice(shared_->account, message.content_type, message.body);
    if (!notice) return base::refuse(notice.error());
    return to_port(*notice);
  }

  void fetch_bill(std::string day, ports::BillSink sink,
                  std::function<void(ports::BillResult)> done) override {
    bills_->fetch(std::move(day), std::move(sink), std::move(done));
  }

  [[nodiscard]] std::string_view notice_accepted() const override { return notice_accepted_body; }
  [[nodiscard]] std::string_view notice_refused() const override { return notice_refused_body; }

 private:
  [[nodiscard]] net::OutgoingRequest outgoing(std::string url, std::string body) const {
    net::OutgoingRequest request;
    request.method = net::Method::post;
    request.url = std::move(url);
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"},
                       {"Accept", "application/json"}};
    request.connect_time_max = options_.connect_time_max;
    request.total_time_max = options_.call_time_max;
    request.reply_bytes_max = reply_bytes_max;
    // Each call is one and the same for Alipay however often its bytes come: numbers make it so.
    request.may_be_sent_twice = true;
    return request;
  }

  std::shared_ptr<const Shared> shared_;
  net::HttpClient& client_;
  GatewayOptions options_;
  std::unique_ptr<BillFetcher> bills_;
};

}  // namespace

std::unique_ptr<ports::PaymentChannel> make_gateway(Account account, net::HttpClient& client,
                                                    GatewayOptions options) {
  CHECK(options.now != nullptr);
  return std::make_unique<AlipayGateway>(std::move(account), client, std::move(options));
}

}  // namespace daozhang::connectors::payment::alipay
