// Giving back: what is owed to whom, decided once, and followed until the channel has it.
#include <algorithm>

#include "base/check.h"
#include "domain/order/decider.h"
#include "domain/order/references.h"

namespace daozhang::domain {

// One that the unit can still go back with: a channel takes few refunds of one payment, and wants
// pauses between them.
Refund* Decider::unsent_refund(const Payment& payment, const Unit& failed) {
  for (auto& each : order_.refunds)
    if (each.payment_no == payment.payment_no && each.purpose == RefundPurpose::unit &&
        each.was_never_sent() && unit(each.unit_no).reason == failed.reason)
      return &each;
  return nullptr;
}

void Decider::add_to_refund(Refund& known, std::int32_t unit_no, std::int64_t amount_minor) {
  known.add_unit(unit_no);
  known.amount_minor += amount_minor;
  happened("refund_decided");
  add_transfer(TransferReason::refund_decided, known.refund_no, account::escrow,
               account::refund_payable(known.channel), amount_minor);
}

void Decider::decide_refund(const Payment& payment, RefundPurpose purpose, std::int32_t unit_no,
                            std::int64_t amount_minor) {
  CHECK(amount_minor > 0);
  Refund next;
  next.partition = order_.header.partition;
  next.order_id = order_.header.order_id;
  next.refund_no = static_cast<std::int32_t>(order_.refunds.size()) + 1;
  next.payment_no = payment.payment_no;
  next.purpose = purpose;
  next.unit_no = unit_no;
  next.refund_ref = refund_ref(order_.header.order_no, payment.payment_no, purpose, unit_no);
  next.channel = payment.channel;
  next.amount_minor = amount_minor;
  next.decided_at = now_;
  next.accept_by = now_ + policy_.refund_accept_within;
  next.next_try_at = now_;
  order_.refunds.push_back(next);
  happened("refund_decided");
  const auto& source = purpose == RefundPurpose::reversal ? account::revenue : account::escrow;
  add_transfer(TransferReason::refund_decided, next.refund_no, source,
               account::refund_payable(payment.channel), amount_minor);
}

std::int64_t Decider::left_of(const Payment& payment) const {
  std::int64_t left = payment.applied_minor;
  for (const auto& each : order_.refunds)
    if (each.payment_no == payment.payment_no && each.purpose != RefundPurpose::surplus)
      left -= each.amount_minor;
  for (const auto& each : order_.chargebacks)
    if (each.payment_no == payment.payment_no && each.state == ChargebackState::taken)
      left -= each.amount_minor;
  return left;
}

// A unit may have been paid for by several payments (paid short, then the rest): each gives back
// its part. What the channel took back already is not given a second time.
void Decider::refund_unit(const Unit& failed, RefundPurpose purpose) {
  std::int64_t left = order_.header.unit_price_minor;
  const auto payments = order_.payments;
  if (purpose == RefundPurpose::reversal) {
    // Nor what it took of one payment beside what had gone back of it already.
    std::int64_t kept = 0;
    for (const auto& payment : payments) kept += left_of(payment);
    left = std::clamp<std::int64_t>(kept, 0, left);
  }
  for (const auto& payment : payments) {
    const std::int64_t amount = std::min(left, left_of(payment));
    if (amount <= 0) continue;
    auto* known = purpose == RefundPurpose::unit ? unsent_refund(payment, failed) : nullptr;
    if (known != nullptr)
      add_to_refund(*known, failed.unit_no, amount);
    else
      decide_refund(payment, purpose, failed.unit_no, amount);
    left -= amount;
  }
  CHECK(left == 0 || !order_.chargebacks.empty());
}

namespace {

// Whether the channel may have it already, so that it is asked about and not sent.
bool is_to_be_asked(const Refund& refund) {
  return refund.state == RefundState::unknown || refund.state == RefundState::accepted;
}

}  // namespace

base::Instant Decider::refund_due_at(const Refund& each) const {
  if (each.call != RefundCall::none || each.state == RefundState::settled) return {};
  base::Instant due = each.next_try_at;
  if (!due.is_set() || is_to_be_asked(each)) return due;
  for (const auto& other : order_.refunds) {
    if (other.payment_no != each.payment_no || other.refund_no == each.refund_no) continue;
    if (other.call == RefundCall::refund) return {};
    // A lost answer, or one that only says "in progress", may be that of a refund that was taken.
    const base::Instant last = std::max(other.sent_at, other.accepted_at);
    if (last.is_set()) due = std::max(due, last + policy_.terms_of(each.channel).refund_spacing);
  }
  return due;
}

void Decider::progress_refund(Refund& each) {
  if (!each.money_is_on_its_way() && is_over(each.accept_by))
    quarantine_refund(each, "refund_not_accepted");
  const base::Instant due = refund_due_at(each);
  if (!due.is_set() || now_ < due) return;
  each.next_try_at = {};
  const auto& terms = policy_.terms_of(each.channel);
  const auto& paid = order_.payments[static_cast<std::size_t>(each.payment_no - 1)];
  const bool is_too_old = is_over(paid.learned_at + terms.refund_window);
  // One that left may have been taken in time, and not be told of yet.
  const bool may_be_there = terms.refund_query && each.sent_at.is_set() &&
                            !is_over(each.sent_at + policy_.refund_confirm_max);
  const bool ask = is_to_be_asked(each) || (is_too_old && may_be_there);
  // Not sooner than the channel knows it itself.
  if (ask && now_ < each.sent_at + policy_.refund_confirm_after) {
    each.next_try_at = each.sent_at + policy_.refund_confirm_after;
    return;
  }
  if (!ask && is_too_old) return end_after_window(each);
  each.call = ask ? RefundCall::query : RefundCall::refund;
  if (!ask) each.sent_at = now_;
  add_effect(ask ? EffectKind::query_refund : EffectKind::refund, each.refund_no);
}

// The channel would refuse it for ever: the money has to go back another way (F27).
void Decider::end_after_window(Refund& each) {
  each.problem = "refund_window_over";
  if (each.state == RefundState::decided) {
    refund_machine.advance(each.state, RefundState::refused);
    happened("refund_refused");
  }
  quarantine_refund(each, "refund_window_over");
}

void Decider::refund_accepted(std::int32_t refund_no, bool settled) {
  auto& each = refund(refund_no);
  each.call = RefundCall::none;
  if (each.state == RefundState::settled) return;
  each.absent_count = 0;
  if (!each.money_is_on_its_way()) {
    refund_machine.advance(each.state, RefundState::accepted);
    each.accepted_at = now_;
    each.try_count = 0;
    each.problem.clear();
    happened("refund_accepted");
    add_transfer(TransferReason::refund_accepted, refund_no, account::refund_payable(each.channel),
                 account::channel_clearing(each.channel), each.amount_minor);
  }
  if (!settled && policy_.terms_of(each.channel).refund_query) {
    each.next_try_at = now_ + policy_.refund_confirm_after;
    return;
  }
  refund_machine.advance(each.state, RefundState::settled);
  each.settled_at = now_;
  each.next_try_at = {};
  happened("refund_settled");
}

// D5: when it arrives is the channel's affair, and that it does not is a person's.
void Decider::note_unsettled(const Refund& each) {
  if (each.state == RefundState::accepted &&
      is_over(each.accepted_at + policy_.refund_settle_within))
    quarantine_refund(each, "refund_not_settled");
}

void Decider::refund_pending(std::int32_t refund_no) {
  auto& each = refund(refund_no);
  refund_accepted(refund_no, false);
  if (each.state != RefundState::accepted) return;
  each.problem.clear();
  note_unsettled(each);
  ++each.try_count;
  each.next_try_at =
      now_ + back_off(policy_.refund_confirm_after, policy_.refund_confirm_max, each.try_count);
}

void Decider::refund_unknown(std::int32_t refund_no, std::string problem) {
  auto& each = refund(refund_no);
  each.call = RefundCall::none;
  // Of one that is on its way a problem is what a person is to see to; a lost answer is none.
  if (!each.money_is_on_its_way()) each.problem = std::move(problem);
  if (each.state == RefundState::decided || each.state == RefundState::refused) {
    refund_machine.advance(each.state, RefundState::unknown);
    happened("refund_unknown");
    // From here on only questions count, not the sendings that were refused before.
    each.try_count = each.absent_count = 0;
  }
  note_unsettled(each);
  ++each.try_count;
  const bool is_sent_once = !policy_.terms_of(each.channel).idempotent_refund;
  if (is_sent_once && each.state == RefundState::unknown &&
      each.try_count >= policy_.refund_unknown_tries_max)
    quarantine_refund(each, "refund_unconfirmed");
  // Not sooner than the channel knows it itself.
  each.next_try_at = now_ + std::max(policy_.refund_confirm_after,
                                     back_off(policy_.refund_retry_first, policy_.refund_retry_max,
                                              each.try_count - 1));
}

void Decider::refund_not_found(std::int32_t refund_no) {
  auto& each = refund(refund_no);
  each.call = RefundCall::none;
  ++each.try_count;
  const auto delay =
      back_off(policy_.refund_retry_first, policy_.refund_retry_max, each.try_count - 1);
  if (each.state == RefundState::unknown && !policy_.terms_of(each.channel).idempotent_refund) {
    ++each.absent_count;
    // "Not there" may be "not there yet", and a second sending would be a second refund.
    quarantine_refund(each, "refund_unconfirmed");
    each.next_try_at =
        now_ + back_off(policy_.refund_confirm_after, policy_.refund_confirm_max, each.try_count);
    return;
  }
  if (each.state == RefundState::unknown) {
    // The same number again: whether the first call is still under way or was lost, it gives back
    // once (S16).
    refund_machine.advance(each.state, RefundState::decided);
    happened("refund_sent_again");
  }
  // It took the refund and again and again says that there is none: a person asks it.
  if (each.state == RefundState::accepted &&
      ++each.absent_count >= policy_.refund_confirm_tries_max) {
    each.problem = "not_confirmed";
    quarantine_refund(each, "refund_not_confirmed");
  }
  each.next_try_at = now_ + (each.state == RefundState::decided
                                 ? delay
                                 : back_off(policy_.refund_confirm_after,
                                            policy_.refund_confirm_max, each.try_count));
}

void Decider::refund_refused(std::int32_t refund_no, std::string problem, bool retry_later) {
  auto& each = refund(refund_no);
  each.call = RefundCall::none;
  if (each.money_is_on_its_way()) return;
  each.problem = std::move(problem);
  ++each.try_count;
  // Also a definite no is asked again with the same number, slowly: a person may have mended its
  // cause meanwhile.
  each.next_try_at =
      now_ + back_off(policy_.refund_retry_first,
                      retry_later ? policy_.refund_retry_max : policy_.refund_confirm_max,
                      each.try_count);
  // An earlier sending may have gone through; its repeat being refused proves nothing, so go on
  // asking.
  if (retry_later || each.state != RefundState::decided) return;
  refund_machine.advance(each.state, RefundState::refused);
  happened("refund_refused");
  quarantine_refund(each, "refund_refused");
}

void Decider::refund_stuck(std::int32_t refund_no, std::string problem) {
  auto& each = refund(refund_no);
  each.call = RefundCall::none;
  if (each.state == RefundState::settled) return;
  // It has taken it: whatever becomes of it does so there.
  refund_accepted(refund_no, false);
  if (each.state == RefundState::settled) return;
  each.problem = std::move(problem);
  ++each.try_count;
  // Asked on, slowly: whoever mends it at the channel is found out by that.
  each.next_try_at = now_ + policy_.refund_confirm_max;
  quarantine_refund(each, "refund_stuck");
}

bool Decider::is_unconfirmed(const Refund& each) const {
  return each.state == RefundState::unknown && each.call == RefundCall::none &&
         !policy_.terms_of(each.channel).idempotent_refund &&
         (each.absent_count > 0 || each.try_count >= policy_.refund_unknown_tries_max);
}

bool Decider::send_refund_again(std::int32_t refund_no, std::string reason) {
  if (refund_no < 1 || refund_no > std::ssize(order_.refunds)) return false;
  auto& each = refund(refund_no);
  const bool is_idempotent = policy_.terms_of(each.channel).idempotent_refund;
  if (each.state != RefundState::unknown || each.call != RefundCall::none) return false;
  if (!is_idempotent && !is_unconfirmed(each)) return false;
  refund_machine.advance(each.state, RefundState::decided);
  each.try_count = each.absent_count = 0;
  each.next_try_at = now_;
  because(std::move(reason));
  happened("refund_sent_again");
  return true;
}

void Decider::ask_refund(std::int32_t refund_no) {
  auto& each = refund(refund_no);
  // What comes while it is being asked about is asked about behind the answer.
  if (is_to_be_asked(each)) each.next_try_at = now_;
}

}  // namespace daozhang::domain
