// The books as reconciliation and the money report read them.
#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

using ports::BillLineKind;

// Paid at the channel `alipay` and learned of at that second.
domain::Order paid_order(std::int64_t order_id, std::int64_t learned_second,
                         const std::string& channel = "alipay") {
  auto order = new_order(order_id);
  order.header.order_no = "N" + std::to_string(order_id);
  domain::Payment payment;
  payment.partition = order.header.partition;
  payment.order_id = order.header.order_id;
  payment.payment_no = 1;
  payment.intent_no = 1;
  payment.channel = channel;
  payment.trade_no = "T" + std::to_string(order_id);
  payment.amount_minor = 990;
  payment.paid_at = at(learned_second - 1);
  payment.learned_at = at(learned_second);
  order.payments.push_back(payment);
  order.header.paid_at = at(learned_second);
  return order;
}

domain::Order refunded_order(std::int64_t order_id, base::Instant accepted_at) {
  auto order = paid_order(order_id, 5);
  domain::Refund refund;
  refund.partition = order.header.partition;
  refund.order_id = order.header.order_id;
  refund.refund_no = 1;
  refund.payment_no = 1;
  refund.refund_ref = "R" + std::to_string(order_id);
  refund.channel = "alipay";
  refund.state =
      accepted_at.is_set() ? domain::RefundState::accepted : domain::RefundState::unknown;
  refund.amount_minor = 400;
  refund.decided_at = at(10);
  refund.accepted_at = accepted_at;
  order.refunds.push_back(refund);
  return order;
}

template <class Kit>
class LedgerContract : public StoreContract<Kit> {
 protected:
  void add(const domain::Order& order, std::vector<domain::Transfer> transfers = {}) {
    Draft draft;
    draft.add(order);
    draft.commit.transfers = std::move(transfers);
    ASSERT_TRUE(this->store().commit(draft.commit));
  }
  // The trade numbers of all pages of this size.
  std::string facts(BillLineKind kind, base::Instant from, base::Instant until,
                    std::size_t limit = 100) {
    std::string told;
    ports::FactPlace after;
    for (;;) {
      const auto page = this->ledger().facts(kind, "alipay", from, until, after, limit);
      EXPECT_LE(page.size(), limit);
      if (page.empty()) return told;
      for (const auto& fact : page) told += ports::key_of(fact) + " ";
      after = page.back().place;
    }
  }
};
TYPED_TEST_SUITE(LedgerContract, Kits);

TYPED_TEST(LedgerContract, FactsComeInTheOrderInWhichTheyWereLearnedInPagesOfAnySize) {
  this->add(paid_order(1, 30));
  this->add(paid_order(2, 10));
  this->add(paid_order(3, 30));
  this->add(paid_order(4, 20, "wechat"));
  this->add(paid_order(65, 30));
  for (const std::size_t limit : {1, 2, 3, 100}) {
    EXPECT_EQ(this->facts(BillLineKind::payment, at(0), at(100), limit), "T2 T1 T3 T65 ");
    EXPECT_EQ(this->facts(BillLineKind::payment, at(10), at(30), limit), "T2 ");
    EXPECT_EQ(this->facts(BillLineKind::payment, at(11), at(31), limit), "T1 T3 T65 ");
    EXPECT_EQ(this->facts(BillLineKind::payment, at(31), at(100), limit), "");
  }
}

TYPED_TEST(LedgerContract, OnlyAcceptedRefundsAreFactsOfADay) {
  this->add(refunded_order(1, at(20)));
  this->add(refunded_order(2, {}));
  EXPECT_EQ(this->facts(BillLineKind::refund, at(0), at(100), 1), "T1/R1 ");
  EXPECT_EQ(this->facts(BillLineKind::refund, at(21), at(100)), "");
}

TYPED_TEST(LedgerContract, AFactIsFoundByItsNumbers) {
  this->add(refunded_order(1, at(20)));
  this->add(refunded_order(2, {}));
  const auto payment = this->ledger().find_payment("alipay", "T1");
  ASSERT_TRUE(payment);
  EXPECT_EQ(payment->order_no, "N1");
  EXPECT_EQ(payment->amount_minor, 990);
  EXPECT_EQ(payment->place.at, at(5));
  EXPECT_TRUE(payment->is_booked);
  const auto refund = this->ledger().find_refund("alipay", "T1", "R1");
  ASSERT_TRUE(refund);
  EXPECT_EQ(refund->amount_minor, 400);
  EXPECT_EQ(refund->trade_no, "T1");
  EXPECT_EQ(refund->place.at, at(20));
  EXPECT_TRUE(refund->is_booked);
  EXPECT_FALSE(this->ledger().find_refund("alipay", "T2", "R2")->is_booked);
  EXPECT_FALSE(this->ledger().find_payment("wechat", "T1"));
  EXPECT_FALSE(this->ledger().find_payment("alipay", "T3"));
  EXPECT_FALSE(this->ledger().find_refund("alipay", "T1", "R2"));
}

