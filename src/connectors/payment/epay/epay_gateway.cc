#include "connectors/payment/epay/epay_gateway.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "base/check.h"
#include "connectors/payment/epay/answer.h"
#include "connectors/payment/epay/notice.h"
#include "connectors/payment/epay/order_page.h"
#include "connectors/payment/epay/request.h"
#include "net/job_thread.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t reply_bytes_max = 256 * 1024;

ports::ChannelCapabilities capabilities_of(const Account& account) {
  const bool by_number = account.dialect.refund_again == RefundAgain::by_number;
  ports::ChannelCapabilities capabilities;
  capabilities.way = account.way;
  capabilities.close = account.dialect.close;
  capabilities.refund_query = by_number;
  capabilities.idempotent_refund = by_number;
  capabilities.bill = true;
  capabilities.wants_payer_ip = account.way == ports::Way::qr;
  capabilities.bill_account = "epay:" + account.base_url + ":" + account.pid;
  capabilities.bill_has_refunds = false;
  capabilities.confirm_by_query = true;
  capabilities.notice_by_get = account.dialect.notice_method != NoticeMethod::post;
  return capabilities;
}

// Whether the gateway acts once on the same bytes sent twice.
bool may_be_sent_twice(const Dialect& dialect, ports::PaymentCallKind kind) {
  switch (kind) {
    case ports::PaymentCallKind::query:
    case ports::PaymentCallKind::query_refund:
    case ports::PaymentCallKind::close:
      return true;
    case ports::PaymentCallKind::refund:
      return dialect.refund_again == RefundAgain::by_number;
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
    ports::PaymentAnswer answer = unknown_answer(account, net::words_of(result));
    if (call.kind == ports::PaymentCallKind::refund &&
        result.outcome == net::OutgoingOutcome::not_sent) {
      answer.outcome = ports::Outcome::failed;
      answer.retry_later = true;
    }
    return answer;
  }
  if (result.status != 200) {
    const std::string problem = net::words_of(result);
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

// The order list, until nothing of the day can follow.
class OrderList {
 public:
  OrderList(std::shared_ptr<const Shared> shared, net::HttpClient& client, base::Instant from,
            const net::JobThread& job)
      : shared_(std::move(shared)), client_(client), from_(from), job_(job) {}

  ports::BillResult read(const ports::BillSink& sink) {
    DayInList day(from_);
    for (int page_no = 1; page_no <= pages_max; ++page_no) {
      if (job_.is_ending()) return refused(ports::BillRefusal::unavailable, "the shop ends");
      const auto page = fetch(page_no);
      if (!page) return base::refuse(page.error());
      for (const auto& line : page->lines) take(line, sink);
      if (page->order_count < orders_per_page) return totals_;
      if (!page->added.oldest.is_set() && !page->paid.oldest.is_set())
        return refused(ports::BillRefusal::unreadable, "the order list tells no times");
      if (day.ends_with(*page)) return totals_;
    }
    return refused(ports::BillRefusal::unavailable, "the order list has no end");
  }

 private:
  static constexpr int pages_max = 20'000;
  // Pages move on by as many orders as came in between.
  static constexpr std::size_t remembered_max = 10 * orders_per_page;

  static ports::BillResult refused(ports::BillRefusal refusal, std::string words) {
    return base::refuse(ports::BillProblem{refusal, std::move(words)});
  }

  base::Result<OrderPage, ports::BillProblem> fetch(int page_no) {
    const base::Instant now = shared_->options.now();
    net::OutgoingRequest request =
        outgoing(shared_->options, orders_call(shared_->account, page_no, now));
    request.may_be_sent_twice = true;
    const auto result = net::call_and_wait(client_, std::move(request));
    const std::string where = "page " + std::to_string(page_no) + " of the order list";
    if (result.outcome != net::OutgoingOutcome::replied || result.status != 200)
      return base::refuse(ports::BillProblem{ports::BillRefusal::unavailable,
                                             where + ": " + net::words_of(result)});
    auto page = read_order_page(shared_->account, result.body,
                                std::int64_t{page_no - 1} * orders_per_page + 1, now);
    if (!page) return base::refuse(ports::BillProblem{page.error(), where});
    return std::move(*page);
  }

  void take(const ports::BillLine& line, const ports::BillSink& sink) {
    if (line.at < from_ || line.at >= from_ + base::hours(24)) return;
    if (std::find(seen_.begin(), seen_.end(), line.trade_no) != seen_.end()) return;
    seen_.push_back(line.trade_no);
    if (seen_.size() > remembered_max) seen_.pop_front();
    ++totals_.payment_count;
    totals_.payment_minor += line.amount_minor;
    sink(ports::BillLine(line));
  }

  std::shared_ptr<const Shared> shared_;
  net::HttpClient& client_;
  base::Instant from_;
  const net::JobThread& job_;
  std::deque<std::string> seen_;
  ports::BillTotals totals_;
};

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
    request.may_be_sent_twice = may_be_sent_twice(account.dialect, call.kind);
    client_.call(std::move(request),
                 [shared = shared_, call = std::move(call), answer = std::move(answer)](
                     net::OutgoingResult&& result) { answer(read_result(*shared, call, result)); });
  }

  base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
      const ports::NoticeMessage& message, base::Instant now) override {
    return epay::read_notice(shared_->account, message, now);
  }

  void fetch_bill(std::string day, ports::BillSink sink,
                  std::function<void(ports::BillResult)> done) override {
    const auto from = base::from_local_seconds(day + " 00:00:00", base::beijing_offset);
    CHECK(from);
    auto result = std::make_shared<ports::BillResult>();
    const bool runs = bill_thread_.run(
        [this, result, from = *from, sink = std::move(sink)] {
          *result = OrderList(shared_, client_, from, bill_thread_).read(sink);
        },
        [result, done] { done(std::move(*result)); });
    if (!runs)
      done(base::refuse(ports::BillProblem{ports::BillRefusal::unavailable, "one bill at a time"}));
  }

  [[nodiscard]] std::string_view notice_accepted() const override { return notice_accepted_body; }
  [[nodiscard]] std::string_view notice_refused() const override { return notice_refused_body; }

 private:
  std::shared_ptr<const Shared> shared_;
  net::HttpClient& client_;
  net::JobThread bill_thread_;  // Last: it ends first.
};

}  // namespace

std::unique_ptr<ports::PaymentChannel> make_gateway(Account account, net::HttpClient& client,
                                                    GatewayOptions options) {
  CHECK(options.now != nullptr);
  return std::make_unique<EpayGateway>(std::move(account), client, std::move(options));
}

}  // namespace daozhang::connectors::payment::epay
