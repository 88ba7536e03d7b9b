// Money that the channel took back, and money that went to the buyer by hand: what no call of ours
// has moved, told by a person and posted once.
#include <algorithm>

#include "base/check.h"
#include "domain/order/decider.h"

namespace daozhang::domain {

std::int64_t Decider::kept_minor(const Payment& payment) const {
  std::int64_t kept = payment.amount_minor;
  for (const auto& each : order_.refunds)
    if (each.payment_no == payment.payment_no && !each.went_by_hand()) kept -= each.amount_minor;
  for (const auto& each : order_.chargebacks)
    if (each.payment_no == payment.payment_no && each.state == ChargebackState::taken)
      kept -= each.amount_minor;
  return kept;
}

base::Result<bool, ChargebackRefusal> Decider::charge_back(const ChargebackFact& fact,
                                                           std::string reason) {
  const auto is_meant = [&](const Payment& each) { return fact.payment.fits(each); };
  const auto paid = std::ranges::find_if(order_.payments, is_meant);
  if (paid == order_.payments.end()) return base::refuse(ChargebackRefusal::payment_unknown);
  if (std::ranges::count_if(order_.payments, is_meant) > 1)
    return base::refuse(ChargebackRefusal::payment_unclear);
  for (const auto& each : order_.chargebacks)
    if (each.payment_no == paid->payment_no && each.case_no == fact.case_no) {
      if (each.state == ChargebackState::returned)
        return base::refuse(ChargebackRefusal::case_returned);
      if (each.amount_minor == fact.amount_minor) return false;
      return base::refuse(ChargebackRefusal::case_differs);
    }
  // Before that its units may still fail, and what is owed for them would be owed twice.
  const bool is_open =
      order_.is_paid() ? !std::ranges::all_of(order_.units, &Unit::is_final) : !order_.is_expired();
  if (is_open) return base::refuse(ChargebackRefusal::order_open);
  if (fact.amount_minor <= 0 || fact.amount_minor > kept_minor(*paid))
    return base::refuse(ChargebackRefusal::more_than_kept);
  Chargeback next;
  next.partition = order_.header.partition;
  next.order_id = order_.header.order_id;
  next.chargeback_no = static_cast<std::int32_t>(order_.chargebacks.size()) + 1;
  next.payment_no = paid->payment_no;
  next.case_no = fact.case_no;
  next.amount_minor = fact.amount_minor;
  next.learned_at = now_;
  order_.chargebacks.push_back(next);
  because(std::move(reason));
  happened("charged_back");
  add_transfer(TransferReason::chargeback_taken, next.chargeback_no, account::chargeback_loss,
               account::channel_clearing(paid->channel), next.amount_minor);
  return true;
}

bool Decider::chargeback_returned(std::string_view case_no, const PaymentName& payment,
                                  std::string reason) {
  const auto is_meant = [&](const Chargeback& each) {
    const auto& paid = order_.payments[static_cast<std::size_t>(each.payment_no - 1)];
    return each.case_no == case_no && each.state == ChargebackState::taken &&
           (payment.trade_no.empty() || payment.fits(paid));
  };
  // One case may be about several payments of the order: then it is said which one was won.
  if (std::ranges::count_if(order_.chargebacks, is_meant) != 1) return false;
  const auto won = std::ranges::find_if(order_.chargebacks, is_meant);
  chargeback_machine.advance(won->state, ChargebackState::returned);
  won->returned_at = now_;
  won->flags_buyer = false;
  because(std::move(reason));
  happened("chargeback_returned");
  const auto& paid = order_.payments[static_cast<std::size_t>(won->payment_no - 1)];
  add_transfer(TransferReason::chargeback_returned, won->chargeback_no,
               account::channel_clearing(paid.channel), account::chargeback_loss,
               won->amount_minor);
  // What the supplier took back meanwhile was not given back, because the buyer had the money.
  for (const auto& each : order_.units)
    if (owed_for_reversal(each) > 0) quarantine("reversed_unit_owed");
  return true;
}

std::int64_t Decider::given_back_for_reversal(const Unit& reversed) const {
  std::int64_t given_back = 0;
  for (const auto& each : order_.refunds)
    if (each.purpose == RefundPurpose::reversal && each.unit_no == reversed.unit_no)
      given_back += each.amount_minor;
  return given_back;
}

std::int64_t Decider::owed_for_reversal(const Unit& reversed) const {
  const auto is_undone = [&reversed](const Attempt& each) {
    return each.unit_no == reversed.unit_no && each.state == AttemptState::reversed;
  };
  if (reversed.state != UnitState::delivered || done_attempt(reversed.unit_no) != nullptr ||
      std::ranges::none_of(order_.attempts, is_undone))
    return 0;
  std::int64_t owed = order_.header.unit_price_minor - given_back_for_reversal(reversed);
  for (const auto& each : order_.chargebacks)
    if (each.state == ChargebackState::taken) owed -= each.amount_minor;
  return owed;
}

bool Decider::forgive_buyer(std::string reason) {
  bool any = false;
  for (auto& each : order_.chargebacks) {
    any |= each.flags_buyer;
    each.flags_buyer = false;
  }
  if (!any) return false;
  because(std::move(reason));
  happened("buyer_forgiven");
  return true;
}

bool Decider::waits_for_person(const Refund& each) const {
  if (!order_.header.quarantined || each.call != RefundCall::none) return false;
  switch (each.state) {
    case RefundState::decided:  // Not accepted as promised, for a reason that was told.
      return !each.problem.empty() && is_over(each.accept_by);
    case RefundState::settled:
      return false;
    case RefundState::refused:
      return true;
    case RefundState::accepted:  // Stuck there, again and again not found, or not told of for long.
      return !each.problem.empty() || is_over(each.accepted_at + policy_.refund_settle_within);
    case RefundState::unknown:  // Asked about in vain, or the channel says no to each question.
      return is_unconfirmed(each) ||
             (policy_.terms_of(each.channel).idempotent_refund && is_over(each.accept_by));
  }
  UNREACHABLE();
}

bool Decider::refund_went_by_hand(std::int32_t refund_no, std::string reason) {
  if (refund_no < 1 || refund_no > std::ssize(order_.refunds)) return false;
  auto& each = refund(refund_no);
  if (!waits_for_person(each)) return false;
  const auto from = each.state == RefundState::accepted ? account::channel_clearing(each.channel)
                                                        : account::refund_payable(each.channel);
  if (each.state != RefundState::accepted)
    refund_machine.advance(each.state, RefundState::accepted);
  refund_machine.advance(each.state, RefundState::settled);
  each.accepted_at = {};
  each.settled_at = now_;
  each.next_try_at = {};
  because(std::move(reason));
  happened("refund_given_back_by_hand");
  add_transfer(TransferReason::given_back_by_hand, refund_no, from, account::given_back_by_hand,
               each.amount_minor);
  return true;
}

bool Decider::refund_found_in_books(std::int32_t refund_no, std::string reason) {
  if (refund_no < 1 || refund_no > std::ssize(order_.refunds)) return false;
  const auto& each = refund(refund_no);
  const bool can_be_asked = policy_.terms_of(each.channel).refund_query;
  const bool is_unsettled = each.state == RefundState::accepted &&
                            is_over(each.accepted_at + policy_.refund_settle_within);
  const bool is_untold = each.state == RefundState::unknown && !can_be_asked;
  if (!(is_unsettled || is_untold) || !waits_for_person(each)) return false;
  because(std::move(reason));
  refund_accepted(refund_no, true);
  return true;
}

}  // namespace daozhang::domain
