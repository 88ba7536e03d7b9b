#include "hammer/report.h"

#include <gtest/gtest.h>

#include <vector>

namespace daozhang::hammer {
namespace {

TEST(Report, PercentilesAreNearestRanks) {
  std::vector<std::int64_t> took;
  for (std::int64_t i = 200; i >= 1; --i) took.push_back(i * 1000);
  const Latency latency = latency_of(took);
  EXPECT_DOUBLE_EQ(latency.p50_ms, 100);
  EXPECT_DOUBLE_EQ(latency.p99_ms, 198);
  EXPECT_DOUBLE_EQ(latency_of(std::vector<std::int64_t>{7}).p99_ms, 0.007);
  EXPECT_DOUBLE_EQ(latency_of({}).p99_ms, 0);
}

TEST(Report, OrdersAreDividedByBothWindows) {
  Report report;
  report.orders = 9000;
  report.place_micros = 1'000'000;
  report.notify_micros = 2'000'000;
  report.pay_links = 100;
  report.pay_links_micros = 50'000;
  report.baseline_orders_per_s = 600;
  EXPECT_DOUBLE_EQ(report.orders_per_s(), 3000);
  EXPECT_DOUBLE_EQ(report.pay_links_per_s(), 2000);
  EXPECT_DOUBLE_EQ(report.ratio(), 5);
  report.delivery = {3, 8.25};
  const std::string line = as_json(report);
  EXPECT_TRUE(line.starts_with(R"({"orders_per_s":3000,"pay_links_per_s":2000,)"
                               R"("baseline_orders_per_s":600,"ratio":5.00,)"
                               R"("p50_ms":3.00,"p99_ms":8.25,)"))
      << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(Report, WithoutBaselineThereIsNoRatio) {
  Report report;
  EXPECT_DOUBLE_EQ(report.ratio(), 0);
  EXPECT_DOUBLE_EQ(report.orders_per_s(), 0);
  EXPECT_EQ(as_words(report).find("ratio"), std::string::npos);
  report.baseline_orders_per_s = 1;
  EXPECT_NE(as_words(report).find("ratio"), std::string::npos);
}

}  // namespace
}  // namespace daozhang::hammer
