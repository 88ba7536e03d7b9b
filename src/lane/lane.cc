#include "lane/lane.h"

#include <algorithm>

#include "base/check.h"

namespace daozhang::lane {
namespace {

// Also without work the loop turns, so that /livez can tell a stuck lane from an idle one.
constexpr base::Duration idle_turn = base::seconds(1);
// When the store can not be written, commands that must not be lost are tried again after this.
constexpr base::Duration pause_when_unavailable = base::milliseconds(200);

}  // namespace

Lane::Lane(std::unique_ptr<engine::Engine> engine, const Clock& clock, Peers peers, Changed changed)
    : engine_(std::move(engine)),
      clock_(clock),
      peers_(std::move(peers)),
      changed_(std::move(changed)) {}

Lane::~Lane() { stop(); }

void Lane::start() {
  CHECK(!thread_.joinable());
  counts_.last_turn = clock_.now();
  thread_ = std::thread([this] { run(); });
}

void Lane::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Lane::submit(engine::CommandBody command, Tell tell) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      was_empty = inbox_.empty();
      inbox_.push_back({std::move(command), std::move(tell)});
      tell = nullptr;
    }
  }
  if (tell) {
    engine::Answer answer;
    answer.refusal = engine::Refusal::store_unavailable;
    return tell(std::move(answer));
  }
  if (was_empty) wake_.notify_one();
}

void Lane::run_between_turns(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Lane::run_tasks() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks) task();
}

LaneCounts Lane::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Lane::run() {
  look_at_clock();
  while (wait_for_work()) {
    run_tasks();
    look_at_clock();
    take_in();
    turn();
  }
  // What was taken in before the stop is still answered.
  take_in();
  while (engine_->waiting() > 0) {
    turn();
    if (!counts_.writable) break;
  }
  engine::Answer not_stored;
  not_stored.refusal = engine::Refusal::store_unavailable;
  for (const auto& [ticket, tell] : std::exchange(tells_, {})) tell(not_stored);
}

bool Lane::wait_for_work() {
  std::unique_lock lock(mutex_);
  counts_.last_turn = clock_.now();
  if (stopping_) return false;
  const base::Instant now = clock_.now();
  if (!inbox_.empty() || !tasks_.empty() || (engine_->has_work(now) && counts_.writable))
    return true;
  base::Duration sleep = counts_.writable ? idle_turn : pause_when_unavailable;
  if (engine_->wake_at().is_set() && counts_.writable)
    sleep = std::clamp(engine_->wake_at() - now, base::Duration{0}, sleep);
  wake_.wait_for(lock, std::chrono::microseconds(sleep.micros),
                 [this] { return stopping_ || !inbox_.empty() || !tasks_.empty(); });
  return !stopping_;
}

void Lane::take_in() {
  std::vector<Waiting> incoming;
  {
    const std::lock_guard lock(mutex_);
    incoming.swap(inbox_);
  }
  for (auto& waiting : incoming) {
    const engine::Ticket ticket = waiting.tell ? ++last_ticket_ : 0;
    if (!engine_->submit({ticket, std::move(waiting.body)})) {
      engine::Answer answer;
      answer.refusal = engine::Refusal::overloaded;
      if (waiting.tell) waiting.tell(std::move(answer));
      continue;
    }
    if (waiting.tell) tells_.emplace(ticket, std::move(waiting.tell));
  }
}

void Lane::look_at_clock() {
  const auto trust = clock_.trust();
  if (trust == trust_) return;
  trust_ = trust;
  if (trust_changed_) trust_changed_(trust);
}

void Lane::turn() {
  engine::Step step = engine_->step(clock_.now(), trust_);
  // Before the answers: a page opened on an answer is not told that same change a second time.
  for (const auto& order : step.changed) changed_(order);
  for (auto& answer : step.answers) {
    const auto it = tells_.find(answer.ticket);
    if (it == tells_.end()) continue;
    Tell tell = std::move(it->second);
    tells_.erase(it);
    tell(std::move(answer));
  }
  const std::size_t calls = step.calls.size();
  for (auto& call : step.calls) make(std::move(call));
  const std::lock_guard lock(mutex_);
  ++counts_.steps;
  counts_.commands += step.commands;
  counts_.calls += calls;
  counts_.store_unavailable += step.store_unavailable;
  counts_.writable = !step.store_unavailable;
  counts_.waiting = engine_->waiting();
  counts_.open_calls = engine_->open_calls();
}

void Lane::make(engine::Call call) {
  const domain::Effect effect = call.effect;
  if (clock_.now() > call.leave_by) return engine_->not_made(effect);
  if (auto* payment = std::get_if<ports::PaymentCall>(&call.request)) {
    payment->order.created_at = clock_.outside(payment->order.created_at);
    payment->order.expires_at = clock_.outside(payment->order.expires_at);
    const auto it = peers_.channels.find(call.peer);
    if (it == peers_.channels.end()) {
      // Configured when the order was made and gone now: nobody can say what became of it.
      ports::PaymentAnswer answer;
      answer.problem = "channel_not_configured";
      return submit(engine::PaymentAnswered{effect, std::move(answer)}, nullptr);
    }
    const bool is_create = payment->kind == ports::PaymentCallKind::create;
    it->second->call(std::move(*payment), [this, effect, channel = call.peer, is_create,
                                           began = clock_.now()](ports::PaymentAnswer answer) {
      const auto now = clock_.now();
      // A channel that opens no payments is no more use to buyers than one that is silent.
      const bool is_refusing = is_create && answer.outcome == ports::Outcome::failed;
      const bool is_well = answer.outcome != ports::Outcome::unknown || answer.is_in_good_form;
      health_.ended(channel, is_well && !is_refusing, now - began, now);
      submit(engine::PaymentAnswered{effect, std::move(answer)}, nullptr);
    });
    return;
  }
  const auto it = peers_.suppliers.find(call.peer);
  if (it == peers_.suppliers.end()) {
    ports::SupplierAnswer answer;
    answer.reason = "supplier_not_configured";
    return submit(engine::SupplierAnswered{effect, std::move(answer)}, nullptr);
  }
  it->second->call(std::move(std::get<ports::SupplierCall>(call.request)),
                   [this, effect](ports::SupplierAnswer answer) {
                     submit(engine::SupplierAnswered{effect, std::move(answer)}, nullptr);
                   });
}

}  // namespace daozhang::lane
