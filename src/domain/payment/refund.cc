#include "domain/payment/refund.h"

#include <charconv>

#include "base/check.h"

namespace daozhang::domain {
namespace {

constexpr std::int32_t span_max = 10'000;  // Far more than an order has units.

// The number at the front, which goes; 0 when there is none.
std::int32_t take_number(std::string_view& text) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number <= 0) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::vector<std::int32_t> Refund::units() const {
  std::vector<std::int32_t> units;
  if (unit_no > 0) units.push_back(unit_no);
  for (std::string_view rest = more_units; !rest.empty();) {
    const std::int32_t first = take_number(rest);
    std::int32_t last = first;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      last = take_number(rest);
    }
    // Ours only, unless somebody has edited it: then fsck tells what is missing.
    if (first == 0 || last < first || last - first > span_max) break;
    for (auto unit = first; unit <= last; ++unit) units.push_back(unit);
    if (rest.starts_with(',')) rest.remove_prefix(1);
  }
  return units;
}

void Refund::add_unit(std::int32_t another) {
  CHECK(unit_no > 0 && another > 0);
  const auto comma = more_units.rfind(',');
  const auto last_range = comma == std::string::npos ? 0 : comma + 1;
  const auto dash = more_units.find('-', last_range);
  std::string_view newest = more_units;
  newest.remove_prefix(dash == std::string::npos ? last_range : dash + 1);
  const bool follows = !more_units.empty() && take_number(newest) == another - 1;
  if (follows) {
    if (dash != std::string::npos) more_units.resize(dash);
    more_units += '-';
  } else if (!more_units.empty()) {
    more_units += ',';
  }
  more_units += std::to_string(another);
}

}  // namespace daozhang::domain
