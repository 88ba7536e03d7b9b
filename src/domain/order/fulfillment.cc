// Units and attempts: how what was paid for arrives, and what happens when nobody knows.
#include <algorithm>

#include "base/check.h"
#include "domain/order/decider.h"
#include "domain/order/references.h"

namespace daozhang::domain {

Attempt* Decider::last_attempt(std::int32_t unit_no) {
  for (auto it = order_.attempts.rbegin(); it != order_.attempts.rend(); ++it)
    if (it->unit_no == unit_no) return &*it;
  return nullptr;
}

const Attempt* Decider::done_attempt(std::int32_t unit_no) const {
  const Attempt* found = nullptr;
  for (const auto& each : order_.attempts)
    if (each.unit_no == unit_no && each.state == AttemptState::done &&
        (found == nullptr || !each.loss_booked))
      found = &each;
  return found;
}

std::int32_t Decider::tries_of(std::int32_t unit_no) const {
  return static_cast<std::int32_t>(std::ranges::count(order_.attempts, unit_no, &Attempt::unit_no));
}

bool Decider::is_asked_about(std::int32_t unit_no) const {
  return std::ranges::any_of(order_.attempts, [&](const Attempt& each) {
    return each.unit_no == unit_no && each.call != AttemptCall::none;
  });
}

void Decider::progress_units() {
  if (order_.is_paid()) {
    for (auto& each : order_.units) {
      if (each.is_final()) continue;
      if (order_.is_lost())
        fail_unit(each, UnitReason::order_lost);
      else if (order_.header.kind == ProductKind::secret)
        deliver_secret(each);
      else
        progress_topup(each);
    }
  }
  for (auto& each : order_.attempts) progress_attempt(each);
}

// The vault is a supplier that answers at once: taken and given in one commit, so never taken and
// not given (C2).
void Decider::deliver_secret(Unit& each) {
  if (each.hold == HoldState::held) {
    out_.items.push_back({each.item(), ItemState::held, ItemState::issued, each.unit_no, {}});
  } else {
    const ItemKey item = shelf_.take();
    if (item.item_id.is_none()) return fail_unit(each, UnitReason::out_of_stock);
    each.item_partition = item.partition;
    each.item_id = item.item_id;
    out_.items.push_back({item, ItemState::available, ItemState::issued, each.unit_no, {}});
    happened("stock_taken_again");
  }
  hold_machine.advance(each.hold, HoldState::consumed);
  each.began_at = now_;
  deliver_unit(each, "");
}

void Decider::deliver_unit(Unit& each, std::string proof) {
  unit_machine.advance(each.state, UnitState::delivered);
  each.delivered_at = now_;
  each.proof = std::move(proof);
  forget_retries(each);
  happened("unit_delivered");
  add_transfer(TransferReason::unit_delivered, each.unit_no, account::escrow, account::revenue,
               order_.header.unit_price_minor);
}

void Decider::fail_unit(Unit& each, UnitReason reason) {
  unit_machine.advance(each.state, UnitState::failed);
  each.reason = reason;
  each.failed_at = now_;
  forget_retries(each);
  happened("unit_failed");
  refund_unit(each, RefundPurpose::unit);
}

void Decider::forget_retries(const Unit& each) {
  for (auto& attempt : order_.attempts)
    if (attempt.unit_no == each.unit_no && !attempt.is_open()) attempt.next_ask_at = {};
}

void Decider::progress_topup(Unit& each) {
  const auto& header = order_.header;
  Attempt* last = last_attempt(each.unit_no);
  if (last != nullptr && last->is_open()) {
    if (is_over(header.fulfill_by)) {
      disown(*last);
      fail_unit(each, UnitReason::deadline_missed);
    }
    return;
  }
  if (last != nullptr && !last->retry_can_help)
    return fail_unit(each, UnitReason::supplier_refused);
  // While a failed one is being asked about again, it may still turn out to be done (F32).
  const bool is_asked = is_asked_about(each.unit_no);
  if (is_over(is_asked ? header.fulfill_by : stop_at()))
    return fail_unit(each, UnitReason::deadline_missed);
  if (is_asked) return;
  if (tries_of(each.unit_no) >= policy_.attempts_max)
    return fail_unit(each, UnitReason::supplier_refused);
  // Late perhaps: nothing is given back for it, and nothing is bought either.
  if (now_ >= stop_at()) return;
  if (last == nullptr || now_ >= last->next_ask_at) begin_attempt(each);
}

void Decider::begin_attempt(Unit& each) {
  if (Attempt* last = last_attempt(each.unit_no)) last->next_ask_at = {};
  const auto& header = order_.header;
  Attempt next;
  next.partition = header.partition;
  next.order_id = header.order_id;
  next.attempt_no = static_cast<std::int32_t>(order_.attempts.size()) + 1;
  next.unit_no = each.unit_no;
  next.supplier = header.supplier;
  next.reference = attempt_ref(header.order_no, each.unit_no, next.attempt_no);
  next.state = AttemptState::submitting;
  next.call = AttemptCall::submit;
  next.intended_at = now_;
  order_.attempts.push_back(next);
  if (!each.began_at.is_set()) each.began_at = now_;
  unit_machine.advance(each.state, UnitState::fulfilling);
  happened("attempt_begun");
  add_effect(EffectKind::submit_attempt, next.attempt_no);
}

// Nobody needs it any more: a failed attempt turned out to be done, or time is nearly up.
bool Decider::wants_cancel(const Attempt& each) {
  const bool unwanted = unit(each.unit_no).is_final() && !each.disowned_at.is_set();
  return each.is_open() && terms_.cancel && !each.cancel_asked && (unwanted || is_over(stop_at()));
}

void Decider::progress_attempt(Attempt& each) {
  const bool cancels = wants_cancel(each);
  // Calls about one attempt come one after the other.
  if (cancels && each.call == AttemptCall::query)
    to_hurry_.push_back({EffectKind::query_attempt, each.attempt_no, false});
  if (each.call != AttemptCall::none) return;
  if (cancels) {
    each.cancel_asked = true;
    each.call = AttemptCall::cancel;
    each.next_ask_at = {};
    add_effect(EffectKind::cancel_attempt, each.attempt_no);
    return;
  }
  if (!each.is_open() || !each.next_ask_at.is_set() || now_ < each.next_ask_at) return;
  ask_attempt(each.attempt_no);
}

void Decider::ask_attempt(std::int32_t attempt_no) {
  auto& each = attempt(attempt_no);
  if (each.call == AttemptCall::query)
    to_hurry_.push_back({EffectKind::query_attempt, attempt_no, true});
  if (each.call != AttemptCall::none) return;
  // On a failed attempt it says when the next one may begin; a hint does not shorten that.
  if (each.is_open()) each.next_ask_at = {};
  each.call = AttemptCall::query;
  add_effect(EffectKind::query_attempt, attempt_no);
}

bool Decider::is_wanted(const Attempt& each) {
  return !unit(each.unit_no).is_final() && now_ < stop_at();
}

void Decider::ask_again_later(Attempt& each) {
  // Given back for, or delivered by another attempt.
  const auto& owner = unit(each.unit_no);
  const base::Instant unneeded_at = base::earlier_set(owner.failed_at, owner.delivered_at);
  const bool unneeded = unneeded_at.is_set();
  if (unneeded && now_ >= unneeded_at + policy_.disowned_ask_until) {
    each.next_ask_at = now_ + policy_.silent_supplier_ask;
    return quarantine("supplier_silent");
  }
  each.next_ask_at = now_ + back_off(policy_.attempt_ask_first,
                                     unneeded ? policy_.disowned_ask_max : policy_.attempt_ask_max,
                                     each.ask_count);
  ++each.ask_count;
}

// After a restart a copy may have left long after the intention: the horizon runs from the answer
// to the last one.
void Decider::note_sending(Attempt& each) {
  if (each.state == AttemptState::submitting) each.intended_at = now_;
}

void Decider::disown(Attempt& each) {
  each.disowned_at = now_;
  happened("attempt_disowned");
}

void Decider::attempt_accepted(std::int32_t attempt_no, std::string supplier_order_no) {
  auto& each = attempt(attempt_no);
  each.call = AttemptCall::none;
  if (!supplier_order_no.empty()) each.supplier_order_no = std::move(supplier_order_no);
  if (!each.is_open()) return;
  if (each.state != AttemptState::accepted) {
    note_sending(each);
    attempt_machine.advance(each.state, AttemptState::accepted);
    if (!each.accepted_at.is_set()) each.accepted_at = now_;
    each.ask_count = 0;
    happened("attempt_accepted");
  }
  ask_again_later(each);
}

void Decider::attempt_done(std::int32_t attempt_no, std::string supplier_order_no,
                           std::string proof, std::int64_t cost_minor) {
  auto& each = attempt(attempt_no);
  each.call = AttemptCall::none;
  if (each.state == AttemptState::done || each.state == AttemptState::reversed) return;
  attempt_machine.advance(each.state, AttemptState::done);
  each.ended_at = now_;
  each.next_ask_at = {};
  each.supplier_order_no = std::move(supplier_order_no);
  each.proof = std::move(proof);
  each.cost_minor = cost_minor;
  happened("attempt_done");
  auto& owner = unit(each.unit_no);
  // A success of an attempt that was declared failed can meet a newer open one (F32): the goods are
  // there, so the unit is delivered; what the newer one does as well is booked as a loss when it is
  // known.
  if (owner.is_final()) return book_late_success(each);
  if (owner.state == UnitState::waiting) unit_machine.advance(owner.state, UnitState::fulfilling);
  deliver_unit(owner, each.proof);
  if (each.cost_minor > 0)
    add_transfer(TransferReason::supplier_cost, each.attempt_no, account::cost_of_sales,
                 account::supplier_payable(each.supplier), each.cost_minor);
}

// A loss whose sum the supplier does not tell is the most that it can be.
std::int64_t Decider::booked_cost(const Attempt& each) const {
  const auto& header = order_.header;
  if (each.cost_minor > 0 || !each.loss_booked) return each.cost_minor;
  return header.cost_minor_max > 0 ? header.cost_minor_max : header.unit_price_minor;
}

void Decider::book_late_success(Attempt& each) {
  CHECK(!each.loss_booked);
  each.loss_booked = true;
  add_transfer(TransferReason::late_supplier_success, each.attempt_no, account::late_supplier_loss,
               account::supplier_payable(each.supplier), booked_cost(each));
  happened("late_supplier_success");
}

void Decider::attempt_failed(std::int32_t attempt_no, std::string reason, bool retry_can_help) {
  auto& each = attempt(attempt_no);
  each.call = AttemptCall::none;
  if (!each.is_open()) return;
  attempt_machine.advance(each.state, AttemptState::failed);
  each.ended_at = now_;
  each.reason = std::move(reason);
  each.retry_can_help = retry_can_help;
  each.next_ask_at = {};
  happened("attempt_failed");
  auto& owner = unit(each.unit_no);
  if (owner.is_final()) return;
  unit_machine.advance(owner.state, UnitState::waiting);
  if (retry_can_help)
    each.next_ask_at = now_ + back_off(policy_.attempt_retry_first, policy_.attempt_retry_max,
                                       tries_of(each.unit_no) - 1);
}

void Decider::attempt_canceled(std::int32_t attempt_no) {
  auto& each = attempt(attempt_no);
  each.call = AttemptCall::none;
  if (!each.is_open()) return;
  if (each.state == AttemptState::submitting)
    attempt_machine.advance(each.state, AttemptState::unknown);
  attempt_machine.advance(each.state, AttemptState::canceled);
  each.ended_at = now_;
  each.next_ask_at = {};
  happened("attempt_canceled");
  auto& owner = unit(each.unit_no);
  if (owner.is_final()) return;
  // Or the supplier thought better of it.
  fail_unit(owner, each.cancel_asked ? UnitReason::deadline_missed : UnitReason::supplier_refused);
}

void Decider::note_unknown(Attempt& each, std::string reason) {
  each.call = AttemptCall::none;
  each.reason = std::move(reason);
  if (!each.is_open() || each.state == AttemptState::unknown) return;
  note_sending(each);
  attempt_machine.advance(each.state, AttemptState::unknown);
  happened("attempt_unknown");
}

void Decider::attempt_unknown(std::int32_t attempt_no, std::string reason) {
  auto& each = attempt(attempt_no);
  // The answer to a question was lost, and takes nothing back: the supplier has it in hand.
  if (each.state == AttemptState::accepted)
    each.call = AttemptCall::none;
  else
    note_unknown(each, std::move(reason));
  if (each.is_open()) ask_again_later(each);
}

void Decider::attempt_not_found(std::int32_t attempt_no, std::string reason,
                                base::Instant asked_at) {
  auto& each = attempt(attempt_no);
  note_unknown(each, std::move(reason));
  if (!each.is_open()) return;
  const auto horizon = each.intended_at + terms_.in_flight_horizon;
  if (asked_at < horizon || !is_over(horizon)) return ask_again_later(each);
  if (terms_.idempotent ? !is_wanted(each) : unit(each.unit_no).is_final()) {
    // Past the horizon "not found" is an answer: it never happened, and nobody waits for it.
    attempt_failed(attempt_no, each.reason, true);
  } else if (terms_.idempotent && is_asked_about(each.unit_no)) {
    // An older one may turn out to be done (F32).
    ask_again_later(each);
  } else if (terms_.idempotent) {
    attempt_machine.advance(each.state, AttemptState::submitting);
    each.call = AttemptCall::submit;
    each.intended_at = now_;
    each.next_ask_at = {};
    add_effect(EffectKind::submit_attempt, attempt_no);
  } else {
    quarantine("supplier_lost_order");
    ask_again_later(each);
  }
}

void Decider::attempt_reversed(std::int32_t attempt_no, std::string reason) {
  auto& each = attempt(attempt_no);
  each.call = AttemptCall::none;
  each.reason = std::move(reason);
  if (each.state != AttemptState::done) {
    // It was done and undone before we saw it done: nothing arrived.
    if (each.is_open()) attempt_failed(attempt_no, each.reason, false);
    return;
  }
  attempt_machine.advance(each.state, AttemptState::reversed);
  happened("attempt_reversed");
  auto& owner = unit(each.unit_no);
  if (booked_cost(each) > 0)
    add_transfer(
        TransferReason::supplier_reversal, attempt_no, account::supplier_payable(each.supplier),
        each.loss_booked ? account::late_supplier_loss : account::cost_of_sales, booked_cost(each));
  if (owner.state != UnitState::delivered) return;
  // Of two that succeeded (F32) the goods of the other are there: they are what was paid for.
  if (const Attempt* other = done_attempt(each.unit_no))
    owner.proof = other->proof;
  else if (given_back_for_reversal(owner) == 0)
    refund_unit(owner, RefundPurpose::reversal);
  else if (owed_for_reversal(owner) > 0)
    quarantine("reversed_unit_owed");
}

}  // namespace daozhang::domain