TYPED_TEST(LedgerContract, TheFirstOrderTellsWhereBillsBegin) {
  EXPECT_FALSE(this->ledger().first_order_at().is_set());
  auto late = new_order(2);
  late.header.placed_at = at(50);
  this->add(late);
  auto first = new_order(1);
  first.header.placed_at = at(40);
  this->add(first);
  EXPECT_EQ(this->ledger().first_order_at(), at(40));
}

TYPED_TEST(LedgerContract, EscrowIsWhatTheOpenOrdersHold) {
  const auto full = paid_order(1, 10);
  auto half = paid_order(2, 20);
  half.header.due_at = {};
  auto done = paid_order(3, 30);
  auto closed = paid_order(4, 30);
  closed.header.closed_at = at(40);
  closed.header.due_at = {};
  const auto delivered = [](const domain::Order& order, std::int64_t amount_minor) {
    auto row = transfer(order, 2, amount_minor);
    row.reason = domain::TransferReason::unit_delivered;
    row.debit = domain::account::escrow;
    row.credit = domain::account::revenue;
    return row;
  };
  this->add(full, {transfer(full, 1, 990)});
  this->add(half, {transfer(half, 1, 990), delivered(half, 400)});
  this->add(done, {transfer(done, 1, 990), delivered(done, 990)});
  this->add(closed, {transfer(closed, 1, 990), delivered(closed, 990)});
  std::map<std::string, std::int64_t> held;
  std::int64_t account = 0;
  this->ledger().read_money(
      [&](const domain::Balance& balance) {
        if (balance.account == domain::account::escrow)
          account += balance.credit_minor - balance.debit_minor;
      },
      [&](const ports::HeldEscrow& escrow) {
        held[escrow.order_no] = escrow.held_minor;
        if (escrow.order_no == "N2") {
          EXPECT_EQ(escrow.since, at(20));
        }
      });
  const std::map<std::string, std::int64_t> expected = {{"N1", 990}, {"N2", 590}};
  EXPECT_EQ(held, expected);
  EXPECT_EQ(account, 1580);
}

TYPED_TEST(LedgerContract, FeesOfADayAreBookedOnceAndACorrectionAddsTheDifference) {
  const auto book = [&](const std::string& channel, const std::string& day, std::int64_t fee) {
    const auto postings = this->fees().book_fees({channel, day, fee, domain::Currency::CNY, at(9)});
    EXPECT_TRUE(postings);
    std::string told;
    for (const auto& posting : postings.value())
      told += std::to_string(posting.posting_no) + ":" +
              std::to_string(domain::signed_minor(posting)) + " ";
    return told;
  };
  EXPECT_EQ(book("alipay", "2026-11-22", 6), "1:6 ");
  EXPECT_EQ(book("alipay", "2026-11-22", 6), "1:6 ");
  this->reopen();
  EXPECT_EQ(book("alipay", "2026-11-22", 6), "1:6 ");
  EXPECT_EQ(book("alipay", "2026-11-23", 0), "");
  EXPECT_EQ(book("alipay", "2026-11-23", -2), "1:-2 ");
  EXPECT_EQ(book("wechat", "2026-11-22", 7), "1:7 ");
  EXPECT_EQ(book("alipay", "2026-11-22", 4), "1:6 2:-2 ");
  EXPECT_EQ(book("alipay", "2026-11-22", 0), "1:6 2:-2 3:-4 ");
  EXPECT_EQ(book("alipay", "2026-11-22", 0), "1:6 2:-2 3:-4 ");
  std::map<std::string, std::int64_t> balances;
  const auto audit = this->audit();
  audit->each_balance([&](const domain::Balance& balance) {
    balances[balance.account] += balance.debit_minor - balance.credit_minor;
  });
  const std::map<std::string, std::int64_t> expected = {{"channel_clearing:alipay", 2},
                                                        {"channel_clearing:wechat", -7},
                                                        {"channel_fees:alipay", -2},
                                                        {"channel_fees:wechat", 7}};
  EXPECT_EQ(balances, expected);
  std::int64_t count = 0;
  audit->each_fee_posting([&](const domain::FeePosting&) { ++count; });
  EXPECT_EQ(count, 5);
  EXPECT_TRUE(audit->integrity_problems().empty());
}

}  // namespace
}  // namespace daozhang::contract
