#include "connectors/payment/epay/answer.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/yuan.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr std::size_t raw_size_max = 8 * 1024;
constexpr std::size_t pay_content_size_max = 2048;

struct Asked {
  const Account& account;
  const PaymentCall& call;
  const Reply& reply;

  [[nodiscard]] std::string_view told(std::string_view name) const {
    return field(reply.fields, name);
  }
  // Absent is the same: the request named it, and some replies do not repeat it.
  [[nodiscard]] bool same_if_told(std::string_view name, std::string_view ours) const {
    return told(name).empty() || told(name) == ours;
  }
  [[nodiscard]] bool is_ours() const { return same_if_told("pid", account.pid); }
};

PaymentAnswer unclear(PaymentAnswer answer, std::string_view problem) {
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  return answer;
}

bool says_not_found(const Asked& asked) {
  const auto& words = asked.account.dialect.not_found_words;
  return !asked.reply.success && std::ranges::find(words, asked.told("msg")) != words.end();
}

std::string_view pay_content_of(const Asked& asked) {
  if (asked.account.version == Version::v2) {
    const std::string_view type = asked.told("pay_type");
    const bool usable = type == "qrcode" || type == "jump" || type == "urlscheme";
    return usable ? asked.told("pay_info") : std::string_view{};
  }
  for (const std::string_view name : {"qrcode", "payurl", "urlscheme"}) {
    if (!asked.told(name).empty()) return asked.told(name);
  }
  return {};
}

bool is_pay_content(std::string_view text) {
  return !text.empty() && text.size() <= pay_content_size_max &&
         std::ranges::all_of(
             text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; });
}

PaymentAnswer created(const Asked& asked, PaymentAnswer answer) {
  if (!asked.reply.success) {
    answer.outcome = Outcome::failed;
    return answer;
  }
  if (!asked.is_ours() || !asked.same_if_told("out_trade_no", asked.call.order.trade_ref)) {
    return unclear(std::move(answer), "other_trade");
  }
  answer.trade_no = asked.told("trade_no");
  answer.pay_content = pay_content_of(asked);
  if (!is_pay_content(answer.pay_content)) {
    answer.pay_content.clear();
    return unclear(std::move(answer), "pay_content_missing");
  }
  answer.outcome = Outcome::done;
  return answer;
}

std::optional<TradeStatus> trade_status_of(const Dialect& dialect, std::string_view word) {
  if (word == dialect.status_paid) return TradeStatus::paid;
  if (word == dialect.status_unpaid) return TradeStatus::waiting;
  if (word == dialect.status_refunded) return TradeStatus::closed;
  return std::nullopt;
}

base::Instant beijing_time(std::string_view text) {
  return base::from_local_seconds(text, base::beijing_offset).value_or(base::Instant{});
}

