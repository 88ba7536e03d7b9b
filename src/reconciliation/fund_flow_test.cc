#include "reconciliation/fund_flow.h"

#include <gtest/gtest.h>

#include "reconciliation/day_run.h"
#include "reconciliation/test_books.h"
#include "storage/memory/memory_reconcile_store.h"

namespace daozhang::reconciliation {
namespace {

using domain::DifferenceKind;
using ports::BillLine;
using ports::BillLineKind;

// What the bill says of a payment or refund, and what moved for it.
struct Story {
  std::string no;
  std::int64_t amount_minor = 0;  // Below zero: a refund.
  std::int64_t fee_minor = 0;
  std::string at = "22 13:00:00";
};

class FundFlowTest : public testing::Test {
 protected:
  static BillLine due_of(const Story& story) {
    BillLine line;
    line.kind = BillLineKind::fund_due;
    line.trade_no = story.no;
    line.trade_ref = "ORDER" + story.no + "_1";
    line.amount_minor = story.amount_minor;
    line.fee_minor = story.fee_minor;
    line.at = moment(story.at);
    return line;
  }
  // The movement and its fee apart, as WeChat Pay lists them.
  static std::vector<BillLine> moved_of(const Story& story) {
    BillLine line = due_of(story);
    line.kind = BillLineKind::fund_moved;
    line.fee_minor = 0;
    BillLine fee = line;
    fee.amount_minor = 0;
    fee.fee_minor = story.fee_minor;
    if (story.fee_minor == 0) return {line};
    return {line, fee};
  }
  static std::vector<BillLine> lines_of(const std::vector<Story>& due,
                                        const std::vector<Story>& moved) {
    std::vector<BillLine> lines;
    for (const auto& story : due) lines.push_back(due_of(story));
    for (const auto& story : moved)
      for (auto& line : moved_of(story)) lines.push_back(line);
    return lines;
  }

  domain::BillDay run(const std::string& day, std::vector<BillLine> lines) {
    DayRun day_run(
        store_, books_, rules_, [](const auto&) { return true; }, {"wx", {"wx"}, true, true},
        "2026-11-" + day);
    ports::BillTotals totals;
    std::int64_t line_no = 0;
    for (auto& line : lines) {
      line.line_no = ++line_no;
      if (line.kind == BillLineKind::fund_moved || line.kind == BillLineKind::fund_other) {
        const std::int64_t moved = line.amount_minor - line.fee_minor;
        ++totals.fund_count;
        (moved > 0 ? totals.fund_in_minor : totals.fund_out_minor) += std::abs(moved);
      }
      day_run.take(BillLine(line));
    }
    const auto row = day_run.finish(totals, moment("30 10:00:00"));
    EXPECT_TRUE(row.has_value());
    return row.value_or(domain::BillDay{});
  }
  std::string verdict(const std::string& day) {
    return std::string(base::name_of(store_.days("wx", "2026-11-" + day, 1).at(0).verdict()));
  }
  // "fee_differs 1 6/7 open"
  std::string told() {
    std::string text;
    for (const auto& each : store_.differences({})) {
      if (!text.empty()) text += "; ";
      text += std::string(base::name_of(each.kind)) + " " + each.key + " " +
              std::to_string(each.bill_minor) + "/" + std::to_string(each.ledger_minor) + " " +
              std::string(base::name_of(each.state));
    }
    return text;
  }

