#include <algorithm>

#include "base/check.h"
#include "domain/ledger/balances.h"
#include "storage/memory/memory_store.h"

namespace daozhang::storage::memory {

using domain::Effect;
using domain::ItemState;
using ports::CommitRefusal;

namespace {

// What a stored item looks like to the next change of the same commit.
struct ItemView {
  ItemState state = ItemState::available;
  domain::OrderKey order;
  std::int32_t unit_no = 0;
};

bool holds(const ItemView& item, const ports::ItemChange& change) {
  if (item.state != change.from) return false;
  if (change.from == ItemState::available) return true;
  return item.order == change.order && item.unit_no == change.unit_no;
}

void check_sound(const ports::OrderChange& change) {
  CHECK(change.after != nullptr);
  const auto& header = change.after->header;
  const std::int64_t before_version = change.before ? change.before->header.version : 0;
  CHECK(!change.before || change.before->key() == change.after->key());
  CHECK(header.version == before_version + 1);
  CHECK(change.event.version == header.version);
  CHECK(change.event.partition == header.partition && change.event.order_id == header.order_id);
  if (!change.before) return;
  CHECK(change.after->units.size() >= change.before->units.size());
  CHECK(change.after->intents.size() >= change.before->intents.size());
  CHECK(change.after->payments.size() >= change.before->payments.size());
  CHECK(change.after->attempts.size() >= change.before->attempts.size());
  CHECK(change.after->refunds.size() >= change.before->refunds.size());
  CHECK(change.after->chargebacks.size() >= change.before->chargebacks.size());
}

}  // namespace

// The commit looks first at all orders, then at all claims, all items and all effects, each in the
// order given, and names the first that does not hold; only then it writes.
base::Result<void, CommitRefusal> MemoryStore::commit(const ports::Commit& changes) {
  const std::lock_guard guard(lock_);
  const CommitFault fault = next_fault();
  if (fault == CommitFault::refuse_unavailable) return base::refuse(CommitRefusal::unavailable);
  if (fault == CommitFault::drop_then_unknown) return base::refuse(CommitRefusal::unknown);
  if (const auto refusal = order_refusal(changes.orders)) return base::refuse(*refusal);
  if (const auto refusal = claim_refusal(changes.claims)) return base::refuse(*refusal);
  if (const auto refusal = item_refusal(changes.items)) return base::refuse(*refusal);
  if (const auto refusal = effect_refusal(changes)) return base::refuse(*refusal);

  for (const auto& change : changes.orders) write_order(change);
  for (const auto& claim : changes.claims) claims_.emplace(claim.key(), claim);
  for (const auto& change : changes.items) write_item(change);
  write_transfers(changes.transfers);
  write_effects(changes);
  for (const auto& entry : changes.inbox) write_inbox(entry);
  time_high_water_ = std::max(time_high_water_, changes.now);
  ++executed_count_;
  if (fault == CommitFault::execute_then_unknown) return base::refuse(CommitRefusal::unknown);
  return {};
}

base::Result<std::vector<bool>, CommitRefusal> MemoryStore::import_stock(
    const ports::StockImport& import) {
  const std::lock_guard guard(lock_);
  const CommitFault fault = next_fault();
  if (fault == CommitFault::refuse_unavailable) return base::refuse(CommitRefusal::unavailable);
  if (fault == CommitFault::drop_then_unknown) return base::refuse(CommitRefusal::unknown);
  const auto known = batches_.find(import.batch.batch_id);
  if (known != batches_.end() && known->second.wrapped_key != import.batch.wrapped_key)
    return base::refuse(CommitRefusal::claim_taken);
  auto are_new = write_import(import);
  ++executed_count_;
  if (fault == CommitFault::execute_then_unknown) return base::refuse(CommitRefusal::unknown);
  return are_new;
}

std::optional<CommitRefusal> MemoryStore::order_refusal(
    const std::vector<ports::OrderChange>& changes) const {
  std::map<domain::OrderKey, std::int64_t> versions;  // After the changes looked at so far.
  for (const auto& change : changes) {
    check_sound(change);
    const auto key = change.after->key();
    const auto stored = orders_.find(key);
    const auto [version, first] = versions.try_emplace(
        key, stored == orders_.end() ? 0 : stored->second.order.header.version);
    if (version->second != change.after->header.version - 1) return CommitRefusal::version_moved;
    version->second = change.after->header.version;
  }
  return std::nullopt;
}

std::optional<CommitRefusal> MemoryStore::claim_refusal(
    const std::vector<domain::Claim>& claims) const {
  std::set<domain::ClaimKey> taken_here;
  for (const auto& claim : claims)
    if (claims_.contains(claim.key()) || !taken_here.insert(claim.key()).second)
      return CommitRefusal::claim_taken;
  return std::nullopt;
}

std::optional<CommitRefusal> MemoryStore::item_refusal(
    const std::vector<ports::ItemChange>& changes) const {
  std::map<domain::ItemKey, ItemView> views;
  for (const auto& change : changes) {
    CHECK(domain::item_machine.allows(change.from, change.to));
    const auto stored = items_.find(change.item);
    if (stored == items_.end()) return CommitRefusal::item_moved;
    const auto& item = stored->second;
    auto& view =
        views
            .try_emplace(change.item,
                         ItemView{item.state, {item.order_partition, item.order_id}, item.unit_no})
            .first->second;
    if (!holds(view, change)) return CommitRefusal::item_moved;
    view = {change.to, change.order, change.unit_no};
  }
  return std::nullopt;
}

std::optional<CommitRefusal> MemoryStore::effect_refusal(const ports::Commit& changes) const {
  const auto is_same_as = [](const Effect& effect) {
    return [&effect](const Effect& other) {
      return other.order() == effect.order() && other.effect_no == effect.effect_no;
    };
  };
  const auto& ended = changes.effects_ended;
  for (auto effect = ended.begin(); effect != ended.end(); ++effect) {
    const auto row = orders_.find(effect->order());
    const bool is_stored =
        row != orders_.end() &&
        std::ranges::binary_search(row->second.effects, effect->effect_no, {}, &Effect::effect_no);
    const bool is_there =
        is_stored || std::ranges::any_of(changes.effects_added, is_same_as(*effect));
    if (!is_there || std::any_of(ended.begin(), effect, is_same_as(*effect)))
      return CommitRefusal::effect_gone;
  }
  return std::nullopt;
}

void MemoryStore::write_order(const ports::OrderChange& change) {
  const auto key = change.after->key();
  auto& row = orders_[key];
  if (row.order.header.due_at.is_set()) due_.erase({row.order.header.due_at, key});
  row.order = *change.after;
  if (row.order.header.due_at.is_set()) due_.insert({row.order.header.due_at, key});
  row.events.push_back(change.event);
  last_order_id_ = std::max(last_order_id_, key.order_id);
}

void MemoryStore::write_effects(const ports::Commit& changes) {
  const auto place_of = [](std::vector<Effect>& list, const Effect& effect) {
    return std::ranges::lower_bound(list, effect.effect_no, {}, &Effect::effect_no);
  };
  for (const auto& effect : changes.effects_added) {
    auto& list = row_of(effect.order()).effects;
    const auto place = place_of(list, effect);
    CHECK(place == list.end() || place->effect_no != effect.effect_no);
    if (list.empty()) with_effects_.insert(effect.order());
    list.insert(place, effect);
  }
  for (const auto& effect : changes.effects_ended) {
    auto& list = row_of(effect.order()).effects;
    list.erase(place_of(list, effect));
    if (list.empty()) with_effects_.erase(effect.order());
  }
}

void MemoryStore::write_item(const ports::ItemChange& change) {
  auto& item = items_.at(change.item);
  auto& shelf = available_[{item.shop_id, item.sku}];
  const Place place{item.item_id, item.partition};
  if (change.from == ItemState::available) shelf.erase(place);
  if (change.to == ItemState::available) shelf.insert(place);
  const bool is_owned = change.to != ItemState::available;
  item.state = change.to;
  item.version += 1;
  item.order_partition = is_owned ? change.order.partition : domain::Partition{};
  item.order_id = is_owned ? change.order.order_id : domain::OrderId{};
  item.unit_no = is_owned ? change.unit_no : 0;
  item.hold_expires_at = change.to == ItemState::held ? change.hold_expires_at : base::Instant{};
}

void MemoryStore::write_transfers(const std::vector<domain::Transfer>& transfers) {
  for (const auto& transfer : transfers) {
    auto& list = row_of({transfer.partition, transfer.order_id}).transfers;
    const auto place =
        std::ranges::lower_bound(list, transfer.transfer_no, {}, &domain::Transfer::transfer_no);
    CHECK(place == list.end() || place->transfer_no != transfer.transfer_no);
    list.insert(place, transfer);
  }
  add_to_balances(domain::balance_changes(transfers));
}

void MemoryStore::add_to_balances(const std::vector<domain::Balance>& changes) {
  for (const auto& change : changes) {
    auto [balance, is_new] =
        balances_.try_emplace({change.partition, change.account, change.currency}, change);
    if (is_new) continue;
    balance->second.debit_minor += change.debit_minor;
    balance->second.credit_minor += change.credit_minor;
  }
}

void MemoryStore::write_inbox(const domain::InboxEntry& entry) {
  auto [row, is_new] = inbox_.try_emplace(entry.key(), entry);
  if (is_new) return;
  row->second.seen_count += entry.seen_count;
  row->second.last_seen_at = entry.last_seen_at;
}

// A repeat of an import whose answer was lost finds its own batch and gives the same answer.
std::vector<bool> MemoryStore::write_import(const ports::StockImport& import) {
  auto [batch, batch_is_new] = batches_.try_emplace(import.batch.batch_id, import.batch);
  if (batch_is_new) batch->second.item_count = 0;
  std::vector<bool> are_new;
  are_new.reserve(import.items.size());
  for (const auto& item : import.items) {
    CHECK(item.batch_id == import.batch.batch_id && item.state == ItemState::available);
    const auto [known, is_new] =
        fingerprints_.try_emplace({item.shop_id, item.fingerprint}, item.key());
    if (is_new) {
      CHECK(items_.emplace(item.key(), item).second);
      available_[{item.shop_id, item.sku}].insert({item.item_id, item.partition});
      batch->second.item_count += 1;
    }
    are_new.push_back(is_new || known->second == item.key());
  }
  return are_new;
}

MemoryStore::OrderStory& MemoryStore::row_of(domain::OrderKey key) {
  const auto row = orders_.find(key);
  CHECK(row != orders_.end());
  return row->second;
}

CommitFault MemoryStore::next_fault() { return fault_hook_ ? fault_hook_() : CommitFault::ok; }

}  // namespace daozhang::storage::memory
