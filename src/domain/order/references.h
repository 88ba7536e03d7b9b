// The numbers under which others know what we asked of them: functions of what they are for, never
// drawn at call time (FAULTS D2, S16). All are of [A-Z0-9_a-z] and at most 64 characters, as Alipay
// demands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/fulfillment/attempt.h"
#include "domain/payment/refund.h"

namespace daozhang::domain {

// `<order number>_<intent>`: a payment order at a channel.
std::string trade_ref(std::string_view order_no, std::int32_t intent_no);

struct TradeRef {
  std::string order_no;
  std::int32_t intent_no = 0;
};
// Nothing for a number that is not of ours by shape; whether the order number is genuine its MAC
// tells.
std::optional<TradeRef> parse_trade_ref(std::string_view text);

// `<order number>_r<payment>u<unit>`, `…s` for a surplus, `…f` for a shortfall, `…v<unit>` for a
// reversal.
std::string refund_ref(std::string_view order_no, std::int32_t payment_no, RefundPurpose purpose,
                       std::int32_t unit_no);

// `<order number>_u<unit>a<attempt>`.
std::string attempt_ref(std::string_view order_no, std::int32_t unit_no, std::int32_t attempt_no);

struct AttemptRef {
  std::string order_no;
  std::int32_t attempt_no = 0;
};
std::optional<AttemptRef> parse_attempt_ref(std::string_view text);

}  // namespace daozhang::domain
