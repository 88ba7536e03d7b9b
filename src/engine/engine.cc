#include "engine/engine.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "engine/batch.h"
#include "engine/calls.h"
#include "engine/draws.h"

namespace daozhang::engine {
namespace {

// Tries of one batch against a store in which somebody else commits too; then the commands wait for
// the next step.
constexpr int tries_max = 8;
// From this try on a batch is halved: fewer commands meet less of what others commit.
constexpr int tries_whole = 2;
// What changes nothing is committed only for the store to know the time, and that so often.
constexpr base::Duration time_is_kept_every = base::seconds(30);
// 2026-01-01, the zero of order ids.
constexpr base::Instant id_epoch{1'767'225'600'000'000};
// Order ids in one millisecond.
constexpr std::int64_t ids_per_millisecond = std::int64_t{1} << 20;

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
    case ports::CommitRefusal::effect_gone:
      break;  // Refuse commits only.
  }
  UNREACHABLE();
}

}  // namespace

Engine::Engine(ports::OrderStore& store, ports::Entropy& entropy,
               const domain::OrderNumbers& numbers, EngineSettings settings,
               domain::Partitions owned)
    : store_(store),
      entropy_(entropy),
      numbers_(numbers),
      settings_(std::move(settings)),
      cache_(settings_.cache_orders),
      last_order_id_(store.last_order_id()),
      now_(store.time_high_water()) {
  CHECK(settings_.call_leaves_within < settings_.call_left_after);
  if (settings_.shares_store) {
    id_spread_ = draw_below(entropy_, ids_per_millisecond / 2);
    take_over(owned);
    return;
  }
  CHECK(owned == domain::Partitions::all());
  owned_ = owned;
  wake_at_ = store_.earliest_due(owned_);
  for (const auto& effect : store_.open_effects(owned_, {})) left_.push_back({effect, true});
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
  const auto wake = wake_at();
  return !queue_.empty() || !left_.empty() || (wake.is_set() && wake <= now);
}

base::Instant Engine::wake_at() const {
  const auto wake = base::earlier_set(wake_at_, questions_.next_at());
  return looks_.empty() ? wake : base::earlier_set(wake, *looks_.begin());
}

