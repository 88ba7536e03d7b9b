#include "reconciliation/day_run.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "reconciliation/test_books.h"
#include "storage/memory/memory_reconcile_store.h"
#include "storage/sqlite/sqlite_reconcile_store.h"

namespace daozhang::reconciliation {
namespace {

using domain::BillDayVerdict;
using domain::DifferenceKind;
using domain::DifferenceState;

class MemoryKit {
 public:
  ports::ReconcileStore& store() { return store_; }

 private:
  storage::memory::MemoryReconcileStore store_;
};

class SqliteKit {
 public:
  SqliteKit() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bills_XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    auto opened = storage::sqlite::SqliteReconcileStore::open(folder_ + "/shop.db.bills");
    CHECK(opened.has_value());
    store_ = std::move(*opened);
  }
  ~SqliteKit() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  ports::ReconcileStore& store() { return *store_; }

 private:
  std::string folder_;
  std::unique_ptr<ports::ReconcileStore> store_;
};

template <class Kit>
class DayRunTest : public testing::Test {
 protected:
  ports::ReconcileStore& store() { return kit_.store(); }

  ports::BillTotals totals_of(const std::vector<ports::BillLine>& lines) {
    ports::BillTotals totals;
    for (const auto& line : lines) {
      const bool is_refund = line.kind == ports::BillLineKind::refund;
      ++(is_refund ? totals.refund_count : totals.payment_count);
      (is_refund ? totals.refund_minor : totals.payment_minor) += line.amount_minor;
      totals.fee_minor += line.fee_minor;
    }
    return totals;
  }

  domain::BillDay run(const std::string& day, std::vector<ports::BillLine> lines,
                      std::optional<ports::BillProblem> problem = {}) {
    DayRun day_run(
        store(), books_, rules_, [](const auto& ref) { return ref.starts_with("ORDER"); },
        {"ali", channels_, true}, "2026-11-" + day);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].line_no = static_cast<std::int64_t>(i) + 1;
      day_run.take(ports::BillLine(lines[i]));
    }
    const ports::BillResult result =
        problem ? ports::BillResult(base::refuse(*problem)) : ports::BillResult(totals_of(lines));
    const auto row = day_run.finish(result, moment("30 10:00:00"));
    EXPECT_TRUE(row.has_value());
    return row.value_or(domain::BillDay{});
  }

  std::string verdict(const std::string& day) {
    for (const auto& view : store().days("ali", "2026-11-" + day, 1))
      if (view.day.day == "2026-11-" + day) return std::string(base::name_of(view.verdict()));
    return "unknown";
  }
  std::vector<domain::Difference> differences(const std::string& day = "") {
    ports::DifferenceFilter filter;
    if (!day.empty()) filter.day = "2026-11-" + day;
    return store().differences(filter);
  }
  // "payment_missing_here 1 990/0 open"
  std::string told(const std::string& day = "") {
    std::string text;
    for (const auto& each : differences(day)) {
      if (!text.empty()) text += "; ";
      text += std::string(base::name_of(each.kind)) + " " + each.key + " " +
              std::to_string(each.bill_minor) + "/" + std::to_string(each.ledger_minor) + " " +
              std::string(base::name_of(each.state));
    }
    return text;
  }

  Kit kit_;
  TestBooks books_;
  Rules rules_;
  std::vector<std::string> channels_ = {"ali"};
};

using Kits = testing::Types<MemoryKit, SqliteKit>;
TYPED_TEST_SUITE(DayRunTest, Kits);

TYPED_TEST(DayRunTest, ACleanDaySaysSo) {
  this->books_.all = {payment_fact("1", 990, "22 13:00:00"), payment_fact("2", 100, "22 14:00:00"),
                      refund_fact("1", 500, "22 15:00:00")};
  std::vector<ports::BillLine> lines;
  for (const auto& fact : this->books_.all) lines.push_back(line_of(fact));
  lines[0].fee_minor = 6;
  const auto row = this->run("22", lines);
  EXPECT_EQ(this->verdict("22"), "clean");
  EXPECT_EQ(row.bill_payment_count, 2);
  EXPECT_EQ(row.bill_payment_minor, 1090);
  EXPECT_EQ(row.ledger_payment_minor, 1090);
  EXPECT_EQ(row.bill_refund_minor, 500);
  EXPECT_EQ(row.ledger_refund_minor, 500);
  EXPECT_EQ(row.bill_fee_minor, 6);
  EXPECT_EQ(row.matched_count, 3);
  EXPECT_TRUE(this->differences().empty());
}

