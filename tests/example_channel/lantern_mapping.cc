#include "tests/example_channel/lantern_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/digest.h"
#include "json/reader.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::lantern {
namespace {

using ports::NoticeRefusal;
using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr base::Duration clock_tolerance = base::seconds(300);
constexpr std::size_t number_size_max = 64;
constexpr std::size_t raw_size_max = 8 * 1024;
constexpr std::size_t secret_size_min = 32;
constexpr std::size_t different_characters_min = 10;  // Of 16 where it is hexadecimal.

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= number_size_max && std::ranges::all_of(text, [](char c) {
    const char small = base::to_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_address(std::string_view url) {
  if (url.find_first_of(" \t\r\n?#@\\\"<>") != std::string_view::npos) return false;
  return url.starts_with("https://") || url.starts_with("http://127.0.0.1:");
}

// Few characters, rows of neighbors, words of examples.
bool is_guessable(std::string_view secret, std::string_view account) {
  std::size_t neighbors = 0;
  for (std::size_t i = 1; i < secret.size(); ++i)
    if (std::abs(secret[i] - secret[i - 1]) <= 1) ++neighbors;
  const std::set<char> different(secret.begin(), secret.end());
  if (different.size() < different_characters_min || neighbors * 2 > secret.size()) return true;
  const auto words = base::words("secret", "password", "example", "changeme", "lantern", account);
  return std::ranges::any_of(words, [small = base::lower(secret)](std::string_view word) {
    return small.find(base::lower(word)) != std::string::npos;
  });
}

bool is_about_refund(PaymentCallKind kind) {
  return kind == PaymentCallKind::refund || kind == PaymentCallKind::query_refund;
}

std::string order_body(const Account& account, const ports::ChannelOrder& order) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("account", account.account).member("order_no", order.trade_ref);
  json.member("amount_fen", order.amount_minor).member("subject", order.subject);
  json.member("notify_url", account.notify_url);
  json.member("expires_at", base::to_rfc3339(order.expires_at)).end_object();
  return body;
}

std::string refund_body(const Account& account, const PaymentCall& call) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("account", account.account).member("order_no", call.order.trade_ref);
  json.member("refund_no", call.refund_ref).member("amount_fen", call.refund_minor);
  json.member("reason", call.refund_reason).end_object();
  return body;
}

Request unsigned_request(const Account& account, const PaymentCall& call) {
  const std::string orders = account.base_url + "orders";
  const std::string refunds = account.base_url + "refunds";
  switch (call.kind) {
    case PaymentCallKind::create:
      return {"POST", orders, order_body(account, call.order), {}};
    case PaymentCallKind::query:
      return {"GET", orders + "/" + call.order.trade_ref, "", {}};
    case PaymentCallKind::close:
      return {"POST", orders + "/" + call.order.trade_ref + "/close", "", {}};
    case PaymentCallKind::refund:
      return {"POST", refunds, refund_body(account, call), {}};
    case PaymentCallKind::query_refund:
      return {"GET", refunds + "/" + call.refund_ref, "", {}};
  }
  UNREACHABLE();
}

std::string signature_of(const Account& account, std::string_view timestamp,
                         std::string_view body) {
  const std::string text = fmt::format("{}\n{}", timestamp, body);
  return base::to_hex(base::view(base::hmac_sha256(account.secret, text)));
}

std::optional<NoticeRefusal> refusal_of(const Account& account, std::string_view timestamp,
                                        std::string_view signature, std::string_view body,
                                        base::Instant now) {
  if (timestamp.empty() || signature.empty()) return NoticeRefusal::signature_missing;
  const auto at = base::from_rfc3339(timestamp);
  if (!at || std::max(*at - now, now - *at) > clock_tolerance)
    return NoticeRefusal::timestamp_differs;
  if (!crypto::equal_in_constant_time(signature, signature_of(account, timestamp, body)))
    return NoticeRefusal::signature_invalid;
  return std::nullopt;
}

// 0 for what is no amount.
std::int64_t amount_in(const json::Value& told) {
  const json::Value* amount = told.find("amount_fen");
  if (amount == nullptr || amount->integer() == nullptr) return 0;
  const bool is_amount = *amount->integer() > 0 && *amount->integer() <= domain::amount_minor_max;
  return is_amount ? *amount->integer() : 0;
}

struct Meaning {
  PaymentCallKind kind;
  std::string_view result;
  std::string_view status;
  Outcome outcome;
  TradeStatus trade = TradeStatus::waiting;
};

// What has no row here is unknown.
const Meaning* meaning_of(PaymentCallKind kind, std::string_view result, std::string_view status) {
  using enum PaymentCallKind;
  static constexpr auto meanings = std::to_array<Meaning>({
      {create, "ok", "waiting", Outcome::done},
      {create, "order_conflict", "", Outcome::failed},
      {query, "ok", "waiting", Outcome::done},
      {query, "ok", "paid", Outcome::done, TradeStatus::paid},
      {query, "ok", "closed", Outcome::done, TradeStatus::closed},
      {query, "order_unknown", "", Outcome::done, TradeStatus::not_exist},
      {close, "ok", "closed", Outcome::done, TradeStatus::closed},
      {close, "order_unknown", "", Outcome::failed, TradeStatus::not_exist},
      {close, "order_paid", "", Outcome::failed, TradeStatus::paid},
      {refund, "ok", "done", Outcome::done},
      {refund, "ok", "working", Outcome::accepted},
      {refund, "refund_rejected", "", Outcome::failed},
      {refund, "balance_too_low", "", Outcome::failed},
      {query_refund, "ok", "done", Outcome::done},
      {query_refund, "ok", "working", Outcome::accepted},
      {query_refund, "ok", "failed", Outcome::failed},
      {query_refund, "refund_unknown", "", Outcome::failed},
  });
  const auto* found = std::ranges::find_if(meanings, [&](const Meaning& row) {
    return row.kind == kind && row.result == result && row.status == status;
  });
  return found == meanings.end() ? nullptr : found;
}

// Why a reply says nothing; empty: it is signed, and about what was asked.
std::string doubt_of(const Account& account, const PaymentCall& call, const Reply& reply,
                     base::Instant now) {
  if (reply.status != 200) return "http_" + std::to_string(reply.status);
  const auto& [timestamp, signature] = reply.proof;
  if (const auto refusal = refusal_of(account, timestamp, signature, reply.body, now))
    return std::string(base::name_of(*refusal));
  const auto said = json::read(reply.body);
  if (!said) return "unreadable";
  if (said->text_of("account") != account.account) return "other_account";
  if (said->text_of("order_no") != call.order.trade_ref) return "other_order";
  if (is_about_refund(call.kind) && said->text_of("refund_no") != call.refund_ref)
    return "other_refund";
  return {};
}

// The same for what an `ok` says. Whether a queried order has the right sum is the engine's matter.
std::string_view doubt_of(const PaymentCall& call, const PaymentAnswer& answer) {
  const bool creates = call.kind == PaymentCallKind::create;
  if (answer.amount_minor == 0) return "amount_unreadable";
  if (creates && answer.amount_minor != call.order.amount_minor) return "amount_differs";
  if (is_about_refund(call.kind) && answer.amount_minor != call.refund_minor)
    return "amount_differs";
  if (creates && answer.pay_content.empty()) return "qr_text_missing";
  if (answer.trade == TradeStatus::paid && answer.trade_no.empty()) return "lantern_no_missing";
  return {};
}

// Gives the problem. The outcome is set last, when nothing is left to doubt.
std::string_view read_said(const json::Value& said, const PaymentCall& call,
                           PaymentAnswer& answer) {
  const std::string_view result = said.text_of("result");
  const Meaning* meaning = meaning_of(call.kind, result, said.text_of("status"));
  if (meaning == nullptr) return "result_unknown";
  answer.trade = meaning->trade;
  if (result == "ok") {
    answer.trade_no = said.text_of("lantern_no");
    answer.pay_content = said.text_of("qr_text");
    answer.amount_minor = amount_in(said);
    if (const auto doubt = doubt_of(call, answer); !doubt.empty()) return doubt;
  }
  answer.outcome = meaning->outcome;
  answer.retry_later = result == "balance_too_low";
  if (answer.outcome != Outcome::failed) return {};
  return result == "ok" ? "refund_failed" : result;
}

base::Result<ports::PaymentNotice, NoticeRefusal> check_notice(const Account& account,
                                                               const json::Value& told) {
  ports::PaymentNotice notice;
  notice.notice_id = told.text_of("event_id");
  notice.trade_ref = told.text_of("order_no");
  notice.trade_no = told.text_of("lantern_no");
  notice.amount_minor = amount_in(told);
  const Meaning* meaning = meaning_of(PaymentCallKind::query, "ok", told.text_of("status"));
  if (!is_number(notice.notice_id)) return base::refuse(NoticeRefusal::unreadable);
  if (told.text_of("account") != account.account) return base::refuse(NoticeRefusal::app_differs);
  if (!is_number(notice.trade_ref)) return base::refuse(NoticeRefusal::trade_ref_missing);
  if (!is_number(notice.trade_no)) return base::refuse(NoticeRefusal::trade_no_missing);
  if (notice.amount_minor == 0) return base::refuse(NoticeRefusal::amount_unreadable);
  if (meaning == nullptr) return base::refuse(NoticeRefusal::status_unknown);
  notice.trade = meaning->trade;
  return notice;
}

}  // namespace

