// Stock items and their batches: what is on the shelf, and imports.
// Thread: that of its database.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ports/order_store.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {

// Reading.
class StockRows {
 public:
  explicit StockRows(Database& database);

  std::vector<domain::ItemKey> available(domain::ShopId shop, const std::string& sku,
                                         std::size_t count,
                                         std::span<const domain::ItemKey> except);
  std::optional<domain::StockItem> item(domain::ItemKey key);
  std::optional<domain::ImportBatch> batch(domain::BatchId batch);
  std::map<std::string, std::int64_t> levels(domain::ShopId shop, std::int64_t limit);

 private:
  Statement select_available_;
  Statement select_item_;
  Statement select_batch_;
  Statement select_next_sku_;
  Statement count_available_;
};

// Writing, inside a transaction that the caller has begun and ends.
class StockImporter {
 public:
  explicit StockImporter(Database& database);

  // Which items are the batch's: new now, or brought by an earlier call with the same batch whose
  // answer was lost. Refuses: unavailable, claim_taken.
  base::Result<std::vector<bool>, ports::CommitRefusal> write(const ports::StockImport& import);
  // How many rows the last write() added.
  [[nodiscard]] std::int64_t inserted() const { return inserted_; }

 private:
  base::Result<bool, ports::CommitRefusal> write_item(const domain::StockItem& item);

  Database& database_;
  Statement insert_batch_;
  Statement select_wrapped_key_;
  Statement add_to_batch_;
  Statement insert_item_;
  Statement select_known_;
  std::int64_t inserted_ = 0;
};

}  // namespace daozhang::storage::sqlite