TYPED_TEST(DayRunTest, EveryKindOfDifferenceIsFound) {
  const auto agreed = payment_fact("1", 990, "22 13:00:00");
  const auto never_learned = payment_fact("2", 200, "22 13:00:00");
  const auto not_there = payment_fact("3", 300, "22 13:00:00");
  const auto other_amount = payment_fact("4", 400, "22 13:00:00");
  const auto by_hand = refund_fact("1", 10, "22 13:00:00");
  auto refund_not_there = refund_fact("3", 20, "22 13:00:00");
  auto refund_amount = refund_fact("4", 30, "22 13:00:00");
  auto not_accepted = refund_fact("5", 40, "22 13:00:00");
  not_accepted.is_booked = false;
  this->books_.all = {agreed,
                      not_there,
                      other_amount,
                      refund_not_there,
                      refund_amount,
                      not_accepted,
                      payment_fact("5", 50, "22 13:00:00")};
  auto wrong = line_of(other_amount);
  wrong.amount_minor = 401;
  auto refund_wrong = line_of(refund_amount);
  refund_wrong.amount_minor = 31;
  auto foreign = line_of(payment_fact("6", 60, "22 13:00:00"));
  foreign.trade_ref = "another shop 6";
  auto foreign_too = line_of(payment_fact("7", 70, "22 13:00:00"));
  foreign_too.trade_ref = "";
  this->run("22", {line_of(agreed), line_of(agreed), line_of(never_learned), wrong,
                   line_of(by_hand), refund_wrong, line_of(not_accepted), foreign, foreign_too,
                   line_of(payment_fact("5", 50, "22 13:00:00"))});
  EXPECT_EQ(this->verdict("22"), "open");
  std::map<std::string, std::string> found;
  for (const auto& each : this->differences())
    found[std::string(base::name_of(each.kind))] =
        each.key + " " + std::to_string(each.bill_minor) + "/" + std::to_string(each.ledger_minor);
  const std::map<std::string, std::string> before_grace = {
      {"amount_differs", "4 401/400"},
      {"duplicate_line", "1#2 990/990"},
      {"payment_missing_here", "2 200/0"},
      {"payment_missing_there", "3 0/300"},
      {"refund_amount_differs", "4/ORDER4_r1s 31/30"},
      {"refund_missing_here", "1/ORDER1_r1s 10/0"},
      {"refund_not_accepted_here", "5/ORDER5_r1s 40/40"},
      {"trade_of_other_system", "* 130/0"}};
  EXPECT_EQ(found, before_grace);
  // A refund may be finished a day after it was accepted.
  this->run("23", {});
  const auto later = this->differences("22");
  EXPECT_EQ(later.size(), before_grace.size() + 1);
  EXPECT_TRUE(std::any_of(later.begin(), later.end(), [](const auto& each) {
    return each.kind == DifferenceKind::refund_missing_there && each.key == "3/ORDER3_r1s" &&
           each.ledger_minor == 20 && each.cause == domain::ProposedCause::refund_failed_later;
  }));
}

TYPED_TEST(DayRunTest, ADifferenceHasAnOwnerACauseAndAStableNumber) {
  const auto fact = payment_fact("2", 200, "22 13:00:00");
  this->run("22", {line_of(fact)});
  ASSERT_EQ(this->differences().size(), 1U);
  const auto first = this->differences().front();
  EXPECT_EQ(first.owner, "finance");
  EXPECT_EQ(first.cause, domain::ProposedCause::never_learned);
  EXPECT_EQ(first.order_no, "ORDER2");
  EXPECT_EQ(first.trade_ref, "ORDER2_1");
  EXPECT_EQ(first.line_no, 1);
  EXPECT_EQ(first.difference_id,
            difference_id("ali", "2026-11-22", DifferenceKind::payment_missing_here, "2"));
  // Begun again after a crash, it comes to the same.
  this->run("22", {line_of(fact)});
  EXPECT_EQ(this->differences().size(), 1U);
  EXPECT_EQ(this->store().journal_of(first.difference_id).size(), 1U);
}

TYPED_TEST(DayRunTest, APaymentBeforeMidnightMayStandInTheNextBill) {
  const auto late = payment_fact("1", 990, "22 23:59:59");
  this->books_.all = {late};
  this->run("22", {});
  EXPECT_EQ(this->verdict("22"), "waiting");
  EXPECT_TRUE(this->differences().empty());
  this->run("23", {line_of(late)});
  EXPECT_EQ(this->verdict("22"), "clean");
  EXPECT_EQ(this->verdict("23"), "clean");
}

