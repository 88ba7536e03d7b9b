// Money is whole minor units (fen, cents), an int64 called `…_minor` in a record that has the
// currency beside it; there is no floating point anywhere near it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"

namespace daozhang::domain {

enum class Currency { CNY, USD, EUR, HKD };
constexpr auto names_of(std::type_identity<Currency>) {
  return base::words("CNY", "USD", "EUR", "HKD");
}

// Largest amount of one payment: 100,000,000.00, the limit of Alipay (protocols/alipay.md 2).
inline constexpr std::int64_t amount_minor_max = 10'000'000'000;

// For people and for channels that write money so; of a currency with two decimals: 990 is `9.90`.
inline std::string decimal_of_minor(std::int64_t minor) {
  const std::int64_t size = minor < 0 ? -minor : minor;
  std::string text = minor < 0 ? "-" : "";
  text.append(std::to_string(size / 100)) += '.';
  text += static_cast<char>('0' + size % 100 / 10);
  text += static_cast<char>('0' + size % 10);
  return text;
}

// The same as a person types it: digits, and at most two decimals after a point; `9.9` is 990.
// Nothing for a sign, a blank, an exponent, a leading zero, or more than amount_minor_max.
constexpr std::optional<std::int64_t> minor_of_decimal(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  const auto whole = text.substr(0, point);
  const auto cents = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || whole.size() > 9 || (whole.size() > 1 && whole.front() == '0')) return {};
  if (cents.size() > 2 || (point < text.size() && cents.empty())) return {};
  std::int64_t minor = 0;
  for (const char c : whole) {
    if (c < '0' || c > '9') return {};
    minor = minor * 10 + (c - '0');
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const char c = i < cents.size() ? cents[i] : '0';
    if (c < '0' || c > '9') return {};
    minor = minor * 10 + (c - '0');
  }
  if (minor > amount_minor_max) return {};
  return minor;
}

}  // namespace daozhang::domain
