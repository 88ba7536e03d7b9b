// What the shop owes to those who talk to it and to its own machine: work that gets done, questions
// that are asked when they should be and no more often, and refusals that are true.
#include <algorithm>
#include <utility>

#include "domain/order/references.h"
#include "sim/world/world.h"

namespace daozhang::sim {
namespace {

using domain::EffectKind;
using domain::ItemState;

// Far more than a commit that is outrun or refused at random asks for.
constexpr int steps_in_vain_max = 1'000;
// A question backs off to a minute, but begins anew with each hint, restart and takeover, so that
// in bad times one is asked each ten seconds.
constexpr std::size_t asked_max = 150;
constexpr base::Duration asked_within = base::minutes(10);
// A call that is on its way may take its ten seconds; the question behind it leaves at once.
constexpr base::Duration hint_followed_within = base::seconds(20);

// Longer than a node stands still in its commit.
constexpr base::Duration long_before = base::minutes(15);

// Time and calls without a maker come back by themselves; every other command came from outside and
// is done with.
bool comes_back(const engine::Command& command) {
  return std::holds_alternative<engine::Look>(command.body) ||
         std::holds_alternative<engine::CallAgain>(command.body);
}

std::int64_t taken_by(const ports::Commit& commit) {
  return std::ranges::count(commit.items, ItemState::available, &ports::ItemChange::from);
}

bool is_question(EffectKind kind) {
  return kind == EffectKind::query_attempt || kind == EffectKind::query_payment ||
         kind == EffectKind::query_refund;
}

}  // namespace

// S32: whoever says that he has work gets it done. An engine that turns in a circle would keep its
// core busy for good, and in virtual time nobody feels it.
void World::check_progress(Node& node, const engine::Step& step) {
  const bool did_something = !step.changed.empty() || !step.calls.empty() ||
                             step.store_unavailable ||
                             !std::ranges::all_of(step.decided, comes_back);
  const bool goes_on = node.engine->has_work(scene_.now());
  node.in_vain = did_something || !goes_on ? 0 : node.in_vain + 1;
  if (node.in_vain > steps_in_vain_max)
    scene_.record.violated("S32", "an engine goes on without a pause and gets nothing done");
}

// Whoever changed an order is shown it as it is then.
void World::check_answers(const Node& node, const engine::Step& step) {
  for (const auto& answer : step.answers) {
    if (!answer.order || !node.committed.contains(answer.order->key())) continue;
    if (*answer.order != checks_.orders().at(answer.order->key()))
      scene_.record.violated("S20", "an answer shows an order as it was before its commit",
                             answer.order->key());
  }
}

// S32: nobody is asked about one thing all the time.
void World::note_asking(const domain::Effect& effect) {
  if (!is_question(effect.kind)) return;
  auto& asked = asked_[{effect.order(), effect.kind, effect.subject_no}];
  asked.push_back(scene_.now());
  if (asked.size() <= asked_max) return;
  if (asked.front() > scene_.now() - asked_within)
    scene_.record.violated("S32", "a question is asked all the time", effect.order());
  asked.pop_front();
}

// Whatever a channel was answered to stands in the inbox, also when it counted for nothing.
void World::note_notice(const std::optional<engine::Answer>& answer) {
  if (!answer) return;
  const bool was_judged = answer->refusal == engine::Refusal::none ||
                          answer->refusal == engine::Refusal::notice_refused;
  if (was_judged && ++notices_ > shadow_.notices())
    scene_.record.violated("S1", "a notification was answered and is not in the inbox");
}

// Unless a node stood still, died or was out of service just then, whoever took the hint asks. In
// doubtful time an order whose deadline is over is looked at once a minute only.
void World::expect_asked(const Question& question, base::Instant by, std::string_view invariant,
                         std::function<bool()> is_wanted) {
  if (scene_.now() < unserved_until_ || doubtful_since_.is_set()) return;
  const auto told = std::tuple(scene_.now(), crashes_, out_of_service_);
  scene_.schedule.at(by, [this, question, invariant, is_wanted = std::move(is_wanted), told] {
    const auto& [at, crashes, out_of_service] = told;
    const bool in_service = crashes == crashes_ && out_of_service == out_of_service_;
    if (!in_service || doubtful_since_.is_set() || !is_wanted()) return;
    const auto asked = asked_.find(question);
    if (asked == asked_.end() || asked->second.back() < at)
      scene_.record.violated(invariant, "a hint was taken and nobody asks", std::get<0>(question));
  });
}

// A supplier that calls back is asked, also when a question is on its way, whose answer may be too
// early; it need not wait for a back-off (docs/decisions/0022).
void World::expect_question(domain::OrderKey order, std::int32_t attempt_no) {
  const auto is_waiting = [this, order, attempt_no] {
    const auto known = checks_.orders().find(order);
    if (known == checks_.orders().end()) return false;
    const auto& attempt = known->second.attempts.at(static_cast<std::size_t>(attempt_no - 1));
    return attempt.is_open() && attempt.call == domain::AttemptCall::query;
  };
  if (is_waiting())
    expect_asked({order, EffectKind::query_attempt, attempt_no},
                 scene_.now() + hint_followed_within, "L1", is_waiting);
}

// A channel's word that is no proof is a reason to ask: about the payment, or about the refund that
// it names.
void World::expect_asking(const std::string& channel, const ports::PaymentNotice& notice,
                          const engine::Answer& answer) {
  const auto ref = domain::parse_trade_ref(notice.trade_ref);
  if (answer.refusal != engine::Refusal::none || !answer.order || !ref) return;
  const auto& order = *answer.order;
  // Told late, by a node that stood still in its commit: others went on and asked meanwhile.
  if (order.header.version < checks_.orders().at(order.key()).header.version) return;
  if (ref->intent_no > std::ssize(order.intents)) return;
  const auto& intent = order.intents[static_cast<std::size_t>(ref->intent_no - 1)];
  if (intent.channel != channel) return;
  if (notice.about_refund)
    for (const auto& refund : order.refunds)
      if (refund.channel == channel && refund.refund_ref == notice.refund_ref)
        expect_refund_question(order.key(), refund);
  // One that was learned in the same batch may have been so behind the notification.
  const bool was_paid =
      intent.state == domain::IntentState::paid && intent.settled_at + long_before < scene_.now();
  const bool contradicts = was_paid && notice.trade == ports::TradeStatus::closed;
  const bool is_hint = answer.verdict == domain::InboxVerdict::asked && !notice.about_refund;
  if (contradicts || is_hint) expect_payment_question(order.key(), intent, contradicts);
}

// The buyer says that he paid: about what he can have seen.
void World::expect_asking(const engine::Answer& answer) {
  if (answer.refusal != engine::Refusal::none || !answer.order) return;
  const auto& order = *answer.order;
  if (order.header.version < checks_.orders().at(order.key()).header.version) return;
  for (const auto& intent : order.intents)
    if (intent.call == domain::IntentCall::query && intent.state != domain::IntentState::paid &&
        intent.state != domain::IntentState::preparing)
      expect_payment_question(order.key(), intent, false);
}

// Behind a question that is on its way, too, unless that one finds the payment. What is being made
// or closed has its answer first.
void World::expect_payment_question(domain::OrderKey order, const domain::Intent& intent,
                                    bool contradicts) {
  const auto no = intent.intent_no;
  if (intent.call == domain::IntentCall::create || intent.call == domain::IntentCall::close) return;
  expect_asked({order, EffectKind::query_payment, no}, scene_.now() + hint_followed_within, "L2",
               [this, order, no, contradicts] {
                 const auto& intents = checks_.orders().at(order).intents;
                 const auto state = intents.at(static_cast<std::size_t>(no - 1)).state;
                 return contradicts || state != domain::IntentState::paid;
               });
}

// Not before the channel can know of it; behind a question that is on its way, though its asker may
// be dead and nobody know yet; and what was told meanwhile need not be asked.
void World::expect_refund_question(domain::OrderKey order, const domain::Refund& refund) {
  const auto no = refund.refund_no;
  const auto is_waiting = [this, order, no] {
    const auto state =
        checks_.orders().at(order).refunds.at(static_cast<std::size_t>(no - 1)).state;
    return state == domain::RefundState::unknown || state == domain::RefundState::accepted;
  };
  const bool is_being_asked = refund.call != domain::RefundCall::none;
  const auto earliest =
      std::max(scene_.now() + (is_being_asked ? settings_.call_left_after : base::Duration{}),
               refund.sent_at + settings_.policy.refund_confirm_after);
  if (is_waiting())
    expect_asked({order, EffectKind::query_refund, no}, earliest + hint_followed_within, "L3",
                 is_waiting);
}

// What a node takes was not there for the rest of its batch.
void World::note_taken(Node& node, const ports::Commit& commit) {
  node.least_stock -= taken_by(commit);
}

// What was the least on the shelf while a node was in its step: what a commit frees is free behind
// it.
void World::note_stock(const ports::Commit& commit) {
  const auto left = shadow_.available() - taken_by(commit);
  for (auto& node : nodes_)
    if (node->is_stepping) node->least_stock = std::min(node->least_stock, left);
}

// Nor is anybody given his money back for want of goods that lay there all the time (SETTLED 14).
void World::check_wants(const Node& node, const ports::Commit& commit) {
  if (!node.is_stepping || node.least_stock <= 0) return;
  for (const auto& change : commit.orders)
    for (const auto& unit : change.after->units) {
      const auto place = static_cast<std::size_t>(unit.unit_no - 1);
      const bool had_failed = change.before != nullptr && change.before->units[place].is_final();
      if (unit.reason == domain::UnitReason::out_of_stock && !had_failed)
        scene_.record.violated("F41", "given back as out of stock with goods on the shelf",
                               change.after->key());
    }
}

// F41: who comes second takes the next one; only when there is none is he refused.
void World::check_refusal(Node& node, const engine::Answer& answer) {
  const auto wanted = node.wanted.extract(answer.ticket);
  if (!wanted || answer.refusal != engine::Refusal::out_of_stock) return;
  if (node.least_stock >= wanted.mapped())
    scene_.record.violated("F41", "refused as out of stock with goods on the shelf");
}

}  // namespace daozhang::sim
