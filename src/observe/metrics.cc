#include "observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>

#include "base/check.h"

namespace daozhang::observe {
namespace {

bool is_good_name(std::string_view name, bool is_counter) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return name.starts_with("daozhang_") && std::all_of(name.begin(), name.end(), is_fine) &&
         name.ends_with("_total") == is_counter;
}

}  // namespace

void Counter::add(double amount) {
  CHECK(amount >= 0);
  counter_->Increment(amount);
}
double Counter::value() const { return counter_->Value(); }
void Gauge::set(double value) { gauge_->Set(value); }
void Gauge::add(double amount) { gauge_->Increment(amount); }
double Gauge::value() const { return gauge_->Value(); }
void Histogram::observe(double value) { histogram_->Observe(value); }

std::vector<double> request_seconds_bounds() {
  return {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10};
}

// A registry throws for a second family of one name but another kind; with the names checked and
// the kinds apart that is left to one map per kind.
class Metrics::Impl {
 public:
  template <class Builder, class Family>
  Family& family(std::map<std::string, Family*>& families, const Builder& builder,
                 const std::string& name, const std::string& help) {
    const auto found = families.find(name);
    if (found != families.end()) return *found->second;
    CHECK(counters.count(name) + gauges.count(name) + histograms.count(name) == 0);
    auto& added = Builder(builder).Name(name).Help(help).Register(registry);
    families[name] = &added;
    return added;
  }

  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  CHECK(is_good_name(name, true));
  const std::lock_guard lock(impl_->mutex);
  return Counter(
      &impl_->family(impl_->counters, prometheus::BuildCounter(), name, help).Add(labels));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  CHECK(is_good_name(name, false));
  const std::lock_guard lock(impl_->mutex);
  return Gauge(&impl_->family(impl_->gauges, prometheus::BuildGauge(), name, help).Add(labels));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& bounds, const Labels& labels) {
  CHECK(is_good_name(name, false));
  CHECK(std::is_sorted(bounds.begin(), bounds.end()));
  const std::lock_guard lock(impl_->mutex);
  return Histogram(&impl_->family(impl_->histograms, prometheus::BuildHistogram(), name, help)
                        .Add(labels, bounds));
}

std::string Metrics::render() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace daozhang::observe