PaymentAnswer queried(const Asked& asked, PaymentAnswer answer) {
  if (says_not_found(asked)) {
    answer.outcome = Outcome::done;
    answer.trade = TradeStatus::not_exist;
    return answer;
  }
  if (!asked.reply.success) {
    answer.is_in_good_form = true;
    return answer;
  }
  if (asked.told("out_trade_no") != asked.call.order.trade_ref) {
    return unclear(std::move(answer), "other_trade");
  }
  if (!asked.is_ours()) return unclear(std::move(answer), "other_merchant");
  const auto status = trade_status_of(asked.account.dialect, asked.told("status"));
  if (!status) return unclear(std::move(answer), "status_unknown");
  const auto amount = minor_of_yuan(asked.told("money"));
  if (!amount || *amount == 0) return unclear(std::move(answer), "amount_unreadable");
  answer.trade_no = asked.told("trade_no");
  if (*status == TradeStatus::paid && answer.trade_no.empty()) {
    return unclear(std::move(answer), "trade_no_missing");
  }
  answer.trade = *status;
  answer.amount_minor = *amount;
  answer.paid_at = beijing_time(asked.told("endtime"));
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer closed(const Asked& asked, PaymentAnswer answer) {
  if (!asked.reply.success) {
    answer.outcome = Outcome::failed;
    if (says_not_found(asked)) answer.trade = TradeStatus::not_exist;
    return answer;
  }
  if (!asked.is_ours() || !asked.same_if_told("out_trade_no", asked.call.order.trade_ref)) {
    return unclear(std::move(answer), "other_trade");
  }
  answer.trade = TradeStatus::closed;
  answer.outcome = Outcome::done;
  return answer;
}

bool is_refund_asked_for(const Asked& asked) {
  if (!asked.is_ours() || !asked.same_if_told("out_refund_no", asked.call.refund_ref)) return false;
  return asked.same_if_told("out_trade_no", asked.call.order.trade_ref);
}

bool is_amount_asked_for(const Asked& asked) {
  const std::string_view money = asked.told("money");
  return money.empty() || minor_of_yuan(money) == asked.call.refund_minor;
}

// Nobody may be told that such a refund failed: it would be sent again.
bool is_sent_once(const Asked& asked) {
  return asked.account.dialect.refund_again == RefundAgain::by_hand;
}

PaymentAnswer refunded(const Asked& asked, PaymentAnswer answer) {
  if (!asked.reply.success) {
    answer.outcome = is_sent_once(asked) ? Outcome::unknown : Outcome::failed;
    return answer;
  }
  if (!is_refund_asked_for(asked)) return unclear(std::move(answer), "other_refund");
  if (!is_amount_asked_for(asked)) return unclear(std::move(answer), "refund_amount_differs");
  answer.trade_no = asked.told("trade_no");
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer v1_refund_queried(const Asked& asked, PaymentAnswer answer) {
  answer = queried(asked, std::move(answer));
  if (answer.outcome != Outcome::done) return answer;
  if (answer.trade != TradeStatus::closed || answer.amount_minor != asked.call.refund_minor) {
    return unclear(std::move(answer), "refund_not_confirmed");
  }
  return answer;
}

PaymentAnswer refund_queried(const Asked& asked, PaymentAnswer answer) {
  if (asked.account.version == Version::v1) return v1_refund_queried(asked, std::move(answer));
  const Outcome no = is_sent_once(asked) ? Outcome::unknown : Outcome::failed;
  if (!asked.reply.success) {
    answer.outcome = no;
    return answer;
  }
  if (asked.told("out_refund_no") != asked.call.refund_ref || !is_refund_asked_for(asked)) {
    return unclear(std::move(answer), "other_refund");
  }
  const std::string_view status = asked.told("status");
  if (status == "0") {
    answer.outcome = no;
    answer.problem = "refund_failed";
    return answer;
  }
  if (status != "1") return unclear(std::move(answer), "refund_status_unknown");
  if (minor_of_yuan(asked.told("money")) != asked.call.refund_minor) {
    return unclear(std::move(answer), "refund_amount_differs");
  }
  answer.trade_no = asked.told("trade_no");
  answer.amount_minor = asked.call.refund_minor;
  answer.outcome = Outcome::done;
  return answer;
}

PaymentAnswer read(const Asked& asked, PaymentAnswer answer) {
  switch (asked.call.kind) {
    case PaymentCallKind::create:
      return created(asked, std::move(answer));
    case PaymentCallKind::query:
      return queried(asked, std::move(answer));
    case PaymentCallKind::close:
      return closed(asked, std::move(answer));
    case PaymentCallKind::refund:
      return refunded(asked, std::move(answer));
    case PaymentCallKind::query_refund:
      return refund_queried(asked, std::move(answer));
  }
  UNREACHABLE();
}

}  // namespace

PaymentAnswer unknown_answer(const Account& account, std::string_view problem,
                             std::string_view raw) {
  PaymentAnswer answer;
  answer.outcome = Outcome::unknown;
  answer.problem = problem;
  answer.raw = without_key(account, raw).substr(0, raw_size_max);
  return answer;
}

PaymentAnswer answer_of(const Account& account, const PaymentCall& call, std::string_view raw,
                        base::Instant now) {
  const auto reply = read_reply(account, raw, now);
  if (!reply) return unknown_answer(account, base::name_of(reply.error()), raw);
  const std::string problem = reply->success ? "" : problem_of(account, *reply);
  return read({account, call, *reply}, unknown_answer(account, problem, raw));
}

}  // namespace daozhang::connectors::payment::epay
