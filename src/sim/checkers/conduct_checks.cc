// How the shop goes about it: what came counts for what was asked, suppliers are tried in time,
// with patience and no longer than there is need, refunds keep their distance, and people are told
// of what only they can end.
#include <algorithm>

#include "sim/checkers/order_checks.h"

namespace daozhang::sim {

using domain::Attempt;
using domain::AttemptCall;
using domain::AttemptState;
using domain::Order;
using domain::RefundPurpose;
using domain::RefundState;
using domain::UnitState;

namespace {

// They are asked about each hour by then, and the answer may be lost, or the shop out of service.
constexpr base::Duration told_within = base::hours(6);

// What of the price has come and stays.
std::int64_t escrow_of(const Order& order) {
  std::int64_t sum = 0;
  for (const auto& payment : order.payments) sum += payment.applied_minor;
  for (const auto& refund : order.refunds)
    if (refund.purpose == RefundPurpose::shortfall) sum -= refund.amount_minor;
  return sum;
}

// Whether an answer about it counted in this commit.
bool is_answered(const ports::Commit& commit, const Order& order, const Attempt& attempt) {
  return std::ranges::any_of(commit.effects_ended, [&](const domain::Effect& ended) {
    return ended.order() == order.key() && ended.subject_no == attempt.attempt_no &&
           ended.kind == domain::EffectKind::query_attempt;
  });
}

}  // namespace

void OrderChecks::check_conduct(const Order& before, const Order& after,
                                const ports::Commit& commit) {
  const base::Instant now = commit.now;
  check_money_counts(before, after);
  for (std::size_t i = before.attempts.size(); i < after.attempts.size(); ++i)
    check_begun(before, after, after.attempts[i], commit);
  check_given_up(before, after, commit);
  check_refunds_are_spaced(before, after, now);
  check_person_is_told(after, now);
  check_questions_are_near(before, after, now);
  check_flags(before, after);
  check_moments(before, after, now);
}

// What is reported about lateness is read from these: they say when it was, not when it should have
// been.
void OrderChecks::check_moments(const Order& before, const Order& after, base::Instant now) {
  bool is_true = true;
  const auto look = [&](base::Instant was, base::Instant is) {
    is_true = is_true && (is == was || is == now || !is.is_set());
  };
  for (std::size_t i = 0; i < std::min(before.units.size(), after.units.size()); ++i) {
    look(before.units[i].delivered_at, after.units[i].delivered_at);
    look(before.units[i].failed_at, after.units[i].failed_at);
  }
  for (std::size_t i = 0; i < after.refunds.size(); ++i) {
    const auto known = i < before.refunds.size() ? before.refunds[i] : domain::Refund{};
    look(known.decided_at, after.refunds[i].decided_at);
    look(known.accepted_at, after.refunds[i].accepted_at);
    look(known.settled_at, after.refunds[i].settled_at);
  }
  for (std::size_t i = before.payments.size(); i < after.payments.size(); ++i)
    look({}, after.payments[i].learned_at);
  expect(is_true, "L1", "a moment is written down at which nothing happened", after);
}

// Somebody forgives a buyer all of an order, and else an open dispute flags him.
void OrderChecks::check_flags(const Order& before, const Order& after) {
  const bool may_be_forgiven =
      std::ranges::none_of(after.chargebacks, &domain::Chargeback::flags_buyer);
  for (std::size_t i = 0; i < after.chargebacks.size(); ++i) {
    const auto& charged = after.chargebacks[i];
    const bool is_open = charged.state == domain::ChargebackState::taken;
    const bool is_new = i >= before.chargebacks.size();
    const bool was_flagging = !is_new && before.chargebacks[i].flags_buyer;
    expect(is_open || !charged.flags_buyer, "F19", "a dispute that was won flags its buyer", after);
    expect(!is_open || charged.flags_buyer || (!is_new && (may_be_forgiven || !was_flagging)),
           "F19", "an open dispute does not flag its buyer", after);
  }
}

// Whoever paid a part is asked for the rest, and the whole price counts whenever it comes
// (SETTLED 14).
void OrderChecks::check_money_counts(const Order& before, const Order& after) {
  if (before.is_paid() || before.is_lost()) return;
  const auto owed = before.price_minor() - escrow_of(before);
  const bool is_alone = after.payments.size() == before.payments.size() + 1;
  for (std::size_t i = before.payments.size(); i < after.payments.size(); ++i)
    expect(!is_alone || after.payments[i].amount_minor < owed || after.is_paid(), "S8",
           "the whole price came and did not count", after);
  const bool is_as_before = after.payments.size() == before.payments.size();
  for (std::size_t i = before.intents.size(); i < after.intents.size(); ++i)
    expect(!is_as_before || after.intents[i].amount_minor == owed, "S23",
           "another sum is asked for than is owed", after);
}

// F32: one that had failed may turn out to be done. As long as it is being asked about and there is
// time, a unit that could do with another try is not given up.
void OrderChecks::check_given_up(const Order& before, const Order& after,
                                 const ports::Commit& commit) {
  for (std::size_t i = 0; i < before.units.size(); ++i) {
    const auto& unit = after.units[i];
    const bool is_given_up = !before.units[i].is_final() && unit.state == UnitState::failed;
    if (!is_given_up || commit.now >= after.header.fulfill_by) continue;
    const Attempt* last = nullptr;
    for (const auto& each : after.attempts)
      if (each.unit_no == unit.unit_no) last = &each;
    if (last == nullptr || last->state != AttemptState::failed || !last->retry_can_help) continue;
    for (std::size_t place = 0; place < before.attempts.size(); ++place) {
      const auto& was = before.attempts[place];
      if (was.unit_no != unit.unit_no || was.is_open() || was.call == AttemptCall::none) continue;
      const auto& is = after.attempts[place];
      expect(is_answered(commit, after, is) && is.state != AttemptState::done, "S18",
             "a unit is given up while an attempt is being asked about", after);
    }
  }
}

void OrderChecks::check_begun(const Order& before, const Order& order, const Attempt& begun,
                              const ports::Commit& commit) {
  const auto& header = order.header;
  const auto is_before = [&](const Attempt& each) {
    return each.unit_no == begun.unit_no && each.attempt_no < begun.attempt_no;
  };
  for (const auto& each : order.attempts) {
    if (!is_before(each)) continue;
    // What is asked about in the commit that begins the next may have been asked about after that.
    const auto place = static_cast<std::size_t>(each.attempt_no - 1);
    const bool was_asked_about = place < before.attempts.size() &&
                                 before.attempts[place].call != AttemptCall::none &&
                                 !is_answered(commit, order, each);
    expect(!was_asked_about || each.call == AttemptCall::none, "S15",
           "an attempt begins while the one before is being asked about", order);
    expect(begun.intended_at >= each.ended_at + policy_.attempt_retry_first, "S32",
           "an attempt follows the one before at once", order);
  }
  const auto tries = std::ranges::count(order.attempts, begun.unit_no, &Attempt::unit_no);
  expect(tries <= policy_.attempts_max, "S32", "more attempts than the shop makes", order);
  expect(begun.intended_at < header.fulfill_by - policy_.cancel_before(header.promise_seconds),
         "L1", "an attempt begins when its time is over", order);
}

// Whatever asks for it, a restart too: nothing is bought for a unit that has ended, or at the end
// of its time.
void OrderChecks::check_bought(const ports::Commit& commit, const domain::Effect& effect) {
  if (effect.kind != domain::EffectKind::submit_attempt) return;
  const auto change = std::ranges::find(commit.orders, effect.order(),
                                        [](const auto& each) { return each.after->key(); });
  if (change == commit.orders.end()) return;
  const Order& after = *change->after;
  const auto& attempt = after.attempts.at(static_cast<std::size_t>(effect.subject_no - 1));
  const auto place = static_cast<std::size_t>(attempt.unit_no - 1);
  const auto known = orders_.find(effect.order());
  expect(known == orders_.end() || !known->second.units.at(place).is_final(), "S18",
         "bought for a unit that has ended", after);
  expect(commit.now < after.header.fulfill_by, "S18", "bought when its time is over", after);
}

void OrderChecks::check_refunds_are_spaced(const Order& before, const Order& after,
                                           base::Instant now) {
  for (std::size_t i = 0; i < after.refunds.size(); ++i) {
    const auto& sent = after.refunds[i];
    const auto was = i < before.refunds.size() ? before.refunds[i].call : domain::RefundCall::none;
    if (sent.call == was) continue;
    expect(sent.call != domain::RefundCall::query ||
               now >= sent.sent_at + policy_.refund_confirm_after,
           "F23", "a refund is asked about before its channel can know of it", after);
    if (sent.call != domain::RefundCall::refund) continue;
    const auto spacing = policy_.terms_of(sent.channel).refund_spacing;
    // What was accepted in the commit that sends it may have been heard after that.
    for (const auto& other : before.refunds)
      expect(other.payment_no != sent.payment_no || other.refund_no == sent.refund_no ||
                 now >= std::max(other.sent_at, other.accepted_at) + spacing,
             "F28", "two refunds of one payment leave too soon after each other", after);
  }
}

// Whatever a person did stands in the history with his reason.
void OrderChecks::check_reason(const domain::Event& event, const Order& order) {
  const std::string_view body = event.body;
  const auto what = body.find(R"("what":[)");
  const bool is_of_staff = body.substr(0, what).find("staff:") != std::string_view::npos;
  const bool has_reason = body.substr(body.find(']', what)).starts_with(R"(],"reason":")");
  expect(!is_of_staff || has_reason, "S30", "a person did something without a reason", order);
}

// L1 to L3: whoever waits for an answer from outside is asked again within these. A commit says it
// of what it decided anew; a slow node's time may lie before that of others.
void OrderChecks::check_questions_are_near(const Order& before, const Order& order,
                                           base::Instant now) {
  const auto is_new = [](const auto& list, std::size_t i, auto asked_at, const auto& each) {
    return i >= list.size() || list[i].*asked_at != each.*asked_at;
  };
  for (std::size_t i = 0; i < order.intents.size(); ++i) {
    const auto& each = order.intents[i];
    const bool waits = each.state == domain::IntentState::ready &&
                       each.call == domain::IntentCall::none && !each.waits_for_payer();
    expect(!waits || !is_new(before.intents, i, &domain::Intent::next_ask_at, each) ||
               each.next_ask_at <= now + base::minutes(5),
           "L2", "an open payment is asked about too seldom", order);
  }
  for (std::size_t i = 0; i < order.attempts.size(); ++i) {
    const auto& each = order.attempts[i];
    const auto& unit = order.units[static_cast<std::size_t>(each.unit_no - 1)];
    const bool waits = each.is_open() && each.call == AttemptCall::none && !unit.is_final();
    expect(!waits || !is_new(before.attempts, i, &Attempt::next_ask_at, each) ||
               each.next_ask_at <= now + base::minutes(1),
           "L1", "an attempt is asked about too seldom", order);
  }
  for (std::size_t i = 0; i < order.refunds.size(); ++i) {
    const auto& each = order.refunds[i];
    const bool waits = each.state != RefundState::settled && each.call == domain::RefundCall::none;
    expect(!waits || !is_new(before.refunds, i, &domain::Refund::next_try_at, each) ||
               each.next_try_at <= now + base::hours(1),
           "L3", "a refund is looked after too seldom", order);
  }
}

// What only a person can end (reference FAULTS F25 to F27, F34).
void OrderChecks::check_person_is_told(const Order& order, base::Instant now) {
  // Each refund by its own number, as far as one digit goes.
  const auto told = [&](const domain::Refund& refund, std::string reason) {
    if (refund.refund_no > 1)
      reason += ":" + (refund.refund_no > 9 ? "more" : std::to_string(refund.refund_no));
    return order.header.quarantined &&
           ("," + order.header.quarantine_reason + ",").find("," + reason + ",") !=
               std::string::npos;
  };
  for (const auto& refund : order.refunds) {
    const bool is_refused = refund.state == RefundState::refused;
    expect(!is_refused || told(refund, "refund_refused") || told(refund, "refund_window_over"),
           "L3", "a refund was refused, and nobody is told", order);
    const bool is_stuck = refund.state == RefundState::accepted && !refund.problem.empty();
    expect(!is_stuck || told(refund, "refund_stuck") || told(refund, "refund_not_confirmed"), "L3",
           "a refund is stuck at the channel, and nobody is told", order);
    const bool is_lost = refund.state == RefundState::unknown &&
                         !policy_.terms_of(refund.channel).idempotent_refund &&
                         refund.try_count >= policy_.refund_unknown_tries_max;
    expect(!is_lost || told(refund, "refund_unconfirmed"), "L3",
           "what became of a refund only a person finds out, and nobody is told", order);
    const bool drags_on = refund.state == RefundState::accepted &&
                          now > refund.accepted_at + policy_.refund_settle_within + told_within;
    expect(!drags_on || told(refund, "refund_not_settled"), "L3",
           "a refund is under way for too long, and nobody is told", order);
  }
  for (const auto& intent : order.intents)
    expect(intent.settled_at.is_set() || order.header.quarantined ||
               now < intent.expires_at + policy_.silent_channel_after + told_within,
           "L2", "a channel is silent for long, and nobody is told", order);
}

}  // namespace daozhang::sim
