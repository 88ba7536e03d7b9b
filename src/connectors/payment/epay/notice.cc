#include "connectors/payment/epay/notice.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/signature.h"
#include "connectors/payment/epay/yuan.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::NoticeRefusal;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

bool is_form(std::string_view content_type) {
  std::string_view media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ')) media_type.remove_suffix(1);
  return base::equal_without_case(media_type, form_type);
}

bool is_allowed(NoticeMethod allowed, std::string_view method) {
  if (method == "GET") return allowed != NoticeMethod::post;
  return method == "POST" && allowed != NoticeMethod::get;
}

base::Result<FormFields, NoticeRefusal> fields_of_message(const ports::NoticeMessage& message) {
  const bool by_get = message.method == "GET";
  const std::string& elsewhere = by_get ? message.body : message.query;
  if (!elsewhere.empty()) return base::refuse(NoticeRefusal::unreadable);
  if (!by_get && !is_form(message.content_type)) return base::refuse(NoticeRefusal::unreadable);
  auto fields = decode_form(by_get ? message.query : message.body);
  if (fields) return std::move(*fields);
  return base::refuse(fields.error() == FormRefusal::duplicate_field
                          ? NoticeRefusal::duplicate_field
                          : NoticeRefusal::unreadable);
}

// sign_type is no part of what is signed; the account alone says which signature it must be.
bool is_sign_type(Version version, std::string_view word) {
  if (version == Version::v1 && word.empty()) return true;
  return base::equal_without_case(word, sign_type_of(version));
}

std::optional<NoticeRefusal> refusal_of_proof(const Account& account, const FormFields& fields) {
  if (field(fields, "sign").empty()) return NoticeRefusal::signature_missing;
  if (!is_sign_type(account.version, field(fields, "sign_type"))) {
    return NoticeRefusal::signature_type_unsupported;
  }
  if (!is_signed_by_gateway(account, fields)) return NoticeRefusal::signature_invalid;
  return std::nullopt;
}

constexpr auto binding_names =
    base::words("name", "out_trade_no", "trade_no", "pid", "money", "type", "trade_status");

// Whether another field could have swallowed one that binds: the signed text is the same when a
// value is cut where it holds `&name=`.
bool may_have_swallowed(std::string_view text) {
  return std::ranges::any_of(binding_names, [&](std::string_view name) {
    return text.find("&" + std::string(name) + "=") != std::string_view::npos;
  });
}

bool has_ambiguous_field(const FormFields& fields) {
  return std::ranges::any_of(fields, [](const auto& each) {
    const auto& [name, value] = each;
    const bool binds = std::ranges::count(binding_names, name) > 0;
    return name.find_first_of("&=") != std::string::npos ||
           (binds ? is_ambiguous(value) : may_have_swallowed(value));
  });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
           c == '_' || c == '-' || c == '.';
  });
}

std::optional<ports::TradeStatus> trade_status_of(std::string_view word) {
  if (word == "TRADE_SUCCESS") return ports::TradeStatus::paid;
  if (word == "WAIT_BUYER_PAY") return ports::TradeStatus::waiting;
  return std::nullopt;
}

}  // namespace

base::Result<ports::PaymentNotice, NoticeRefusal> check_notice(const Account& account,
                                                               const FormFields& fields,
                                                               base::Instant now) {
  if (const auto refusal = refusal_of_proof(account, fields)) return base::refuse(*refusal);
  if (field(fields, "pid") != account.pid) return base::refuse(NoticeRefusal::app_differs);
  if (account.version == Version::v2 && !is_near(field(fields, "timestamp"), now)) {
    return base::refuse(NoticeRefusal::timestamp_differs);
  }
  if (has_ambiguous_field(fields)) return base::refuse(NoticeRefusal::field_ambiguous);
  const std::string_view trade_ref = field(fields, "out_trade_no");
  const std::string_view trade_no = field(fields, "trade_no");
  const std::string_view word = field(fields, "trade_status");
  if (!is_number(trade_ref)) return base::refuse(NoticeRefusal::trade_ref_missing);
  if (!is_number(trade_no) || word.empty()) return base::refuse(NoticeRefusal::trade_no_missing);
  const auto trade = trade_status_of(word);
  if (!trade) return base::refuse(NoticeRefusal::status_unknown);
  if (!account.type.empty() && field(fields, "type") != account.type) {
    return base::refuse(NoticeRefusal::seller_differs);
  }
  const auto amount = minor_of_yuan(field(fields, "money"));
  if (!amount || *amount == 0) return base::refuse(NoticeRefusal::amount_unreadable);
  ports::PaymentNotice notice;
  notice.trade_ref = trade_ref;
  notice.trade_no = trade_no;
  notice.trade = *trade;
  notice.amount_minor = *amount;
  // epay names no message; trade and status are what stays equal on repeats.
  notice.notice_id = notice.trade_no + ":" + std::string(word);
  return notice;
}

base::Result<ports::PaymentNotice, NoticeRefusal> read_notice(const Account& account,
                                                              const ports::NoticeMessage& message,
                                                              base::Instant now) {
  if (!is_allowed(account.dialect.notice_method, message.method)) {
    return base::refuse(NoticeRefusal::method_differs);
  }
  const auto fields = fields_of_message(message);
  if (!fields) return base::refuse(fields.error());
  return check_notice(account, *fields, now);
}

}  // namespace daozhang::connectors::payment::epay
