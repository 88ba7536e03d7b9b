// WeChat Pay's trade and refund objects in the port's words: they come as answers and, decrypted,
// in notifications. Pure; any thread. Reference: protocols/wechatpay.md 5 and 6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "json/value.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// SUCCESS and REFUND are paid; NOTPAY, USERPAYING, PAYERROR and ACCEPT waiting; CLOSED and REVOKED
// closed; nothing for a word that we do not know.
std::optional<ports::TradeStatus> trade_status_of(std::string_view word);

enum class RefundStatus { success, processing, closed, abnormal };
std::optional<RefundStatus> refund_status_of(std::string_view word);

// A member of the object `amount`, in fen: a JSON integer from 1 to domain::amount_minor_max.
// Nothing for a text, a fraction, an exponent, zero or less.
std::optional<std::int64_t> amount_of(const json::Value& object, std::string_view name);
// Whether the object's amount is in yuan, said so in words; and whether it is said to be in
// anything else.
bool is_in_yuan(const json::Value& object);
bool is_in_other_money(const json::Value& object);
// success_time; unset if absent or unreadable.
base::Instant success_time_of(const json::Value& object);

// 1 to 32 letters and digits.
bool is_transaction_id(std::string_view text);

}  // namespace daozhang::connectors::payment::wechatpay
