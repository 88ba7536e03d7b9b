#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/synthetic_store.h"
#include "domain/order/references.h"

namespace daozhang::audit {
namespace {

using domain::Order;
using domain::Transfer;
using domain::TransferReason;
using testing::ElementsAre;

domain::Refund refund_of(const Order& order, domain::RefundPurpose purpose,
                         std::int64_t amount_minor) {
  domain::Refund refund;
  refund.partition = order.header.partition;
  refund.order_id = order.header.order_id;
  refund.refund_no = refund.payment_no = 1;
  refund.purpose = purpose;
  refund.unit_no = purpose == domain::RefundPurpose::surplus ? 0 : 1;
  refund.refund_ref = domain::refund_ref(order.header.order_no, 1, purpose, refund.unit_no);
  refund.channel = "alipay";
  refund.amount_minor = amount_minor;
  return refund;
}

class MoneyRules : public testing::Test {
 protected:
  std::vector<Transfer>& transfers(std::size_t story) { return store_.stories[story].transfers; }
  Transfer& first_of(std::size_t story, TransferReason reason) {
    for (auto& transfer : transfers(story))
      if (transfer.reason == reason) return transfer;
    ADD_FAILURE() << "no such transfer";
    return transfers(story).front();
  }

  SyntheticStore store_ = SyntheticStore::healthy();
};

TEST_F(MoneyRules, APaymentPostedTwiceBreaksS7) {
  auto again = first_of(SyntheticStore::topup, TransferReason::payment_received);
  again.transfer_no = static_cast<std::int32_t>(transfers(SyntheticStore::topup).size()) + 1;
  transfers(SyntheticStore::topup).push_back(again);
  store_.change(SyntheticStore::topup, [](Order& order) { order.header.transfer_count += 1; });
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S7", "S13"));
}

TEST_F(MoneyRules, APaymentPostedWithAnotherAmountBreaksS7) {
  first_of(SyntheticStore::topup, TransferReason::payment_received).amount_minor += 1;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S7", "S13"));
}

TEST_F(MoneyRules, ATradeNumberThatPaidTwoOrdersBreaksS7) {
  store_.change(SyntheticStore::topup, [&](Order& order) {
    order.payments[0].trade_no = store_.stories[SyntheticStore::card].order.payments[0].trade_no;
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S7"));
}

TEST_F(MoneyRules, ATradeNumberThatNobodyClaimedBreaksS7) {
  std::erase_if(store_.claims,
                [](const auto& claim) { return claim.kind == domain::ClaimKind::trade_no; });
  EXPECT_THAT(store_.violated(), ElementsAre("S7"));
}

TEST_F(MoneyRules, ADeliveryThatWasNotPaidInFullBreaksS8) {
  store_.change(SyntheticStore::topup, [](Order& order) {
    order.payments[0].applied_minor -= 10;
    order.refunds.push_back(refund_of(order, domain::RefundPurpose::surplus, 10));
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S8", "S13"));
}

TEST_F(MoneyRules, ASurplusWithoutRefundBreaksS8) {
  store_.change(SyntheticStore::in_progress,
                [](Order& order) { order.payments[0].applied_minor -= 10; });
  EXPECT_THAT(store_.violated(), ElementsAre("S8"));
}

TEST_F(MoneyRules, MoreRefundsThanWerePaidBreakS9) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    order.refunds.push_back(refund_of(order, domain::RefundPurpose::unit, 1001));
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S9", "S13"));
}

TEST_F(MoneyRules, ARefundOfAPaymentThatDoesNotExistBreaksS9) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    order.refunds.push_back(refund_of(order, domain::RefundPurpose::unit, 10));
    order.refunds[0].payment_no = 2;
    order.refunds[0].refund_ref = order.header.order_no + "_r2u1";
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S9", "S13"));
}

TEST_F(MoneyRules, AChargebackIsALossOnce) {
  const auto charge = [&](std::int64_t amount) {
    store_.change(SyntheticStore::card, [&](Order& order) {
      domain::Chargeback taken;
      taken.partition = order.header.partition;
      taken.order_id = order.header.order_id;
      taken.chargeback_no = 1;
      taken.payment_no = 1;
      taken.case_no = "C1";
      taken.amount_minor = amount;
      taken.learned_at = order.payments[0].learned_at;
      order.chargebacks = {taken};
    });
  };
  charge(10);
  EXPECT_THAT(store_.violated(), ElementsAre("S9", "S13")) << "it is posted nowhere";
  auto& list = transfers(SyntheticStore::card);
  Transfer loss = list.back();
  loss.transfer_no += 1;
  loss.reason = TransferReason::chargeback_taken;
  loss.subject_no = 1;
  loss.debit = domain::account::chargeback_loss;
  loss.credit = domain::account::channel_clearing(
      store_.stories[SyntheticStore::card].order.payments[0].channel);
  loss.amount_minor = 10;
  list.push_back(loss);
  store_.change(SyntheticStore::card, [](Order& order) { ++order.header.transfer_count; });
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre());
  list.back().amount_minor = 9;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S9", "S13")) << "another sum";
}

TEST_F(MoneyRules, AnOrderAtRestThatKeepsTooMuchBreaksS10) {
  store_.change(SyntheticStore::in_progress, [](Order& order) {
    order.header.state = domain::OrderState::given_back;
    order.units[0].state = domain::UnitState::failed;
    order.attempts[0].state = domain::AttemptState::failed;
    order.refunds.push_back(refund_of(order, domain::RefundPurpose::unit, 990));
    order.refunds[0].state = domain::RefundState::accepted;
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S10", "S13"));
}

TEST_F(MoneyRules, ABalanceThatIsNotTheSumBreaksS13) {
  store_.balances[0].debit_minor += 1;
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(MoneyRules, AMissingBalanceBreaksS13) {
  store_.balances.pop_back();
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(MoneyRules, AMissingTransferBreaksS13) {
  std::erase_if(transfers(SyntheticStore::topup), [](const Transfer& transfer) {
    return transfer.reason == TransferReason::supplier_cost;
  });
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(MoneyRules, EscrowThatPaysOutMoreThanCameInBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::unit_delivered).amount_minor += 1;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(MoneyRules, ClearingThatPaysOutMoreThanCameInBreaksS13) {
  first_of(SyntheticStore::reversed, TransferReason::refund_accepted).amount_minor += 1;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(MoneyRules, ATransferOfNothingBreaksS13) {
  first_of(SyntheticStore::topup, TransferReason::supplier_cost).amount_minor = 0;
  const auto violated = store_.violated();
  EXPECT_THAT(violated, ElementsAre("S13"));
}

TEST_F(MoneyRules, ARefundNumberOfItsOwnBreaksS16) {
  store_.change(SyntheticStore::card, [](Order& order) { order.refunds[0].refund_ref = "R-1"; });
  EXPECT_THAT(store_.violated(), ElementsAre("S16"));
}

}  // namespace
}  // namespace daozhang::audit
