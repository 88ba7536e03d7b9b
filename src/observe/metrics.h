// Numbers for Prometheus. Names are `daozhang_…` with base units (`_seconds`, `_bytes`) and
// `_total` for counters. Never put an order number, a phone number or free text into a label.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace daozhang::observe {

using Labels = std::map<std::string, std::string>;

// The three are handles into their Metrics, which must outlive them. Any thread, cheap to copy.
class Counter {
 public:
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}
  void add(double amount = 1);  // Not negative.
  [[nodiscard]] double value() const;

 private:
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}
  void set(double value);
  void add(double amount);
  [[nodiscard]] double value() const;

 private:
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}
  void observe(double value);

 private:
  prometheus::Histogram* histogram_;
};

// Upper bounds in seconds that OpenTelemetry advises for request durations.
std::vector<double> request_seconds_bounds();

// Any thread. Asking for the same name and labels again gives the same number; the same name as
// another kind, or a name against the rules above, is a bug and stops the process.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // `bounds` rise and are the same for all labels of one name.
  Histogram histogram(const std::string& name, const std::string& help,
                      const std::vector<double>& bounds, const Labels& labels = {});

  // The text exposition, to be sent with `content_type`.
  [[nodiscard]] std::string render() const;
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace daozhang::observe
