#include "connectors/payment/wechatpay/wechatpay_gateway.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "connectors/payment/wechatpay/answer.h"
#include "connectors/payment/wechatpay/nonce_window.h"
#include "connectors/payment/wechatpay/notice.h"
#include "connectors/payment/wechatpay/pay_sheet.h"
#include "connectors/payment/wechatpay/payer.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/wechatpay_gateway_bill.h"
#include "connectors/payment/wechatpay/wechatpay_gateway_keys.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::size_t token_reply_bytes_max = 16 * 1024;

// Calls may outlive the gateway, so what they need is shared with it.
struct Shared {
  std::shared_ptr<const Account> account;
  std::shared_ptr<FreshKeys> keys;
  GatewayOptions options;
};

// One call from its reply to its answer, which may have to wait for new certificates.
struct OpenCall {
  std::shared_ptr<const Shared> shared;
  ports::PaymentCall call;
  std::function<void(ports::PaymentAnswer)> answer;
  Reply reply;

  void read() const {
    answer(answer_of(*shared->account, *shared->keys->keys(), call, reply, shared->options.now()));
  }
};

void read_result(std::shared_ptr<OpenCall> open, net::OutgoingResult&& result) {
  if (result.outcome != net::OutgoingOutcome::replied) {
    open->answer(unknown_answer(net::words_of(result)));
    return;
  }
  open->reply = reply_of(std::move(result));
  FreshKeys& keys = *open->shared->keys;
  if (!keys.may_learn(claimed_proof(open->reply.headers).serial)) return open->read();
  keys.refresh([open = std::move(open)] { open->read(); });
}

class WechatpayGateway final : public ports::PaymentChannel {
 public:
  WechatpayGateway(Account account, net::HttpClient& client, GatewayOptions options)
      : client_(client) {
    capabilities_.way = account.way;
    capabilities_.wants_payer_ip = account.way == ports::Way::h5;
    capabilities_.names_payer = names_payer(account);
    capabilities_.refund_spacing = base::minutes(1);
    capabilities_.bill_account = "wechatpay:" + account.mchid;
    capabilities_.bill_has_funds = account.has_fund_flow;
    auto shared_account = std::make_shared<const Account>(std::move(account));
    auto keys = std::make_shared<FreshKeys>(shared_account, client, options);
    shared_ = std::make_shared<const Shared>(
        Shared{std::move(shared_account), std::move(keys), std::move(options)});
    bills_ =
        std::make_unique<BillFetcher>(shared_->account, shared_->keys, client_, shared_->options);
  }

  [[nodiscard]] const ports::ChannelCapabilities& capabilities() const override {
    return capabilities_;
  }

  base::Result<std::string, ports::PayLinkRefusal> pay_link(const ports::ChannelOrder&,
                                                            base::Instant) override {
    return base::refuse(ports::PayLinkRefusal::not_a_link_channel);
  }

  void call(ports::PaymentCall call, std::function<void(ports::PaymentAnswer)> answer) override {
    auto signed_one = signed_call(*shared_->account, call, fresh_stamp(shared_->options));
    if (!signed_one) return answer(refused_answer(base::name_of(signed_one.error())));
    shared_->keys->refresh_if_old();
    auto open = std::make_shared<OpenCall>();
    open->shared = shared_;
    open->call = std::move(call);
    open->answer = std::move(answer);
    net::OutgoingRequest request = outgoing_of(std::move(*signed_one), shared_->options);
    client_.call(std::move(request), [open = std::move(open)](net::OutgoingResult&& result) {
      read_result(open, std::move(result));
    });
  }

  std::optional<std::string> payer_link(std::string_view return_url,
                                        std::string_view state) override {
    if (!capabilities_.names_payer) return std::nullopt;
    return authorize_link(*shared_->account, return_url, state);
  }

  void find_payer(
      std::string code,
      std::function<void(base::Result<std::string, ports::PayerRefusal>)> answer) override {
    if (!capabilities_.names_payer) return answer(base::refuse(ports::PayerRefusal::unavailable));
    net::OutgoingRequest request;
    request.url = token_link(*shared_->account, code);
    request.headers = {{"Accept", "application/json"}};
    request.connect_time_max = shared_->options.connect_time_max;
    request.total_time_max = shared_->options.payer_time_max;
    request.reply_bytes_max = token_reply_bytes_max;
    client_.call(std::move(request), [answer = std::move(answer)](net::OutgoingResult&& result) {
      if (result.outcome != net::OutgoingOutcome::replied)
        return answer(base::refuse(ports::PayerRefusal::unavailable));
      answer(read_token_reply(result.status, result.body));
    });
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant now) override {
    auto notice = wechatpay::read_notice(*shared_->account, *shared_->keys->keys(), message, now);
    shared_->keys->refresh_if_old();
    const Proof proof = claimed_proof(message.headers);
    if (!notice) {
      if (notice.error() == ports::NoticeRefusal::serial_unknown &&
          shared_->keys->may_learn(proof.serial)) {
        shared_->keys->refresh({});
      }
      return notice;
    }
    if (!seen_.is_new(proof, now)) return base::refuse(ports::NoticeRefusal::nonce_reused);
    return notice;
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> verify_again(
      const ports::NoticeMessage& message, base::Instant received_at) override {
    return wechatpay::read_notice(*shared_->account, *shared_->keys->keys(), message, received_at);
  }

  std::optional<std::string> pay_sheet(std::string_view prepay_id) override {
    if (shared_->account->way != ports::Way::jsapi) return std::nullopt;
    return wechatpay::pay_sheet(*shared_->account, prepay_id, fresh_stamp(shared_->options));
  }

  void fetch_bill(std::string day, ports::BillSink sink,
                  std::function<void(ports::BillResult)> done) override {
    bills_->fetch(std::move(day), std::move(sink), std::move(done));
  }

  [[nodiscard]] std::string_view notice_accepted() const override { return notice_accepted_body; }
  [[nodiscard]] std::string_view notice_refused() const override { return notice_refused_body; }

 private:
  std::shared_ptr<const Shared> shared_;
  ports::ChannelCapabilities capabilities_;
  net::HttpClient& client_;
  NonceWindow seen_;
  std::unique_ptr<BillFetcher> bills_;
};

}  // namespace

std::unique_ptr<ports::PaymentChannel> make_gateway(Account account, net::HttpClient& client,
                                                    GatewayOptions options) {
  CHECK(options.now != nullptr);
  return std::make_unique<WechatpayGateway>(std::move(account), client, std::move(options));
}

}  // namespace daozhang::connectors::payment::wechatpay
