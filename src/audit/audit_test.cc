#include "audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "audit/synthetic_store.h"

namespace daozhang::audit {
namespace {

TEST(Audit, AnEmptyStoreIsClean) {
  SyntheticStore store;
  EXPECT_TRUE(audit(store).is_clean());
}

TEST(Audit, HealthyStoriesOfEveryKindAreClean) {
  auto store = SyntheticStore::healthy();
  const auto report = audit(store);
  for (const auto& rule : report.rules)
    for (const auto& violation : rule.violations)
      ADD_FAILURE() << rule.name << " " << violation.subject << ": " << violation.sentence;
}

TEST(Audit, TheHealthyStoriesReachWhatTheyAreNamedFor) {
  const auto store = SyntheticStore::healthy();
  const auto state_of = [&](std::size_t story) { return store.stories[story].order.header.state; };
  EXPECT_EQ(state_of(SyntheticStore::card), domain::OrderState::delivered);
  EXPECT_EQ(state_of(SyntheticStore::topup), domain::OrderState::delivered);
  EXPECT_EQ(state_of(SyntheticStore::given_back), domain::OrderState::given_back);
  EXPECT_TRUE(store.stories[SyntheticStore::given_back].order.attempts[0].loss_booked);
  EXPECT_EQ(state_of(SyntheticStore::waiting), domain::OrderState::awaiting_payment);
  EXPECT_FALSE(store.stories[SyntheticStore::waiting].effects.empty());
  EXPECT_EQ(state_of(SyntheticStore::expired), domain::OrderState::expired);
  EXPECT_EQ(store.stories[SyntheticStore::reversed].order.refunds[0].purpose,
            domain::RefundPurpose::reversal);
  EXPECT_EQ(state_of(SyntheticStore::in_progress), domain::OrderState::fulfilling);
}

TEST(Audit, EachRuleIsNamedOnceAndSaysWhatMustHold) {
  auto store = SyntheticStore::healthy();
  std::vector<std::string> names;
  for (const auto& rule : audit(store).rules) {
    names.emplace_back(rule.name);
    EXPECT_FALSE(rule.meaning.empty()) << rule.name;
    EXPECT_GT(rule.checked, 0) << rule.name << " looked at nothing";
  }
  EXPECT_THAT(names, testing::ElementsAre("S2", "S3", "S5", "S7", "S8", "S9", "S10", "S13", "S15",
                                          "S16", "S18", "S19", "S20", "S21", "S22", "S23", "S25",
                                          "S26", "S30", "outbox", "fees", "orphans", "integrity"));
}

TEST(Audit, AllViolationsAreCountedAndTheFirstAreListed) {
  auto store = SyntheticStore::healthy();
  for (auto& story : store.stories) story.order.header.version += 1;
  const auto report = audit(store, {.listed_max = 2});
  for (const auto& rule : report.rules) {
    if (rule.name != "S5") continue;
    EXPECT_EQ(rule.violation_count, std::ssize(store.stories));
    ASSERT_EQ(rule.violations.size(), 2u);
    EXPECT_EQ(rule.violations[0].subject, "DZ0");
  }
}

}  // namespace
}  // namespace daozhang::audit
