#include "connectors/payment/alipay/answer.h"

#include <array>
#include <optional>

#include "base/check.h"
#include "connectors/payment/alipay/trade_status.h"
#include "connectors/payment/alipay/yuan.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;

constexpr std::size_t raw_size_max = 8 * 1024;

PaymentAnswer unclear(PaymentAnswer answer, std::string_view problem) {
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  return answer;
}

bool is_about(const json::Value& content, const PaymentCall& call) {
  return content.text_of("out_trade_no") == call.order.trade_ref;
}

PaymentAnswer created(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  if (!is_about(reply.content, call)) return unclear(std::move(answer), "other_trade");
  answer.pay_content = reply.content.text_of("qr_code");
  if (answer.pay_content.empty()) return unclear(std::move(answer), "qr_code_missing");
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer queried(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  const json::Value& content = reply.content;
  if (!is_about(content, call)) return unclear(std::move(answer), "other_trade");
  const auto status = trade_status_of(content.text_of("trade_status"));
  if (!status) return unclear(std::move(answer), "trade_status_unknown");
  const auto amount = minor_of_yuan(content.text_of("total_amount"));
  if (!amount) return unclear(std::move(answer), "amount_unreadable");
  answer.trade_no = content.text_of("trade_no");
  if (*status == ports::TradeStatus::paid && answer.trade_no.empty()) {
    return unclear(std::move(answer), "trade_no_missing");
  }
  answer.trade = *status;
  answer.amount_minor = *amount;
  answer.paid_at = base::from_local_seconds(content.text_of("send_pay_date"), base::beijing_offset)
                       .value_or(base::Instant{});
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer closed(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  if (!is_about(reply.content, call)) return unclear(std::move(answer), "other_trade");
  answer.trade = ports::TradeStatus::closed;
  answer.trade_no = reply.content.text_of("trade_no");
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer refunded(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  if (!is_about(reply.content, call)) return unclear(std::move(answer), "other_trade");
  answer.trade_no = reply.content.text_of("trade_no");
  const std::string_view moved = reply.content.text_of("fund_change");
  answer.outcome = moved == "Y" ? Outcome::done : Outcome::accepted;
  return answer;
}

PaymentAnswer refund_queried(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  const json::Value& content = reply.content;
  const std::string_view status = content.text_of("refund_status");
  if (status.empty() || status == "REFUND_FAIL") {
    answer.outcome = Outcome::failed;
    answer.problem = status.empty() ? "refund_status_absent" : "REFUND_FAIL";
    return answer;
  }
  if (!is_about(content, call)) return unclear(std::move(answer), "other_trade");
  if (content.text_of("out_request_no") != call.refund_ref) {
    return unclear(std::move(answer), "other_refund");
  }
  if (status == "REFUND_PROCESSING") {
    answer.outcome = Outcome::accepted;
    return answer;
  }
  if (status != "REFUND_SUCCESS") return unclear(std::move(answer), "refund_status_unknown");
  const auto amount = minor_of_yuan(content.text_of("refund_amount"));
  if (!amount || *amount != call.refund_minor) {
    return unclear(std::move(answer), "refund_amount_differs");
  }
  answer.trade_no = content.text_of("trade_no");
  answer.amount_minor = *amount;
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer refused(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  // That we may not ask says nothing of the refund: it may be there.
  if (call.kind == PaymentCallKind::query_refund && reply.sub_code != "ACQ.TRADE_NOT_EXIST")
    return answer;
  answer.outcome = Outcome::failed;
  if (reply.sub_code == "ACQ.TRADE_NOT_EXIST") {
    answer.trade = ports::TradeStatus::not_exist;
    if (call.kind == PaymentCallKind::query) answer.outcome = Outcome::done;
  }
  answer.retry_later =
      call.kind == PaymentCallKind::refund && reply.sub_code == "ACQ.SELLER_BALANCE_NOT_ENOUGH";
  return answer;
}

PaymentAnswer accepted(const Reply& reply, const PaymentCall& call, PaymentAnswer answer) {
  answer.problem.clear();
  switch (call.kind) {
    case PaymentCallKind::create:
      return created(reply, call, std::move(answer));
    case PaymentCallKind::query:
      return queried(reply, call, std::move(answer));
    case PaymentCallKind::close:
      return closed(reply, call, std::move(answer));
    case PaymentCallKind::refund:
      return refunded(reply, call, std::move(answer));
    case PaymentCallKind::query_refund:
      return refund_queried(reply, call, std::move(answer));
  }
  UNREACHABLE();
}

}  // namespace

PaymentAnswer unknown_answer(std::string_view problem, std::string_view raw) {
  PaymentAnswer answer;
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  answer.raw = raw.substr(0, raw_size_max);
  return answer;
}

PaymentAnswer answer_of(const Account& account, const PaymentCall& call, std::string_view method,
                        std::string_view raw) {
  const auto reply = read_reply(account, raw, method);
  if (!reply) return unknown_answer(base::name_of(reply.error()), raw);
  PaymentAnswer answer =
      unknown_answer(reply->sub_code.empty() ? reply->code : reply->sub_code, raw);
  switch (classify(reply->code, reply->sub_code)) {
    case ReplyClass::ok:
      return accepted(*reply, call, std::move(answer));
    case ReplyClass::definite:
      return refused(*reply, call, std::move(answer));
    case ReplyClass::unknown:
      return answer;
  }
  UNREACHABLE();
}

}  // namespace daozhang::connectors::payment::alipay