base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings) {
  const std::string& secret = settings.secret;
  if (!is_address(settings.base_url) || !settings.base_url.ends_with('/'))
    return base::refuse(AccountRefusal::base_url_unusable);
  if (!is_number(settings.account)) return base::refuse(AccountRefusal::account_unusable);
  if (!is_address(settings.notify_url)) return base::refuse(AccountRefusal::notify_url_unusable);
  if (secret.empty()) return base::refuse(AccountRefusal::secret_missing);
  if (secret.size() < secret_size_min) return base::refuse(AccountRefusal::secret_too_short);
  if (is_guessable(secret, settings.account)) return base::refuse(AccountRefusal::secret_guessable);
  return Account{settings};
}

Proof prove(const Account& account, std::string_view body, base::Instant now) {
  std::string timestamp = base::to_rfc3339(now);
  std::string signature = signature_of(account, timestamp, body);
  return {std::move(timestamp), std::move(signature)};
}

Request request_of(const Account& account, const PaymentCall& call, base::Instant now) {
  CHECK(is_number(call.order.trade_ref));
  CHECK(!is_about_refund(call.kind) || is_number(call.refund_ref));
  Request request = unsigned_request(account, call);
  request.proof = prove(account, request.body, now);
  return request;
}

PaymentAnswer answer_of(const Account& account, const PaymentCall& call, const Reply& reply,
                        base::Instant now) {
  PaymentAnswer nothing;
  nothing.raw = reply.body.substr(0, raw_size_max);
  nothing.problem = doubt_of(account, call, reply, now);
  if (!nothing.problem.empty()) return nothing;
  PaymentAnswer answer = nothing;
  nothing.problem = answer.problem = read_said(json::read(reply.body).value(), call, answer);
  return answer.outcome == Outcome::unknown ? nothing : answer;
}

base::Result<ports::PaymentNotice, NoticeRefusal> read_notice(const Account& account,
                                                              const ports::NoticeMessage& message,
                                                              base::Instant now) {
  if (message.method != "POST") return base::refuse(NoticeRefusal::method_differs);
  if (!message.query.empty() || !message.content_type.starts_with("application/json"))
    return base::refuse(NoticeRefusal::unreadable);
  if (const auto refusal = refusal_of(account, message.header("lantern-timestamp"),
                                      message.header("lantern-signature"), message.body, now))
    return base::refuse(*refusal);
  const auto told = json::read(message.body);
  if (!told) return base::refuse(NoticeRefusal::unreadable);
  return check_notice(account, *told);
}

}  // namespace daozhang::connectors::payment::lantern
