#include "reconciliation/money_report.h"

#include <gtest/gtest.h>

#include "reconciliation/test_books.h"

namespace daozhang::reconciliation {
namespace {

using domain::Balance;
using domain::Currency;

Balance balance(std::int32_t partition, const std::string& account, std::int64_t debit,
                std::int64_t credit, Currency currency = Currency::CNY) {
  return {domain::Partition{partition}, account, currency, debit, credit};
}

// Paid 1000 and 500; 400 delivered at a cost of 300, 200 being given back, 100 given back; 9 kept
// by the channel, of which 1 came back.
TestBooks books() {
  TestBooks books;
  books.balances = {balance(0, "channel_clearing:ali", 1001, 109),
                    balance(1, "channel_clearing:ali", 500, 0),
                    balance(0, "escrow", 700, 1000),
                    balance(1, "escrow", 0, 500),
                    balance(0, "revenue", 0, 400),
                    balance(0, "cost_of_sales", 300, 0),
                    balance(0, "supplier_payable:topup", 0, 320),
                    balance(0, "late_supplier_loss", 20, 0),
                    balance(0, "channel_fees:ali", 9, 1),
                    balance(0, "refund_payable:ali", 100, 300)};
  books.escrow = {{"A", Currency::CNY, 300, moment("22 12:30:00")},
                  {"B", Currency::CNY, 400, moment("20 12:00:00")},
                  {"C", Currency::CNY, 100, moment("01 12:00:00")}};
  return books;
}

const base::Instant now = moment("22 13:00:00");

TEST(MoneyReport, AddsUpToTheCent) {
  auto shop = books();
  const MoneyReport report = money_report(shop, now);
  ASSERT_EQ(report.currencies.size(), 1U);
  const auto& money = report.currencies[0];
  EXPECT_EQ(money.debit_minor, 2630);
  EXPECT_EQ(money.credit_minor, 2630);
  EXPECT_EQ(money.escrow_minor, 800);
  EXPECT_EQ(money.held.held_minor, 800);
  EXPECT_EQ(money.held.order_count, 3);
  EXPECT_EQ(money.held_by_age[0].held_minor, 300);
  EXPECT_EQ(money.held_by_age[1].order_count, 0);
  EXPECT_EQ(money.held_by_age[2].held_minor, 400);
  EXPECT_EQ(money.held_by_age[3].held_minor, 100);
  EXPECT_EQ(money.oldest_order_no, "C");
  ASSERT_EQ(money.channels.size(), 1U);
  EXPECT_EQ(money.channels[0].clearing_minor, 1392);
  EXPECT_EQ(money.channels[0].fees_minor, 8);
  EXPECT_EQ(money.channels[0].refund_payable_minor, 200);
  EXPECT_EQ(money.suppliers.at("topup"), 320);
  EXPECT_EQ(money.remainder_minor(), 0);
  EXPECT_TRUE(report.adds_up());
}

TEST(MoneyReport, ANewStoreAddsUp) {
  TestBooks empty;
  EXPECT_TRUE(money_report(empty, now).adds_up());
}

TEST(MoneyReport, ACentThatIsMissingAnywhereShows) {
  for (std::size_t i = 0; i < books().balances.size(); ++i) {
    auto shop = books();
    shop.balances[i].debit_minor += 1;
    EXPECT_FALSE(money_report(shop, now).adds_up()) << shop.balances[i].account;
  }
  auto shop = books();
  shop.escrow[0].held_minor -= 1;
  EXPECT_FALSE(money_report(shop, now).adds_up());
}

TEST(MoneyReport, AnOrderThatOwesEscrowShowsThoughTheSumIsRight) {
  auto shop = books();
  shop.escrow[0].held_minor = -100;
  shop.escrow[1].held_minor = 800;
  EXPECT_FALSE(money_report(shop, now).adds_up());
}

TEST(MoneyReport, CurrenciesAreNeverMixed) {
  auto shop = books();
  shop.balances.push_back(balance(0, "channel_clearing:wx", 5, 0, Currency::HKD));
  shop.balances.push_back(balance(0, "escrow", 0, 5, Currency::HKD));
  EXPECT_FALSE(money_report(shop, now).adds_up());
  shop.escrow.push_back({"D", Currency::HKD, 5, now});
  const auto report = money_report(shop, now);
  EXPECT_TRUE(report.adds_up());
  EXPECT_EQ(report.currencies.size(), 2U);
}

TEST(MoneyReport, AnAccountWithoutAWordIsListedAndCounted) {
  auto shop = books();
  shop.balances.push_back(balance(0, "wallet:x", 0, 7));
  shop.balances.push_back(balance(0, "channel_clearing:ali", 7, 0));
  const auto report = money_report(shop, now);
  EXPECT_EQ(report.currencies[0].others.at("wallet:x"), -7);
  EXPECT_TRUE(report.adds_up());
}

TEST(MoneyReport, TheJsonSaysTheSame) {
  TestBooks shop;
  shop.balances = {balance(0, "channel_clearing:ali", 5, 0), balance(0, "escrow", 0, 5)};
  shop.escrow = {{"A", Currency::CNY, 5, now}};
  EXPECT_EQ(money_report_json(money_report(shop, now)),
            R"({"at":"2026-11-22T05:00:00.000Z","adds_up":true,"currencies":[{"currency":"CNY",)"
            R"("escrow":{"account_minor":5,"held_minor":5,"order_count":1,)"
            R"("oldest_at":"2026-11-22T05:00:00.000Z","oldest_order_no":"A","by_age":{)"
            R"("under_1h":{"held_minor":5,"order_count":1},)"
            R"("under_24h":{"held_minor":0,"order_count":0},)"
            R"("under_7d":{"held_minor":0,"order_count":0},)"
            R"("older":{"held_minor":0,"order_count":0}}},)"
            R"("channels":[{"channel":"ali","clearing_minor":5,"refund_payable_minor":0,)"
            R"("fees_minor":0}],)"
            R"("suppliers":[],"revenue_minor":0,"cost_of_sales_minor":0,)"
            R"("late_supplier_loss_minor":0,"others":{},"proof":{"debit_minor":5,)"
            R"("credit_minor":5,"remainder_minor":0,"negative_escrow_count":0,"adds_up":true}}]})");
}

}  // namespace
}  // namespace daozhang::reconciliation
