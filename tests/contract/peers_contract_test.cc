// Whom the open orders still need, for the start that must not strand them.
#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

using ports::OpenPeer;
using ports::PeerKind;

// Nothing is open in it: paid, delivered, settled.
domain::Order closed_order(std::int64_t order_id) {
  auto order = new_order(order_id);
  order.header.state = domain::OrderState::delivered;
  order.header.supplier = "telco";
  order.header.paid_at = order.header.closed_at = at(10);
  order.header.due_at = {};
  order.units[0].state = domain::UnitState::delivered;
  order.intents[0].state = domain::IntentState::paid;
  order.intents[0].settled_at = at(10);
  return order;
}

domain::Order reopened_order(std::int64_t order_id) {
  auto order = closed_order(order_id);
  order.header.closed_at = {};
  return order;
}

template <class Child>
Child child_of(const domain::Order& order) {
  Child child;
  child.partition = order.header.partition;
  child.order_id = order.header.order_id;
  return child;
}

domain::Payment payment(const domain::Order& order, const std::string& channel) {
  auto row = child_of<domain::Payment>(order);
  row.payment_no = static_cast<std::int32_t>(order.payments.size() + 1);
  row.intent_no = 1;
  row.channel = channel;
  row.trade_no = "T" + std::to_string(order.header.order_id.value) + channel;
  row.amount_minor = 990;
  row.paid_at = row.learned_at = at(10);
  return row;
}

domain::Refund refund(const domain::Order& order, const std::string& channel,
                      domain::RefundState state) {
  auto row = child_of<domain::Refund>(order);
  row.refund_no = static_cast<std::int32_t>(order.refunds.size() + 1);
  row.payment_no = row.refund_no;
  row.refund_ref = "R" + std::to_string(row.refund_no);
  row.channel = channel;
  row.state = state;
  row.amount_minor = 990;
  row.decided_at = at(20);
  return row;
}

domain::Attempt attempt(const domain::Order& order, const std::string& supplier,
                        domain::AttemptState state) {
  auto row = child_of<domain::Attempt>(order);
  row.attempt_no = static_cast<std::int32_t>(order.attempts.size() + 1);
  row.unit_no = 1;
  row.supplier = supplier;
  row.reference = "A" + std::to_string(row.attempt_no);
  row.state = state;
  row.intended_at = at(20);
  return row;
}

template <class Kit>
class PeersContract : public StoreContract<Kit> {
 protected:
  void add(const domain::Order& order) {
    Draft draft;
    draft.add(order);
    ASSERT_TRUE(this->store().commit(draft.commit));
  }
  std::vector<OpenPeer> peers() { return this->store().open_peers(); }
};
TYPED_TEST_SUITE(PeersContract, Kits);

TYPED_TEST(PeersContract, ANewStoreNeedsNobody) { EXPECT_TRUE(this->peers().empty()); }

TYPED_TEST(PeersContract, AnUnpaidOrderNeedsItsChannelAndItsSupplier) {
  auto order = new_order(1);
  order.header.supplier = "telco";
  this->add(order);
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay", 1},
                                                  {PeerKind::supplier, "telco", 1}}));
}

TYPED_TEST(PeersContract, AnOrderFromStockNeedsNoSupplier) {
  this->place(1);
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay", 1}}));
}

TYPED_TEST(PeersContract, WhatIsClosedNeedsNobody) {
  auto order = closed_order(1);
  order.payments.push_back(payment(order, "alipay"));
  order.refunds.push_back(refund(order, "alipay", domain::RefundState::settled));
  order.attempts.push_back(attempt(order, "telco", domain::AttemptState::done));
  this->add(order);
  EXPECT_TRUE(this->peers().empty());
}

TYPED_TEST(PeersContract, APaymentOfAnOpenOrderMayHaveToBeGivenBack) {
  auto order = reopened_order(1);
  order.payments.push_back(payment(order, "alipay_old"));
  this->add(order);
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay_old", 1}}));
}

TYPED_TEST(PeersContract, ARefundNeedsItsChannelUntilItIsSettled) {
  using domain::RefundState;
  std::int64_t id = 0;
  for (const auto state : {RefundState::decided, RefundState::unknown, RefundState::accepted,
                           RefundState::refused, RefundState::settled}) {
    auto order = reopened_order(++id);
    order.refunds.push_back(refund(order, std::string(base::name_of(state)), state));
    this->add(order);
  }
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "accepted", 1},
                                                  {PeerKind::channel, "decided", 1},
                                                  {PeerKind::channel, "refused", 1},
                                                  {PeerKind::channel, "unknown", 1}}));
}

TYPED_TEST(PeersContract, AnAttemptNeedsItsSupplierWhileItIsOpen) {
  using domain::AttemptState;
  std::int64_t id = 0;
  for (const auto state :
       {AttemptState::submitting, AttemptState::accepted, AttemptState::unknown, AttemptState::done,
        AttemptState::failed, AttemptState::canceled, AttemptState::reversed}) {
    auto order = reopened_order(++id);
    order.attempts.push_back(attempt(order, std::string(base::name_of(state)), state));
    this->add(order);
  }
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::supplier, "accepted", 1},
                                                  {PeerKind::supplier, "submitting", 1},
                                                  {PeerKind::supplier, "unknown", 1}}));
}

TYPED_TEST(PeersContract, AnOrderCountsOnceForEachPeerWithOrWithoutAMomentToLookAt) {
  auto due = new_order(1);
  due.intents.push_back(due.intents[0]);
  due.intents[1].intent_no = 2;
  due.payments.push_back(payment(due, "alipay"));
  this->add(due);
  auto waiting = new_order(2);
  waiting.header.due_at = {};
  this->add(waiting);
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay", 2}}));
  Draft draft;
  draft.change(due, [&] {
    auto after = due;
    after.header.closed_at = at(30);
    after.header.due_at = {};
    return after;
  }());
  ASSERT_TRUE(this->store().commit(draft.commit));
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay", 1}}));
  this->reopen();
  EXPECT_EQ(this->peers(), (std::vector<OpenPeer>{{PeerKind::channel, "alipay", 1}}));
}

}  // namespace
}  // namespace daozhang::contract
