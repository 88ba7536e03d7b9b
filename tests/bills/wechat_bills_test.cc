// WeChat Pay's two bills, the whole way: paid and given back at the sandbox, fetched by the shop's
// own gateway, matched with an order store on disk, fees booked in it, and the report of the money.
#include <gtest/gtest.h>

#include "audit/audit.h"
#include "domain/order/references.h"
#include "reconciliation/money_report.h"
#include "reconciliation/reconciler.h"
#include "sandbox/test_wechat.h"
#include "storage/sqlite/sqlite_audit.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "storage/sqlite/sqlite_reconcile_store.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/contract/stories.h"
#include "tests/contract/temporary_folder.h"

namespace daozhang {
namespace {

using sandbox::World;

class WechatDay : public sandbox::WechatConnectorTest {
 protected:
  WechatDay() : channel_(channel()) {
    store_ = std::move(*storage::sqlite::SqliteStore::open({.path = path()}));
    ledger_ = std::move(*storage::sqlite::SqliteLedgerReader::open(path()));
    bills_ = std::move(*storage::sqlite::SqliteReconcileStore::open(path() + ".bills"));
  }
  [[nodiscard]] std::string path() const { return folder_.path() / "shop.db"; }

  // An order that is paid at the sandbox and in the books.
  void sell(std::int64_t order_id) {
    const std::string trade_ref = "DZTRADE" + std::to_string(order_id) + "_1";
    paid_trade(*channel_, trade_ref);
    const auto told = ask_for(*channel_, ports::PaymentCallKind::query, trade_ref);
    auto order = contract::new_order(order_id);
    const base::Instant now = World::now();
    order.header.placed_at = order.header.paid_at = now;
    order.header.pay_by = order.header.due_at = now + base::minutes(15);
    order.header.deadline = now + base::minutes(16);
    domain::Payment payment;
    payment.partition = order.header.partition;
    payment.order_id = order.header.order_id;
    payment.payment_no = payment.intent_no = 1;
    payment.channel = "wechat";
    payment.trade_no = told.trade_no;
    payment.amount_minor = payment.applied_minor = told.amount_minor;
    payment.paid_at = payment.learned_at = now;
    order.payments.push_back(payment);
    contract::Draft draft(now);
    draft.add(order);
    auto transfer = contract::transfer(order, 1, told.amount_minor);
    transfer.debit = domain::account::channel_clearing("wechat");
    draft.commit.transfers.push_back(transfer);
    ASSERT_TRUE(store_->commit(draft.commit));
  }

  // Tries every bill that is due two days from now.
  void reconcile() {
    reconciliation::Reconciler reconciler(
        {.store = *bills_,
         .ledger = *ledger_,
         .sources = reconciliation::bill_sources({{"wechat", channel_.get()}}),
         .is_ours = [](const std::string& ref) { return domain::parse_trade_ref(ref).has_value(); },
         .now = [] { return World::now() + base::hours(50); },
         .rules = {},
         .tried = {},
         .failed = {},
         .fees = store_.get()});
    while (reconciler.step()) {
    }
  }
  // "fee_differs 6/8"
  std::multiset<std::string> items() {
    std::multiset<std::string> found;
    for (const auto& each : bills_->differences({}))
      found.insert(std::string(base::name_of(each.kind)) + " " + std::to_string(each.bill_minor) +
                   "/" + std::to_string(each.ledger_minor));
    return found;
  }
  std::string verdict_of_today() {
    const std::string today =
        base::to_local_seconds(World::now(), base::beijing_offset).substr(0, 10);
    return std::string(base::name_of(bills_->days("", today, 1).at(0).verdict()));
  }

  using Items = std::multiset<std::string>;

  contract::TemporaryFolder folder_;
  std::unique_ptr<ports::PaymentChannel> channel_;
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
  std::unique_ptr<ports::LedgerReader> ledger_;
  std::unique_ptr<ports::ReconcileStore> bills_;
};

TEST_F(WechatDay, ACleanDayBooksItsFeesOnceAndClearingIsWhatTheChannelHolds) {
  sell(1);
  sell(2);
  reconcile();
  EXPECT_EQ(items(), Items{});
  EXPECT_EQ(verdict_of_today(), "clean");
  // The second file is lost, and the day is matched anew.
  bills_.reset();
  for (const char* end : {".bills", ".bills-wal", ".bills-shm"})
    std::filesystem::remove(path() + end);
  bills_ = std::move(*storage::sqlite::SqliteReconcileStore::open(path() + ".bills"));
  reconcile();
  EXPECT_EQ(items(), Items{});
  const auto days = bills_->days("", "", 10);
  std::int64_t held = 0;
  for (const auto& view : days) held += view.day.fund_in_minor - view.day.fund_out_minor;
  const auto report = reconciliation::money_report(*ledger_, World::now());
  ASSERT_EQ(report.currencies.size(), 1U);
  EXPECT_TRUE(report.adds_up());
  const auto& channel = report.currencies[0].channels.at(0);
  EXPECT_EQ(channel.fees_minor, 12);
  EXPECT_EQ(channel.clearing_minor, 2 * 990 - 12);
  EXPECT_EQ(channel.clearing_minor, held) << "by the channel's own account";
  // The orders of this test are no whole stories; the rules of money are asked all the same.
  const auto audit = storage::sqlite::SqliteAudit::open(path());
  ASSERT_TRUE(audit);
  for (const auto& rule : audit::audit(**audit).rules)
    if (rule.name == "S13" || rule.name == "fees" || rule.name == "integrity") {
      EXPECT_GT(rule.checked, 0) << rule.name;
      for (const auto& found : rule.violations)
        if (rule.name != "S13" || found.subject.find("channel") != std::string::npos)
          ADD_FAILURE() << rule.name << ": " << found.subject << ": " << found.sentence;
    }
}

TEST_F(WechatDay, EachFaultOfTheFundFlowIsOneItem) {
  sell(1);
  sell(2);
  fault("fund_line_missing", R"({"on":true})");
  fault("fund_line_extra", R"({"on":true})");
  reconcile();
  const auto found = items();
  EXPECT_EQ(found.count("movement_missing_there 984/0"), 1U);
  EXPECT_GE(found.count("movement_missing_here 0/99"), 1U) << "one a day";
  EXPECT_EQ(found.size(), found.count("movement_missing_here 0/99") + 1);
  EXPECT_EQ(verdict_of_today(), "open");
}

TEST_F(WechatDay, AWrongFeeIsOneItemAndTheBillsFeeIsBooked) {
  sell(1);
  fault("fund_other_fee", R"({"on":true,"minor":2})");
  reconcile();
  EXPECT_EQ(items(), (Items{"fee_differs 6/8"}));
  const auto report = reconciliation::money_report(*ledger_, World::now());
  EXPECT_EQ(report.currencies.at(0).channels.at(0).fees_minor, 6);
}

TEST_F(WechatDay, ADayIsNotMatchedWithoutItsFundFlow) {
  sell(1);
  fault("bill_wrong_hash", R"({"on":true,"skip":1,"times":1})");
  reconcile();
  std::string refusals;
  for (const auto& view : bills_->days("", "", 10)) refusals += view.day.refusal + " ";
  EXPECT_NE(refusals.find("hash_differs"), std::string::npos) << refusals;
}

}  // namespace
}  // namespace daozhang
