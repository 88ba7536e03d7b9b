#include "api/unpaid_units.h"

#include <gtest/gtest.h>

namespace daozhang::api {
namespace {

constexpr base::Instant start{1'000'000'000};

class UnpaidUnitsTest : public ::testing::Test {
 protected:
  static domain::Order order(std::int64_t id, std::int32_t units, base::Instant pay_by) {
    domain::Order order;
    order.header.order_id = domain::OrderId{id};
    order.header.quantity = units;
    order.header.pay_by = pay_by;
    return order;
  }
  static base::Instant minute(std::int64_t count) { return start + base::minutes(count); }

  bool may(const std::string& client, const std::string& key, std::int64_t units) {
    return !units_.hold(client, key, units, minute(15));
  }
  // Placed and answered.
  domain::Order place(const std::string& client, const std::string& key, std::int64_t id,
                      std::int32_t units, base::Instant pay_by = minute(15)) {
    EXPECT_TRUE(may(client, key, units));
    auto placed = order(id, units, pay_by);
    units_.answered(key, &placed);
    return placed;
  }

  UnpaidUnits units_{3};
};

TEST_F(UnpaidUnitsTest, WhatIsUnderWayCountsLikeWhatIsPlaced) {
  EXPECT_TRUE(may("a", "k1", 2));
  EXPECT_TRUE(may("a", "k2", 1));
  EXPECT_FALSE(may("a", "k3", 1));
  units_.answered("k1", nullptr);
  EXPECT_TRUE(may("a", "k3", 2));
  EXPECT_FALSE(may("a", "k4", 1));
}

TEST_F(UnpaidUnitsTest, OthersAreNotConcerned) {
  place("a", "k1", 1, 3);
  EXPECT_FALSE(may("a", "k2", 1));
  EXPECT_TRUE(may("b", "k2", 3));
}

TEST_F(UnpaidUnitsTest, ThePaymentOrTheExpiryOfAnOrderFreesItsUnits) {
  auto paid = place("a", "k1", 1, 2);
  auto expired = place("a", "k2", 2, 1);
  units_.changed(paid);
  EXPECT_FALSE(may("a", "k3", 1)) << "a change that is neither frees nothing";
  paid.header.paid_at = minute(1);
  units_.changed(paid);
  place("a", "k3", 3, 2);
  EXPECT_FALSE(may("a", "k4", 1));
  expired.header.expired_at = minute(16);
  units_.changed(expired);
  EXPECT_TRUE(may("a", "k4", 1));
  EXPECT_EQ(units_.order_count(), 2U);
}

TEST_F(UnpaidUnitsTest, TheRefusalNamesTheEndOfTheEarliestWindow) {
  place("a", "k1", 1, 1, minute(9));
  place("a", "k2", 2, 1, minute(5));
  place("b", "k3", 3, 1, minute(1));
  EXPECT_EQ(units_.hold("a", "k4", 2, minute(20)), minute(5));
}

TEST_F(UnpaidUnitsTest, ARepeatOfAnOpenOrderTakesNoMoreAndIsLetThrough) {
  const auto placed = place("a", "k1", 1, 3);
  EXPECT_TRUE(may("a", "k1", 3));
  EXPECT_TRUE(may("elsewhere", "k1", 3)) << "a telephone changes its address on the way";
  units_.answered("k1", &placed);
  units_.answered("k1", nullptr);
  EXPECT_FALSE(may("a", "k2", 1));
  EXPECT_EQ(units_.order_count(), 1U);
}

TEST_F(UnpaidUnitsTest, ALargerOrderUnderTheSameKeyIsCountedAsTheLargerOne) {
  EXPECT_TRUE(may("a", "k1", 1));
  EXPECT_TRUE(may("a", "k2", 1));
  EXPECT_FALSE(may("a", "k1", 3));
  EXPECT_TRUE(may("a", "k1", 2));
  EXPECT_FALSE(may("a", "k3", 1));
  units_.answered("k1", nullptr);
  EXPECT_FALSE(may("a", "k3", 1)) << "one of the two is still under way";
  units_.answered("k1", nullptr);
  EXPECT_TRUE(may("a", "k3", 2));
}

TEST_F(UnpaidUnitsTest, OneOrderAloneIsNeverTooLarge) {
  place("a", "k1", 1, 100);
  EXPECT_FALSE(may("a", "k2", 1));
}

TEST_F(UnpaidUnitsTest, ARepeatOfAPaidOrderCountsNothing) {
  EXPECT_TRUE(may("a", "k1", 3));
  auto paid = order(1, 3, minute(15));
  paid.header.paid_at = minute(1);
  units_.answered("k1", &paid);
  EXPECT_EQ(units_.order_count(), 0U);
  EXPECT_TRUE(may("a", "k2", 3));
}

TEST_F(UnpaidUnitsTest, ZeroIsNoLimit) {
  UnpaidUnits unlimited(0);
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(unlimited.hold("a", "k" + std::to_string(i), 100, minute(15)));
  EXPECT_EQ(unlimited.order_count(), 0U);
}

TEST_F(UnpaidUnitsTest, TheMemoryIsBounded) {
  for (int i = 0; i < 100'010; ++i)
    units_.hold("c" + std::to_string(i), std::to_string(i), 1, start);
  EXPECT_LE(units_.order_count(), 100'000U);
  units_.answered("5", nullptr);
  EXPECT_TRUE(may("a", "k1", 3));
  EXPECT_FALSE(may("a", "k2", 1));
}

}  // namespace
}  // namespace daozhang::api
