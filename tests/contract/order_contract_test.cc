#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

using domain::OrderState;
using ports::CommitRefusal;

template <class Kit>
class OrderContract : public StoreContract<Kit> {};
TYPED_TEST_SUITE(OrderContract, Kits);

TYPED_TEST(OrderContract, AnEmptyStoreHasNothing) {
  const auto key = order_key(1);
  EXPECT_TRUE(this->store().load_orders(std::vector{key}).empty());
  EXPECT_FALSE(this->reader().find_order(key));
  EXPECT_FALSE(this->store().time_high_water().is_set());
  EXPECT_TRUE(this->store().last_order_id().is_none());
  EXPECT_EQ(difference(this->snapshot(), Snapshot{}), "");
}

TYPED_TEST(OrderContract, WhatWasCommittedIsLoadedWhole) {
  auto order = this->place(1);
  auto after = order;
  after.header.paid_at = at(5);
  after.header.quarantined = true;
  after.header.quarantine_reason = "amount differs \"&";
  domain::Payment payment;
  payment.partition = order.header.partition;
  payment.order_id = order.header.order_id;
  payment.payment_no = payment.intent_no = 1;
  payment.channel = "alipay";
  payment.trade_no = "2026112200001";
  payment.amount_minor = 990;
  payment.learned_at = at(5);
  after.payments.push_back(payment);
  domain::Attempt attempt;
  attempt.partition = order.header.partition;
  attempt.order_id = order.header.order_id;
  attempt.attempt_no = attempt.unit_no = 1;
  attempt.supplier = "topup";
  attempt.reference = "R1";
  attempt.intended_at = at(5);
  after.attempts.push_back(attempt);
  domain::Refund refund;
  refund.partition = order.header.partition;
  refund.order_id = order.header.order_id;
  refund.refund_no = refund.payment_no = refund.unit_no = 1;
  refund.refund_ref = "F1";
  refund.channel = "alipay";
  refund.amount_minor = 990;
  refund.decided_at = at(6);
  after.refunds.push_back(refund);
  Draft draft;
  draft.change(order, after);
  ASSERT_TRUE(this->store().commit(draft.commit));
  after.header.version = 2;
  EXPECT_EQ(this->store().load_orders(std::vector{order.key()}), std::vector{after});
  EXPECT_EQ(this->reader().find_order(order.key()), after);
}

TYPED_TEST(OrderContract, OnlyOrdersThatExistAreLoaded) {
  const auto first = this->place(1);
  const auto third = this->place(3);
  const std::vector keys{order_key(1), order_key(2), order_key(3)};
  EXPECT_EQ(this->store().load_orders(keys), (std::vector{first, third}));
}

TYPED_TEST(OrderContract, ChildrenThatChangeAreWrittenAndOthersStay) {
  auto order = new_order(1);
  for (std::int32_t no = 2; no <= 3; ++no) {
    order.units.push_back(order.units[0]);
    order.units.back().unit_no = no;
  }
  order.header.quantity = 3;
  Draft placed;
  placed.add(order);
  ASSERT_TRUE(this->store().commit(placed.commit));
  auto after = order;
  after.units[1].state = domain::UnitState::delivered;
  after.units[1].delivered_at = at(3);
  Draft draft;
  draft.change(order, after);
  ASSERT_TRUE(this->store().commit(draft.commit));
  after.header.version = 2;
  EXPECT_EQ(this->reader().find_order(order.key()), after);
}

TYPED_TEST(OrderContract, EveryFieldOfAnOrderCanChange) {
  const auto order = this->place(1);
  auto after = order;
  after.header.contact_email = "other@example.com";
  after.header.state = OrderState::expired;
  Draft draft;
  draft.change(order, after);
  ASSERT_TRUE(this->store().commit(draft.commit));
  after.header.version = 2;
  EXPECT_EQ(this->reader().find_order(order.key()), after);
}

TYPED_TEST(OrderContract, StaleCommitChangesNothing) {
  const auto order = this->place(1);
  Draft first;
  first.change(order, moved(order, OrderState::paid));
  ASSERT_TRUE(this->store().commit(first.commit));
  Draft second;
  second.change(order, moved(order, OrderState::expired));
  EXPECT_EQ(this->refusal_of(second), CommitRefusal::version_moved);
}

TYPED_TEST(OrderContract, AnOrderIsNewOnce) {
  this->place(1);
  Draft again;
  again.add(new_order(1));
  EXPECT_EQ(this->refusal_of(again), CommitRefusal::version_moved);
}

