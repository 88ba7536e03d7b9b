#include "observe/metrics.h"

#include <gtest/gtest.h>

namespace daozhang::observe {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Metrics, RendersTheTextExposition) {
  Metrics metrics;
  Counter orders = metrics.counter("daozhang_orders_total", "Orders placed.");
  orders.add();
  orders.add(2);
  metrics.gauge("daozhang_streams", "Open live pages.").set(7);
  Histogram took = metrics.histogram("daozhang_request_seconds", "Time to answer.", {0.1, 1});
  took.observe(0.05);
  took.observe(5);
  const std::string text = metrics.render();
  EXPECT_TRUE(has(text, "# TYPE daozhang_orders_total counter\ndaozhang_orders_total 3\n"));
  EXPECT_TRUE(has(text, "# HELP daozhang_streams Open live pages.\n"));
  EXPECT_TRUE(has(text, "daozhang_streams 7\n"));
  EXPECT_TRUE(has(text, "daozhang_request_seconds_bucket{le=\"0.1\"} 1\n"));
  EXPECT_TRUE(has(text, "daozhang_request_seconds_bucket{le=\"+Inf\"} 2\n"));
  EXPECT_TRUE(has(text, "daozhang_request_seconds_count 2\n"));
  EXPECT_EQ(text.back(), '\n');
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameNumber) {
  Metrics metrics;
  metrics.counter("daozhang_calls_total", "Calls.", {{"outcome", "done"}}).add();
  metrics.counter("daozhang_calls_total", "Calls.", {{"outcome", "done"}}).add();
  metrics.counter("daozhang_calls_total", "Calls.", {{"outcome", "unknown"}}).add();
  EXPECT_TRUE(has(metrics.render(), "daozhang_calls_total{outcome=\"done\"} 2\n"));
  EXPECT_TRUE(has(metrics.render(), "daozhang_calls_total{outcome=\"unknown\"} 1\n"));
}

TEST(MetricsDeathTest, ANameAgainstTheRulesStopsTheProcess) {
  Metrics metrics;
  EXPECT_DEATH(metrics.counter("daozhang_orders", "No _total."), "is_good_name");
  EXPECT_DEATH(metrics.gauge("orders", "No prefix."), "is_good_name");
  EXPECT_DEATH(metrics.gauge("daozhang_Orders", "Upper case."), "is_good_name");
  metrics.gauge("daozhang_streams", "Open.");
  EXPECT_DEATH(metrics.histogram("daozhang_streams", "Open.", {1}), "count");
}

}  // namespace
}  // namespace daozhang::observe
