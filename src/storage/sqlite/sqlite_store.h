// The store of one machine: one SQLite file in WAL mode. This is its only writer, a second process
// is refused; pages are read through SqliteReader, which waits for nobody.
//
// A commit is one transaction and one fsync. A full disk refuses with unavailable and nothing is
// written; any other failure of the file ends the process (SETTLED 33). It never answers unknown.
//
// Thread: one, the lane's.
#pragma once

#include <memory>
#include <string>

#include "ports/channel_fees.h"
#include "ports/inbox_upkeep.h"
#include "ports/order_store.h"
#include "ports/time_anchor.h"
#include "storage/sqlite/file_system.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

struct StoreSettings {
  std::string path;
  // Pages in the write-ahead log after which the writer copies them into the file.
  int checkpoint_pages = 8192;
  // SQLite walks the whole cache at some commits, so a larger one is not faster.
  int cache_kib = 32 * 1024;
  FileSystem files = {};
};

class SqliteStore final : public ports::OrderStore,
                          public ports::TimeStore,
                          public ports::ChannelFees,
                          public ports::InboxUpkeep {
 public:
  // Creates the file if there is none, migrates it, and looks at a sample of it. Refuses as
  // OpenRefusal says.
  static base::Result<std::unique_ptr<SqliteStore>, OpenProblem> open(
      const StoreSettings& settings);
  ~SqliteStore() override;  // Empties the write-ahead log.

  // Commits and imports that were executed since the file was made.
  [[nodiscard]] std::int64_t commit_count() const;

  std::vector<domain::Order> load_orders(std::span<const domain::OrderKey> keys) override;
  std::vector<domain::Claim> find_claims(std::span<const domain::ClaimKey> keys) override;
  std::vector<domain::ItemKey> available_items(domain::ShopId shop, const std::string& sku,
                                               std::size_t count,
                                               std::span<const domain::ItemKey> except) override;
  std::vector<domain::OrderKey> due_orders(domain::Partitions partitions, base::Instant now,
                                           std::size_t limit) override;
  base::Instant earliest_due(domain::Partitions partitions) override;
  std::vector<domain::Effect> open_effects(domain::Partitions partitions,
                                           base::Instant decided_until) override;
  std::vector<domain::Effect> effects_of(std::span<const domain::OrderKey> keys) override;
  bool has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) override;
  std::vector<ports::OpenPeer> open_peers() override;
  base::Instant time_high_water() override;
  domain::OrderId last_order_id() override;
  base::Result<void, ports::CommitRefusal> commit(const ports::Commit& changes) override;
  base::Result<std::vector<bool>, ports::CommitRefusal> import_stock(
      const ports::StockImport& import) override;
  std::optional<ports::TimeAnchor> time_anchor() override;
  base::Result<void, ports::AnchorRefusal> keep_time_anchor(
      const ports::TimeAnchor& anchor) override;
  base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal> book_fees(
      const ports::DayFees& fees) override;
  base::Result<std::int64_t, ports::CommitRefusal> forget_refused(base::Instant before,
                                                                  std::int64_t limit) override;

 private:
  struct Parts;
  explicit SqliteStore(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace daozhang::storage::sqlite
