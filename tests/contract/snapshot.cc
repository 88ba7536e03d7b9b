#include "tests/contract/snapshot.h"

namespace daozhang::contract {

std::string difference(const Snapshot& a, const Snapshot& b) {
  if (a.stories != b.stories) return "orders, events, transfers or effects";
  if (a.items != b.items) return "items";
  if (a.batches != b.batches) return "batches";
  if (a.claims != b.claims) return "claims";
  if (a.balances != b.balances) return "balances";
  if (a.inbox != b.inbox) return "inbox";
  if (a.time_high_water != b.time_high_water) return "time_high_water";
  return "";
}

Snapshot take_snapshot(ports::OrderStore& store, ports::AuditSource& audit) {
  Snapshot snapshot;
  audit.each_order([&](const ports::AuditSource::OrderStory& story) {
    snapshot.stories.push_back({story.order, story.events, story.transfers, story.effects});
  });
  audit.each_item([&](const domain::StockItem& item) { snapshot.items.push_back(item); });
  audit.each_batch([&](const domain::ImportBatch& batch) { snapshot.batches.push_back(batch); });
  audit.each_claim([&](const domain::Claim& claim) { snapshot.claims.push_back(claim); });
  audit.each_balance([&](const domain::Balance& row) { snapshot.balances.push_back(row); });
  audit.each_inbox_entry([&](const domain::InboxEntry& row) { snapshot.inbox.push_back(row); });
  snapshot.time_high_water = store.time_high_water();
  return snapshot;
}

}  // namespace daozhang::contract
