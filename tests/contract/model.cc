#include "tests/contract/model.h"

#include <algorithm>

namespace daozhang::contract {

using ports::CommitRefusal;

base::Result<void, CommitRefusal> Model::commit(const ports::Commit& changes) {
  Model tried = *this;
  if (const auto refusal = tried.apply(changes)) return base::refuse(*refusal);
  *this = std::move(tried);
  return {};
}

std::optional<CommitRefusal> Model::apply(const ports::Commit& changes) {
  for (const auto& change : changes.orders) {
    auto& story = stories[change.after->key()];
    const std::int64_t expected = change.before ? change.before->header.version : 0;
    if (story.order.header.version != expected) return CommitRefusal::version_moved;
    story.order = *change.after;
    story.events.push_back(change.event);
  }
  for (const auto& claim : changes.claims)
    if (!claims_.emplace(claim.key(), claim).second) return CommitRefusal::claim_taken;
  for (const auto& change : changes.items)
    if (const auto refusal = apply(change)) return refusal;
  for (const auto& transfer : changes.transfers) apply(transfer);
  for (const auto& effect : changes.effects_added)
    stories.at(effect.order()).effects.push_back(effect);
  for (const auto& effect : changes.effects_ended) {
    const auto ended = std::erase_if(
        stories[effect.order()].effects,
        [&](const domain::Effect& open) { return open.effect_no == effect.effect_no; });
    if (ended == 0) return CommitRefusal::effect_gone;
  }
  for (const auto& entry : changes.inbox) {
    auto [row, is_new] = inbox_.emplace(entry.key(), entry);
    if (is_new) continue;
    row->second.seen_count += entry.seen_count;
    row->second.last_seen_at = entry.last_seen_at;
  }
  time_high_water_ = std::max(time_high_water_, changes.now);
  return std::nullopt;
}

std::optional<CommitRefusal> Model::apply(const ports::ItemChange& change) {
  const auto found = items.find(change.item);
  if (found == items.end()) return CommitRefusal::item_moved;
  auto& item = found->second;
  if (item.state != change.from) return CommitRefusal::item_moved;
  const bool is_owner = domain::OrderKey{item.order_partition, item.order_id} == change.order &&
                        item.unit_no == change.unit_no;
  if (change.from != domain::ItemState::available && !is_owner) return CommitRefusal::item_moved;
  item.state = change.to;
  item.version += 1;
  item.order_partition = {};
  item.order_id = {};
  item.unit_no = 0;
  item.hold_expires_at = {};
  if (change.to == domain::ItemState::available) return std::nullopt;
  item.order_partition = change.order.partition;
  item.order_id = change.order.order_id;
  item.unit_no = change.unit_no;
  if (change.to == domain::ItemState::held) item.hold_expires_at = change.hold_expires_at;
  return std::nullopt;
}

void Model::apply(const domain::Transfer& transfer) {
  stories.at({transfer.partition, transfer.order_id}).transfers.push_back(transfer);
  balance(transfer, transfer.debit).debit_minor += transfer.amount_minor;
  balance(transfer, transfer.credit).credit_minor += transfer.amount_minor;
}

domain::Balance& Model::balance(const domain::Transfer& transfer, const std::string& account) {
  const std::string currency(base::name_of(transfer.currency));
  auto& row = balances_[{transfer.partition.value, account, currency}];
  row.partition = transfer.partition;
  row.account = account;
  row.currency = transfer.currency;
  return row;
}

std::vector<bool> Model::import_stock(const ports::StockImport& import) {
  auto [batch, is_new_batch] = batches_.emplace(import.batch.batch_id, import.batch);
  if (is_new_batch) batch->second.item_count = 0;
  std::vector<bool> are_new;
  for (const auto& item : import.items) {
    const auto known = std::ranges::find_if(items, [&](const auto& row) {
      return row.second.shop_id == item.shop_id && row.second.fingerprint == item.fingerprint;
    });
    are_new.push_back(known == items.end() || known->first == item.key());
    if (known != items.end()) continue;
    items.emplace(item.key(), item);
    batch->second.item_count += 1;
  }
  return are_new;
}

Snapshot Model::snapshot() const {
  Snapshot snapshot;
  for (const auto& [key, story] : stories) snapshot.stories.push_back(story);
  for (const auto& [key, item] : items) snapshot.items.push_back(item);
  for (const auto& [key, batch] : batches_) snapshot.batches.push_back(batch);
  for (const auto& [key, claim] : claims_) snapshot.claims.push_back(claim);
  for (const auto& [key, row] : balances_) snapshot.balances.push_back(row);
  for (const auto& [key, entry] : inbox_) snapshot.inbox.push_back(entry);
  snapshot.time_high_water = time_high_water_;
  return snapshot;
}

std::vector<domain::ItemKey> Model::available_items(const std::string& sku,
                                                    std::size_t count) const {
  std::vector<std::pair<domain::ItemId, domain::Partition>> found;
  for (const auto& [key, item] : items)
    if (item.sku == sku && item.state == domain::ItemState::available)
      found.emplace_back(key.item_id, key.partition);
  std::ranges::sort(found);
  std::vector<domain::ItemKey> keys;
  for (const auto& [item_id, partition] : found)
    if (keys.size() < count) keys.push_back({partition, item_id});
  return keys;
}

std::vector<domain::OrderKey> Model::due_orders(domain::Partitions partitions, base::Instant now,
                                                std::size_t limit) const {
  std::vector<std::pair<base::Instant, domain::OrderKey>> due;
  for (const auto& [key, story] : stories)
    if (partitions.contains(key.partition) && story.order.header.due_at.is_set() &&
        story.order.header.due_at <= now)
      due.emplace_back(story.order.header.due_at, key);
  std::ranges::sort(due);
  std::vector<domain::OrderKey> keys;
  for (const auto& [due_at, key] : due)
    if (keys.size() < limit) keys.push_back(key);
  return keys;
}

std::vector<domain::Effect> Model::open_effects(domain::Partitions partitions) const {
  std::vector<domain::Effect> open;
  for (const auto& [key, story] : stories)
    if (partitions.contains(key.partition))
      open.insert(open.end(), story.effects.begin(), story.effects.end());
  return open;
}

}  // namespace daozhang::contract
