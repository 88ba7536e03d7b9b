#include "base/instant.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace daozhang::base {
namespace {

struct Civil {
  int year, month, day, hour, minute, second;
  std::int64_t fraction_micros;
};

Civil civil_of(Instant t) {
  using namespace std::chrono;
  const sys_time<std::chrono::microseconds> point{std::chrono::microseconds{t.micros}};
  const auto day_point = floor<days>(point);
  const year_month_day date{day_point};
  const hh_mm_ss time{point - day_point};
  return {int(date.year()),          int(unsigned(date.month())), int(unsigned(date.day())),
          int(time.hours().count()), int(time.minutes().count()), int(time.seconds().count()),
          time.subseconds().count()};
}

std::optional<Instant> instant_of(const Civil& c) {
  using namespace std::chrono;
  const year_month_day date{year{c.year}, month{unsigned(c.month)}, day{unsigned(c.day)}};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 59) return std::nullopt;
  const auto day_count = sys_days{date}.time_since_epoch().count();
  const std::int64_t whole_seconds =
      std::int64_t{day_count} * 86'400 + c.hour * 3'600 + c.minute * 60 + c.second;
  return Instant{whole_seconds * 1'000'000 + c.fraction_micros};
}

// Reads the text from left to right; `ok` stays false after the first mismatch.
struct Cursor {
  std::string_view rest;
  bool ok = true;

  int number(std::size_t digits) {
    int value = 0;
    if (rest.size() < digits) return fail();
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return fail();
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return value;
  }
  void literal(std::string_view accepted) {
    if (rest.empty() || accepted.find(rest.front()) == std::string_view::npos) {
      ok = false;
      return;
    }
    rest.remove_prefix(1);
  }
  std::int64_t fraction() {
    if (rest.empty() || rest.front() != '.') return 0;
    rest.remove_prefix(1);
    std::int64_t micros = 0;
    std::size_t digits = 0;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
         rest.remove_prefix(1), ++digits)
      if (digits < 6) micros = micros * 10 + (rest.front() - '0');
    if (digits == 0 || digits > 9) ok = false;
    for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    return micros;
  }
  int fail() {
    ok = false;
    return 0;
  }
};

Civil read_civil(Cursor& cursor, std::string_view separators) {
  Civil c{};
  c.year = cursor.number(4);
  cursor.literal("-");
  c.month = cursor.number(2);
  cursor.literal("-");
  c.day = cursor.number(2);
  cursor.literal(separators);
  c.hour = cursor.number(2);
  cursor.literal(":");
  c.minute = cursor.number(2);
  cursor.literal(":");
  c.second = cursor.number(2);
  c.fraction_micros = cursor.fraction();
  return c;
}

}  // namespace

std::string to_rfc3339(Instant t) {
  const Civil c = civil_of(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.fraction_micros / 1'000);
}

std::optional<Instant> from_rfc3339(std::string_view text) {
  Cursor cursor{text};
  const Civil c = read_civil(cursor, "Tt");
  std::int64_t offset_minutes = 0;
  if (cursor.ok && !cursor.rest.empty() &&
      (cursor.rest.front() == '+' || cursor.rest.front() == '-')) {
    const int sign = cursor.rest.front() == '-' ? -1 : 1;
    cursor.rest.remove_prefix(1);
    const int offset_hours = cursor.number(2);
    cursor.literal(":");
    const int minutes_part = cursor.number(2);
    if (offset_hours > 23 || minutes_part > 59) return std::nullopt;
    offset_minutes = sign * (offset_hours * 60 + minutes_part);
  } else {
    cursor.literal("Zz");
  }
  if (!cursor.ok || !cursor.rest.empty()) return std::nullopt;
  const auto local = instant_of(c);
  if (!local) return std::nullopt;
  return *local - minutes(offset_minutes);
}

std::string to_local_seconds(Instant t, Duration offset) {
  const Civil c = civil_of(t + offset);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::optional<Instant> from_local_seconds(std::string_view text, Duration offset) {
  Cursor cursor{text};
  const Civil c = read_civil(cursor, " ");
  if (!cursor.ok || !cursor.rest.empty()) return std::nullopt;
  const auto local = instant_of(c);
  if (!local) return std::nullopt;
  return *local - offset;
}

}  // namespace daozhang::base
