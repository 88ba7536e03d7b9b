#include "sim/checkers/store_shadow.h"

#include <algorithm>
#include <string_view>

namespace daozhang::sim {
namespace {

void lost(Record& record, std::string_view what, domain::OrderKey order = {}) {
  record.violated("S1", "what the store holds is not what was committed: " + std::string(what),
                  order);
}

// Each row of the store is the one that the map has, and none is missing.
template <class Map, class Key>
class Counted {
 public:
  Counted(const Map& expected, Record& record, std::string_view what)
      : expected_(expected), record_(record), what_(what) {}

  void see(const Key& key, const typename Map::mapped_type& row, domain::OrderKey order) {
    ++count_;
    const auto known = expected_.find(key);
    if (known == expected_.end() || known->second != row) lost(record_, what_, order);
  }
  void finish() const {
    if (count_ != expected_.size()) lost(record_, what_);
  }

 private:
  const Map& expected_;
  Record& record_;
  std::string_view what_;
  std::size_t count_ = 0;
};

template <class Key, class Map>
Counted<Map, Key> counted(const Map& expected, Record& record, std::string_view what) {
  return {expected, record, what};
}

}  // namespace

void StoreShadow::imported(const ports::StockImport& import) {
  for (const auto& item : import.items) items_.emplace(item.key(), item);
  available_ = std::ssize(items_);
}

void StoreShadow::see(const ports::Commit& commit) {
  for (const auto& change : commit.orders)
    orders_[change.after->key()].leaves.emplace_back(change.event.at, change.event.leaf);
  for (const auto& claim : commit.claims) claims_.emplace(claim.key(), claim);
  for (const auto& transfer : commit.transfers)
    orders_[{transfer.partition, transfer.order_id}].transfers.push_back(transfer);
  for (const auto& effect : commit.effects_added)
    orders_[effect.order()].effects.emplace(effect.effect_no, effect);
  for (const auto& effect : commit.effects_ended)
    orders_[effect.order()].effects.erase(effect.effect_no);
  for (const auto& change : commit.items) {
    auto& item = items_.at(change.item);
    const bool is_owned = change.to != domain::ItemState::available;
    if (change.from == domain::ItemState::available) --available_;
    if (!is_owned) ++available_;
    item.state = change.to;
    item.version += 1;
    item.order_partition = is_owned ? change.order.partition : domain::Partition{};
    item.order_id = is_owned ? change.order.order_id : domain::OrderId{};
    item.unit_no = is_owned ? change.unit_no : 0;
    const bool is_held = change.to == domain::ItemState::held;
    item.hold_expires_at = is_held ? change.hold_expires_at : base::Instant{};
  }
  for (const auto& entry : commit.inbox) {
    if (entry.source == domain::FactSource::notification) notices_ += entry.seen_count;
    const auto [known, is_new] = inbox_.try_emplace(entry.key(), entry);
    if (is_new) continue;
    known->second.seen_count += entry.seen_count;
    known->second.last_seen_at = entry.last_seen_at;
  }
}

void StoreShadow::compare(ports::AuditSource& source, Record& record) const {
  compare_orders(source, record);
  compare_items(source, record);
  compare_claims(source, record);
  compare_inbox(source, record);
}

void StoreShadow::compare_orders(ports::AuditSource& source, Record& record) const {
  static const Rows none;
  source.each_order([&](const ports::AuditSource::OrderStory& story) {
    const auto key = story.order.key();
    const auto known = orders_.find(key);
    const Rows& rows = known == orders_.end() ? none : known->second;
    const auto is_leaf = [](const domain::Event& event, const auto& leaf) {
      return event.at == leaf.first && event.leaf == leaf.second;
    };
    const auto is_effect = [](const domain::Effect& stored, const auto& effect) {
      return stored == effect.second;
    };
    if (!std::ranges::equal(story.events, rows.leaves, is_leaf)) lost(record, "an event", key);
    if (!std::ranges::equal(story.transfers, rows.transfers)) lost(record, "a transfer", key);
    if (!std::ranges::equal(story.effects, rows.effects, is_effect))
      lost(record, "an open call", key);
  });
}

void StoreShadow::compare_items(ports::AuditSource& source, Record& record) const {
  auto items = counted<domain::ItemKey>(items_, record, "an item");
  source.each_item([&](const domain::StockItem& item) {
    items.see(item.key(), item, {item.order_partition, item.order_id});
  });
  items.finish();
}

void StoreShadow::compare_claims(ports::AuditSource& source, Record& record) const {
  auto claims = counted<domain::ClaimKey>(claims_, record, "a claim");
  source.each_claim(
      [&](const domain::Claim& claim) { claims.see(claim.key(), claim, claim.owner()); });
  claims.finish();
}

void StoreShadow::compare_inbox(ports::AuditSource& source, Record& record) const {
  auto inbox = counted<domain::InboxEntry::Key>(inbox_, record, "a message");
  source.each_inbox_entry([&](const domain::InboxEntry& entry) {
    inbox.see(entry.key(), entry, {entry.order_partition, entry.order_id});
  });
  inbox.finish();
}

}  // namespace daozhang::sim
