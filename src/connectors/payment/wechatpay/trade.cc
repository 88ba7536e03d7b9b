#include "connectors/payment/wechatpay/trade.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "domain/money/money.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<ports::TradeStatus> trade_status_of(std::string_view word) {
  if (is_one_of(word, {"SUCCESS", "REFUND"})) return ports::TradeStatus::paid;
  if (is_one_of(word, {"NOTPAY", "USERPAYING", "PAYERROR", "ACCEPT"})) {
    return ports::TradeStatus::waiting;
  }
  if (is_one_of(word, {"CLOSED", "REVOKED"})) return ports::TradeStatus::closed;
  return std::nullopt;
}

std::optional<RefundStatus> refund_status_of(std::string_view word) {
  if (word == "SUCCESS") return RefundStatus::success;
  if (word == "PROCESSING") return RefundStatus::processing;
  if (word == "CLOSED") return RefundStatus::closed;
  if (word == "ABNORMAL") return RefundStatus::abnormal;
  return std::nullopt;
}

std::optional<std::int64_t> amount_of(const json::Value& object, std::string_view name) {
  const json::Value* const amount = object.find("amount");
  const json::Value* const member = amount == nullptr ? nullptr : amount->find(name);
  const std::int64_t* const minor = member == nullptr ? nullptr : member->integer();
  if (minor == nullptr || *minor <= 0 || *minor > domain::amount_minor_max) return std::nullopt;
  return *minor;
}

bool is_in_yuan(const json::Value& object) {
  const json::Value* const amount = object.find("amount");
  return amount != nullptr && amount->text_of("currency") == "CNY";
}

bool is_in_other_money(const json::Value& object) {
  const json::Value* const amount = object.find("amount");
  return amount != nullptr && amount->find("currency") != nullptr && !is_in_yuan(object);
}

base::Instant success_time_of(const json::Value& object) {
  return base::from_rfc3339(object.text_of("success_time")).value_or(base::Instant{});
}

bool is_transaction_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z');
  });
}

}  // namespace daozhang::connectors::payment::wechatpay
