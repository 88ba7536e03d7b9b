#include "domain/order/order_state.h"

#include <gtest/gtest.h>

namespace daozhang::domain {
namespace {

Order order_with(std::initializer_list<UnitState> units, bool is_paid = true) {
  Order order;
  order.header.placed_at = {1'000};
  order.header.pay_by = {2'000};
  order.header.deadline = {5'000};
  if (is_paid) {
    order.header.paid_at = {1'500};
    order.header.fulfill_by = {4'000};
  }
  for (const auto state : units) {
    Unit unit;
    unit.unit_no = static_cast<std::int32_t>(order.units.size()) + 1;
    unit.state = state;
    if (state == UnitState::delivered) unit.delivered_at = {1'800};
    if (state == UnitState::failed) unit.failed_at = {1'900};
    order.units.push_back(unit);
  }
  return order;
}

Order& with_refund(Order& order, RefundState state, RefundPurpose purpose = RefundPurpose::unit) {
  Refund refund;
  refund.state = state;
  refund.purpose = purpose;
  order.refunds.push_back(refund);
  return order;
}

using enum UnitState;

TEST(OrderState, IsDerivedFromUnitsAndMoney) {
  EXPECT_EQ(derive_state(order_with({waiting}, false)), OrderState::awaiting_payment);
  EXPECT_EQ(derive_state(order_with({waiting})), OrderState::paid);
  EXPECT_EQ(derive_state(order_with({fulfilling, waiting})), OrderState::fulfilling);
  EXPECT_EQ(derive_state(order_with({delivered, fulfilling})), OrderState::fulfilling);
  EXPECT_EQ(derive_state(order_with({delivered, delivered})), OrderState::delivered);
  auto partial = order_with({delivered, failed});
  EXPECT_EQ(derive_state(with_refund(partial, RefundState::decided)), OrderState::giving_back);
  partial.refunds[0].state = RefundState::accepted;
  EXPECT_EQ(derive_state(partial), OrderState::partially_delivered);
  auto none = order_with({failed, failed});
  EXPECT_EQ(derive_state(with_refund(none, RefundState::refused)), OrderState::giving_back);
  none.refunds[0].state = RefundState::settled;
  EXPECT_EQ(derive_state(none), OrderState::given_back);
}

TEST(OrderState, ASurplusOnItsWayDoesNotHoldUpDelivery) {
  auto order = order_with({delivered});
  EXPECT_EQ(derive_state(with_refund(order, RefundState::decided, RefundPurpose::surplus)),
            OrderState::delivered);
}

TEST(OrderState, AReversalLeavesDeliveredAsItIs) {
  auto order = order_with({delivered});
  EXPECT_EQ(derive_state(with_refund(order, RefundState::decided, RefundPurpose::reversal)),
            OrderState::delivered);
}

TEST(OrderState, ExpiredWithPartOfTheMoneyIsGivenBack) {
  auto order = order_with({waiting}, false);
  order.header.expired_at = {2'000};
  EXPECT_EQ(derive_state(order), OrderState::expired);
  with_refund(order, RefundState::decided, RefundPurpose::shortfall);
  EXPECT_EQ(derive_state(order), OrderState::giving_back);
  order.refunds[0].state = RefundState::accepted;
  EXPECT_EQ(derive_state(order), OrderState::given_back);
}

std::string states_of(const Order& order) {
  std::string text;
  for (const auto& stage : derive_stages(order))
    text += (text.empty() ? "" : " ") + std::string(base::name_of(stage.state));
  return text;
}

TEST(Stages, AreAlwaysAllSevenInOrder) {
  const auto stages = derive_stages(order_with({waiting}, false));
  ASSERT_EQ(stages.size(), 7U);
  for (std::size_t i = 0; i < stages.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(stages[i].name), i);
}

TEST(Stages, FollowTheOrder) {
  EXPECT_EQ(states_of(order_with({waiting}, false)),
            "done current waiting waiting skipped waiting waiting");
  EXPECT_EQ(states_of(order_with({fulfilling})), "done done done done skipped current waiting");
  EXPECT_EQ(states_of(order_with({delivered})), "done done done done skipped done done");
  EXPECT_EQ(states_of(order_with({failed})), "done done done done skipped failed failed");
  auto expired = order_with({waiting}, false);
  expired.header.expired_at = {2'000};
  EXPECT_EQ(states_of(expired), "done failed skipped skipped skipped skipped skipped");
}

TEST(Stages, NameWhoHasToAct) {
  auto unpaid = order_with({waiting}, false);
  EXPECT_EQ(derive_stages(unpaid)[1].waits_for, "buyer");
  Intent intent;
  intent.channel = "alipay";
  intent.state = IntentState::preparing;
  unpaid.intents.push_back(intent);
  EXPECT_EQ(derive_stages(unpaid)[1].waits_for, "buyer") << "he has yet to be named";
  unpaid.intents[0].call = IntentCall::create;
  EXPECT_EQ(derive_stages(unpaid)[1].waits_for, "channel:alipay");
  auto topup = order_with({fulfilling});
  topup.header.supplier = "telco";
  EXPECT_EQ(derive_stages(topup)[5].waits_for, "supplier:telco");
  EXPECT_EQ(derive_stages(topup)[5].due_at, topup.header.fulfill_by);
  EXPECT_EQ(derive_stages(order_with({delivered}))[6].waits_for, "");
}

}  // namespace
}  // namespace daozhang::domain
