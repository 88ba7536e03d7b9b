#include "connectors/payment/wechatpay/answer.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "connectors/payment/wechatpay/trade.h"
#include "connectors/payment/wechatpay/url_text.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;

constexpr std::size_t raw_size_max = 8 * 1024;
constexpr std::size_t pay_content_size_max = 2048;

// Who paid is not ours to keep; the reply stands in the inbox for good.
std::string without_openid(std::string_view raw) {
  constexpr std::string_view name = R"("openid")";
  std::string text(raw);
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    at += name.size();
    const auto first = text.find_first_not_of(" :", at);
    if (first == std::string::npos || text[first] != '"') continue;
    const auto end = std::min(text.find('"', first + 1), text.size());
    text.replace(first + 1, end - first - 1, "***");
  }
  return text;
}

PaymentAnswer unclear(PaymentAnswer answer, std::string_view problem) {
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  return answer;
}

std::string_view pay_content_member(ports::Way way) {
  switch (way) {
    case ports::Way::qr:
      return "code_url";
    case ports::Way::h5:
      return "h5_url";
    case ports::Way::jsapi:
      return "prepay_id";
    case ports::Way::page:
    case ports::Way::wap:
      break;
  }
  UNREACHABLE();
}

// A buyer's browser is sent to it, so nothing but https will do.
// The sandbox on this machine speaks without TLS.
bool is_usable_content(const Account& account, std::string_view content) {
  const std::string_view scheme = account.api_url.starts_with("http://") ? "http://" : "https://";
  return !content.empty() && content.size() <= pay_content_size_max &&
         (account.way != ports::Way::h5 || content.starts_with(scheme));
}