TYPED_TEST(DayRunTest, APaymentBeforeMidnightThatNeverComesIsADifferenceOneDayLater) {
  this->books_.all = {payment_fact("1", 990, "22 23:59:59")};
  this->run("22", {});
  this->run("23", {});
  EXPECT_EQ(this->told("22"), "payment_missing_there 1 0/990 open");
  EXPECT_EQ(this->verdict("23"), "clean");
  // Found in a later bill after all, it closes by itself.
  this->run("24", {line_of(this->books_.all[0])});
  EXPECT_EQ(this->told("22"), "payment_missing_there 1 0/990 closed");
  const auto closed = this->differences().front();
  EXPECT_EQ(closed.closed_by, "reconciliation");
  EXPECT_EQ(closed.reason, "it stands in the bill of 2026-11-24");
  EXPECT_EQ(this->verdict("22"), "closed");
}

TYPED_TEST(DayRunTest, APaymentAfterMidnightMayStandInTheBillBefore) {
  const auto early = payment_fact("1", 990, "23 00:00:01");
  this->books_.all = {early};
  this->run("22", {line_of(early)});
  this->run("23", {});
  EXPECT_EQ(this->verdict("22"), "clean");
  EXPECT_EQ(this->verdict("23"), "clean");
}

TYPED_TEST(DayRunTest, BillsMayBeReadOutOfTheirOrder) {
  const auto late = payment_fact("1", 990, "22 23:59:59");
  const auto missing = payment_fact("2", 100, "22 23:59:59");
  this->books_.all = {late, missing};
  this->run("23", {line_of(late)});
  this->run("22", {});
  EXPECT_EQ(this->told(), "payment_missing_there 2 0/100 open");
}

TYPED_TEST(DayRunTest, WhatOurBooksLearnLaterClosesItsDifference) {
  const auto fact = payment_fact("1", 990, "25 09:00:00");
  this->run("22", {line_of(fact)});
  EXPECT_EQ(this->told(), "payment_missing_here 1 990/0 open");
  this->books_.all = {fact};
  this->run("25", {});
  EXPECT_EQ(this->told(), "payment_missing_here 1 990/0 closed");
  // Nor is it missed in the bill of the day on which it was learned.
  this->run("26", {});
  EXPECT_EQ(this->differences().size(), 1U);
}

TYPED_TEST(DayRunTest, WhatIsLearnedLaterWithAnotherAmountIsAnotherDifference) {
  const auto fact = payment_fact("1", 990, "25 09:00:00");
  this->run("22", {line_of(fact)});
  this->books_.all = {fact};
  this->books_.all[0].amount_minor = 900;
  this->run("23", {});
  std::map<std::string, DifferenceState> states;
  for (const auto& each : this->differences("22"))
    states[std::string(base::name_of(each.kind))] = each.state;
  const std::map<std::string, DifferenceState> expected = {
      {"payment_missing_here", DifferenceState::closed}, {"amount_differs", DifferenceState::open}};
  EXPECT_EQ(states, expected);
}

TYPED_TEST(DayRunTest, ChannelsOfOneAccountShareItsBill) {
  this->channels_ = {"ali", "ali_qr"};
  this->books_.all = {payment_fact("1", 990, "22 13:00:00"),
                      payment_fact("2", 100, "22 14:00:00", "ali_qr")};
  this->run("22", {line_of(this->books_.all[1]), line_of(this->books_.all[0])});
  EXPECT_EQ(this->verdict("22"), "clean");
  EXPECT_EQ(this->store().find_day("ali", "2026-11-22")->channels, "ali ali_qr");
}

TYPED_TEST(DayRunTest, ABillThatIsNoneIsPutOffAndChangesNothing) {
  this->books_.all = {payment_fact("1", 990, "22 13:00:00")};
  const auto line = line_of(payment_fact("9", 1, "22 13:00:00"));
  auto row = this->run("22", {line}, ports::BillProblem{ports::BillRefusal::unreadable, "line 7"});
  EXPECT_EQ(row.state, domain::BillDayState::expected);
  EXPECT_EQ(row.refusal, "unreadable");
  EXPECT_EQ(row.problem, "line 7");
  EXPECT_EQ(row.next_try_at, moment("30 10:00:00") + base::hours(24));
  EXPECT_EQ(this->verdict("22"), "no_bill");
  EXPECT_TRUE(this->differences().empty());
  row = this->run("22", {}, ports::BillProblem{ports::BillRefusal::not_ready, "later"});
  EXPECT_EQ(row.try_count, 2);
  EXPECT_EQ(row.next_try_at, moment("30 10:00:00") + base::minutes(20));
  this->run("22", {line_of(this->books_.all[0])});
  EXPECT_EQ(this->verdict("22"), "clean");
}