  storage::memory::MemoryReconcileStore store_;
  TestBooks books_;
  Rules rules_;
};

TEST_F(FundFlowTest, ADayOnWhichWhatIsDueMovedIsCleanAndSaysWhatMoved) {
  const std::vector<Story> stories = {{"1", 990, 6}, {"2", 100}, {"51", -400, -2}};
  const auto row = run("22", lines_of(stories, stories));
  EXPECT_EQ(told(), "");
  EXPECT_EQ(verdict("22"), "clean");
  EXPECT_EQ(row.fund_count, 5);
  EXPECT_EQ(row.fund_in_minor, 990 + 100 + 2);
  EXPECT_EQ(row.fund_out_minor, 400 + 6);
}

TEST_F(FundFlowTest, AChannelMayTakeItsFeeAtOnceWithTheMovement) {
  run("22", lines_of({{"1", 990, 6}}, {{"1", 984}}));
  EXPECT_EQ(told(), "");
}

TEST_F(FundFlowTest, EveryKindOfDifferenceIsFoundOnce) {
  run("22", lines_of({{"1", 990, 6}, {"2", 100, 1}, {"3", 200, 1}, {"4", 300, 2}},
                     {{"1", 990, 7}, {"2", 99, 1}, {"4", 300, 2}, {"4", 300, 2}, {"9", 100, 1}}));
  std::map<std::string, std::string> found;
  for (const auto& each : store_.differences({})) {
    EXPECT_EQ(each.owner, "finance");
    found[std::string(base::name_of(each.kind)) + " " + each.key] =
        std::to_string(each.bill_minor) + "/" + std::to_string(each.ledger_minor);
  }
  const std::map<std::string, std::string> expected = {{"fee_differs 1", "6/7"},
                                                       {"movement_differs 2", "99/98"},
                                                       {"movement_missing_there 3", "199/0"},
                                                       {"movement_differs 4", "298/596"},
                                                       {"movement_missing_here 9", "0/99"}};
  EXPECT_EQ(found, expected);
  EXPECT_EQ(verdict("22"), "open");
}

TEST_F(FundFlowTest, AnyOtherMovementIsOneItemADay) {
  auto lines = lines_of({{"1", 990}}, {{"1", 990}});
  BillLine paid_out;
  paid_out.kind = BillLineKind::fund_other;
  paid_out.trade_no = "W1";
  paid_out.amount_minor = -500;
  paid_out.at = moment("22 20:00:00");
  lines.push_back(paid_out);
  lines.push_back(paid_out);
  run("22", lines);
  ASSERT_EQ(told(), "movement_of_other_kind * 0/-1000 open");
  EXPECT_EQ(store_.differences({}).front().line_count, 2);
}

TEST_F(FundFlowTest, WhatIsPaidBeforeMidnightMayMoveAfterIt) {
  const Story late{"1", 990, 6, "22 23:59:59"};
  run("22", lines_of({late}, {}));
  EXPECT_EQ(verdict("22"), "waiting");
  run("23", lines_of({}, {late}));
  EXPECT_EQ(told(), "");
  EXPECT_EQ(verdict("22"), "clean");
  EXPECT_EQ(verdict("23"), "clean");
  // A run that is begun again after a crash comes to the same, in either order.
  run("23", lines_of({}, {late}));
  run("22", lines_of({late}, {}));
  EXPECT_EQ(told(), "");
  EXPECT_EQ(verdict("22"), "clean");
  // The same again on a later day is no movement that anybody waited for.
  run("24", lines_of({}, {late}));
  EXPECT_EQ(told(), "movement_missing_here 1 0/984 open");
}

TEST_F(FundFlowTest, WhatMovesByAnotherAmountADayLaterIsADifference) {
  const Story late{"1", 990, 6, "22 23:59:59"};
  run("22", lines_of({late}, {}));
  run("23", lines_of({}, {{"1", 980, 6}}));
  EXPECT_EQ(told(), "movement_differs 1 984/974 open");
}

TEST_F(FundFlowTest, BillsMayBeReadOutOfTheirOrder) {
  const Story late{"1", 990, 6, "22 23:59:59"};
  run("23", lines_of({}, {late}));
  EXPECT_EQ(told(), "movement_missing_here 1 0/984 open");
  run("22", lines_of({late}, {}));
  EXPECT_EQ(told(), "movement_missing_here 1 0/984 closed");
  EXPECT_EQ(verdict("22"), "clean");
}

TEST_F(FundFlowTest, WhatMovesAfterItWasMissedClosesItsDifference) {
  run("22", lines_of({{"1", 990, 6}}, {}));
  EXPECT_EQ(told(), "movement_missing_there 1 984/0 open");
  run("23", lines_of({}, {}));
  run("24", lines_of({}, {{"1", 990, 6}}));
  EXPECT_EQ(told(), "movement_missing_there 1 984/0 closed");
  EXPECT_EQ(verdict("22"), "closed");
  EXPECT_EQ(verdict("24"), "clean");
}

TEST_F(FundFlowTest, AFundFlowThatIsReadAgainClosesWhatItMends) {
  const std::vector<Story> due = {{"1", 990, 6}, {"2", 100, 1}, {"3", 50}};
  run("22", lines_of(due, {{"1", 990, 7}, {"2", 99, 1}}));
  EXPECT_EQ(store_.differences({}).size(), 3U);
  run("22", lines_of(due, due));
  for (const auto& each : store_.differences({}))
    EXPECT_EQ(each.state, domain::DifferenceState::closed) << base::name_of(each.kind);
}

TEST_F(FundFlowTest, ManyMovementsInAnyOrderMeet) {
  std::vector<Story> due;
  std::vector<Story> moved;
  for (int i = 1; i <= 5000; ++i) {
    const Story story{std::to_string(1'000'000 + i * 7919 % 5003), 100 + i, 1};
    due.push_back(story);
    if (i != 1234) moved.insert(i % 2 == 0 ? moved.end() : moved.begin(), story);
  }
  run("22", lines_of(due, moved));
  EXPECT_EQ(store_.differences({}).size(), 1U);
}

}  // namespace
}  // namespace daozhang::reconciliation
