#include "engine/engine.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "engine/batch.h"
#include "engine/calls.h"

namespace daozhang::engine {
namespace {

// Tries of one batch against a store in which somebody else commits too; then the commands wait for
// the next step.
constexpr int tries_max = 8;
// Calls that a crash left without result are made again at this rate a step.
constexpr std::size_t resumed_per_step = 64;
// 2026-01-01, the zero of order ids.
constexpr base::Instant id_epoch{1'767'225'600'000'000};

// Facts and results would be lost with the process that waits for them, so they wait inside.
bool must_not_be_lost(const Command& command) {
  return std::holds_alternative<PaymentAnswered>(command.body) ||
         std::holds_alternative<SupplierAnswered>(command.body);
}

Refusal refusal_of_import(ports::CommitRefusal refusal) {
  switch (refusal) {
    case ports::CommitRefusal::unavailable:
      return Refusal::store_unavailable;
    case ports::CommitRefusal::unknown:
      return Refusal::store_unknown;
    case ports::CommitRefusal::claim_taken:
      return Refusal::batch_taken;
    case ports::CommitRefusal::version_moved:
    case ports::CommitRefusal::item_moved:
      break;  // Refuse commits only.
  }
  UNREACHABLE();
}

}  // namespace

Engine::Engine(ports::OrderStore& store, ports::Entropy& entropy,
               const domain::OrderNumbers& numbers, EngineSettings settings)
    : store_(store),
      entropy_(entropy),
      numbers_(numbers),
      settings_(std::move(settings)),
      cache_(settings_.cache_orders),
      last_order_id_(store.last_order_id()),
      now_(store.time_high_water()),
      wake_at_(store.earliest_due()) {
  for (auto& effect : store.open_effects()) {
    open_effects_.insert({effect.order(), effect.effect_no});
    to_resume_.push_back({effect, true});
  }
}

const domain::SupplierTerms& Engine::terms_of(const std::string& supplier) const {
  static const domain::SupplierTerms in_house{};
  const auto it = settings_.suppliers.find(supplier);
  return it == settings_.suppliers.end() ? in_house : it->second;
}

bool Engine::submit(Command command) {
  if (queue_.size() >= settings_.queue_max && std::holds_alternative<PlaceOrder>(command.body))
    return false;
  queue_.push_back(std::move(command));
  return true;
}

bool Engine::has_work(base::Instant now) const {
  return !queue_.empty() || !to_resume_.empty() || (wake_at_.is_set() && wake_at_ <= now);
}

domain::OrderId Engine::next_order_id() {
  // Milliseconds since 2026 and room for a million orders in each: rises with time, also across
  // restarts.
  const std::int64_t from_time = ((now_ - id_epoch).micros / 1'000) << 20;
  last_order_id_.value = std::max(last_order_id_.value + 1, from_time);
  return last_order_id_;
}

std::vector<Command> Engine::next_commands() {
  std::vector<Command> commands;
  while (!queue_.empty() && commands.size() < settings_.batch_max) {
    const bool alone = std::holds_alternative<ImportStock>(queue_.front().body);
    if (alone && !commands.empty()) break;
    commands.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return commands;
}

void Engine::add_due_orders(std::vector<Command>& commands) {
  if (!wake_at_.is_set() || wake_at_ > now_) return;
  for (const auto& key : store_.due_orders(now_, settings_.batch_max))
    commands.push_back({0, Look{key}});
}

void Engine::resume_calls(Step& step) {
  std::vector<Unsent> unsent;
  while (!to_resume_.empty() && unsent.size() < resumed_per_step) {
    const auto& effect = to_resume_.front().effect;
    if (open_effects_.contains({effect.order(), effect.effect_no}))
      unsent.push_back(to_resume_.front());
    to_resume_.pop_front();
  }
  if (unsent.empty()) return;
  std::vector<domain::OrderKey> keys;
  for (const auto& each : unsent) keys.push_back(each.effect.order());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::map<domain::OrderKey, domain::Order> orders;
  for (auto& order : store_.load_orders(keys)) {
    const auto key = order.key();
    orders.emplace(key, std::move(order));
  }
  for (const auto& [effect, may_have_left] : unsent) {
    const auto it = orders.find(effect.order());
    CHECK(it != orders.end());
    if (may_have_left && effect.kind == domain::EffectKind::submit_attempt &&
        !terms_of(it->second.header.supplier).idempotent) {
      // It may have been sent before the crash and the supplier would do it twice: ask instead
      // (F34).
      ports::SupplierAnswer unknown;
      unknown.reason = "restarted_while_submitting";
      queue_.push_back({0, SupplierAnswered{effect, std::move(unknown)}});
    } else {
      if (may_have_left) sent_again_.insert({effect.order(), effect.effect_no});
      step.calls.push_back(call_of(it->second, effect));
    }
  }
}

// After a commit whose answer was lost the store alone knows what is open: if the commit happened,
// the calls that it decided never left, the results that it took must not be taken again, and its
// deadlines count.
void Engine::read_again() {
  std::set<EffectKey> stored;
  for (auto& effect : store_.open_effects()) {
    const EffectKey key{effect.order(), effect.effect_no};
    stored.insert(key);
    if (!open_effects_.contains(key)) to_resume_.push_back({effect, false});
  }
  open_effects_ = std::move(stored);
  wake_at_ = store_.earliest_due();
}

Step Engine::step(base::Instant now, domain::TimeTrust trust) {
  now_ = std::max(now_, now);
  Step step;
  resume_calls(step);
  auto commands = next_commands();
  if (!commands.empty() && std::holds_alternative<ImportStock>(commands.front().body)) {
    import_stock(commands.front(), step);
    commands.clear();  // Imports one after the other hold up no deadline.
  }
  add_due_orders(commands);
  if (commands.empty()) {
    if (wake_at_.is_set() && wake_at_ <= now_) wake_at_ = store_.earliest_due();
    return step;
  }
  for (int tries = 0; tries < tries_max; ++tries) {
    Batch batch(*this, now_, trust);
    batch.load(commands);
    for (const auto& command : commands) batch.decide(command);
    const auto committed = store_.commit(batch.build_commit());
    if (committed) {
      step.commands += commands.size();
      finish(batch, step);
      step.decided = std::move(commands);
      return step;
    }
    for (const auto& key : batch.touched()) cache_.drop(key);
    if (committed.error() == ports::CommitRefusal::unknown) read_again();
    if (committed.error() == ports::CommitRefusal::unavailable) break;
  }
  give_up(commands, step);
  return step;
}

// No order changes, so nothing that is cached can be stale; a batch reads its stock anew.
void Engine::import_stock(const Command& command, Step& step) {
  const auto& import = std::get<ImportStock>(command.body).import;
  auto stored = store_.import_stock(import);
  for (int tries = 1; tries < tries_max && !stored; ++tries) {
    if (stored.error() != ports::CommitRefusal::unknown) break;
    stored = store_.import_stock(import);
  }
  Answer answer;
  answer.ticket = command.ticket;
  if (stored)
    answer.are_new = std::move(*stored);
  else
    answer.refusal = refusal_of_import(stored.error());
  ++step.commands;
  step.store_unavailable |= answer.refusal == Refusal::store_unavailable;
  if (answer.ticket != 0) step.answers.push_back(std::move(answer));
}

void Engine::finish(Batch& batch, Step& step) {
  for (const auto& effect : batch.effects_ended()) {
    open_effects_.erase({effect.order(), effect.effect_no});
    sent_again_.erase({effect.order(), effect.effect_no});
  }
  for (const auto& effect : batch.effects_added()) {
    open_effects_.insert({effect.order(), effect.effect_no});
    step.calls.push_back(call_of(batch.order_after(effect.order()), effect));
  }
  auto answers = batch.take_answers();
  std::move(answers.begin(), answers.end(), std::back_inserter(step.answers));
  step.changed = batch.changed_orders();
  const bool looked = wake_at_.is_set() && wake_at_ <= now_;
  for (const auto& order : step.changed) {
    cache_.put(order);
    wake_at_ = base::earlier_set(wake_at_, order->header.due_at);
  }
  if (looked) wake_at_ = store_.earliest_due();
}

void Engine::give_up(std::vector<Command>& commands, Step& step) {
  step.store_unavailable = true;
  for (auto& command : commands) {
    if (must_not_be_lost(command)) {
      // Behind the others: however many wait for the store, whoever can be refused is answered.
      queue_.push_back(std::move(command));
    } else if (command.ticket != 0) {
      Answer answer;
      answer.ticket = command.ticket;
      answer.refusal = Refusal::store_unavailable;
      step.answers.push_back(std::move(answer));
    }
  }
}

}  // namespace daozhang::engine
