// The store's contract in the shortest way to say it: a commit is tried on a copy, which replaces
// the original if nothing refused.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ports/order_store.h"
#include "tests/contract/snapshot.h"

namespace daozhang::contract {

class Model {
 public:
  base::Result<void, ports::CommitRefusal> commit(const ports::Commit& changes);
  std::vector<bool> import_stock(const ports::StockImport& import);
  [[nodiscard]] Snapshot snapshot() const;

  [[nodiscard]] std::vector<domain::ItemKey> available_items(const std::string& sku,
                                                             std::size_t count) const;
  [[nodiscard]] std::vector<domain::OrderKey> due_orders(domain::Partitions partitions,
                                                         base::Instant now,
                                                         std::size_t limit) const;
  [[nodiscard]] std::vector<domain::Effect> open_effects(domain::Partitions partitions) const;

  std::map<domain::OrderKey, Story> stories;
  std::map<domain::ItemKey, domain::StockItem> items;

 private:
  std::optional<ports::CommitRefusal> apply(const ports::Commit& changes);
  std::optional<ports::CommitRefusal> apply(const ports::ItemChange& change);
  void apply(const domain::Transfer& transfer);
  domain::Balance& balance(const domain::Transfer& transfer, const std::string& account);

  std::map<domain::BatchId, domain::ImportBatch> batches_;
  std::map<domain::ClaimKey, domain::Claim> claims_;
  std::map<std::tuple<std::int32_t, std::string, std::string>, domain::Balance> balances_;
  std::map<domain::InboxEntry::Key, domain::InboxEntry> inbox_;
  base::Instant time_high_water_;
};

}  // namespace daozhang::contract
