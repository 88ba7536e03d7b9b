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

// All of them struck, if they fail.
std::optional<Strikes> all_if(bool fails, const Strikes& strikes) {
  return fails ? std::optional(strikes) : std::nullopt;
}

TEST(Minimize, WhatDidNotStrikeAnyMoreGoesAtLast) {
  int asked = 0;
  // Without the first it breaks earlier, so that only five more are met.
  const auto shortest = minimize(many(1'000), 2, [&](const Strikes& left) {
    ++asked;
    if (left.empty()) return std::optional<Strikes>();
    return std::optional(Strikes(left.begin(), left.begin() + 5));
  });
  EXPECT_EQ(shortest.size(), 5U) << "after " << asked;
}

TEST(Minimize, KeepsTheTwoStrikesThatTogetherFail) {
  const auto fails = [](const Strikes& strikes) {
    return all_if(has(strikes, 17) && has(strikes, 350), strikes);
  };
  EXPECT_EQ(minimize(many(500), 10'000, fails),
            (Strikes{{FaultKind::call_lost, 17}, {FaultKind::call_lost, 350}}));
}

TEST(Minimize, WholeKindsGoFirst) {
  Strikes strikes;
  for (std::int64_t i = 1; i <= 100; ++i)
    for (std::size_t kind = 0; kind < 30; ++kind)
      strikes.push_back({static_cast<FaultKind>(kind), i});
  int asked = 0;
  const auto is_needed = [](const Strikes& all, FaultKind kind, std::int64_t nth) {
    return std::find(all.begin(), all.end(), FaultStrike{kind, nth}) != all.end();
  };
  const auto shortest = minimize(strikes, 400, [&](const Strikes& left) {
    ++asked;
    return all_if(is_needed(left, FaultKind::call_lost, 17) &&
                      is_needed(left, FaultKind::pay_late, 60) &&
                      is_needed(left, FaultKind::notice_lost, 99),
                  left);
  });
  EXPECT_EQ(shortest.size(), 3U) << "after " << asked;
}

TEST(Minimize, AFailureWithoutAnyFaultNeedsNone) {
  EXPECT_TRUE(
      minimize(many(100), 10'000, [](const Strikes& left) { return all_if(true, left); }).empty());
}

TEST(Minimize, WhatCanNotBeShortenedStays) {
  const auto all = many(40);
  EXPECT_EQ(minimize(all, 10'000,
                     [&](const Strikes& strikes) { return all_if(strikes == all, strikes); }),
            all);
}

TEST(Minimize, StopsAskingAtItsLimitAndStillFails) {
  int asked = 0;
  const auto fails = [&](const Strikes& strikes) {
    ++asked;
    return all_if(has(strikes, 3), strikes);
  };
  EXPECT_TRUE(has(minimize(many(1'000), 5, fails), 3));
  EXPECT_EQ(asked, 5);
}

TEST(Minimize, ThreeStrikesOfOneKindAreFoundAlone) {
  int asked = 0;
  auto strikes = many(1'000);
  for (std::int64_t i = 1; i <= 1'000; ++i) strikes.push_back({FaultKind::reply_lost, i});
  const auto shortest = minimize(strikes, 100, [&](const Strikes& left) {
    ++asked;
    return all_if(has(left, 10) && has(left, 11) && has(left, 900), left);
  });
  EXPECT_EQ(shortest.size(), 3U) << "after " << asked;
}

}  // namespace
}  // namespace daozhang::sim
