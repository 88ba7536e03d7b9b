#include "storage/sqlite/stock_rows.h"

#include <set>

#include "base/check.h"

namespace daozhang::storage::sqlite {

using ports::CommitRefusal;

StockRows::StockRows(Database& database)
    : select_available_(database,
                        "SELECT partition, item_id FROM stock_items "
                        "INDEXED BY stock_items_available "
                        "WHERE state = 'available' AND shop_id = ?1 AND sku = ?2 "
                        "ORDER BY item_id, partition"),
      select_item_(database, select_sql<domain::StockItem>(
                                 "stock_items", "WHERE partition = ?1 AND item_id = ?2")),
      select_batch_(database,
                    select_sql<domain::ImportBatch>("import_batches", "WHERE batch_id = ?1")),
      select_next_sku_(database,
                       "SELECT sku FROM stock_items INDEXED BY stock_items_available "
                       "WHERE state = 'available' AND shop_id = ?1 AND sku > ?2 "
                       "ORDER BY sku LIMIT 1"),
      count_available_(database,
                       "SELECT count(*) FROM (SELECT 1 FROM stock_items "
                       "INDEXED BY stock_items_available "
                       "WHERE state = 'available' AND shop_id = ?1 AND sku = ?2 LIMIT ?3)") {}

std::vector<domain::ItemKey> StockRows::available(domain::ShopId shop, const std::string& sku,
                                                  std::size_t count,
                                                  std::span<const domain::ItemKey> except) {
  std::vector<domain::ItemKey> found;
  const std::set<domain::ItemKey> taken(except.begin(), except.end());
  select_available_.bind(1, std::int64_t{shop.value});
  select_available_.bind(2, std::string_view(sku));
  while (found.size() < count && select_available_.row()) {
    const domain::ItemKey key{{static_cast<std::int32_t>(select_available_.integer(0))},
                              {select_available_.integer(1)}};
    if (!taken.contains(key)) found.push_back(key);
  }
  select_available_.reset();
  return found;
}

std::optional<domain::StockItem> StockRows::item(domain::ItemKey key) {
  select_item_.bind(1, std::int64_t{key.partition.value});
  select_item_.bind(2, key.item_id.value);
  if (!select_item_.row()) return std::nullopt;
  std::optional<domain::StockItem> item(std::in_place);
  read_record(select_item_, *item);
  select_item_.reset();
  return item;
}

std::optional<domain::ImportBatch> StockRows::batch(domain::BatchId batch) {
  select_batch_.bind(1, batch.value);
  if (!select_batch_.row()) return std::nullopt;
  std::optional<domain::ImportBatch> found(std::in_place);
  read_record(select_batch_, *found);
  select_batch_.reset();
  return found;
}

std::map<std::string, std::int64_t> StockRows::levels(domain::ShopId shop, std::int64_t limit) {
  std::map<std::string, std::int64_t> levels;
  std::string sku;
  while (true) {
    select_next_sku_.bind(1, std::int64_t{shop.value});
    select_next_sku_.bind(2, std::string_view(sku));
    if (!select_next_sku_.row()) return levels;
    std::string next(select_next_sku_.text(0));
    select_next_sku_.reset();
    sku = std::move(next);
    count_available_.bind(1, std::int64_t{shop.value});
    count_available_.bind(2, std::string_view(sku));
    count_available_.bind(3, limit);
    CHECK(count_available_.row());
    levels[sku] = count_available_.integer(0);
    count_available_.reset();
  }
}

StockImporter::StockImporter(Database& database)
    : database_(database),
      insert_batch_(database, insert_sql<domain::ImportBatch>("import_batches") +
                                  " ON CONFLICT (batch_id) DO NOTHING"),
      select_wrapped_key_(database, "SELECT wrapped_key FROM import_batches WHERE batch_id = ?1"),
      add_to_batch_(database,
                    "UPDATE import_batches SET item_count = item_count + ?2 WHERE batch_id = ?1"),
      insert_item_(database, insert_sql<domain::StockItem>("stock_items") +
                                 " ON CONFLICT (partition, shop_id, fingerprint) DO NOTHING"),
      select_known_(database,
                    "SELECT item_id FROM stock_items "
                    "WHERE partition = ?1 AND shop_id = ?2 AND fingerprint = ?3") {}

base::Result<std::vector<bool>, CommitRefusal> StockImporter::write(
    const ports::StockImport& import) {
  auto batch = import.batch;
  batch.item_count = 0;
  bind_record(insert_batch_, batch);
  if (insert_batch_.execute() != Outcome::done) return base::refuse(CommitRefusal::unavailable);
  if (database_.changed() == 0) {
    select_wrapped_key_.bind(1, batch.batch_id.value);
    CHECK(select_wrapped_key_.row());
    const bool is_same = select_wrapped_key_.text(0) == batch.wrapped_key;
    select_wrapped_key_.reset();
    if (!is_same) return base::refuse(CommitRefusal::claim_taken);
  }
  std::vector<bool> are_new;
  are_new.reserve(import.items.size());
  inserted_ = 0;
  for (const auto& item : import.items) {
    CHECK(item.batch_id == import.batch.batch_id);
    CHECK(item.state == domain::ItemState::available);
    const auto is_new = write_item(item);
    if (!is_new) return base::refuse(is_new.error());
    if (*is_new) ++inserted_;
    select_known_.bind(1, std::int64_t{item.partition.value});
    select_known_.bind(2, std::int64_t{item.shop_id.value});
    select_known_.bind(3, std::string_view(item.fingerprint));
    CHECK(select_known_.row());
    are_new.push_back(select_known_.integer(0) == item.item_id.value);
    select_known_.reset();
  }
  add_to_batch_.bind(1, import.batch.batch_id.value);
  add_to_batch_.bind(2, inserted_);
  if (add_to_batch_.execute() != Outcome::done) return base::refuse(CommitRefusal::unavailable);
  return are_new;
}

base::Result<bool, CommitRefusal> StockImporter::write_item(const domain::StockItem& item) {
  bind_record(insert_item_, item);
  const Outcome outcome = insert_item_.execute();
  if (outcome == Outcome::full || outcome == Outcome::busy)
    return base::refuse(CommitRefusal::unavailable);
  CHECK(outcome == Outcome::done);
  return database_.changed() == 1;
}

}  // namespace daozhang::storage::sqlite