domain::OrderId Engine::next_order_id() {
  // Milliseconds since 2026 and room for a million orders in each: rises with time, also across
  // restarts.
  const std::int64_t from_time = (now_ - id_epoch).micros / 1'000 * ids_per_millisecond;
  last_order_id_.value = std::max(last_order_id_.value + 1, from_time + id_spread_);
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

Step Engine::step(base::Instant now, domain::TimeTrust trust) {
  now_ = std::max(now_, now);
  Step step;
  look_around();
  ask_due_questions(step);
  auto commands = next_commands();
  if (!commands.empty() && std::holds_alternative<ImportStock>(commands.front().body)) {
    import_stock(commands.front(), step);
    commands.clear();  // Imports one after the other hold up no deadline.
  }
  add_left_calls(commands, step);
  add_due_orders(commands);
  if (commands.empty()) {
    if (wake_at_.is_set() && wake_at_ <= now_) wake_at_ = store_.earliest_due(owned_);
    if (is_store_down_ && !step.store_unavailable) try_store(step);
    return step;
  }
  switch (commit_some(commands, trust, step)) {
    case End::committed:
      break;
    case End::store_unavailable:
      refuse_waiting(commands, step);
      break;
    case End::outrun:
      put_back(commands, 0);
      break;
  }
  return step;
}

// Nothing is to be written, and whoever looks wants to know whether something could be.
void Engine::try_store(Step& step) {
  ports::Commit time;
  time.now = now_;
  is_store_down_ = !store_.commit(time).has_value();
  step.store_unavailable = is_store_down_;
}

Engine::End Engine::commit_some(std::vector<Command>& commands, domain::TimeTrust trust,
                                Step& step) {
  std::vector<std::unique_ptr<Batch>> in_doubt;
  auto refusal = ports::CommitRefusal::version_moved;
  for (int tries = 0; tries < tries_max && !commands.empty(); ++tries) {
    auto batch = decide(commands, trust, tries);
    // It may have read what a commit in doubt has written meanwhile.
    if (Batch* executed = find_executed(in_doubt)) {
      finish(*executed, commands, step);
      return End::committed;
    }
    const auto commit = batch->build_commit();
    const bool is_moot =
        commit.is_empty() && now_ < wrote_at_ + time_is_kept_every && !is_store_down_;
    const auto committed =
        is_moot ? base::Result<void, ports::CommitRefusal>() : store_.commit(commit);
    if (committed) {
      if (!is_moot) wrote_at_ = now_;
      if (!in_doubt.empty()) look_by(now_ + settings_.call_left_after);
      finish(*batch, commands, step);
      return End::committed;
    }
    refusal = committed.error();
    if (refusal == ports::CommitRefusal::unknown) in_doubt.push_back(std::move(batch));
    if (refusal == ports::CommitRefusal::unavailable) break;
    // A commit in doubt may have happened since; then it is what moved the versions.
    if (Batch* executed = find_executed(in_doubt)) {
      finish(*executed, commands, step);
      return End::committed;
    }
    const Batch& refused = batch ? *batch : *in_doubt.back();
    for (const auto& key : refused.touched()) cache_.drop(key);
    if (refusal == ports::CommitRefusal::unknown) continue;
    forget_ended(refused, commands);
    if (tries >= tries_whole && in_doubt.empty()) put_back(commands, (commands.size() + 1) / 2);
  }
  if (commands.empty()) return End::committed;
  // If one of them happens later still, nobody knows of the calls that it decided.
  if (!in_doubt.empty()) look_by(now_ + settings_.call_left_after);
  const bool outrun =
      refusal != ports::CommitRefusal::unavailable && refusal != ports::CommitRefusal::unknown;
  return outrun ? End::outrun : End::store_unavailable;
}

// What is refused, or changes nothing, is compared with nothing when the rest is committed; so in a
// shared store it must not rest on a cached order.
std::unique_ptr<Batch> Engine::decide(const std::vector<Command>& commands, domain::TimeTrust trust,
                                      int tries) {
  for (;;) {
    auto batch = std::make_unique<Batch>(*this, now_, trust, tries);
    batch->load(commands);
    for (const auto& command : commands) batch->decide(command);
    if (!settings_.shares_store) return batch;
    const auto unproven = batch->unproven();
    if (unproven.empty()) return batch;
    for (const auto& key : unproven) cache_.drop(key);
  }
}

Batch* Engine::find_executed(const std::vector<std::unique_ptr<Batch>>& in_doubt) const {
  for (const auto& batch : in_doubt)
    if (const auto& mark = batch->mark();
        mark && store_.has_event(mark->order, mark->version, mark->leaf))
      return batch.get();
  return nullptr;
}

// An answer to an effect that somebody else ended counts no more.
void Engine::forget_ended(const Batch& batch, std::vector<Command>& commands) {
  std::set<EffectKey> ended;
  std::vector<domain::OrderKey> orders;
  for (const auto& effect : batch.effects_ended()) {
    ended.insert(key_of(effect));
    orders.push_back(effect.order());
  }
  if (ended.empty()) return;
  for (const auto& open : store_.effects_of(orders)) ended.erase(key_of(open));
  for (const auto& key : ended) forget(key);
  std::erase_if(commands, [&](const Command& command) {
    const auto* left = std::get_if<CallAgain>(&command.body);
    return left != nullptr && ended.contains(key_of(left->effect));
  });
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
  if (stored || answer.refusal == Refusal::store_unavailable) is_store_down_ = !stored;
  step.store_unavailable |= is_store_down_;
  if (answer.ticket != 0) step.answers.push_back(std::move(answer));
}

void Engine::forget(const EffectKey& ended) {
  open_effects_.erase(ended);
  sent_again_.erase(ended);
  questions_.end(ended);
}

void Engine::finish(Batch& batch, std::vector<Command>& commands, Step& step) {
  is_store_down_ = false;
  for (const auto& effect : batch.effects_ended()) forget(key_of(effect));
  for (const auto& lost : batch.lost_questions()) forget(lost);
  for (const auto& each : batch.asked_again()) questions_.ask_again(each.question, each.again);
  for (const auto& effect : batch.effects_added()) {
    open_effects_.insert(key_of(effect));
    const auto& order = batch.order_after(effect.order());
    auto& call = step.calls.emplace_back(call_of(order, effect));
    if (auto* payment = std::get_if<ports::PaymentCall>(&call.request))
      if (!settings_.order_pages.empty())
        payment->order.return_url = settings_.order_pages + order.header.order_no;
    call.leave_by = effect.decided_at + settings_.call_leaves_within;
    if (is_open_question(effect.kind)) questions_.begin(call);
  }
  for (const auto& hurried : batch.hurried())
    questions_.hurry(hurried.question, now_, hurried.is_hint);
  for (const auto& effect : batch.sent_again()) sent_again_.insert(key_of(effect));
  auto answers = batch.take_answers();
  std::move(answers.begin(), answers.end(), std::back_inserter(step.answers));
  step.commands += commands.size();
  step.decided = std::move(commands);
  step.changed = batch.changed_orders();
  for (auto& order : batch.loaded_orders()) cache_.put(std::move(order));
  const bool looked = wake_at_.is_set() && wake_at_ <= now_;
  for (const auto& order : step.changed) {
    cache_.put(order);
    if (owned_.contains(order->header.partition))
      wake_at_ = base::earlier_set(wake_at_, order->header.due_at);
  }
  if (looked) wake_at_ = store_.earliest_due(owned_);
}

void Engine::refuse_waiting(std::vector<Command>& commands, Step& step) {
  step.store_unavailable = is_store_down_ = true;
  for (auto& command : commands) {
    if (must_not_be_lost(command)) {
      // Behind the others: however many wait for the store, whoever can be refused is answered.
      queue_.push_back(std::move(command));
    } else if (const auto* left = std::get_if<CallAgain>(&command.body)) {
      left_.push_back(*left);
    } else if (command.ticket != 0) {
      Answer answer;
      answer.ticket = command.ticket;
      answer.refusal = Refusal::store_unavailable;
      step.answers.push_back(std::move(answer));
    }
  }
}

// Everything from `from` on waits for the next step. An order that was due still is.
void Engine::put_back(std::vector<Command>& commands, std::size_t from) {
  while (commands.size() > from) {
    auto& last = commands.back();
    if (const auto* left = std::get_if<CallAgain>(&last.body))
      left_.push_front(*left);
    else if (!std::holds_alternative<Look>(last.body))
      queue_.push_front(std::move(last));
    commands.pop_back();
  }
}

}  // namespace daozhang::engine