PaymentAnswer created(const Account& account, const PaymentCall& call, const json::Value& content,
                      PaymentAnswer answer) {
  const std::string_view member = pay_content_member(account.way);
  answer.pay_content = content.text_of(member);
  if (!is_usable_content(account, answer.pay_content)) {
    answer.pay_content.clear();
    return unclear(std::move(answer), std::string(member).append("_missing"));
  }
  if (account.way == ports::Way::h5 && !call.order.return_url.empty()) {
    const bool has_query = answer.pay_content.find('?') != std::string::npos;
    answer.pay_content.append(has_query ? "&redirect_url=" : "?redirect_url=")
        .append(url_encoded(call.order.return_url));
  }
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer queried(const Account& account, const PaymentCall& call, const json::Value& content,
                      PaymentAnswer answer) {
  if (content.text_of("mchid") != account.mchid) return unclear(std::move(answer), "other_mchid");
  if (content.text_of("appid") != account.appid) return unclear(std::move(answer), "other_appid");
  if (content.text_of("out_trade_no") != call.order.trade_ref) {
    return unclear(std::move(answer), "other_trade");
  }
  const auto status = trade_status_of(content.text_of("trade_state"));
  if (!status) return unclear(std::move(answer), "trade_state_unknown");
  if (is_in_other_money(content)) {
    answer.needs_person = *status == ports::TradeStatus::paid;
    return unclear(std::move(answer), "currency_differs");
  }
  const auto amount = amount_of(content, "total");
  answer.trade_no = content.text_of("transaction_id");
  if (*status == ports::TradeStatus::paid) {
    if (!amount) return unclear(std::move(answer), "amount_unreadable");
    if (!is_in_yuan(content)) return unclear(std::move(answer), "currency_differs");
    if (!is_transaction_id(answer.trade_no)) {
      return unclear(std::move(answer), "transaction_id_missing");
    }
  }
  answer.some_went_back = content.text_of("trade_state") == "REFUND";
  answer.trade = *status;
  answer.amount_minor = amount.value_or(0);  // Unpaid trades may come without.
  answer.paid_at = success_time_of(content);
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer closed(PaymentAnswer answer) {
  answer.trade = ports::TradeStatus::closed;
  answer.outcome = Outcome::done;
  return answer;
}

std::string_view difference_of_refund(const PaymentCall& call, const json::Value& content) {
  if (content.text_of("out_trade_no") != call.order.trade_ref) return "other_trade";
  if (content.text_of("out_refund_no") != call.refund_ref) return "other_refund";
  if (amount_of(content, "refund") != call.refund_minor) return "refund_amount_differs";
  if (!is_in_yuan(content)) return "currency_differs";
  return {};
}

PaymentAnswer refund_told(const PaymentCall& call, const json::Value& content,
                          PaymentAnswer answer) {
  const std::string_view difference = difference_of_refund(call, content);
  if (!difference.empty()) return unclear(std::move(answer), difference);
  const std::string_view word = content.text_of("status");
  const auto status = refund_status_of(word);
  if (!status) return unclear(std::move(answer), "refund_status_unknown");
  answer.trade_no = content.text_of("transaction_id");
  answer.amount_minor = call.refund_minor;
  if (*status == RefundStatus::success) {
    answer.outcome = Outcome::done;
    return answer;
  }
  if (*status == RefundStatus::processing) {
    answer.outcome = Outcome::accepted;
    return answer;
  }
  // Closed or abnormal: its number is used up, and only its merchant's console moves it.
  answer.outcome = Outcome::failed;
  answer.needs_person = true;
  answer.problem = word;
  return answer;
}

bool is_success(PaymentCallKind kind, int status) {
  return status == 200 || (status == 204 && kind == PaymentCallKind::close);
}

PaymentAnswer accepted(const Account& account, const PaymentCall& call, const Reply& reply,
                       PaymentAnswer answer) {
  answer.problem.clear();
  if (call.kind == PaymentCallKind::close) return closed(std::move(answer));
  const auto content = json::read(reply.body, json::Numbers::as_text);
  if (!content || content->object() == nullptr) {
    return unclear(std::move(answer), "content_unreadable");
  }
  switch (call.kind) {
    case PaymentCallKind::create:
      return created(account, call, *content, std::move(answer));
    case PaymentCallKind::query:
      return queried(account, call, *content, std::move(answer));
    case PaymentCallKind::refund:
    case PaymentCallKind::query_refund:
      return refund_told(call, *content, std::move(answer));
    case PaymentCallKind::close:
      break;
  }
  UNREACHABLE();
}

std::string http(int status) { return std::string("http_").append(std::to_string(status)); }

struct Error {
  std::string code;
  std::string problem;
};

Error error_of(const Reply& reply) {
  const auto content = json::read(reply.body, json::Numbers::as_text);
  Error error;
  if (content) error.code = content->text_of("code");
  error.problem = error.code.empty() ? http(reply.status) : error.code;
  const std::string_view id = request_id_of(reply.headers);
  if (!id.empty()) error.problem.append(", request ").append(id);
  return error;
}

PaymentAnswer refused(const PaymentCall& call, const Reply& reply, PaymentAnswer answer) {
  const Error error = error_of(reply);
  answer.problem = error.problem;
  const bool not_found = reply.status == 404;
  if (call.kind == PaymentCallKind::query_refund && !not_found) return answer;
  answer.outcome = Outcome::failed;
  if (not_found && error.code == "ORDER_NOT_EXIST" && call.kind != PaymentCallKind::create) {
    answer.trade = ports::TradeStatus::not_exist;
    if (call.kind == PaymentCallKind::query) answer.outcome = Outcome::done;
  }
  answer.retry_later = call.kind == PaymentCallKind::refund && error.code == "NOT_ENOUGH";
  return answer;
}

}  // namespace

std::string_view request_id_of(const HeaderList& headers) {
  for (const auto& [name, value] : headers) {
    if (!base::equal_without_case(name, "Request-ID")) continue;
    const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
      return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
             c == '-' || c == '_';
    });
    return plain && value.size() <= 128 ? std::string_view(value) : std::string_view{};
  }
  return {};
}

PaymentAnswer unknown_answer(std::string_view problem, std::string_view raw) {
  PaymentAnswer answer;
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  answer.raw = without_openid(raw).substr(0, raw_size_max);
  return answer;
}

PaymentAnswer refused_answer(std::string_view problem) {
  PaymentAnswer answer = unknown_answer(problem);
  answer.outcome = Outcome::failed;
  return answer;
}

PaymentAnswer answer_of(const Account& account, const PlatformKeys& keys, const PaymentCall& call,
                        const Reply& reply, base::Instant now) {
  PaymentAnswer answer = unknown_answer(http(reply.status), reply.body);
  const auto proof = verify(keys, reply.headers, reply.body, now);
  if (!proof) {
    answer.problem = std::string(base::name_of(proof.error())).append(", ").append(answer.problem);
    return answer;
  }
  if (is_success(call.kind, reply.status)) {
    return accepted(account, call, reply, std::move(answer));
  }
  const bool definite =
      reply.status >= 400 && reply.status < 500 && reply.status != 408 && reply.status != 429;
  if (definite) return refused(call, reply, std::move(answer));
  return answer;
}

}  // namespace daozhang::connectors::payment::wechatpay
