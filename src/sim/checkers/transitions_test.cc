#include "sim/checkers/transitions.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::sim {
namespace {

domain::Order order_with(domain::AttemptState state) {
  domain::Order order;
  domain::Attempt attempt;
  attempt.state = state;
  order.attempts.push_back(attempt);
  return order;
}

bool misses(const Transitions& transitions, const std::string& step) {
  const auto missed = transitions.missed();
  return std::find(missed.begin(), missed.end(), step) != missed.end();
}

TEST(Transitions, AChangeThatFoldsStepsCountsTheShortestWay) {
  Transitions transitions;
  const auto before = order_with(domain::AttemptState::submitting);
  const auto after = order_with(domain::AttemptState::canceled);
  ports::Commit commit;
  commit.orders.push_back({&before, &after, {}});
  transitions.see(commit);
  EXPECT_EQ(transitions.covered(), 2U);
  EXPECT_TRUE(misses(transitions, "attempt: unknown -> accepted"));
  EXPECT_FALSE(misses(transitions, "attempt: submitting -> unknown") &&
               misses(transitions, "attempt: submitting -> accepted"));
  EXPECT_EQ(transitions.covered() + transitions.missed().size(), transitions.allowed());
}

TEST(Transitions, ANewRecordTakesNoStep) {
  Transitions transitions;
  const auto after = order_with(domain::AttemptState::submitting);
  ports::Commit commit;
  commit.orders.push_back({nullptr, &after, {}});
  transitions.see(commit);
  EXPECT_EQ(transitions.covered(), 0U);
}

TEST(Transitions, RunsAddUp) {
  Transitions first;
  Transitions second;
  ports::Commit commit;
  ports::ItemChange held;
  commit.items.push_back(held);
  second.see(commit);
  first.add(second);
  EXPECT_EQ(first.covered(), 1U);
  EXPECT_FALSE(misses(first, "item: available -> held"));
}

}  // namespace
}  // namespace daozhang::sim
