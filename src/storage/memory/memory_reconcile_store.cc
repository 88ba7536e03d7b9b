#include "storage/memory/memory_reconcile_store.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace daozhang::storage::memory {

using ports::ReconcileRefusal;

base::Result<void, ReconcileRefusal> MemoryReconcileStore::clear_work() {
  const std::lock_guard guard(lock_);
  lines_.clear();
  facts_.clear();
  return {};
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::add_lines(
    std::span<const ports::BillLine> lines) {
  const std::lock_guard guard(lock_);
  for (const auto& line : lines)
    CHECK(lines_.try_emplace({line.kind, ports::key_of(line), line.line_no}, line).second);
  return {};
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::add_facts(
    std::span<const ports::LedgerFact> facts) {
  const std::lock_guard guard(lock_);
  for (const auto& fact : facts)
    CHECK(facts_.try_emplace({fact.kind, ports::key_of(fact), fact.channel}, fact).second);
  return {};
}

std::vector<ports::BillLine> MemoryReconcileStore::lines_after(const ports::WorkPlace& after,
                                                               std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<ports::BillLine> page;
  for (auto at = lines_.upper_bound({after.kind, after.key, after.line_no});
       at != lines_.end() && page.size() < limit; ++at)
    page.push_back(at->second);
  return page;
}

std::vector<ports::LedgerFact> MemoryReconcileStore::facts_after(const ports::WorkPlace& after,
                                                                 std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<ports::LedgerFact> page;
  for (const auto& [key, fact] : facts_) {
    if (page.size() >= limit) break;
    if (std::tie(std::get<0>(key), std::get<1>(key)) > std::tie(after.kind, after.key))
      page.push_back(fact);
  }
  return page;
}

void MemoryReconcileStore::enter(const std::string& difference_id, domain::DifferenceStep step,
                                 base::Instant at, const std::string& by,
                                 const std::string& words) {
  auto& entries = journal_[difference_id];
  entries.push_back(
      {difference_id, static_cast<std::int64_t>(entries.size()) + 1, step, at, by, words});
}

void MemoryReconcileStore::open_locked(const domain::Difference& difference) {
  const auto [known, is_new] = differences_.try_emplace(difference.difference_id, difference);
  const auto step =
      is_new ? domain::opened_now(difference) : domain::said_again(known->second, difference);
  if (step) enter(step->difference_id, step->step, step->at, step->by, step->words);
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::close_locked(
    const ports::ClosedDifference& closed) {
  const auto found = differences_.find(closed.difference_id);
  if (found == differences_.end()) return base::refuse(ReconcileRefusal::unknown_item);
  auto& difference = found->second;
  if (difference.state == domain::DifferenceState::closed)
    return base::refuse(ReconcileRefusal::already_closed);
  difference.state = domain::DifferenceState::closed;
  difference.closed_at = closed.at;
  difference.closed_by = closed.by;
  difference.reason = closed.reason;
  difference.evidence = closed.evidence;
  enter(closed.difference_id, domain::DifferenceStep::closed, closed.at, closed.by,
        closed.evidence.empty() ? closed.reason : closed.reason + " (" + closed.evidence + ")");
  return {};
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::save(
    const ports::ReconcileChanges& changes) {
  const std::lock_guard guard(lock_);
  for (const auto& difference : changes.opened) open_locked(difference);
  for (const auto& closed : changes.closed) static_cast<void>(close_locked(closed));
  for (const auto& fact : changes.waited) waiting_.erase({fact.account, fact.kind, fact.key});
  for (const auto& fact : changes.waiting)
    waiting_.try_emplace({fact.account, fact.kind, fact.key}, fact);
  for (const auto& line : changes.taken_back) elsewhere_.erase({line.account, line.kind, line.key});
  for (const auto& line : changes.elsewhere)
    elsewhere_.try_emplace({line.account, line.kind, line.key}, line);
  if (changes.day) days_[{changes.day->day, changes.day->account}] = *changes.day;
  return {};
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::close(
    const ports::ClosedDifference& closed) {
  const std::lock_guard guard(lock_);
  return close_locked(closed);
}

base::Result<void, ReconcileRefusal> MemoryReconcileStore::assign(const std::string& difference_id,
                                                                  const std::string& owner,
                                                                  const std::string& by,
                                                                  base::Instant at) {
  const std::lock_guard guard(lock_);
  const auto found = differences_.find(difference_id);
  if (found == differences_.end()) return base::refuse(ReconcileRefusal::unknown_item);
  if (found->second.state == domain::DifferenceState::closed)
    return base::refuse(ReconcileRefusal::already_closed);
  found->second.owner = owner;
  enter(difference_id, domain::DifferenceStep::assigned, at, by, owner);
  return {};
}

bool MemoryReconcileStore::is_elsewhere(const std::string& account, ports::BillLineKind kind,
                                        const std::string& key) {
  const std::lock_guard guard(lock_);
  return elsewhere_.contains({account, kind, key});
}

std::vector<ports::LineElsewhere> MemoryReconcileStore::elsewhere_in(const std::string& account,
                                                                     const std::string& bill_day,
                                                                     std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<ports::LineElsewhere> found;
  for (const auto& [key, line] : elsewhere_)
    if (line.account == account && line.bill_day == bill_day && !ports::is_of_funds(line.kind) &&
        found.size() < limit)
      found.push_back(line);
  return found;
}

std::optional<ports::WaitingFact> MemoryReconcileStore::find_waiting(const std::string& account,
                                                                     ports::BillLineKind kind,
                                                                     const std::string& key) {
  const std::lock_guard guard(lock_);
  const auto found = waiting_.find({account, kind, key});
  if (found == waiting_.end()) return std::nullopt;
  return found->second;
}

std::vector<ports::WaitingFact> MemoryReconcileStore::waiting_until(const std::string& account,
                                                                    const std::string& due_day,
                                                                    std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<ports::WaitingFact> found;
  for (const auto& [key, fact] : waiting_)
    if (fact.account == account && fact.due_day <= due_day && found.size() < limit)
      found.push_back(fact);
  return found;
}

std::optional<domain::BillDay> MemoryReconcileStore::find_day(const std::string& account,
                                                              const std::string& day) {
  const std::lock_guard guard(lock_);
  const auto found = days_.find({day, account});
  if (found == days_.end()) return std::nullopt;
  return found->second;
}

std::vector<domain::BillDayView> MemoryReconcileStore::days(const std::string& account,
                                                            const std::string& from_day,
                                                            std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<domain::BillDayView> views;
  for (const auto& [key, day] : days_) {
    if (day.day < from_day || (!account.empty() && day.account != account)) continue;
    if (views.size() >= limit) break;
    auto& view = views.emplace_back();
    view.day = day;
    for (const auto& [half, fact] : waiting_)
      if (fact.account == day.account && fact.day == day.day) ++view.waiting_count;
    for (const auto& [id, difference] : differences_) {
      if (difference.account != day.account || difference.day != day.day) continue;
      ++view.difference_count;
      if (difference.state == domain::DifferenceState::open) ++view.open_count;
    }
  }
  return views;
}

std::vector<domain::Difference> MemoryReconcileStore::differences(
    const ports::DifferenceFilter& filter) {
  const std::lock_guard guard(lock_);
  std::vector<domain::Difference> found;
  for (const auto& [id, difference] : differences_) {
    if (std::tie(difference.day, id) <= std::tie(filter.after_day, filter.after)) continue;
    if (!filter.account.empty() && difference.account != filter.account) continue;
    if (!filter.day.empty() && difference.day != filter.day) continue;
    if (filter.state && difference.state != *filter.state) continue;
    if (filter.kind && difference.kind != *filter.kind) continue;
    found.push_back(difference);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.day, a.difference_id) < std::tie(b.day, b.difference_id);
  });
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

std::optional<domain::Difference> MemoryReconcileStore::find_difference(
    const std::string& difference_id) {
  const std::lock_guard guard(lock_);
  const auto found = differences_.find(difference_id);
  if (found == differences_.end()) return std::nullopt;
  return found->second;
}

std::vector<domain::DifferenceEntry> MemoryReconcileStore::journal_of(
    const std::string& difference_id) {
  const std::lock_guard guard(lock_);
  const auto found = journal_.find(difference_id);
  return found == journal_.end() ? std::vector<domain::DifferenceEntry>{} : found->second;
}

}  // namespace daozhang::storage::memory
