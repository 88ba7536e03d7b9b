#include "connectors/payment/wechatpay/yuan.h"

#include <algorithm>

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::size_t decimals_max = 5;

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::int64_t> yuan_100000ths(std::string_view text) {
  const bool below_zero = text.starts_with('-');
  if (below_zero) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.size() > 12 || !all_digits(whole)) return std::nullopt;
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (decimals.size() > decimals_max || !all_digits(decimals)) return std::nullopt;
  }
  std::int64_t parts = 0;
  for (const char c : whole) parts = parts * 10 + (c - '0');
  for (std::size_t i = 0; i < decimals_max; ++i) {
    parts = parts * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  return below_zero ? -parts : parts;
}

std::optional<std::int64_t> fen_of_yuan(std::string_view text) {
  const auto parts = yuan_100000ths(text);
  if (!parts || *parts < 0 || *parts % parts_of_fen != 0) return std::nullopt;
  return *parts / parts_of_fen;
}

std::int64_t nearest_fen(std::int64_t parts) {
  const std::int64_t half = parts < 0 ? -parts_of_fen / 2 : parts_of_fen / 2;
  return (parts + half) / parts_of_fen;
}

}  // namespace daozhang::connectors::payment::wechatpay
