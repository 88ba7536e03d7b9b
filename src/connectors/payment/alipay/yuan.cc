#include "connectors/payment/alipay/yuan.h"

#include <algorithm>

#include "domain/money/money.h"

namespace daozhang::connectors::payment::alipay {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::int64_t> minor_of_yuan(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty() || whole.size() > 9 || !all_digits(whole)) return std::nullopt;
  if (whole.size() > 1 && whole.front() == '0') return std::nullopt;
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (decimals.empty() || decimals.size() > 2 || !all_digits(decimals)) return std::nullopt;
  }
  std::int64_t minor = 0;
  for (const char c : whole) minor = minor * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i) {
    minor = minor * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  if (minor > domain::amount_minor_max) return std::nullopt;
  return minor;
}

}  // namespace daozhang::connectors::payment::alipay
