// What an engine does because it owns partitions: due orders, and calls whose maker is gone.
#include <algorithm>

#include "base/check.h"
#include "engine/engine.h"

namespace daozhang::engine {
namespace {

// Calls that lost their maker are decided anew at this rate a step.
constexpr std::size_t left_calls_per_step = 64;

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

void Engine::not_made(const domain::Effect& effect) {
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

void Engine::add_left_calls(std::vector<Command>& commands) {
  for (std::size_t count = 0; !left_.empty() && count < left_calls_per_step; ++count) {
    // Another engine decided it, on an order that this one may have cached before.
    cache_.drop(left_.front().effect.order());
    commands.push_back({0, std::move(left_.front())});
    left_.pop_front();
  }
}

void Engine::add_due_orders(std::vector<Command>& commands) {
  if (!wake_at_.is_set() || wake_at_ > now_) return;
  for (const auto& key : store_.due_orders(owned_, now_, settings_.batch_max))
    commands.push_back({0, Look{key}});
}

}  // namespace daozhang::engine
