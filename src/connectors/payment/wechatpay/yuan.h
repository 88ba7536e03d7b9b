// The money of WeChat Pay's bills: decimal yuan as text. (The API itself counts fen.) Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daozhang::connectors::payment::wechatpay {

// In hundred-thousandths of a yuan, which is how fine fees are told: `0.00600` is 600. One grammar:
// `-` or nothing, 1 to 12 digits, then nothing or a point and 1 to 5 digits.
std::optional<std::int64_t> yuan_100000ths(std::string_view text);
inline constexpr std::int64_t parts_of_fen = 1'000;

// Exact fen, not below zero; nothing for a finer amount.
std::optional<std::int64_t> fen_of_yuan(std::string_view text);
// To the nearest fen, halves away from zero.
std::int64_t nearest_fen(std::int64_t yuan_100000ths);

}  // namespace daozhang::connectors::payment::wechatpay
