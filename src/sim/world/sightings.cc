#include "sim/world/sightings.h"

#include <algorithm>

namespace daozhang::sim {
namespace {

using domain::AttemptState;
using domain::Order;
using domain::RefundPurpose;
using domain::RefundState;

void see_attempt(const domain::Attempt& before, const domain::Attempt& after, Record& record) {
  if (!before.disowned_at.is_set() && after.disowned_at.is_set())
    record.reached(Sometimes::disown_taken);
  if (after.attempt_no > 2 && before.attempt_no == 0) record.reached(Sometimes::attempt_3_used);
  if (before.state == after.state) return;
  switch (after.state) {
    case AttemptState::done:
      if (after.disowned_at.is_set()) record.reached(Sometimes::late_success_after_disown);
      if (after.cancel_asked) record.reached(Sometimes::cancel_lost);
      if (before.state == AttemptState::failed) record.reached(Sometimes::failed_then_done);
      break;
    case AttemptState::failed:
      if (after.disowned_at.is_set()) record.reached(Sometimes::late_failure_after_disown);
      break;
    case AttemptState::canceled:
      record.reached(Sometimes::cancel_won);
      break;
    case AttemptState::reversed:
      record.reached(Sometimes::supplier_reversed);
      break;
    case AttemptState::submitting:
      if (before.state == AttemptState::unknown)
        record.reached(Sometimes::resubmitted_after_not_found);
      break;
    default:
      break;
  }
}

void see_partial(domain::ProductKind kind, Record& record) {
  record.reached(Sometimes::partially_delivered);
  switch (kind) {
    case domain::ProductKind::secret:
      return record.reached(Sometimes::partial_secrets);
    case domain::ProductKind::topup:
      return record.reached(Sometimes::partial_topups);
    case domain::ProductKind::membership:
      return record.reached(Sometimes::partial_memberships);
  }
}

void see_refund(const domain::Refund& before, const domain::Refund& after, const Order& order,
                Record& record) {
  if (before.try_count < 3 && after.try_count >= 3) record.reached(Sometimes::refund_retried_3);
  if (before.state == RefundState::unknown && after.state == RefundState::decided)
    record.reached(Sometimes::refund_sent_again);
  if (before.state == RefundState::unknown && after.money_is_on_its_way())
    record.reached(Sometimes::refund_found_by_query);
  if (before.state == RefundState::refused && after.money_is_on_its_way())
    record.reached(Sometimes::refund_refused_then_accepted);
  if (after.problem == "not_confirmed" && before.problem != after.problem)
    record.reached(Sometimes::refund_not_confirmed);
  if (after.problem == "refund_window_over" && before.problem != after.problem)
    record.reached(Sometimes::refund_window_missed);
  if (after.state != RefundState::settled || before.state == RefundState::settled) return;
  if (after.went_by_hand()) record.reached(Sometimes::refund_given_by_hand);
  if (order.header.quarantine_reason.find("refund_not_settled") != std::string::npos &&
      !after.went_by_hand())
    record.reached(Sometimes::refund_found_in_books);
  if (order.is_lost()) record.reached(Sometimes::lost_order_given_back);
  if (after.purpose == RefundPurpose::shortfall) record.reached(Sometimes::shortfall_given_back);
  if (after.purpose != RefundPurpose::surplus) return;
  const auto& payment = order.payments[static_cast<std::size_t>(after.payment_no - 1)];
  record.reached(payment.applied_minor > 0 ? Sometimes::surplus_given_back
                                           : Sometimes::double_payment_returned);
}

void see_reason(const Order& before, const Order& after, std::string_view reason, Sometimes state,
                Record& record) {
  const auto has = [&](const Order& order) {
    return order.header.quarantine_reason.find(reason) != std::string::npos;
  };
  if (!has(before) && has(after)) record.reached(state);
}

template <class List, class See>
void see_each(const List* before, const List& after, See see) {
  static const typename List::value_type nothing{};
  for (std::size_t i = 0; i < after.size(); ++i)
    see(before != nullptr && i < before->size() ? (*before)[i] : nothing, after[i]);
}

void see_chargeback(const domain::Chargeback& before, const domain::Chargeback& after,
                    Record& record) {
  if (before.chargeback_no == 0 && after.chargeback_no != 0)
    record.reached(Sometimes::charged_back);
  if (before.state != after.state) record.reached(Sometimes::chargeback_returned);
}

void see_reversal(const Order& before, const Order& after, Record& record) {
  const auto is_there = [](const domain::Attempt& each) {
    return each.state == AttemptState::done;
  };
  for (std::size_t i = 0; i < before.attempts.size(); ++i) {
    if (!is_there(before.attempts[i]) || after.attempts[i].state != AttemptState::reversed)
      continue;
    const auto unit_no = after.attempts[i].unit_no;
    for (const auto& other : after.attempts)
      if (other.unit_no == unit_no && is_there(other))
        record.reached(Sometimes::one_of_two_successes_reversed);
  }
}

void see_money(const Order& before, const Order& after, Record& record) {
  const bool was_expired = before.is_expired();
  if (!before.is_paid() && after.is_paid()) {
    if (was_expired) record.reached(Sometimes::payment_after_expiry_delivered);
    if (after.payments.size() > 1 && after.payments.front().applied_minor < after.price_minor())
      record.reached(Sometimes::paid_short_then_rest);
  }
  if (!was_expired && !before.is_paid() && after.is_paid() && after.header.expired_at.is_set())
    record.reached(Sometimes::expired_and_paid_at_once);
  if (was_expired && after.payments.size() > before.payments.size() &&
      after.payments.back().source == domain::FactSource::query)
    record.reached(Sometimes::late_money_found_by_look);
  if (was_expired && !after.is_paid() && after.payments.size() > before.payments.size())
    record.reached(Sometimes::payment_after_expiry_refunded);
  if (was_expired && after.is_paid())
    for (const auto& unit : after.units)
      if (unit.reason == domain::UnitReason::out_of_stock)
        record.reached(Sometimes::payment_after_expiry_refunded);
}

}  // namespace

void see_rare_states(const ports::Commit& commit, Record& record) {
  static const Order nothing{};
  for (const auto& change : commit.orders) {
    const Order& before = change.before ? *change.before : nothing;
    const Order& after = *change.after;
    see_each(&before.attempts, after.attempts,
             [&](const auto& a, const auto& b) { see_attempt(a, b, record); });
    see_each(&before.refunds, after.refunds,
             [&](const auto& a, const auto& b) { see_refund(a, b, after, record); });
    see_each(&before.chargebacks, after.chargebacks,
             [&](const auto& a, const auto& b) { see_chargeback(a, b, record); });
    see_money(before, after, record);
    see_reversal(before, after, record);
    see_reason(before, after, "payment_not_told", Sometimes::payment_not_told, record);
    see_reason(before, after, "refund_not_settled", Sometimes::refund_not_settled, record);
    if (!before.header.quarantined && after.header.quarantined)
      record.reached(Sometimes::quarantined);
    if (before.header.state != after.header.state &&
        after.header.state == domain::OrderState::partially_delivered)
      see_partial(after.header.kind, record);
    for (std::size_t i = 0; i < before.units.size(); ++i)
      if (before.units[i].hold == domain::HoldState::held &&
          after.units[i].hold == domain::HoldState::released)
        record.reached(Sometimes::hold_released);
  }
  for (const auto& entry : commit.inbox) {
    if (entry.verdict == domain::InboxVerdict::refused) record.reached(Sometimes::notice_refused);
    if (entry.verdict == domain::InboxVerdict::asked) record.reached(Sometimes::notice_asked);
  }
}

}  // namespace daozhang::sim
