// What was promised to the buyer, and what an order may not forget when it comes to rest.
#include <algorithm>

#include "domain/order/references.h"
#include "sim/checkers/order_checks.h"

namespace daozhang::sim {

using domain::AttemptState;
using domain::Order;
using domain::RefundPurpose;
using domain::UnitState;

namespace {

FewSums<std::int32_t> given_back_for_reversals(const Order& order) {
  FewSums<std::int32_t> given_back;
  for (const auto& refund : order.refunds)
    if (refund.purpose == RefundPurpose::reversal)
      given_back.add(refund.unit_no, refund.amount_minor);
  return given_back;
}

}  // namespace

void OrderChecks::check_promises(const Order& before, const Order& after) {
  check_promised_moment(before, after);
  check_reveals(after);
  check_reversals(before, after);
  check_refunds_in_turn(after);
  check_refunds_stay(before, after);
  if (after.is_expired())
    for (const auto& unit : after.units)
      expect(unit.hold != domain::HoldState::held, "S21", "an expired order keeps its stock",
             after);
  // Whoever looks into it: as long as it can be paid, what it holds is its own (S4, S21).
  for (std::size_t i = 0; i < before.units.size() && !after.is_expired(); ++i)
    expect(before.units[i].hold != domain::HoldState::held ||
               after.units[i].hold != domain::HoldState::released,
           "S21", "an order that can still be paid lost its stock", after);
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

// What the channel may have been told is what it is told for ever.
void OrderChecks::check_refunds_stay(const Order& before, const Order& after) {
  for (std::size_t i = 0; i < before.refunds.size(); ++i) {
    const auto& was = before.refunds[i];
    const auto& is = after.refunds[i];
    const bool may_grow = was.state == domain::RefundState::decided && !was.sent_at.is_set();
    expect(may_grow || (was.amount_minor == is.amount_minor && was.more_units == is.more_units),
           "S16", "a refund changed after it was sent", after);
    expect(was.amount_minor <= is.amount_minor, "S16", "a refund became less", after);
  }
}

void OrderChecks::check_reveals(const Order& order) {
  for (const auto& unit : order.units)
    expect(!unit.revealed_at.is_set() || unit.state == UnitState::delivered, "S21",
           "a secret was shown before it was delivered", order);
}

// The supplier took back what had been delivered: the buyer is made whole (SETTLED 18), and for
// nothing else.
void OrderChecks::check_reversals(const Order& before, const Order& after) {
  // What the channel takes from the shop for it, the buyer has.
  std::int64_t taken = 0;
  for (const auto& charged : after.chargebacks)
    if (charged.state == domain::ChargebackState::taken) taken += charged.amount_minor;
  const auto given_back = given_back_for_reversals(after);
  const auto given_before = given_back_for_reversals(before);
  FewSums<std::int32_t> reversed;
  FewSums<std::int32_t> news;
  FewSums<std::int32_t> stays;       // Whose goods the buyer still has.
  FewSums<std::int32_t> has_stayed;  // And had before.
  for (std::size_t i = 0; i < after.attempts.size(); ++i) {
    const auto& attempt = after.attempts[i];
    const bool was = i < before.attempts.size() && before.attempts[i].state == attempt.state;
    const bool is_reversed = attempt.state == AttemptState::reversed;
    const bool is_done = attempt.state == AttemptState::done;
    reversed.add(attempt.unit_no, is_reversed);
    news.add(attempt.unit_no, is_reversed && !was);
    stays.add(attempt.unit_no, is_done);
    has_stayed.add(attempt.unit_no, is_done && was);
  }
  for (const auto& unit : after.units) {
    if (unit.state != UnitState::delivered || reversed.of(unit.unit_no) == 0) continue;
    const auto given = given_back.of(unit.unit_no);
    const auto gave = given_before.of(unit.unit_no);
    const auto owed = after.header.unit_price_minor - given - taken;
    // Of what was given a part for before, a person gives the rest.
    expect(owed <= 0 || stays.of(unit.unit_no) > 0 || news.of(unit.unit_no) == 0 || gave > 0, "S10",
           "a reversed unit is not given back in full", after);
    // A dispute that was won meanwhile: the shop has the money again, and a person gives it back.
    expect(owed <= 0 || stays.of(unit.unit_no) > 0 || after.header.quarantined, "S10",
           "a reversed unit is owed, and nobody is told", after);
    expect(given == gave || has_stayed.of(unit.unit_no) == 0, "S10",
           "given back though another attempt's goods are there", after);
  }
  for (const auto& [unit_no, sum] : given_back)
    expect(reversed.of(unit_no) > 0, "S10", "given back for a reversal that was none", after);
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
  if (refund.state != domain::RefundState::settled) return;
  expect(!policy_.terms_of(refund.channel).refund_query || trade == nullptr ||
             known == trade->refunds.end() || known->second.is_told_as_ended,
         "S14", "a refund ended before the channel said so", order);
}

}  // namespace daozhang::sim
