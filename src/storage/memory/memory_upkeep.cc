#include <algorithm>

#include "domain/ledger/balances.h"
#include "storage/memory/memory_store.h"

namespace daozhang::storage::memory {

using ports::CommitRefusal;

base::Result<std::vector<domain::FeePosting>, CommitRefusal> MemoryStore::book_fees(
    const ports::DayFees& fees) {
  const std::lock_guard guard(lock_);
  const CommitFault fault = next_fault();
  if (fault == CommitFault::refuse_unavailable) return base::refuse(CommitRefusal::unavailable);
  if (fault == CommitFault::drop_then_unknown) return base::refuse(CommitRefusal::unknown);
  auto& postings = fees_[{fees.channel, fees.day}];
  if (const auto missing = domain::next_posting(postings, fees.channel, fees.day, fees.fee_minor,
                                                fees.currency, fees.now)) {
    postings.push_back(*missing);
    add_to_balances(domain::balance_changes(*missing));
  }
  time_high_water_ = std::max(time_high_water_, fees.now);
  ++executed_count_;
  if (fault == CommitFault::execute_then_unknown) return base::refuse(CommitRefusal::unknown);
  return postings;
}

base::Result<std::int64_t, CommitRefusal> MemoryStore::forget_refused(base::Instant before,
                                                                      std::int64_t limit) {
  const std::lock_guard guard(lock_);
  const CommitFault fault = next_fault();
  if (fault == CommitFault::refuse_unavailable) return base::refuse(CommitRefusal::unavailable);
  if (fault == CommitFault::drop_then_unknown) return base::refuse(CommitRefusal::unknown);
  using Old = std::pair<base::Instant, domain::InboxEntry::Key>;
  std::vector<Old> old;
  for (const auto& [key, entry] : inbox_)
    if (entry.verdict == domain::InboxVerdict::refused && entry.order_id.is_none() &&
        !domain::tells_of_lost_order(entry.reason) && entry.last_seen_at < before)
      old.emplace_back(entry.first_seen_at, key);
  std::sort(old.begin(), old.end());
  if (std::ssize(old) > limit) old.resize(static_cast<std::size_t>(limit));
  for (const auto& [seen, key] : old) inbox_.erase(key);
  ++executed_count_;
  if (fault == CommitFault::execute_then_unknown) return base::refuse(CommitRefusal::unknown);
  return std::ssize(old);
}

}  // namespace daozhang::storage::memory
