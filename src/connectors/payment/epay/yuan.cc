#include "connectors/payment/epay/yuan.h"

#include <algorithm>

#include "domain/money/money.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t whole_digits_max = 9;
constexpr std::size_t decimals_max = 8;
constexpr std::size_t fen_digits = 2;

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_whole(std::string_view text) {
  if (text.empty() || text.size() > whole_digits_max || !all_digits(text)) return false;
  return text.size() == 1 || text.front() != '0';
}

bool are_decimals(std::string_view text) {
  if (text.empty() || text.size() > decimals_max || !all_digits(text)) return false;
  return text.size() <= fen_digits ||
         text.find_first_not_of('0', fen_digits) == std::string_view::npos;
}

}  // namespace

std::optional<std::int64_t> minor_of_yuan(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "0" : text.substr(point + 1);
  if (!is_whole(whole) || !are_decimals(decimals)) return std::nullopt;
  std::int64_t minor = 0;
  for (const char c : whole) minor = minor * 10 + (c - '0');
  for (std::size_t i = 0; i < fen_digits; ++i) {
    minor = minor * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  if (minor > domain::amount_minor_max) return std::nullopt;
  return minor;
}

}  // namespace daozhang::connectors::payment::epay