TYPED_TEST(OrderContract, AnOrderThatDoesNotExistCanNotChange) {
  const auto order = new_order(1);
  Draft draft;
  draft.change(order, moved(order, OrderState::paid));
  EXPECT_EQ(this->refusal_of(draft), CommitRefusal::version_moved);
}

TYPED_TEST(OrderContract, TwoChangesOfOneOrderApplyInSequence) {
  const auto order = new_order(1);
  const auto paid = moved(order, OrderState::paid);
  Draft draft;
  draft.add(order).change(order, paid).change(paid, moved(paid, OrderState::delivered));
  ASSERT_TRUE(this->store().commit(draft.commit));
  const auto stored = this->reader().find_order(order.key());
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->header.version, 3);
  EXPECT_EQ(stored->header.state, OrderState::delivered);
  EXPECT_EQ(this->snapshot().stories[0].events.size(), 3u);
}

TYPED_TEST(OrderContract, WhenTheLastElementRefusesNothingOfTheCommitIsThere) {
  const auto first = this->place(1);
  ASSERT_TRUE(this->store().import_stock(stock(1, 1, 2)));
  Draft other;
  other.change(first, moved(first, OrderState::paid));
  ASSERT_TRUE(this->store().commit(other.commit));

  Draft draft(at(100));
  const auto fresh = new_order(2);
  draft.add(fresh);
  draft.commit.claims.push_back(claim("key-2", fresh));
  draft.commit.items.push_back(hold(1, fresh));
  draft.commit.transfers.push_back(transfer(fresh, 1, 990));
  draft.commit.effects_added.push_back(effect(fresh, 1));
  draft.commit.inbox.push_back(message("digest"));
  draft.change(first, moved(first, OrderState::expired));
  EXPECT_EQ(this->refusal_of(draft), CommitRefusal::version_moved);
}

TYPED_TEST(OrderContract, AClaimIsTakenOnce) {
  const auto order = this->place(1);
  Draft first;
  first.add(new_order(2));
  first.commit.claims.push_back(claim("same-key", order));
  ASSERT_TRUE(this->store().commit(first.commit));
  Draft second;
  second.add(new_order(3));
  second.commit.claims.push_back(claim("same-key", new_order(3)));
  EXPECT_EQ(this->refusal_of(second), CommitRefusal::claim_taken);
  const std::vector keys{claim("same-key", order).key(), claim("free", order).key()};
  EXPECT_EQ(this->store().find_claims(keys), std::vector{claim("same-key", order)});
}

TYPED_TEST(OrderContract, AClaimIsTakenOnceWithinACommit) {
  Draft draft;
  const auto order = new_order(1);
  draft.add(order);
  draft.commit.claims = {claim("same-key", order), claim("same-key", order)};
  EXPECT_EQ(this->refusal_of(draft), CommitRefusal::claim_taken);
}

TYPED_TEST(OrderContract, ClaimsOfTwoKindsDoNotMeet) {
  Draft draft;
  const auto order = new_order(1);
  draft.add(order);
  draft.commit.claims = {claim("same", order), claim("same", order, domain::ClaimKind::trade_no)};
  EXPECT_TRUE(this->store().commit(draft.commit));
}

TYPED_TEST(OrderContract, EverythingIsThereAfterOpeningAgain) {
  const auto order = this->place(1);
  ASSERT_TRUE(this->store().import_stock(stock(1, 1, 3)));
  Draft draft(at(77));
  draft.change(order, moved(order, OrderState::paid));
  draft.commit.claims.push_back(claim("key", order));
  draft.commit.items.push_back(hold(2, order));
  draft.commit.transfers.push_back(transfer(order, 1, 990));
  draft.commit.effects_added.push_back(effect(order, 1));
  draft.commit.inbox.push_back(message("digest"));
  ASSERT_TRUE(this->store().commit(draft.commit));
  const auto before = this->snapshot();
  this->reopen();
  EXPECT_EQ(difference(before, this->snapshot()), "");
  EXPECT_EQ(this->store().time_high_water(), at(77));
  EXPECT_EQ(this->store().last_order_id(), order.header.order_id);
}

TYPED_TEST(OrderContract, ASoundStoreHasNoOrphansAndNoProblems) {
  this->place(1);
  const auto audit = this->audit();
  EXPECT_TRUE(audit->orphan_rows().empty());
  EXPECT_TRUE(audit->integrity_problems().empty());
}

}  // namespace
}  // namespace daozhang::contract
