#include "sim/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::sim {
namespace {

CampaignResult that_met_all(StoreKind store) {
  CampaignResult result;
  result.store = store;
  result.orders = 20'000;
  result.sometimes.fill(1);
  for (std::size_t i = 0; i < fault_kinds; ++i)
    result.faults[i] = can_play(store, static_cast<FaultKind>(i)) ? 1 : 0;
  result.transitions.set(std::vector<std::int64_t>(result.transitions.allowed(), 1));
  return result;
}

std::int64_t& count_of(CampaignResult& result, FaultKind kind) {
  return result.faults[static_cast<std::size_t>(kind)];
}

TEST(Coverage, ACampaignThatMetAllHasNoGap) {
  for (const auto store : {StoreKind::memory, StoreKind::sqlite})
    EXPECT_TRUE(gaps_of(that_met_all(store)).empty());
}

TEST(Coverage, EachThingThatWasNotMetIsNamed) {
  auto result = that_met_all(StoreKind::memory);
  result.sometimes[static_cast<std::size_t>(Sometimes::disown_taken)] = 0;
  count_of(result, FaultKind::pay_twice) = 0;
  auto steps = result.transitions.counts();
  steps.front() = 0;
  result.transitions.set(steps);
  const auto gaps = gaps_of(result);
  ASSERT_EQ(gaps.size(), 3U);
  EXPECT_EQ(gaps[0], "never reached: disown_taken");
  EXPECT_TRUE(gaps[1].starts_with("never taken: ")) << gaps[1];
  EXPECT_EQ(gaps[2], "never played: pay_twice");
}

TEST(Coverage, OnlyWhatTheStoreCanShowIsAskedFor) {
  EXPECT_FALSE(can_play(StoreKind::memory, FaultKind::disk_full));
  EXPECT_FALSE(can_play(StoreKind::memory, FaultKind::read_flipped));
  EXPECT_TRUE(can_play(StoreKind::memory, FaultKind::bill_line_missing));
  EXPECT_TRUE(can_play(StoreKind::sqlite, FaultKind::disk_full));
  EXPECT_FALSE(can_play(StoreKind::sqlite, FaultKind::node_paused_in_commit));
}

TEST(Coverage, WhatTakesARunOfDaysIsAskedForInALongCampaignOnly) {
  auto result = that_met_all(StoreKind::memory);
  count_of(result, FaultKind::channel_silent_for_days) = 0;
  result.sometimes[static_cast<std::size_t>(Sometimes::payment_not_told)] = 0;
  EXPECT_TRUE(gaps_of(result).empty());
  result.orders = 200'000;
  EXPECT_EQ(gaps_of(result).size(), 2U);
}

TEST(Coverage, InAMillionOrdersEachFaultIsPlayedAHundredTimes) {
  auto result = that_met_all(StoreKind::memory);
  for (auto& count : result.faults) count = count == 0 ? 0 : 200;
  result.orders = 2'000'000;
  EXPECT_TRUE(gaps_of(result).empty());
  count_of(result, FaultKind::pay_twice) = 199;
  ASSERT_EQ(gaps_of(result).size(), 1U);
  EXPECT_EQ(gaps_of(result)[0], "played 199 times in 2000000 orders, which is seldom: pay_twice");
}

}  // namespace
}  // namespace daozhang::sim
