#include "domain/order/references.h"

#include <charconv>

#include <fmt/format.h>

#include "base/check.h"

namespace daozhang::domain {
namespace {

// Canonical decimal of a small positive number: no sign, no leading zero.
std::optional<std::int32_t> small_number(std::string_view text) {
  std::int32_t value = 0;
  if (text.empty() || text.size() > 4 || text.front() == '0') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

std::string trade_ref(std::string_view order_no, std::int32_t intent_no) {
  return fmt::format("{}_{}", order_no, intent_no);
}

std::optional<TradeRef> parse_trade_ref(std::string_view text) {
  const auto bar = text.find('_');
  if (bar == std::string_view::npos || bar == 0) return std::nullopt;
  const auto number = small_number(text.substr(bar + 1));
  if (!number) return std::nullopt;
  return TradeRef{std::string(text.substr(0, bar)), *number};
}

std::string refund_ref(std::string_view order_no, std::int32_t payment_no, RefundPurpose purpose,
                       std::int32_t unit_no) {
  switch (purpose) {
    case RefundPurpose::unit:
      return fmt::format("{}_r{}u{}", order_no, payment_no, unit_no);
    case RefundPurpose::surplus:
      return fmt::format("{}_r{}s", order_no, payment_no);
    case RefundPurpose::shortfall:
      return fmt::format("{}_r{}f", order_no, payment_no);
    case RefundPurpose::reversal:
      return fmt::format("{}_r{}v{}", order_no, payment_no, unit_no);
  }
  UNREACHABLE();
}

std::string attempt_ref(std::string_view order_no, std::int32_t unit_no, std::int32_t attempt_no) {
  return fmt::format("{}_u{}a{}", order_no, unit_no, attempt_no);
}

std::optional<AttemptRef> parse_attempt_ref(std::string_view text) {
  const auto bar = text.find("_u");
  if (bar == std::string_view::npos || bar == 0) return std::nullopt;
  const auto a = text.find('a', bar);
  if (a == std::string_view::npos || !small_number(text.substr(bar + 2, a - bar - 2)))
    return std::nullopt;
  const auto number = small_number(text.substr(a + 1));
  if (!number) return std::nullopt;
  return AttemptRef{std::string(text.substr(0, bar)), *number};
}

}  // namespace daozhang::domain
