#include "storage/memory/memory_store.h"

#include <algorithm>

#include "base/check.h"

namespace daozhang::storage::memory {

using domain::Order;
using domain::OrderKey;

void MemoryStore::set_fault_hook(FaultHook hook) {
  const std::lock_guard guard(lock_);
  fault_hook_ = std::move(hook);
}

std::int64_t MemoryStore::executed_count() const {
  const std::lock_guard guard(lock_);
  return executed_count_;
}

std::vector<Order> MemoryStore::load_orders(std::span<const OrderKey> keys) {
  const std::lock_guard guard(lock_);
  std::vector<Order> found;
  found.reserve(keys.size());
  for (const auto& key : keys)
    if (const auto row = orders_.find(key); row != orders_.end())
      found.push_back(row->second.order);
  return found;
}

std::vector<domain::Claim> MemoryStore::find_claims(std::span<const domain::ClaimKey> keys) {
  const std::lock_guard guard(lock_);
  std::vector<domain::Claim> found;
  for (const auto& key : keys)
    if (const auto claim = claims_.find(key); claim != claims_.end())
      found.push_back(claim->second);
  return found;
}

std::vector<domain::ItemKey> MemoryStore::available_items(domain::ShopId shop,
                                                          const std::string& sku, std::size_t count,
                                                          std::span<const domain::ItemKey> except) {
  const std::lock_guard guard(lock_);
  std::vector<domain::ItemKey> found;
  const auto shelf = available_.find({shop, sku});
  if (shelf == available_.end()) return found;
  const std::set<domain::ItemKey> taken(except.begin(), except.end());
  for (const auto& [item_id, partition] : shelf->second) {
    if (found.size() == count) break;
    const domain::ItemKey key{partition, item_id};
    if (!taken.contains(key)) found.push_back(key);
  }
  return found;
}

std::vector<OrderKey> MemoryStore::due_orders(domain::Partitions partitions, base::Instant now,
                                              std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<OrderKey> found;
  for (const auto& [due_at, key] : due_) {
    if (due_at > now || found.size() == limit) break;
    if (partitions.contains(key.partition)) found.push_back(key);
  }
  return found;
}

base::Instant MemoryStore::earliest_due(domain::Partitions partitions) {
  const std::lock_guard guard(lock_);
  for (const auto& [due_at, key] : due_)
    if (partitions.contains(key.partition)) return due_at;
  return {};
}

std::vector<domain::Effect> MemoryStore::open_effects(domain::Partitions partitions,
                                                      base::Instant decided_until) {
  const std::lock_guard guard(lock_);
  std::vector<domain::Effect> open;
  for (const auto& key : with_effects_) {
    if (!partitions.contains(key.partition)) continue;
    for (const auto& effect : orders_.at(key).effects)
      if (!decided_until.is_set() || effect.decided_at <= decided_until) open.push_back(effect);
  }
  return open;
}

std::vector<domain::Effect> MemoryStore::effects_of(std::span<const OrderKey> keys) {
  const std::lock_guard guard(lock_);
  std::vector<domain::Effect> open;
  for (const auto& key : keys) {
    const auto row = orders_.find(key);
    if (row == orders_.end()) continue;
    open.insert(open.end(), row->second.effects.begin(), row->second.effects.end());
  }
  return open;
}

bool MemoryStore::has_event(OrderKey order, std::int64_t version, const std::string& leaf) {
  const std::lock_guard guard(lock_);
  const auto row = orders_.find(order);
  if (row == orders_.end()) return false;
  const auto& events = row->second.events;
  return std::ranges::any_of(events, [&](const domain::Event& event) {
    return event.version == version && event.leaf == leaf;
  });
}

void MemoryStore::edit_by_hand(const OrderStory& story) {
  const std::lock_guard guard(lock_);
  orders_.at(story.order.key()) = story;
}

base::Instant MemoryStore::time_high_water() {
  const std::lock_guard guard(lock_);
  return time_high_water_;
}

domain::OrderId MemoryStore::last_order_id() {
  const std::lock_guard guard(lock_);
  return last_order_id_;
}

std::optional<Order> MemoryStore::find_order(OrderKey key) {
  const std::lock_guard guard(lock_);
  const auto row = orders_.find(key);
  if (row == orders_.end()) return std::nullopt;
  return row->second.order;
}

std::vector<domain::StockItem> MemoryStore::find_items(std::span<const domain::ItemKey> keys) {
  const std::lock_guard guard(lock_);
  std::vector<domain::StockItem> found;
  for (const auto& key : keys)
    if (const auto item = items_.find(key); item != items_.end()) found.push_back(item->second);
  return found;
}

std::optional<domain::ImportBatch> MemoryStore::find_batch(domain::BatchId batch) {
  const std::lock_guard guard(lock_);
  const auto row = batches_.find(batch);
  if (row == batches_.end()) return std::nullopt;
  return row->second;
}

std::vector<domain::InboxEntry> MemoryStore::find_messages(const ports::InboxQuery& query) {
  using domain::InboxVerdict;
  const std::lock_guard guard(lock_);
  std::vector<domain::InboxEntry> found;
  for (const auto& [key, entry] : inbox_) {
    const bool not_counted =
        entry.verdict == InboxVerdict::refused || entry.verdict == InboxVerdict::asked;
    const bool fits = query.order ? OrderKey{entry.order_partition, entry.order_id} == *query.order
                      : !query.digest.empty() ? entry.digest.starts_with(query.digest)
                                              : not_counted;
    const bool is_wanted = (query.channel.empty() || entry.channel == query.channel) &&
                           (query.reason.empty() || entry.reason == query.reason) &&
                           (!query.verdict || entry.verdict == *query.verdict) &&
                           entry.first_seen_at >= query.since;
    if (fits && is_wanted) found.push_back(entry);
  }
  std::ranges::stable_sort(found, std::greater{}, &domain::InboxEntry::first_seen_at);
  if (found.size() > query.count_max) found.resize(query.count_max);
  return found;
}

std::map<std::string, std::int64_t> MemoryStore::stock_levels(domain::ShopId shop,
                                                              std::int64_t limit) {
  const std::lock_guard guard(lock_);
  std::map<std::string, std::int64_t> levels;
  for (auto shelf = available_.lower_bound({shop, ""});
       shelf != available_.end() && shelf->first.first == shop; ++shelf) {
    if (!shelf->second.empty())
      levels[shelf->first.second] =
          std::min(limit, static_cast<std::int64_t>(shelf->second.size()));
  }
  return levels;
}

}  // namespace daozhang::storage::memory
