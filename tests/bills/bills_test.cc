// The whole way of a bill: paid at the sandbox, fetched and read by the shop's own gateway, matched
// with an order store on disk while that is open.
#include <gtest/gtest.h>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "domain/order/references.h"
#include "reconciliation/money_report.h"
#include "reconciliation/reconciler.h"
#include "sandbox/test_shop.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "storage/sqlite/sqlite_reconcile_store.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/contract/stories.h"
#include "tests/contract/temporary_folder.h"

namespace daozhang {
namespace {

namespace alipay = connectors::payment::alipay;
using sandbox::World;

class BillsTest : public sandbox::SandboxTest {
 protected:
  BillsTest() {
    auto store = storage::sqlite::SqliteStore::open({.path = path()});
    CHECK(store.has_value());
    store_ = std::move(*store);
    ledger_ = std::move(*storage::sqlite::SqliteLedgerReader::open(path()));
    bills_ = std::move(*storage::sqlite::SqliteReconcileStore::open(path() + ".bills"));
    alipay::AccountSettings settings;
    settings.app_id = "2021000000000001";
    settings.seller_id = "2088000000000001";
    settings.gateway_url = url_ + "/gateway.do";
    settings.notify_url = shop_url_ + "/notify";
    settings.app_private_key = app_key().to_pem();
    settings.alipay_public_key = alipay_key().public_key_pem();
    channel_ = alipay::make_gateway(*alipay::read_account(settings), client_, {.now = World::now});
  }
  [[nodiscard]] std::string path() const { return folder_.path() / "shop.db"; }

  // The payer pays this number at the sandbox; gives the channel's number.
  std::string pay(const std::string& trade_ref) {
    const auto paid = post(net::Method::post, url_ + "/sandbox/v1/pay-url",
                           "{\"url\":\"" + page_url(trade_ref) + "\"}");
    EXPECT_EQ(paid.status, 200) << paid.body;
    const auto trade = ask("alipay.trade.query", "{\"out_trade_no\":\"" + trade_ref + "\"}");
    return std::string(trade.text_of("trade_no"));
  }

  // An order that is paid, with its money in escrow.
  void book(std::int64_t order_id, const std::string& trade_no) {
    auto order = contract::new_order(order_id);
    const base::Instant now = World::now();
    order.header.placed_at = order.header.paid_at = now;
    order.header.pay_by = order.header.due_at = now + base::minutes(15);
    order.header.deadline = now + base::minutes(16);
    domain::Payment payment;
    payment.partition = order.header.partition;
    payment.order_id = order.header.order_id;
    payment.payment_no = payment.intent_no = 1;
    payment.channel = "alipay";
    payment.trade_no = trade_no;
    payment.amount_minor = payment.applied_minor = 990;
    payment.paid_at = payment.learned_at = now;
    order.payments.push_back(payment);
    contract::Draft draft(now);
    draft.add(order);
    draft.commit.transfers.push_back(contract::transfer(order, 1, 990));
    ASSERT_TRUE(store_->commit(draft.commit));
  }

  // Tries every bill that is due two days from now.
  void reconcile() {
    reconciliation::Reconciler reconciler(
        {.store = *bills_,
         .ledger = *ledger_,
         .sources = reconciliation::bill_sources({{"alipay", channel_.get()}}),
         .is_ours = [](const std::string& ref) { return domain::parse_trade_ref(ref).has_value(); },
         .now = [] { return World::now() + base::hours(50); },
         .rules = {},
         .tried = {}});
    while (reconciler.step()) {
    }
  }

  contract::TemporaryFolder folder_;
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
  std::unique_ptr<ports::LedgerReader> ledger_;
  std::unique_ptr<ports::ReconcileStore> bills_;
  std::unique_ptr<ports::PaymentChannel> channel_;
};

TEST_F(BillsTest, ABillOfTheSandboxIsMatchedWithTheBooksOfAnOpenStore) {
  book(1, pay("DZ1_1"));
  pay("DZ2_1");        // The shop never learns of it.
  pay("OTHERSYSTEM");  // Through the same merchant account.
  reconcile();

  std::map<std::string, std::string> found;
  for (const auto& each : bills_->differences({}))
    found[std::string(base::name_of(each.kind))] =
        each.trade_ref + " " + std::to_string(each.bill_minor);
  const std::map<std::string, std::string> expected = {{"payment_missing_here", "DZ2_1 990"},
                                                       {"trade_of_other_system", " 990"}};
  EXPECT_EQ(found, expected);
  std::int64_t matched = 0;
  for (const auto& view : bills_->days("alipay:2088000000000001", "", 10)) {
    matched += view.day.matched_count;
    EXPECT_EQ(view.day.channels, "alipay");
  }
  EXPECT_EQ(matched, 1);
}

TEST_F(BillsTest, TheMoneyOfAnOpenStoreAddsUp) {
  book(1, "T1");
  book(2, "T2");
  const auto report = reconciliation::money_report(*ledger_, World::now());
  ASSERT_EQ(report.currencies.size(), 1U);
  EXPECT_EQ(report.currencies[0].escrow_minor, 1980);
  EXPECT_EQ(report.currencies[0].held.order_count, 2);
  EXPECT_EQ(report.currencies[0].channels[0].clearing_minor, 1980);
  EXPECT_TRUE(report.adds_up());
}

}  // namespace
}  // namespace daozhang
