// The calls of AlipayBook that ask about a trade or undo it.
#include <utility>

#include "sandbox/alipay_book.h"

namespace daozhang::sandbox {
namespace {

std::string local(base::Instant t) { return base::to_local_seconds(t, base::beijing_offset); }

bool names_a_trade(const Fields& biz) {
  return !field(biz, "out_trade_no").empty() || !field(biz, "trade_no").empty();
}

// What stands in the way of asking about, closing or refunding: the trade is not known.
GatewayReply absent(const Fields& biz) {
  return business_failure(names_a_trade(biz) ? "TRADE_NOT_EXIST" : "INVALID_PARAMETER");
}

GatewayReply refund_reply(const Trade& trade, bool fund_change) {
  GatewayReply reply;
  reply.fields = {{"out_trade_no", trade.out_trade_no},
                  {"trade_no", trade.trade_no},
                  {"buyer_logon_id", "day***@sandbox.invalid"},
                  {"buyer_user_id", "2088102100000001"},
                  {"fund_change", fund_change ? "Y" : "N"},
                  {"refund_fee", minor_to_yuan(trade.refunded_minor)}};
  if (!trade.refunds.empty())
    reply.fields.emplace_back("gmt_refund_pay", local(trade.refunds.back().at));
  return reply;
}

}  // namespace

std::optional<GatewayAnswer> AlipayBook::query_fault(const FaultSubject& subject) {
  if (const auto fault = faults_.strike("query_timeout", subject))
    return GatewayAnswer{{}, lost_after(fault->duration("hold_ms"))};
  if (faults_.strike("query_20000", subject)) return GatewayAnswer{service_unavailable(), {}};
  if (faults_.strike("query_system_error", subject))
    return GatewayAnswer{business_failure("SYSTEM_ERROR"), {}};
  return std::nullopt;
}

GatewayAnswer AlipayBook::query(const GatewayRequest& request, base::Instant) {
  const Trade* trade = named(request.biz);
  const FaultSubject subject = subject_named(trade, field(request.biz, "out_trade_no"));
  if (auto fault = query_fault(subject)) return *std::move(fault);
  if (trade == nullptr) return {absent(request.biz), {}};
  GatewayReply reply;
  reply.fields = {{"out_trade_no", trade->out_trade_no},
                  {"trade_no", trade->trade_no},
                  {"trade_status", std::string(name_of(trade->status))},
                  {"total_amount", minor_to_yuan(trade->amount_minor())},
                  {"receipt_amount", minor_to_yuan(trade->paid_minor)},
                  {"buyer_pay_amount", minor_to_yuan(trade->paid_minor)},
                  {"invoice_amount", minor_to_yuan(trade->paid_minor)},
                  {"point_amount", "0.00"},
                  {"buyer_logon_id", "day***@sandbox.invalid"},
                  {"buyer_user_id", "2088102100000001"}};
  if (trade->paid_at.is_set()) reply.fields.emplace_back("send_pay_date", local(trade->paid_at));
  return {std::move(reply), {}};
}

GatewayAnswer AlipayBook::close(const GatewayRequest& request, base::Instant now) {
  Trade* trade = named(request.biz);
  if (trade == nullptr) return {absent(request.biz), {}};
  if (trade->status == TradeStatus::success) return {business_failure("TRADE_STATUS_ERROR"), {}};
  if (trade->status == TradeStatus::closed)
    return {business_failure("REASON_TRADE_STATUS_INVALID"), {}};
  close_trade(*trade, now);
  GatewayReply reply;
  reply.fields = {{"out_trade_no", trade->out_trade_no}, {"trade_no", trade->trade_no}};
  if (const auto fault = faults_.strike("close_reply_lost", subject_of(*trade)))
    return {std::move(reply), lost_after(fault->duration("hold_ms"))};
  return {std::move(reply), {}};
}

GatewayReply AlipayBook::cancel(const GatewayRequest& request, base::Instant now) {
  if (!names_a_trade(request.biz)) return business_failure("INVALID_PARAMETER");
  GatewayReply reply;
  reply.fields = {{"out_trade_no", std::string(field(request.biz, "out_trade_no"))},
                  {"retry_flag", "N"}};
  Trade* trade = named(request.biz);
  if (trade == nullptr) return reply;
  set_field(reply.fields, "out_trade_no", trade->out_trade_no);
  set_field(reply.fields, "trade_no", trade->trade_no);
  if (trade->status == TradeStatus::wait_buyer_pay) {
    close_trade(*trade, now);
    set_field(reply.fields, "action", "close");
  } else if (trade->status == TradeStatus::success) {
    const std::int64_t rest = trade->paid_minor - trade->refunded_minor;
    const GatewayReply refunded =
        execute_refund(*trade, rest, trade->out_trade_no + "_cancel", "cancel", now);
    if (!refunded.succeeded()) return refunded;
    set_field(reply.fields, "action", "refund");
  }
  return reply;
}

GatewayAnswer AlipayBook::refund(const GatewayRequest& request, base::Instant now) {
  Trade* trade = named(request.biz);
  if (trade == nullptr) return {absent(request.biz), {}};
  if (trade->status == TradeStatus::wait_buyer_pay)
    return {business_failure("TRADE_STATUS_ERROR"), {}};
  if (trade->paid_minor == 0) return {business_failure("TRADE_HAS_CLOSE"), {}};
  const auto amount = yuan_to_minor(field(request.biz, "refund_amount"));
  if (!amount) return {business_failure("INVALID_PARAMETER"), {}};
  std::string_view request_no = field(request.biz, "out_request_no");
  if (request_no.size() > 64) return {business_failure("INVALID_PARAMETER"), {}};
  if (request_no.empty()) {
    if (*amount != trade->paid_minor) return {business_failure("INVALID_PARAMETER"), {}};
    request_no = trade->out_trade_no;
  }
  const FaultSubject subject = subject_of(*trade);
  const auto reason = field(request.biz, "refund_reason");
  if (const auto fault = faults_.strike("refund_system_error", subject)) {
    if (fault->number("executed") != 0) execute_refund(*trade, *amount, request_no, reason, now);
    return {business_failure("SYSTEM_ERROR"), {}};
  }
  const bool repeat = find_refund(*trade, request_no) != nullptr;
  if (!repeat && faults_.strike("refund_balance_low", subject))
    return {business_failure("SELLER_BALANCE_NOT_ENOUGH"), {}};
  GatewayReply reply = execute_refund(*trade, *amount, request_no, reason, now);
  if (!reply.succeeded()) return {std::move(reply), {}};
  if (const auto fault = faults_.strike("refund_executed_reply_lost", subject))
    return {std::move(reply), lost_after(fault->duration("hold_ms"))};
  return {std::move(reply), {}};
}

GatewayReply AlipayBook::execute_refund(Trade& trade, std::int64_t amount_minor,
                                        std::string_view request_no, std::string_view reason,
                                        base::Instant now) {
  if (const TradeRefund* known = find_refund(trade, request_no)) {
    if (known->amount_minor != amount_minor) return business_failure("DISCORDANT_REPEAT_REQUEST");
    return refund_reply(trade, false);
  }
  if (trade.status == TradeStatus::closed) return business_failure("TRADE_HAS_CLOSE");
  if (amount_minor > trade.paid_minor - trade.refunded_minor || trade.refunds.size() >= refunds_max)
    return business_failure("REFUND_AMT_NOT_EQUAL_TOTAL");
  TradeRefund refund;
  refund.out_request_no = request_no;
  refund.amount_minor = amount_minor;
  refund.reason = reason;
  add_refund(trade, std::move(refund), now);
  return refund_reply(trade, true);
}

GatewayAnswer AlipayBook::refund_query(const GatewayRequest& request) {
  const Trade* trade = named(request.biz);
  const FaultSubject subject = subject_named(trade, field(request.biz, "out_trade_no"));
  if (auto fault = query_fault(subject)) return *std::move(fault);
  if (trade == nullptr) return {absent(request.biz), {}};
  const auto request_no = field(request.biz, "out_request_no");
  if (request_no.empty()) return {business_failure("INVALID_PARAMETER"), {}};
  GatewayReply reply;
  // A refund that is not there is an answer without refund_status, not an error.
  reply.fields = {{"out_trade_no", trade->out_trade_no}, {"trade_no", trade->trade_no}};
  if (const TradeRefund* refund = find_refund(*trade, request_no)) {
    reply.fields.emplace_back("out_request_no", refund->out_request_no);
    reply.fields.emplace_back("refund_amount", minor_to_yuan(refund->amount_minor));
    reply.fields.emplace_back("total_amount", minor_to_yuan(trade->paid_minor));
    reply.fields.emplace_back("refund_status", "REFUND_SUCCESS");
    reply.fields.emplace_back("gmt_refund_pay", local(refund->at));
    if (!refund->reason.empty()) reply.fields.emplace_back("refund_reason", refund->reason);
  }
  return {std::move(reply), {}};
}

}  // namespace daozhang::sandbox