TYPED_TEST(DayRunTest, LinesThatDoNotAddUpAreNoBill) {
  DayRun run(
      this->store(), this->books_, this->rules_, [](const auto&) { return true; },
      {"ali", {"ali"}, true}, "2026-11-22");
  run.take(line_of(payment_fact("1", 990, "22 13:00:00")));
  const auto row = run.finish(ports::BillTotals{}, moment("23 10:00:00"));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->refusal, "totals_differ");
}

TYPED_TEST(DayRunTest, ABillThatIsReadAgainClosesWhatItMends) {
  this->books_.all = {payment_fact("1", 990, "22 13:00:00"), payment_fact("2", 100, "22 14:00:00"),
                      refund_fact("1", 500, "22 15:00:00"), payment_fact("3", 50, "22 16:00:00")};
  auto lines = std::vector{line_of(this->books_.all[0]), line_of(this->books_.all[2])};
  lines[0].amount_minor = 991;
  lines[1].amount_minor = 501;
  this->run("22", lines);
  EXPECT_EQ(this->differences().size(), 4U);
  EXPECT_EQ(this->verdict("22"), "open");
  std::vector<ports::BillLine> corrected;
  for (const auto& fact : this->books_.all) corrected.push_back(line_of(fact));
  corrected.pop_back();
  this->run("22", corrected);
  std::map<std::string, std::string> left;
  for (const auto& each : this->differences())
    left[std::string(base::name_of(each.kind)) + " " + each.key] = base::name_of(each.state);
  const std::map<std::string, std::string> expected = {
      {"amount_differs 1", "closed"},
      {"payment_missing_there 2", "closed"},
      {"payment_missing_there 3", "open"},
      {"refund_amount_differs 1/ORDER1_r1s", "closed"}};
  EXPECT_EQ(left, expected);
}

TYPED_TEST(DayRunTest, ALineThatACorrectedBillTakesAwayIsMissedOnTheDayOfItsPayment) {
  const auto late = payment_fact("1", 990, "22 23:59:59");
  this->books_.all = {late};
  this->run("22", {});
  this->run("23", {line_of(late)});
  EXPECT_TRUE(this->differences().empty());
  this->run("23", {});
  EXPECT_EQ(this->told(), "payment_missing_there 1 0/990 open");
  EXPECT_EQ(this->verdict("22"), "open");
  // And back, and away once more: each corrected bill counts.
  this->run("23", {line_of(late)});
  EXPECT_EQ(this->told(), "payment_missing_there 1 0/990 closed");
  this->run("23", {});
  EXPECT_EQ(this->told(), "payment_missing_there 1 0/990 open");
}

TYPED_TEST(DayRunTest, ALineThatStaysInACorrectedBillIsStillNotMissed) {
  this->books_.all = {payment_fact("1", 990, "22 23:59:59"), payment_fact("2", 50, "24 00:00:01")};
  const std::vector lines = {line_of(this->books_.all[0]), line_of(this->books_.all[1])};
  this->run("22", {});
  this->run("23", lines);
  this->run("23", lines);
  this->run("24", {});
  EXPECT_TRUE(this->differences().empty());
}

TYPED_TEST(DayRunTest, ARefundThatWentByHandBeforeItsLineWasDueIsNotMissed) {
  this->books_.all = {payment_fact("1", 990, "22 13:00:00"), refund_fact("1", 500, "22 15:00:00")};
  this->run("22", {line_of(this->books_.all[0])});
  EXPECT_EQ(this->verdict("22"), "waiting");
  this->books_.all[1].is_booked = false;
  for (const char* day : {"23", "24", "25", "26", "27", "28"}) this->run(day, {});
  EXPECT_TRUE(this->differences().empty());
  EXPECT_EQ(this->verdict("22"), "clean");
}

TYPED_TEST(DayRunTest, WhatWaitsIsMissedAlsoWhenItsChannelIsGoneFromTheSettings) {
  this->channels_ = {"ali", "ali_qr"};
  this->books_.all = {payment_fact("1", 990, "22 13:00:00", "ali_qr")};
  this->run("22", {});
  this->channels_ = {"ali"};
  this->run("23", {});
  EXPECT_EQ(this->told(), "payment_missing_there 1 0/990 open");
}

