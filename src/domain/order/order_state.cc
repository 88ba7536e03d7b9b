#include "domain/order/order_state.h"

#include <algorithm>

namespace daozhang::domain {
namespace {

struct UnitCounts {
  std::size_t delivered = 0;
  std::size_t failed = 0;
  std::size_t fulfilling = 0;
  std::size_t all = 0;
};

UnitCounts count_units(const Order& order) {
  UnitCounts counts;
  counts.all = order.units.size();
  for (const auto& unit : order.units) {
    counts.delivered += unit.state == UnitState::delivered;
    counts.failed += unit.state == UnitState::failed;
    counts.fulfilling += unit.state == UnitState::fulfilling;
  }
  return counts;
}

// Whether every refund that closes the order's promise has been accepted by the channel; a surplus
// is on its own.
bool all_given_back(const Order& order) {
  return std::all_of(order.refunds.begin(), order.refunds.end(), [](const Refund& refund) {
    const bool counts =
        refund.purpose == RefundPurpose::unit || refund.purpose == RefundPurpose::shortfall;
    return !counts || refund.money_is_on_its_way();
  });
}

bool has_shortfall(const Order& order) {
  return std::any_of(order.refunds.begin(), order.refunds.end(), [](const Refund& refund) {
    return refund.purpose == RefundPurpose::shortfall;
  });
}

OrderState unpaid_state(const Order& order) {
  if (!order.header.expired_at.is_set()) return OrderState::awaiting_payment;
  if (has_shortfall(order))
    return all_given_back(order) ? OrderState::given_back : OrderState::giving_back;
  return OrderState::expired;
}

base::Instant last_delivery(const Order& order) {
  base::Instant last{};
  for (const auto& unit : order.units) last = std::max(last, unit.delivered_at);
  return last;
}

base::Instant last_unit_end(const Order& order) {
  base::Instant last{};
  for (const auto& unit : order.units) last = std::max({last, unit.delivered_at, unit.failed_at});
  return last;
}

Stage paid_stage(const Order& order) {
  const auto& header = order.header;
  Stage stage{StageName::paid, StageState::current, header.placed_at, {}, header.pay_by, {}};
  if (order.is_paid()) {
    stage.state = StageState::done;
    stage.ended_at = header.paid_at;
    return stage;
  }
  if (header.expired_at.is_set()) {
    stage.state = StageState::failed;
    stage.ended_at = header.expired_at;
    return stage;
  }
  // While the channel is being asked it is the channel's turn, before that the buyer's.
  stage.waits_for = "buyer";
  for (const auto& intent : order.intents)
    if ((intent.state == IntentState::preparing && !intent.waits_for_payer()) ||
        intent.state == IntentState::closing)
      stage.waits_for = "channel:" + intent.channel;
  return stage;
}

// Stages that pass in the commit that learns of the payment.
Stage instant_stage(const Order& order, StageName name) {
  Stage stage{name, StageState::waiting, {}, {}, {}, {}};
  if (order.is_paid()) {
    stage.state = StageState::done;
    stage.began_at = stage.ended_at = order.header.paid_at;
  } else if (order.is_expired()) {
    stage.state = StageState::skipped;
  }
  return stage;
}

Stage fulfilling_stage(const Order& order, const UnitCounts& counts) {
  const auto& header = order.header;
  Stage stage{StageName::fulfilling, StageState::waiting, {}, {}, header.deadline, {}};
  if (order.is_expired()) {
    stage.state = StageState::skipped;
    stage.due_at = {};
    return stage;
  }
  if (!order.is_paid()) return stage;
  stage.began_at = header.paid_at;
  stage.due_at = header.fulfill_by;
  if (counts.delivered + counts.failed == counts.all) {
    stage.state = counts.delivered > 0 ? StageState::done : StageState::failed;
    stage.ended_at = last_unit_end(order);
    return stage;
  }
  stage.state = StageState::current;
  stage.waits_for = header.supplier.empty() ? "vault" : "supplier:" + header.supplier;
  return stage;
}

Stage delivered_stage(const Order& order, const UnitCounts& counts) {
  const auto& header = order.header;
  Stage stage{StageName::delivered, StageState::waiting, {}, {}, header.deadline, {}};
  if (order.is_paid()) stage.due_at = header.fulfill_by;
  if (order.is_expired()) {
    stage.state = StageState::skipped;
    stage.due_at = {};
  } else if (counts.all > 0 && counts.delivered + counts.failed == counts.all) {
    stage.state = counts.delivered > 0 ? StageState::done : StageState::failed;
    stage.began_at = stage.ended_at =
        counts.delivered > 0 ? last_delivery(order) : last_unit_end(order);
  }
  return stage;
}

}  // namespace

OrderState derive_state(const Order& order) {
  if (!order.is_paid()) return unpaid_state(order);
  const UnitCounts counts = count_units(order);
  if (counts.delivered == counts.all) return OrderState::delivered;
  if (counts.delivered + counts.failed == counts.all) {
    if (!all_given_back(order)) return OrderState::giving_back;
    return counts.delivered > 0 ? OrderState::partially_delivered : OrderState::given_back;
  }
  if (counts.delivered + counts.failed + counts.fulfilling > 0) return OrderState::fulfilling;
  return order.attempts.empty() ? OrderState::paid : OrderState::fulfilling;
}

std::vector<Stage> derive_stages(const Order& order) {
  const UnitCounts counts = count_units(order);
  const auto& header = order.header;
  return {
      {StageName::submitted, StageState::done, header.placed_at, header.placed_at, {}, {}},
      paid_stage(order),
      instant_stage(order, StageName::accepted),
      instant_stage(order, StageName::checking),
      {StageName::review, StageState::skipped, {}, {}, {}, {}},
      fulfilling_stage(order, counts),
      delivered_stage(order, counts),
  };
}

}  // namespace daozhang::domain
