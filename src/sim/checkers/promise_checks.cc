// What was promised to the buyer, and what an order may not forget when it comes to rest.
#include <algorithm>

#include "domain/order/references.h"
#include "sim/checkers/order_checks.h"

namespace daozhang::sim {

using domain::AttemptState;
using domain::Order;
using domain::RefundPurpose;
using domain::UnitState;

void OrderChecks::check_promises(const Order& before, const Order& after) {
  check_promised_moment(before, after);
  check_reveals(after);
  check_reversals(after);
  check_refunds_in_turn(after);
  if (after.is_expired())
    for (const auto& unit : after.units)
      expect(unit.hold != domain::HoldState::held, "S21", "an expired order keeps its stock",
             after);
}

// Learned in time, the moment of the offer holds; learned late, the promise runs anew (SETTLED 14).
void OrderChecks::check_promised_moment(const Order& before, const Order& after) {
  const auto& header = after.header;
  if (before.is_paid())
    return expect(header.fulfill_by == before.header.fulfill_by, "S23",
                  "the promised moment was moved", after);
  if (!after.is_paid()) return;
  auto promised = header.paid_at + base::seconds(header.promise_seconds);
  if (header.paid_at < header.deadline) promised = std::min(promised, header.deadline);
  expect(header.fulfill_by == promised, "S23", "the promised moment is not the offer's", after);
}

void OrderChecks::check_reveals(const Order& order) {
  for (const auto& unit : order.units)
    expect(!unit.revealed_at.is_set() || unit.state == UnitState::delivered, "S21",
           "a secret was shown before it was delivered", order);
}

// The supplier took back what had been delivered: the buyer is made whole (SETTLED 18).
void OrderChecks::check_reversals(const Order& order) {
  for (const auto& attempt : order.attempts) {
    if (attempt.state != AttemptState::reversed || attempt.loss_booked) continue;
    std::int64_t given_back = 0;
    for (const auto& refund : order.refunds)
      if (refund.purpose == RefundPurpose::reversal && refund.unit_no == attempt.unit_no)
        given_back += refund.amount_minor;
    // What the channel took from the shop for it, the buyer has already.
    std::int64_t taken = 0;
    for (const auto& charged : order.chargebacks) taken += charged.amount_minor;
    expect(given_back <= order.header.unit_price_minor &&
               given_back + taken >= order.header.unit_price_minor,
           "S10", "a reversed unit is not given back in full", order);
  }
}

// F28: some channels refuse two refunds of one payment at once.
void OrderChecks::check_refunds_in_turn(const Order& order) {
  FewSums<std::int32_t> under_way;
  for (const auto& refund : order.refunds)
    under_way.add(refund.payment_no, refund.call == domain::RefundCall::refund);
  for (const auto& [payment_no, count] : under_way)
    expect(count <= 1, "S16", "two refunds of one payment leave at once", order);
}

// The channel's own book has each refund that we believe in (S14, for the single refund).
void OrderChecks::check_refund_is_true(const Order& order, const domain::Refund& refund) {
  if (!refund.money_is_on_its_way() || refund.went_by_hand()) return;
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no - 1)];
  const Trade* trade = channels_.at(refund.channel)
                           ->find(domain::trade_ref(order.header.order_no, payment.intent_no));
  const auto known =
      trade == nullptr ? decltype(trade->refunds.end()){} : trade->refunds.find(refund.refund_ref);
  expect(trade != nullptr && known != trade->refunds.end() &&
             known->second.amount_minor == refund.amount_minor,
         "S14", "a refund that the channel does not have", order);
}

}  // namespace daozhang::sim