TYPED_TEST(DayRunTest, AnItemSaysWhatTheCorrectedBillSays) {
  this->books_.all = {payment_fact("1", 990, "22 13:00:00")};
  auto line = line_of(this->books_.all[0]);
  const auto read_with = [&](std::int64_t amount_minor) {
    line.amount_minor = amount_minor;
    this->run("22", {line});
    return this->told();
  };
  EXPECT_EQ(read_with(991), "amount_differs 1 991/990 open");
  const std::string id = this->differences().front().difference_id;
  ASSERT_TRUE(this->store().assign(id, "li", "wang", moment("24 10:00:00")));
  EXPECT_EQ(read_with(992), "amount_differs 1 992/990 open");
  EXPECT_EQ(read_with(990), "amount_differs 1 992/990 closed");
  EXPECT_EQ(read_with(992), "amount_differs 1 992/990 open");
  ASSERT_TRUE(this->store().close({id, "li", "a coupon", "", moment("25 10:00:00")}));
  // What a person has closed stays closed until the bill says something else.
  EXPECT_EQ(read_with(992), "amount_differs 1 992/990 closed");
  EXPECT_EQ(read_with(993), "amount_differs 1 993/990 open");
  EXPECT_EQ(this->differences().front().owner, "li");
  std::string steps;
  for (const auto& entry : this->store().journal_of(id))
    steps += std::string(base::name_of(entry.step)) + ": " + entry.words + "; ";
  EXPECT_EQ(steps,
            "opened: finance; assigned: li; corrected: 9.92 / 9.90, before 9.91 / 9.90; "
            "closed: the bill was read again and agrees; "
            "reopened: 9.92 / 9.90, before 9.92 / 9.90; closed: a coupon; "
            "reopened: 9.93 / 9.90, before 9.92 / 9.90; ");
}

TYPED_TEST(DayRunTest, OnAnEmptyDayWhatWeBookedIsMissingThere) {
  const ports::BillProblem empty{ports::BillRefusal::empty_day, "no statement"};
  EXPECT_EQ(this->run("21", {}, empty).state, domain::BillDayState::done);
  EXPECT_EQ(this->verdict("21"), "clean");
  this->books_.all = {payment_fact("1", 990, "22 13:00:00")};
  this->run("22", {}, empty);
  EXPECT_EQ(this->told(), "payment_missing_there 1 0/990 open");
}

TYPED_TEST(DayRunTest, ADifferenceIsAssignedAndClosedOnceWithAJournal) {
  this->run("22", {line_of(payment_fact("1", 990, "22 13:00:00"))});
  const std::string id = this->differences().front().difference_id;
  auto& store = this->store();
  const base::Instant at = moment("24 10:00:00");
  EXPECT_EQ(store.assign("none", "li", "wang", at).error(), ports::ReconcileRefusal::unknown_item);
  ASSERT_TRUE(store.assign(id, "li", "wang", at));
  ASSERT_TRUE(store.close({id, "li", "given back by hand", "trade 1", at}));
  EXPECT_EQ(store.close({id, "li", "again", "", at}).error(),
            ports::ReconcileRefusal::already_closed);
  EXPECT_EQ(store.assign(id, "zhao", "wang", at).error(), ports::ReconcileRefusal::already_closed);
  const auto closed = *store.find_difference(id);
  EXPECT_EQ(closed.owner, "li");
  EXPECT_EQ(closed.closed_at, at);
  EXPECT_EQ(closed.evidence, "trade 1");
  std::string told;
  for (const auto& entry : store.journal_of(id))
    told += std::to_string(entry.entry_no) + " " + std::string(base::name_of(entry.step)) + " " +
            entry.by + ": " + entry.words + "; ";
  EXPECT_EQ(told,
            "1 opened reconciliation: finance; 2 assigned wang: li; "
            "3 closed li: given back by hand (trade 1); ");
  EXPECT_EQ(this->verdict("22"), "closed");
}

// Pages end in the middle of a day.
TYPED_TEST(DayRunTest, ManyLinesInAnyOrderFindTheirFacts) {
  std::vector<ports::BillLine> lines;
  for (int i = 1; i <= 5000; ++i) {
    const int number = i * 7919 % 5003;
    auto fact = payment_fact(std::to_string(1'000'000 + number), 100 + number, "22 13:00:00");
    if (i != 4321) lines.push_back(line_of(fact));
    if (i != 1234) this->books_.all.push_back(std::move(fact));
  }
  const auto row = this->run("22", lines);
  EXPECT_EQ(row.matched_count, 4998);
  EXPECT_EQ(row.ledger_payment_count, 4999);
  EXPECT_EQ(this->differences().size(), 2U);
}

}  // namespace
}  // namespace daozhang::reconciliation
