// What a run of the load measured, in words and as one line of JSON. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace daozhang::hammer {

// How long single requests took.
struct Latency {
  double p50_ms = 0;
  double p99_ms = 0;
};
// The nearest-rank percentiles; zeros for nothing.
Latency latency_of(std::span<const std::int64_t> took_micros);

struct Report {
  std::int64_t orders = 0;
  std::int64_t place_micros = 0;   // From the first placing to the last answer.
  std::int64_t notify_micros = 0;  // From the first notification to the last delivery.
  std::int64_t pay_links = 0;
  std::int64_t pay_links_micros = 0;
  Latency place;
  Latency delivery;                  // From notification to delivered.
  double baseline_orders_per_s = 0;  // Hand-written SQL on PostgreSQL; 0 is not measured.

  [[nodiscard]] double orders_per_s() const;
  [[nodiscard]] double pay_links_per_s() const;
  [[nodiscard]] double ratio() const;  // To the baseline; 0 without one.
};

std::string as_json(const Report& report);   // One line, no line end.
std::string as_words(const Report& report);  // Lines for a person.

}  // namespace daozhang::hammer
