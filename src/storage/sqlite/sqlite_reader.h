// Reads pages from the file that SqliteStore writes, beside it: a reader waits for nobody and holds
// nobody up. Each call sees one committed state.
//
// Threads: any. Connections are kept and lent to one call at a time; there are at most eight, and a
// ninth call waits the microseconds until one comes back.
#pragma once

#include <memory>
#include <string>

#include "ports/order_store.h"
#include "storage/sqlite/file_system.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

class SqliteReader final : public ports::OrderReader {
 public:
  // The store must have been opened before. Refuses as OpenRefusal says.
  static base::Result<std::unique_ptr<SqliteReader>, OpenProblem> open(
      const std::string& path, const FileSystem& files = {});
  ~SqliteReader() override;

  std::optional<domain::Order> find_order(domain::OrderKey key) override;
  std::vector<domain::StockItem> find_items(std::span<const domain::ItemKey> keys) override;
  std::optional<domain::ImportBatch> find_batch(domain::BatchId batch) override;
  std::vector<domain::InboxEntry> find_messages(const ports::InboxQuery& query) override;
  std::map<std::string, std::int64_t> stock_levels(domain::ShopId shop,
                                                   std::int64_t limit) override;

 private:
  struct Connection;
  struct Pool;
  explicit SqliteReader(std::unique_ptr<Pool> pool);

  std::unique_ptr<Pool> pool_;
};

}  // namespace daozhang::storage::sqlite
