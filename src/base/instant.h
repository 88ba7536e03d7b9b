// Points and lengths of time as plain integers: no clock is read here, whoever calls passes `now`
// in.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daozhang::base {

// A length of time in microseconds.
struct Duration {
  std::int64_t micros = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
};

constexpr Duration microseconds(std::int64_t n) { return {n}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }

constexpr Duration operator+(Duration a, Duration b) { return {a.micros + b.micros}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.micros - b.micros}; }
constexpr Duration operator*(Duration a, std::int64_t n) { return {a.micros * n}; }
constexpr Duration operator/(Duration a, std::int64_t n) { return {a.micros / n}; }

// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Zero means
// "not set".
struct Instant {
  std::int64_t micros = 0;
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  [[nodiscard]] constexpr bool is_set() const { return micros != 0; }
};

constexpr Instant operator+(Instant t, Duration d) { return {t.micros + d.micros}; }
constexpr Instant operator-(Instant t, Duration d) { return {t.micros - d.micros}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.micros - b.micros}; }

// The earlier of two instants of which either may be unset; unset if both are.
constexpr Instant earlier_set(Instant a, Instant b) {
  if (!a.is_set()) return b;
  if (!b.is_set()) return a;
  return a < b ? a : b;
}

// RFC 3339 in UTC with milliseconds, for example 2026-11-22T13:05:00.000Z.
std::string to_rfc3339(Instant t);
// Accepts a `Z` or numeric offset and 0 to 9 fractional digits; nothing for anything else.
std::optional<Instant> from_rfc3339(std::string_view text);

// `yyyy-MM-dd HH:mm:ss` at a fixed offset from UTC; Alipay writes Beijing time (+8 h) with no zone.
std::string to_local_seconds(Instant t, Duration offset);
// The inverse; fractional seconds (`.SSS`) are accepted; nothing for anything else.
std::optional<Instant> from_local_seconds(std::string_view text, Duration offset);

inline constexpr Duration beijing_offset = hours(8);

}  // namespace daozhang::base
