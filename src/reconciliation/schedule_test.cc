#include "reconciliation/schedule.h"

#include <gtest/gtest.h>

#include "reconciliation/test_books.h"
#include "storage/memory/memory_reconcile_store.h"

namespace daozhang::reconciliation {
namespace {

class Schedule : public testing::Test {
 protected:
  std::string due(const std::string& now, const std::string& first = "20 08:00:00") {
    return due_day(store_, "ali", moment(first), moment(now), rules_).value_or("none");
  }
  void put(const std::string& day, domain::BillDayState state, base::Instant next_try_at = {}) {
    ports::ReconcileChanges changes;
    changes.day.emplace();
    changes.day->account = "ali";
    changes.day->day = day;
    changes.day->state = state;
    changes.day->next_try_at = next_try_at;
    ASSERT_TRUE(store_.save(changes));
  }

  storage::memory::MemoryReconcileStore store_;
  Rules rules_;
};

TEST_F(Schedule, ABillIsAskedForAtTenTheNextMorning) {
  EXPECT_EQ(due("20 23:00:00"), "none");
  EXPECT_EQ(due("21 09:59:59"), "none");
  EXPECT_EQ(due("21 10:00:00"), "2026-11-20");
}

TEST_F(Schedule, TheOldestComesFirstAndADoneDayNeverAgain) {
  EXPECT_EQ(due("23 10:00:00"), "2026-11-20");
  put("2026-11-20", domain::BillDayState::done);
  EXPECT_EQ(due("23 10:00:00"), "2026-11-21");
  put("2026-11-22", domain::BillDayState::done);
  put("2026-11-21", domain::BillDayState::done);
  EXPECT_EQ(due("23 10:00:00"), "none");
}

TEST_F(Schedule, ADayThatIsPutOffDoesNotHoldUpTheNext) {
  put("2026-11-20", domain::BillDayState::expected, moment("23 12:00:00"));
  EXPECT_EQ(due("23 10:00:00"), "2026-11-21");
  EXPECT_EQ(due("23 12:00:00"), "2026-11-20");
}

TEST_F(Schedule, ItGoesBackThirtyDaysAndNotBeforeTheFirstOrder) {
  const base::Instant first = moment("20 08:00:00") - base::hours(24 * 400);
  EXPECT_EQ(due_day(store_, "ali", first, moment("30 10:00:00"), rules_), "2026-10-31");
  EXPECT_EQ(due_day(store_, "ali", {}, moment("30 10:00:00"), rules_), std::nullopt);
}

TEST_F(Schedule, WaitsDoubleUntilTheLongestAndPeopleGetADay) {
  using ports::BillRefusal;
  EXPECT_EQ(wait_after(BillRefusal::not_ready, 1, rules_), base::minutes(10));
  EXPECT_EQ(wait_after(BillRefusal::not_ready, 2, rules_), base::minutes(20));
  EXPECT_EQ(wait_after(BillRefusal::unavailable, 5, rules_), base::minutes(160));
  EXPECT_EQ(wait_after(BillRefusal::hash_differs, 1000, rules_), base::hours(6));
  EXPECT_EQ(wait_after(BillRefusal::unreadable, 1, rules_), base::hours(24));
  EXPECT_EQ(wait_after(BillRefusal::refused, 1, rules_), base::hours(24));
}

}  // namespace
}  // namespace daozhang::reconciliation
