// What the shop owes to those who talk to it and to its own machine: work that gets done, questions
// that are asked when they should be and no more often, and refusals that are true.
#include <algorithm>

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

// Time and calls without a maker come back by themselves; every other command came from outside and
// is done with.
bool comes_back(const engine::Command& command) {
  return std::holds_alternative<engine::Look>(command.body) ||
         std::holds_alternative<engine::CallAgain>(command.body);
}

bool is_question(EffectKind kind) {
  return kind == EffectKind::query_attempt || kind == EffectKind::query_payment;
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

// A supplier that calls back is asked, also when a question is on its way, whose answer may be too
// early; it need not wait for a back-off (docs/decisions/0022).
void World::expect_question(domain::OrderKey order, std::int32_t attempt_no) {
  const auto is_waiting = [this, order, attempt_no] {
    const auto known = checks_.orders().find(order);
    if (known == checks_.orders().end()) return false;
    const auto& attempt = known->second.attempts.at(static_cast<std::size_t>(attempt_no - 1));
    return attempt.is_open() && attempt.call == domain::AttemptCall::query;
  };
  if (!is_waiting()) return;
  const auto told = std::tuple(scene_.now(), crashes_, out_of_service_);
  scene_.schedule.in(hint_followed_within, [this, order, attempt_no, is_waiting, told] {
    const auto& [at, crashes, out_of_service] = told;
    if (!is_waiting() || crashes != crashes_ || out_of_service != out_of_service_) return;
    const auto asked = asked_.find({order, EffectKind::query_attempt, attempt_no});
    if (asked == asked_.end() || asked->second.back() < at)
      scene_.record.violated("L1", "a hint was taken and nobody asks", order);
  });
}

// What was the least on the shelf while a node was in its step: what a commit frees is free behind
// it.
void World::note_stock(const ports::Commit& commit) {
  const auto left = shadow_.available() - std::ranges::count(commit.items, ItemState::available,
                                                             &ports::ItemChange::from);
  for (auto& node : nodes_)
    if (node->is_stepping) node->least_stock = std::min(node->least_stock, left);
}

// Nor is anybody given his money back for want of goods that lay there all the time (SETTLED 14).
void World::check_wants(const Node& node, const ports::Commit& commit) {
  if (!node.is_stepping || node.least_stock == 0) return;
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
