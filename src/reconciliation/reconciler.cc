#include "reconciliation/reconciler.h"

#include <chrono>
#include <utility>

#include "base/check.h"

namespace daozhang::reconciliation {

std::vector<BillSource> bill_sources(
    const std::map<std::string, ports::PaymentChannel*>& channels) {
  std::map<std::string, BillSource> by_account;
  for (const auto& [name, channel] : channels) {
    const auto& capabilities = channel->capabilities();
    if (!capabilities.bill) continue;
    const std::string& shared = capabilities.bill_account;
    auto& source = by_account[shared.empty() ? name : shared];
    source.account.name = shared.empty() ? name : shared;
    source.account.channels.push_back(name);
    source.account.bill_has_refunds = capabilities.bill_has_refunds;
    source.account.bill_has_funds = capabilities.bill_has_funds;
    if (source.channel == nullptr) source.channel = channel;
  }
  std::vector<BillSource> sources;
  for (auto& [key, source] : by_account) sources.push_back(std::move(source));
  return sources;
}

// What the channel's thread and the one that steps have in common. Once dropped, the channel's
// callbacks change nothing any more, however long they still come.
struct Reconciler::Fetch {
  std::mutex lock;
  std::condition_variable changed;
  DayRun* run = nullptr;  // Null once dropped.
  bool is_dropped = false;
  std::optional<ports::BillResult> result;

  void take(ports::BillLine&& line) {
    const std::lock_guard guard(lock);
    if (run != nullptr) run->take(std::move(line));
  }
  void end(ports::BillResult ended) {
    const std::lock_guard guard(lock);
    result = std::move(ended);
    changed.notify_all();
  }
  void drop() {
    const std::lock_guard guard(lock);
    run = nullptr;
    is_dropped = true;
    changed.notify_all();
  }
  // Nothing if dropped.
  std::optional<ports::BillResult> wait() {
    std::unique_lock guard(lock);
    changed.wait(guard, [this] { return result || is_dropped; });
    run = nullptr;
    return is_dropped ? std::nullopt : std::move(result);
  }
};

Reconciler::Reconciler(ReconcilerParts parts) : parts_(std::move(parts)) {
  CHECK(parts_.now != nullptr && parts_.is_ours != nullptr);
}

Reconciler::~Reconciler() { stop(); }

void Reconciler::stop() {
  const std::lock_guard guard(lock_);
  is_stopping_ = true;
  if (fetch_) fetch_->drop();
}

bool Reconciler::step() {
  const base::Instant first = parts_.ledger.first_order_at();
  for (auto& source : parts_.sources) {
    const auto day = due_day(parts_.store, source.account.name, first, parts_.now(), parts_.rules);
    if (day) return run(source, *day);
  }
  return false;
}

bool Reconciler::run(BillSource& source, const std::string& day) {
  DayRun day_run(parts_.store, parts_.ledger, parts_.rules, parts_.is_ours, source.account, day,
                 parts_.fees);
  auto fetch = std::make_shared<Fetch>();
  fetch->run = &day_run;
  {
    const std::lock_guard guard(lock_);
    if (is_stopping_) return false;
    fetch_ = fetch;
  }
  source.channel->fetch_bill(
      day, [fetch](ports::BillLine&& line) { fetch->take(std::move(line)); },
      [fetch](ports::BillResult result) { fetch->end(std::move(result)); });
  const auto result = fetch->wait();
  {
    const std::lock_guard guard(lock_);
    fetch_.reset();
  }
  if (!result) return false;
  const auto row = day_run.finish(*result, parts_.now());
  if (!row) {
    if (parts_.failed) parts_.failed(source.account.name, day);
    return false;
  }
  if (parts_.tried) parts_.tried(*row);
  return true;
}

ReconcileThread::ReconcileThread(Reconciler& reconciler, base::Duration pause)
    : reconciler_(reconciler), pause_(pause), thread_([this] { run(); }) {}

ReconcileThread::~ReconcileThread() {
  {
    const std::lock_guard guard(lock_);
    is_ending_ = true;
  }
  ending_.notify_all();
  reconciler_.stop();
  thread_.join();
}

void ReconcileThread::run() {
  std::unique_lock guard(lock_);
  while (!is_ending_) {
    guard.unlock();
    const bool may_have_more = reconciler_.step();
    guard.lock();
    if (!may_have_more)
      ending_.wait_for(guard, std::chrono::microseconds(pause_.micros),
                       [this] { return is_ending_; });
  }
}

}  // namespace daozhang::reconciliation
