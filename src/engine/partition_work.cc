// What an engine does because it owns partitions: due orders, and calls whose maker is gone.
#include <algorithm>

#include "base/check.h"
#include "engine/calls.h"
#include "engine/draws.h"
#include "engine/engine.h"

namespace daozhang::engine {
namespace {

// Calls that lost their maker are decided anew at this rate a step.
constexpr std::size_t left_calls_per_step = 64;
// Payments that the process before asked about are asked about again within this.
constexpr base::Duration adopted_within = base::seconds(20);

}  // namespace

void Engine::take_over(domain::Partitions partitions) {
  CHECK(settings_.shares_store);
  owned_ = owned_.with(partitions);
  wake_at_ = store_.earliest_due(owned_);
  // The engine before may be alive and about to end them, so they get their time.
  for (const auto& effect : store_.open_effects(partitions, {}))
    if (!open_effects_.contains(key_of(effect)))
      look_by(effect.decided_at + settings_.call_left_after);
}

void Engine::let_go(domain::Partitions partitions) {
  CHECK(settings_.shares_store);
  owned_ = owned_.without(partitions);
  wake_at_ = store_.earliest_due(owned_);
  std::erase_if(left_, [&](const CallAgain& left) {
    return left.may_have_left && !owned_.contains(left.effect.partition);
  });
}

// A question is no deed, and is asked again as it is.
void Engine::not_made(const domain::Effect& effect) {
  const auto key = key_of(effect);
  if (questions_.contains(key)) return questions_.ask_again(key, {now_, questions_.asked(key)});
  if (open_effects_.erase(key_of(effect)) == 0) return;
  const bool is_repeat = sent_again_.erase(key_of(effect)) > 0;
  left_.push_back({effect, is_repeat});
}

void Engine::look_around() {
  const bool expected = !looks_.empty() && *looks_.begin() <= now_;
  const bool regular = settings_.shares_store && next_look_ <= now_;
  if (!expected && !regular) return;
  next_look_ = now_ + settings_.look_every;
  wake_at_ = store_.earliest_due(owned_);
  if (!left_.empty()) return;  // One thing after the other: the look stays expected.
  looks_.erase(looks_.begin(), looks_.upper_bound(now_));
  for (const auto& effect : store_.open_effects(owned_, now_ - settings_.call_left_after))
    if (!open_effects_.contains(key_of(effect))) left_.push_back({effect, true});
}

void Engine::add_left_calls(std::vector<Command>& commands, Step& step) {
  std::vector<domain::Effect> questions;
  for (std::size_t count = 0; !left_.empty() && count < left_calls_per_step; ++count) {
    auto& left = left_.front();
    // Another engine decided it, on an order that this one may have cached before.
    cache_.drop(left.effect.order());
    if (!settings_.shares_store && is_open_question(left.effect.kind))
      questions.push_back(left.effect);
    else
      commands.push_back({0, std::move(left)});
    left_.pop_front();
  }
  adopt(questions, step);
}

// Of the process before this one. Nobody else asks, and to ask twice does no harm.
void Engine::adopt(const std::vector<domain::Effect>& questions, Step& step) {
  if (questions.empty()) return;
  std::vector<domain::OrderKey> keys;
  for (const auto& effect : questions) keys.push_back(effect.order());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::map<domain::OrderKey, domain::Order> orders;
  for (auto& order : store_.load_orders(keys)) orders.emplace(order.key(), std::move(order));
  for (const auto& effect : questions) {
    const auto order = orders.find(effect.order());
    if (order == orders.end()) continue;  // Somebody deleted it: fsck tells.
    open_effects_.insert(key_of(effect));
    const auto call = call_of(order->second, effect);
    questions_.begin(call);
    // Every payment of the last minutes: a channel is not asked about all of them at once.
    if (effect.kind == domain::EffectKind::query_payment)
      questions_.ask_again(key_of(effect),
                           {now_ + base::Duration{draw_below(entropy_, adopted_within.micros)}, 0});
    else
      ask(call, step);
  }
}

void Engine::ask(Call question, Step& step) const {
  question.effect.decided_at = now_;
  question.leave_by = now_ + settings_.call_leaves_within;
  step.calls.push_back(std::move(question));
}

void Engine::ask_due_questions(Step& step) {
  for (auto& question : questions_.take_due(now_, settings_.batch_max))
    ask(std::move(question), step);
}

void Engine::add_due_orders(std::vector<Command>& commands) {
  if (!wake_at_.is_set() || wake_at_ > now_) return;
  for (const auto& key : store_.due_orders(owned_, now_, settings_.batch_max))
    commands.push_back({0, Look{key}});
}

}  // namespace daozhang::engine
