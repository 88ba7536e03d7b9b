// The channel's fees of a day are booked once, and a corrected bill books the difference.
#include <gtest/gtest.h>

#include "reconciliation/day_run.h"
#include "reconciliation/money_report.h"
#include "reconciliation/test_books.h"
#include "storage/memory/memory_reconcile_store.h"
#include "storage/memory/memory_store.h"

namespace daozhang::reconciliation {
namespace {

using storage::memory::CommitFault;

class FeesTest : public testing::Test {
 protected:
  // A day with these fees, the first of `ali` and the second of `ali_qr`.
  bool run(const std::string& day, std::int64_t first_fee, std::int64_t second_fee) {
    DayRun day_run(
        *store_, books_, rules_, [](const auto& ref) { return ref.starts_with("ORDER"); },
        {"alipay:2088", {"ali", "ali_qr"}, true}, "2026-11-" + day, &ledger_);
    ports::BillTotals totals;
    std::int64_t line_no = 0;
    for (const auto fee : {first_fee, second_fee}) {
      const auto& fact = books_.all[static_cast<std::size_t>(line_no)];
      auto line = line_of(fact);
      line.line_no = ++line_no;
      line.fee_minor = fee;
      ++totals.payment_count;
      totals.payment_minor += line.amount_minor;
      totals.fee_minor += fee;
      day_run.take(std::move(line));
    }
    return day_run.finish(totals, moment("30 10:00:00")).has_value();
  }
  std::int64_t fees_of(const std::string& channel) {
    std::int64_t sum = 0;
    ledger_.each_balance([&](const domain::Balance& balance) {
      if (balance.account == domain::account::channel_fees(channel))
        sum += balance.debit_minor - balance.credit_minor;
    });
    return sum;
  }
  std::int64_t posting_count() {
    std::int64_t count = 0;
    ledger_.each_fee_posting([&](const domain::FeePosting&) { ++count; });
    return count;
  }
  std::string told() {
    std::string text;
    for (const auto& each : store_->differences({}))
      text += std::string(base::name_of(each.kind)) + " " + each.key + " " +
              std::to_string(each.bill_minor) + "/" + std::to_string(each.ledger_minor) + ";";
    return text;
  }

  std::unique_ptr<ports::ReconcileStore> store_ =
      std::make_unique<storage::memory::MemoryReconcileStore>();
  storage::memory::MemoryStore ledger_;
  TestBooks books_ = [] {
    TestBooks books;
    books.all = {payment_fact("1", 990, "22 13:00:00"),
                 payment_fact("2", 500, "22 14:00:00", "ali_qr")};
    return books;
  }();
  Rules rules_;
};

TEST_F(FeesTest, EachChannelsFeesAreBookedOnceHoweverOftenTheBillIsRead) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(run("22", 6, 3));
  EXPECT_EQ(fees_of("ali"), 6);
  EXPECT_EQ(fees_of("ali_qr"), 3);
  EXPECT_EQ(posting_count(), 2);
  EXPECT_EQ(told(), "");
  // Also when the second file is gone, and the day is matched anew.
  store_ = std::make_unique<storage::memory::MemoryReconcileStore>();
  ASSERT_TRUE(run("22", 6, 3));
  EXPECT_EQ(fees_of("ali"), 6);
  EXPECT_EQ(posting_count(), 2);
}

TEST_F(FeesTest, ACorrectedBillBooksTheDifferenceWithAnItemOfItsOwn) {
  ASSERT_TRUE(run("22", 6, 3));
  ASSERT_TRUE(run("22", 4, 3));
  EXPECT_EQ(fees_of("ali"), 4);
  EXPECT_EQ(posting_count(), 3);
  EXPECT_EQ(told(), "fee_corrected ali#2 4/6;");
  EXPECT_EQ(store_->differences({}).front().owner, "finance");
  // To nothing, and the same again.
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(run("22", 0, 3));
  EXPECT_EQ(fees_of("ali"), 0);
  EXPECT_EQ(posting_count(), 4);
  EXPECT_EQ(store_->differences({}).size(), 2U);
}

TEST_F(FeesTest, FeesThatComeBackAreBookedTheOtherWayRound) {
  ASSERT_TRUE(run("22", -6, 0));
  EXPECT_EQ(fees_of("ali"), -6);
  EXPECT_EQ(posting_count(), 1);
}

TEST_F(FeesTest, WhatCanNotBeBookedPutsTheDayOffAndIsBookedOnceLater) {
  for (const auto fault : {CommitFault::refuse_unavailable, CommitFault::execute_then_unknown,
                           CommitFault::drop_then_unknown}) {
    ledger_.set_fault_hook([fault] { return fault; });
    EXPECT_FALSE(run("22", 6, 3));
    EXPECT_FALSE(store_->find_day("alipay:2088", "2026-11-22").has_value());
  }
  ledger_.set_fault_hook({});
  ASSERT_TRUE(run("22", 6, 3));
  EXPECT_EQ(fees_of("ali"), 6);
  EXPECT_EQ(posting_count(), 2);
  EXPECT_EQ(told(), "");
}

TEST_F(FeesTest, FeesOfAnotherSystemAreNotOurs) {
  books_.all[1].order_no = "FOREIGN";
  auto others = books_.all[1];
  books_.all.pop_back();
  books_.all.push_back(others);
  books_.all[1].trade_no = "3";  // The bill's line finds nothing of ours.
  DayRun day_run(
      *store_, books_, rules_, [](const auto& ref) { return ref.starts_with("ORDER"); },
      {"alipay:2088", {"ali"}, true}, "2026-11-22", &ledger_);
  auto line = line_of(others);
  line.trade_no = "77";
  line.line_no = 1;
  line.fee_minor = 3;
  ports::BillTotals totals;
  totals.payment_count = 1;
  totals.payment_minor = line.amount_minor;
  totals.fee_minor = 3;
  day_run.take(std::move(line));
  ASSERT_TRUE(day_run.finish(totals, moment("30 10:00:00")));
  EXPECT_EQ(posting_count(), 0);
}

TEST_F(FeesTest, TheReportStillAddsUpAndClearingIsWhatTheChannelHolds) {
  ASSERT_TRUE(run("22", 6, 3));
  const auto report = money_report(ledger_, moment("30 10:00:00"));
  ASSERT_EQ(report.currencies.size(), 1U);
  EXPECT_TRUE(report.adds_up());
  EXPECT_EQ(report.currencies[0].channels.at(0).fees_minor, 6);
  EXPECT_EQ(report.currencies[0].channels.at(0).clearing_minor, -6);
}

}  // namespace
}  // namespace daozhang::reconciliation
