#include "sim/minimize.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::sim {
namespace {

using Strikes = std::vector<FaultStrike>;

Strikes many(std::int64_t count) {
  Strikes strikes;
  for (std::int64_t i = 1; i <= count; ++i) strikes.push_back({FaultKind::call_lost, i});
  return strikes;
}

bool has(const Strikes& strikes, std::int64_t nth) {
  return std::find(strikes.begin(), strikes.end(), FaultStrike{FaultKind::call_lost, nth}) !=
         strikes.end();
}

TEST(Minimize, KeepsTheTwoStrikesThatTogetherFail) {
  const auto fails = [](const Strikes& strikes) { return has(strikes, 17) && has(strikes, 350); };
  EXPECT_EQ(minimize(many(500), 10'000, fails),
            (Strikes{{FaultKind::call_lost, 17}, {FaultKind::call_lost, 350}}));
}

TEST(Minimize, AFailureWithoutAnyFaultNeedsNone) {
  EXPECT_TRUE(minimize(many(100), 10'000, [](const Strikes&) { return true; }).empty());
}

TEST(Minimize, WhatCanNotBeShortenedStays) {
  const auto all = many(40);
  EXPECT_EQ(minimize(all, 10'000, [&](const Strikes& strikes) { return strikes == all; }), all);
}

TEST(Minimize, StopsAskingAtItsLimitAndStillFails) {
  int asked = 0;
  const auto fails = [&](const Strikes& strikes) {
    ++asked;
    return has(strikes, 3);
  };
  EXPECT_TRUE(has(minimize(many(1'000), 5, fails), 3));
  EXPECT_EQ(asked, 5);
}

}  // namespace
}  // namespace daozhang::sim
