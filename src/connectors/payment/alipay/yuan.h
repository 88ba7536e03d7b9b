// Alipay's money: decimal yuan as text, exact to the fen. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daozhang::connectors::payment::alipay {

// One grammar: 1 to 9 digits without leading zeros, then nothing or a point and 1 or 2 digits.
// Nothing for a sign, blank, exponent, third decimal or more than 100000000. Zero is read; whether
// it is allowed is the caller's matter.
std::optional<std::int64_t> minor_of_yuan(std::string_view text);
}  // namespace daozhang::connectors::payment::alipay
