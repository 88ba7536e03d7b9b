// epay's money: decimal yuan as text, exact to the fen. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daozhang::connectors::payment::epay {

// One grammar: 1 to 9 digits without leading zeros, then nothing or a point and 1 to 8 digits of
// which those behind the fen are zeros (gateways print `100.0000`). Nothing for a sign, blank,
// exponent, fraction of a fen or more than 100000000. Zero is read; whether it is allowed is the
// caller's matter.
std::optional<std::int64_t> minor_of_yuan(std::string_view text);
}  // namespace daozhang::connectors::payment::epay
