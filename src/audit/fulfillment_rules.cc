// Rules over an order's units, attempts and open calls.
#include <algorithm>
#include <string>

#include "audit/rules.h"
#include "domain/order/references.h"

namespace daozhang::audit {
namespace {

using domain::Attempt;
using domain::AttemptState;
using domain::EffectKind;
using domain::Order;
using domain::OrderState;
using domain::TransferReason;
using domain::UnitState;

std::int64_t units_in(const Order& order, UnitState state) {
  return std::ranges::count(order.units, state, &domain::Unit::state);
}

bool has_shortfall(const Order& order) {
  return std::ranges::any_of(order.refunds, [](const auto& refund) {
    return refund.purpose == domain::RefundPurpose::shortfall;
  });
}

// Whether the state of a whole order is one that its units allow.
bool state_fits(const Order& order) {
  const auto all = std::ssize(order.units);
  const auto delivered = units_in(order, UnitState::delivered);
  const auto failed = units_in(order, UnitState::failed);
  const bool paid_and_ended = order.is_paid() && delivered + failed == all;
  switch (order.header.state) {
    case OrderState::delivered:
      return order.is_paid() && delivered == all;
    case OrderState::partially_delivered:
      return paid_and_ended && delivered > 0 && failed > 0;
    case OrderState::given_back:
      return order.is_paid() ? failed == all : has_shortfall(order) && delivered + failed == 0;
    case OrderState::giving_back:
      return order.is_paid() ? paid_and_ended && failed > 0 : has_shortfall(order);
    case OrderState::paid:
    case OrderState::in_review:
    case OrderState::fulfilling:
      return order.is_paid() && delivered + failed < all;
    case OrderState::awaiting_payment:
    case OrderState::expired:
      return !order.is_paid() && delivered + failed == 0;
  }
  return false;
}

void check_states(const Story& story, Findings& findings) {
  const auto& order = story.order();
  findings.checked();
  if (order.units.empty() || std::ssize(order.units) != order.header.quantity)
    findings.violated(story.name(), "The order is for " + std::to_string(order.header.quantity) +
                                        " units and has " + std::to_string(order.units.size()) +
                                        ".");
  if (!state_fits(order))
    findings.violated(story.name(),
                      "The order is " + std::string(base::name_of(order.header.state)) + " with " +
                          std::to_string(units_in(order, UnitState::delivered)) +
                          " delivered and " + std::to_string(units_in(order, UnitState::failed)) +
                          " failed of " + std::to_string(order.units.size()) + " units.");
}

void check_one_open_attempt(const Story& story, const Order& order, Findings& findings) {
  for (std::size_t i = 0; i < order.attempts.size(); ++i) {
    const auto& attempt = order.attempts[i];
    if (!attempt.is_open()) continue;
    for (std::size_t later = i + 1; later < order.attempts.size(); ++later)
      if (order.attempts[later].unit_no == attempt.unit_no)
        findings.violated(story.name(), "Attempt " + std::to_string(later + 1) +
                                            " was made while attempt " + std::to_string(i + 1) +
                                            " of the same unit was open.");
  }
}

void check_attempts(const Story& story, Findings& findings) {
  const auto& order = story.order();
  std::size_t known = 0;
  each_step(story, [&](const Order&, const Order& after) {
    if (after.attempts.size() > known) check_one_open_attempt(story, after, findings);
    known = after.attempts.size();
  });
  for (const auto& attempt : order.attempts) {
    findings.checked();
    const std::string expected =
        domain::attempt_ref(story.name(), attempt.unit_no, attempt.attempt_no);
    if (attempt.reference != expected)
      findings.violated(story.name(), "Attempt " + std::to_string(attempt.attempt_no) +
                                          " is called " + attempt.reference + " and not " +
                                          expected + ".");
  }
}

bool succeeded(const Attempt& attempt) {
  return attempt.state == AttemptState::done || attempt.state == AttemptState::reversed;
}

// The success that delivered a unit is the one that is not booked as a loss.
void check_late_successes(const Story& story, Findings& findings) {
  const auto& order = story.order();
  for (const auto& attempt : order.attempts) {
    findings.checked();
    const auto losses = std::ranges::count_if(story.rows.transfers, [&](const auto& transfer) {
      return transfer.reason == TransferReason::late_supplier_success &&
             transfer.subject_no == attempt.attempt_no;
    });
    if (losses != (attempt.loss_booked ? 1 : 0) || (attempt.loss_booked && !succeeded(attempt)))
      findings.violated(story.name(), "Attempt " + std::to_string(attempt.attempt_no) + " has " +
                                          std::to_string(losses) + " late postings.");
  }
  if (order.header.kind == domain::ProductKind::secret) return;
  for (const auto& unit : order.units) {
    const auto successes = std::ranges::count_if(order.attempts, [&](const Attempt& attempt) {
      return attempt.unit_no == unit.unit_no && succeeded(attempt) && !attempt.loss_booked;
    });
    if (successes != (unit.state == UnitState::delivered ? 1 : 0))
      findings.violated(story.name(), "Unit " + std::to_string(unit.unit_no) + " is " +
                                          std::string(base::name_of(unit.state)) + " by " +
                                          std::to_string(successes) +
                                          " successes that are not booked as late.");
  }
}

bool is_outgoing(const Story& story, EffectKind kind, std::int32_t subject_no) {
  return std::ranges::any_of(story.rows.effects, [&](const domain::Effect& effect) {
    return effect.kind == kind && effect.subject_no == subject_no;
  });
}

void expect_outgoing(const Story& story, EffectKind kind, std::int32_t subject_no,
                     Findings& findings) {
  findings.checked();
  if (!is_outgoing(story, kind, subject_no))
    findings.violated(story.name(), "The call " + std::string(base::name_of(kind)) +
                                        " for number " + std::to_string(subject_no) +
                                        " is open and nobody will make it.");
}

EffectKind effect_of(domain::IntentCall call) {
  if (call == domain::IntentCall::create) return EffectKind::create_payment;
  return call == domain::IntentCall::query ? EffectKind::query_payment : EffectKind::close_payment;
}

EffectKind effect_of(domain::RefundCall call) {
  return call == domain::RefundCall::refund ? EffectKind::refund : EffectKind::query_refund;
}

EffectKind effect_of(domain::AttemptCall call) {
  if (call == domain::AttemptCall::submit) return EffectKind::submit_attempt;
  return call == domain::AttemptCall::query ? EffectKind::query_attempt
                                            : EffectKind::cancel_attempt;
}

void check_outbox(const Story& story, Findings& findings) {
  const auto& order = story.order();
  for (const auto& each : order.intents)
    if (each.call != domain::IntentCall::none)
      expect_outgoing(story, effect_of(each.call), each.intent_no, findings);
  for (const auto& each : order.attempts)
    if (each.call != domain::AttemptCall::none)
      expect_outgoing(story, effect_of(each.call), each.attempt_no, findings);
  for (const auto& each : order.refunds)
    if (each.call != domain::RefundCall::none)
      expect_outgoing(story, effect_of(each.call), each.refund_no, findings);
}

constexpr auto table = std::to_array<StoryRule>({
    {"S3", "an order's state is what its units say", check_states},
    {"S15",
     "a unit has one open attempt at most, and an attempt's reference follows from its place",
     check_attempts},
    {"S18", "each success of a supplier delivered a unit or is booked as late, once",
     check_late_successes},
    {"outbox", "each open call has its row in the outbox", check_outbox},
});

}  // namespace

std::span<const StoryRule> fulfillment_rules() { return table; }

}  // namespace daozhang::audit
