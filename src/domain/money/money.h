// Money is whole minor units (fen, cents), an int64 called `…_minor` in a record that has the
// currency beside it; there is no floating point anywhere near it.
#pragma once

#include <cstdint>
#include <string>

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

}  // namespace daozhang::domain
