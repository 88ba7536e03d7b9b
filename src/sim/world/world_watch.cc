// What is looked at after every commit of a run, and what a crash hit.
#include <algorithm>

#include "domain/order/references.h"
#include "sim/checkers/truth_audit.h"
#include "sim/world/sightings.h"
#include "sim/world/world.h"

namespace daozhang::sim {
namespace {

using domain::EffectKind;

constexpr std::int64_t whole_set_every = 1'000;
constexpr std::int64_t due_every = 16;
// Lane latency, batches that are tried again, and a commit that waits for its turn.
constexpr base::Duration deadline_grace = base::seconds(2);
// And the calls that have to be answered before one is called off.
constexpr base::Duration call_off_grace = base::seconds(30);

bool changed_nothing(const engine::Command& command, const engine::Answer& answer) {
  if (answer.refusal != engine::Refusal::none) return true;
  // Nor was an answer without news, which may have been held against an order that is out of date.
  const bool may_repeat = std::holds_alternative<engine::ChargeBack>(command.body) ||
                          std::holds_alternative<engine::PaymentAnswered>(command.body) ||
                          std::holds_alternative<engine::SupplierAnswered>(command.body);
  if (may_repeat) return answer.repeated;
  return std::holds_alternative<engine::TakeNotice>(command.body) &&
         answer.verdict != domain::InboxVerdict::applied &&
         answer.verdict != domain::InboxVerdict::asked;
}

bool contains(const std::vector<EffectKind>& kinds, EffectKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

void World::note_crash_before_commit(const Node& node) {
  auto& record = scene_.record;
  const auto& watched = *node.watched;
  if (watched.placed()) record.reached(Sometimes::crash_before_place_commit);
  if (watched.paid()) record.reached(Sometimes::crash_before_paid_commit);
  if (contains(watched.effects_added(), EffectKind::submit_attempt))
    record.reached(Sometimes::crash_before_submit_commit);
  if (contains(watched.effects_added(), EffectKind::refund))
    record.reached(Sometimes::crash_before_refund_commit);
  if (contains(watched.effects_ended(), EffectKind::submit_attempt))
    record.reached(Sometimes::crash_before_result_commit);
}

void World::note_crash_after_commit(const Node& node) {
  auto& record = scene_.record;
  const auto& watched = *node.watched;
  if (contains(watched.effects_added(), EffectKind::submit_attempt))
    record.reached(Sometimes::crash_after_submit_commit);
  if (contains(watched.effects_added(), EffectKind::refund))
    record.reached(Sometimes::crash_after_refund_commit);
  if (contains(watched.effects_ended(), EffectKind::submit_attempt))
    record.reached(Sometimes::crash_after_result_commit);
}

void World::witness(Node& node, const ports::Commit& commit) {
  for (const auto& change : commit.orders) {
    node.committed.insert(change.after->key());
    check_doubt(node, commit.now, change.before, *change.after);
    check_late_refunds(node, commit.now, change.before, *change.after);
    check_refund_window(node, commit, *change.after);
  }
  note_taken(node, commit);
  see(commit);
  check_wants(node, commit);
}

// The engine finds it as long as it tries; in a later step, and if others act before it looks, what
// was decided is known to nobody.
void World::witness_late(Node& node, const ports::Commit& commit, bool in_its_step) {
  out_of_service_ = out_of_service_ + (scene_.now() - commit.now);
  const bool is_looked_for = in_its_step && pauses_ == 0;
  if (!is_looked_for) model_.reset();
  for (const auto& change : commit.orders)
    if (is_looked_for) node.committed.insert(change.after->key());
  see(commit);
}

void World::see(const ports::Commit& commit) {
  tell_owners(commit);
  if (!commit.orders.empty()) staff_->start();
  checks_.see(commit);
  payers_.committed(commit);
  for (const auto& change : commit.orders) pages_.pushed(*change.after, scene_.now());
  note_stock(commit);
  shadow_.see(commit);
  transitions_.see(commit);
  see_rare_states(commit, scene_.record);
  check_deadlines(commit);
  for (const auto& change : commit.orders) check_silent_supplier(change.before, *change.after);
  if (++commits_ % due_every == 0) check_nobody_starves();
  if (commits_ % whole_set_every == 0) check_whole_set(*store_, checks_, shadow_, scene_.record);
}

// In place of looking into the store every second: whoever owns a partition is told of what others
// committed there.
void World::tell_owners(const ports::Commit& commit) {
  if (nodes_.size() == 1) return;
  for (auto& node : nodes_) {
    if (!node->engine) continue;
    for (const auto& change : commit.orders)
      if (node->engine->owned().contains(change.after->header.partition) &&
          change.after->header.due_at.is_set())
        node->engine->look_by(change.after->header.due_at);
    for (const auto& effect : commit.effects_added)
      if (node->engine->owned().contains(effect.partition))
        node->engine->look_by(effect.decided_at + settings_.call_left_after);
    plan_wake(*node);
  }
}

// The second oracle hears what was decided and must come to the same rows. Not even time passes for
// an order when its command was refused or told nothing new.
void World::tell_model(Node& node, const engine::Step& step, base::Instant began) {
  if (!model_) return;
  // Committed, the answer lost, and the process died or gave up before it could look it up: what
  // was decided is known to nobody any more.
  const auto is_told = [&](const domain::OrderKey& key) {
    return std::ranges::any_of(step.changed,
                               [&](const auto& order) { return order->key() == key; });
  };
  if (!std::ranges::all_of(node.committed, is_told)) return model_.reset();
  const auto before = step.answers.size() - step.decided.size();  // The answer of an import.
  for (std::size_t i = 0; i < step.decided.size(); ++i) {
    const auto& command = step.decided[i];
    const auto& answer = step.answers[before + i];
    if (changed_nothing(command, answer)) continue;
    const auto* by_hand = std::get_if<engine::AskByHand>(&command.body);
    const bool is_told_of =
        answer.reason == "order_lost" || (by_hand != nullptr && !by_hand->channel.empty() &&
                                          answer.order != nullptr && answer.order->is_lost());
    const bool is_made = std::holds_alternative<engine::PlaceOrder>(command.body) || is_told_of;
    model_->decided(command, began, node.trust == domain::TimeTrust::trusted,
                    is_made ? std::optional(answer.order->key()) : std::nullopt);
  }
  for (const auto& key : node.committed)
    if (const auto difference = model_->compare(checks_.orders().at(key)))
      scene_.record.violated("model", *difference, key);
}

// L1 by arithmetic: whatever happens outside, a unit ends at the promised moment, except for time
// in which the shop itself was out of service.
void World::check_deadlines(const ports::Commit& commit) {
  for (const auto& change : commit.orders) {
    if (change.before == nullptr || !change.before->is_paid() || doubtful_since_.is_set()) continue;
    const auto& order = *change.after;
    check_called_off(*change.before, order);
    const auto latest = order.header.fulfill_by + out_of_service_ + deadline_grace;
    for (std::size_t i = 0; i < order.units.size(); ++i)
      if (order.units[i].is_final() && !change.before->units[i].is_final() && scene_.now() > latest)
        scene_.record.violated("L1", "a unit ended after its deadline", order.key());
  }
}

// A failed attempt turned out to be done while the next was open: that one is called off, at once
// or, where the node that made its call has died, when another has taken that over. So is what is
// still open when its time is nearly up, within the one call that may be on its way then.
void World::check_called_off(const domain::Order& before, const domain::Order& after) {
  const auto terms = settings_.suppliers.find(after.header.supplier);
  if (terms == settings_.suppliers.end() || !terms->second.cancel) return;
  for (std::size_t i = 0; i < before.attempts.size(); ++i) {
    const auto& attempt = after.attempts[i];
    const auto& unit = after.units[static_cast<std::size_t>(attempt.unit_no - 1)];
    const bool is_given_up =
        attempt.disowned_at.is_set() && !before.attempts[i].disowned_at.is_set();
    if (is_given_up && !attempt.cancel_asked && out_of_service_ == base::Duration{})
      scene_.record.violated("S18", "given back, and nobody tried to call it off", after.key());
    if (unit.state != domain::UnitState::delivered || !before.attempts[i].is_open()) continue;
    const bool may_be_held = crashed_at_.is_set() && crashed_at_ >= attempt.intended_at;
    const auto held = may_be_held ? settings_.call_left_after : base::Duration{};
    const auto latest = unit.delivered_at + out_of_service_ + held + call_off_grace;
    if (!attempt.cancel_asked && scene_.now() > latest)
      scene_.record.violated("S18", "what nobody needs was not called off", after.key());
  }
}

// F51: while time is doubtful nobody loses an order or a unit to it. A cancel that was under way
// may still win.
void World::check_doubt(const Node& node, base::Instant at, const domain::Order* before,
                        const domain::Order& after) {
  if (node.trust == domain::TimeTrust::trusted) return;
  if (after.header.expired_at.is_set() &&
      (before == nullptr || !before->header.expired_at.is_set()))
    scene_.record.violated("F51", "an order expired while time was doubtful", after.key());
  for (const auto& unit : after.units) {
    if (!unit.is_final() && after.is_paid() && at >= after.header.fulfill_by)
      scene_.record.reached(Sometimes::late_unit_spared_by_doubt);
    if (unit.reason != domain::UnitReason::deadline_missed || unit.failed_at != at) continue;
    const bool canceled = std::any_of(
        after.attempts.begin(), after.attempts.end(), [&](const domain::Attempt& attempt) {
          return attempt.unit_no == unit.unit_no && attempt.state == domain::AttemptState::canceled;
        });
    if (!canceled)
      scene_.record.violated("F51", "a unit was given back while time was doubtful", after.key());
  }
}

// F22: what the channel says to have gone back, in part or as a whole, pays for nothing.
void World::check_gone_money(const engine::Step& step, base::Instant began) {
  for (const auto& command : step.decided) {
    const auto* told = std::get_if<engine::PaymentAnswered>(&command.body);
    if (told == nullptr || !told->answer.some_went_back) continue;
    for (const auto& payment : checks_.orders().at(told->effect.order()).payments)
      if (payment.trade_no == told->answer.trade_no && payment.learned_at >= began &&
          payment.intent_no == told->effect.subject_no &&
          payment.source == domain::FactSource::query)
        scene_.record.violated("F22", "money that went back pays for goods", told->effect.order());
  }
}

// F14, F15: money that an order can not have, for a payment of its. It counts for nothing (S11),
// and only a person finds out what it is.
void World::check_odd_money(const engine::Step& step) {
  const auto before = step.answers.size() - step.decided.size();
  for (std::size_t i = 0; i < step.decided.size(); ++i) {
    const auto* told = std::get_if<engine::PaymentAnswered>(&step.decided[i].body);
    if (told == nullptr || step.answers[before + i].refusal != engine::Refusal::none ||
        told->effect.kind != EffectKind::query_payment ||
        told->answer.outcome != ports::Outcome::done ||
        told->answer.trade != ports::TradeStatus::paid || told->answer.trade_no.empty() ||
        told->answer.amount_minor <= 0)
      continue;
    const auto& order = checks_.orders().at(told->effect.order());
    const auto& intent = order.intents.at(static_cast<std::size_t>(told->effect.subject_no - 1));
    const Trade* truth = channels_.at(intent.channel)
                             ->find(domain::trade_ref(order.header.order_no, intent.intent_no));
    const bool is_its = truth != nullptr && truth->trade_no == told->answer.trade_no &&
                        told->answer.currency == order.header.currency;
    if (is_its) continue;
    scene_.record.reached(Sometimes::odd_money_told);
    if (order.header.quarantine_reason.find("payment_not_ours") == std::string::npos)
      scene_.record.violated("F15", "money that can not be ours, and nobody is told", order.key());
  }
}

// F18: what the channel told as paid it says to be closed now; a person is told.
void World::check_contradictions(const engine::Step& step, base::Instant began) {
  const auto before = step.answers.size() - step.decided.size();
  for (std::size_t i = 0; i < step.decided.size(); ++i) {
    const auto* told = std::get_if<engine::PaymentAnswered>(&step.decided[i].body);
    if (told == nullptr || step.answers[before + i].refusal != engine::Refusal::none ||
        told->effect.kind != EffectKind::query_payment ||
        told->answer.outcome != ports::Outcome::done ||
        told->answer.trade != ports::TradeStatus::closed)
      continue;
    const auto& order = checks_.orders().at(told->effect.order());
    std::int64_t kept = 0;
    for (const auto& payment : order.payments)
      if (payment.intent_no == told->effect.subject_no && payment.learned_at < began) {
        kept += payment.amount_minor;
        for (const auto& refund : order.refunds)
          if (refund.payment_no == payment.payment_no && !refund.went_by_hand())
            kept -= refund.amount_minor;
      }
    if (kept > 0 && order.header.quarantine_reason.find("paid_then_closed") == std::string::npos)
      scene_.record.violated("F18", "paid and closed, and nobody is told", order.key());
  }
}

// L3: the promise to the buyer is broken, so a person hears of it.
void World::check_late_refunds(const Node& node, base::Instant at, const domain::Order* before,
                               const domain::Order& order) {
  if (node.trust != domain::TimeTrust::trusted) return;
  const bool was_told = before != nullptr && before->header.quarantined;
  for (const auto& refund : order.refunds) {
    if (refund.money_is_on_its_way() || at < refund.accept_by) continue;
    if (!order.header.quarantined)
      scene_.record.violated("L3", "a refund is late, and nobody is told", order.key());
    // At the moment itself, not when the order is looked at for another reason.
    if (!was_told && scene_.now() > refund.accept_by + out_of_service_ + deadline_grace)
      scene_.record.violated("L3", "a refund is late, and somebody is told later", order.key());
  }
}

// F27: what the channel would refuse for ever is not sent.
void World::check_refund_window(const Node& node, const ports::Commit& commit,
                                const domain::Order& order) {
  if (node.trust != domain::TimeTrust::trusted) return;
  for (const auto& effect : commit.effects_added) {
    if (effect.kind != EffectKind::refund || effect.order() != order.key()) continue;
    const auto& refund = order.refunds.at(static_cast<std::size_t>(effect.subject_no - 1));
    const auto& paid = order.payments.at(static_cast<std::size_t>(refund.payment_no - 1));
    const auto window = settings_.policy.terms_of(refund.channel).refund_window;
    // Not one that only lost its sender.
    if (refund.sent_at == commit.now && commit.now >= paid.learned_at + window)
      scene_.record.violated("F27", "a refund is sent after its channel's window", order.key());
  }
}

// Once what it did not tell has been given back for three days, a person asks it; not before.
void World::check_silent_supplier(const domain::Order* before, const domain::Order& after) {
  constexpr std::string_view reason = "supplier_silent";
  const auto& policy = settings_.policy;
  const auto is_told = [&](const domain::Order& order) {
    return order.header.quarantine_reason.find(reason) != std::string::npos;
  };
  bool may_be_told = false;
  for (const auto& attempt : after.attempts) {
    const auto& unit = after.units[static_cast<std::size_t>(attempt.unit_no - 1)];
    const auto ended_at = base::earlier_set(unit.failed_at, unit.delivered_at);
    if (!ended_at.is_set()) continue;
    const auto since = ended_at + base::hours(72);
    may_be_told |= scene_.now() >= since;
    const auto latest = since + policy.disowned_ask_max + base::minutes(1) + out_of_service_;
    if (attempt.is_open() && scene_.now() > latest && !is_told(after))
      scene_.record.violated("L3", "a supplier is silent for days, and nobody is told",
                             after.key());
  }
  if (before == nullptr || is_told(*before) || !is_told(after)) return;
  scene_.record.reached(Sometimes::supplier_silent_told);
  if (!may_be_told)
    scene_.record.violated("L3", "a person is told of a silence that was none", after.key());
}

// L6: however many are due, none of them waits for long.
void World::check_nobody_starves() {
  if (doubtful_since_.is_set() || pauses_ > 0) return;
  const auto latest = scene_.now() - deadline_grace - out_of_service_;
  for (const auto& [key, order] : checks_.orders())
    if (order.header.due_at.is_set() && order.header.due_at < latest)
      scene_.record.violated("L6", "an order that is due is not looked at", key);
}

}  // namespace daozhang::sim
