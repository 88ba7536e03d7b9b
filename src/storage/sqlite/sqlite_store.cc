#include "storage/sqlite/sqlite_store.h"

#include "base/check.h"
#include "storage/sqlite/order_rows.h"
#include "storage/sqlite/order_writer.h"
#include "storage/sqlite/peer_rows.h"
#include "storage/sqlite/stock_rows.h"
#include "storage/sqlite/store_file.h"
#include "storage/sqlite/upkeep_rows.h"

namespace daozhang::storage::sqlite {
namespace {

// A set of partitions as a parameter; a statement asks ((?n >> partition) & 1).
std::int64_t mask_of(domain::Partitions partitions) {
  return static_cast<std::int64_t>(partitions.bits());
}

}  // namespace

struct SqliteStore::Parts {
  explicit Parts(std::unique_ptr<StoreFile> store_file)
      : file(std::move(store_file)),
        order_rows(file->database()),
        order_writer(file->database()),
        stock_rows(file->database()),
        stock_importer(file->database()),
        select_claim(file->database(),
                     select_sql<domain::Claim>("claims",
                                               "WHERE partition = ?1 AND kind = ?2 AND name = ?3")),
        select_due(file->database(),
                   "SELECT partition, order_id FROM orders INDEXED BY orders_due "
                   "WHERE due_at <> 0 AND due_at <= ?1 AND ((?3 >> partition) & 1) "
                   "ORDER BY due_at, partition, order_id LIMIT ?2"),
        select_earliest_due(file->database(),
                            "SELECT due_at FROM orders INDEXED BY orders_due "
                            "WHERE due_at <> 0 AND ((?1 >> partition) & 1) "
                            "ORDER BY due_at LIMIT 1") {}

  std::unique_ptr<StoreFile> file;
  OrderRows order_rows;
  OrderWriter order_writer;
  StockRows stock_rows;
  StockImporter stock_importer;
  Statement select_claim;
  Statement select_due;
  Statement select_earliest_due;
};

base::Result<std::unique_ptr<SqliteStore>, OpenProblem> SqliteStore::open(
    const StoreSettings& settings) {
  auto file = StoreFile::open(settings);
  if (!file) return base::refuse(std::move(file.error()));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::make_unique<Parts>(std::move(*file))));
}

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SqliteStore::~SqliteStore() = default;

std::vector<domain::Order> SqliteStore::load_orders(std::span<const domain::OrderKey> keys) {
  std::vector<domain::Order> found;
  found.reserve(keys.size());
  parts_->file->read([&] {
    for (const auto& key : keys)
      if (auto order = parts_->order_rows.load(key)) found.push_back(std::move(*order));
  });
  return found;
}

std::vector<domain::Claim> SqliteStore::find_claims(std::span<const domain::ClaimKey> keys) {
  std::vector<domain::Claim> found;
  auto& select = parts_->select_claim;
  parts_->file->read([&] {
    for (const auto& key : keys) {
      select.bind(1, std::int64_t{key.partition.value});
      select.bind(2, base::name_of(key.kind));
      select.bind(3, std::string_view(key.name));
      if (!select.row()) continue;
      read_record(select, found.emplace_back());
      select.reset();
    }
  });
  return found;
}

std::vector<domain::ItemKey> SqliteStore::available_items(domain::ShopId shop,
                                                          const std::string& sku, std::size_t count,
                                                          std::span<const domain::ItemKey> except) {
  return parts_->stock_rows.available(shop, sku, count, except);
}

std::vector<domain::OrderKey> SqliteStore::due_orders(domain::Partitions partitions,
                                                      base::Instant now, std::size_t limit) {
  std::vector<domain::OrderKey> found;
  auto& select = parts_->select_due;
  select.bind(1, now.micros);
  select.bind(2, static_cast<std::int64_t>(limit));
  select.bind(3, mask_of(partitions));
  while (select.row())
    found.push_back({{static_cast<std::int32_t>(select.integer(0))}, {select.integer(1)}});
  return found;
}

base::Instant SqliteStore::earliest_due(domain::Partitions partitions) {
  auto& select = parts_->select_earliest_due;
  select.bind(1, mask_of(partitions));
  if (!select.row()) return {};
  const base::Instant due{select.integer(0)};
  select.reset();
  return due;
}

std::vector<domain::Effect> SqliteStore::open_effects(domain::Partitions partitions,
                                                      base::Instant decided_until) {
  Statement select(parts_->file->database(),
                   select_sql<domain::Effect>("effects",
                                              "WHERE ((?1 >> partition) & 1) AND "
                                              "(?2 = 0 OR decided_at <= ?2) "
                                              "ORDER BY partition, order_id, effect_no"));
  select.bind(1, mask_of(partitions));
  select.bind(2, decided_until.micros);
  std::vector<domain::Effect> open;
  while (select.row()) read_record(select, open.emplace_back());
  return open;
}

std::vector<domain::Effect> SqliteStore::effects_of(std::span<const domain::OrderKey> keys) {
  Statement select(parts_->file->database(),
                   select_sql<domain::Effect>("effects",
                                              "WHERE order_id = ?1 AND partition = ?2 "
                                              "ORDER BY effect_no"));
  std::vector<domain::Effect> open;
  for (const auto& key : keys) {
    select.bind(1, key.order_id.value);
    select.bind(2, std::int64_t{key.partition.value});
    while (select.row()) read_record(select, open.emplace_back());
  }
  return open;
}

bool SqliteStore::has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) {
  Statement select(parts_->file->database(),
                   "SELECT 1 FROM events WHERE order_id = ?1 AND partition = ?2 AND version = ?3 "
                   "AND leaf = ?4");
  select.bind(1, order.order_id.value);
  select.bind(2, std::int64_t{order.partition.value});
  select.bind(3, version);
  select.bind(4, std::string_view(leaf));
  return select.row();
}

std::vector<ports::OpenPeer> SqliteStore::open_peers() {
  return read_open_peers(parts_->file->database());
}

std::int64_t SqliteStore::commit_count() const { return parts_->file->tally().commits(); }

base::Instant SqliteStore::time_high_water() { return parts_->file->tally().time_high_water(); }

std::optional<ports::TimeAnchor> SqliteStore::time_anchor() {
  Statement select(parts_->file->database(), "SELECT value FROM meta WHERE name = ?1");
  const auto value = [&](std::string_view name) -> std::optional<std::int64_t> {
    select.bind(1, name);
    std::optional<std::int64_t> found;
    if (select.row()) found = select.integer(0);
    select.reset();
    return found;
  };
  const auto boot = value("anchor_boot");
  if (!boot) return std::nullopt;
  ports::TimeAnchor anchor;
  anchor.boot = *boot;
  anchor.uptime.micros = value("anchor_uptime").value_or(0);
  anchor.time.micros = value("anchor_time").value_or(0);
  anchor.explained.micros = value("anchor_explained").value_or(0);
  anchor.outside_by_wall = value("anchor_outside_by_wall").value_or(0) != 0;
  anchor.downtime_unconfirmed = value("anchor_downtime_unconfirmed").value_or(0) != 0;
  return anchor;
}

base::Result<void, ports::AnchorRefusal> SqliteStore::keep_time_anchor(
    const ports::TimeAnchor& anchor) {
  const auto kept = parts_->file->transact([&]() -> MaybeRefusal {
    Statement write(parts_->file->database(),
                    "INSERT INTO meta (name, value) VALUES (?1, ?2) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    const std::pair<std::string_view, std::int64_t> values[] = {
        {"anchor_boot", anchor.boot},
        {"anchor_uptime", anchor.uptime.micros},
        {"anchor_time", anchor.time.micros},
        {"anchor_explained", anchor.explained.micros},
        {"anchor_outside_by_wall", anchor.outside_by_wall ? 1 : 0},
        {"anchor_downtime_unconfirmed", anchor.downtime_unconfirmed ? 1 : 0}};
    for (const auto& [name, value] : values) {
      write.bind(1, name);
      write.bind(2, value);
      if (write.execute() != Outcome::done) return ports::CommitRefusal::unavailable;
    }
    return std::nullopt;
  });
  if (!kept) return base::refuse(ports::AnchorRefusal::unavailable);
  return {};
}

domain::OrderId SqliteStore::last_order_id() {
  return {parts_->file->database().number("SELECT max(order_id) FROM orders")};
}

base::Result<void, ports::CommitRefusal> SqliteStore::commit(const ports::Commit& changes) {
  return parts_->file->transact([&] { return parts_->order_writer.write(changes); },
                                Tally::delta_of(changes));
}

base::Result<std::vector<bool>, ports::CommitRefusal> SqliteStore::import_stock(
    const ports::StockImport& import) {
  std::vector<bool> are_new;
  Tally::Delta delta;
  const auto write = [&]() -> MaybeRefusal {
    auto written = parts_->stock_importer.write(import);
    if (!written) return written.error();
    are_new = std::move(*written);
    delta.items = parts_->stock_importer.inserted();
    return std::nullopt;
  };
  const auto result = parts_->file->transact(write, delta);
  if (!result) return base::refuse(result.error());
  return are_new;
}

base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal> SqliteStore::book_fees(
    const ports::DayFees& fees) {
  std::vector<domain::FeePosting> postings;
  Tally::Delta delta;
  delta.now = fees.now;
  const auto written = parts_->file->transact(
      [&] { return write_fees(parts_->file->database(), fees, postings); }, delta);
  if (!written) return base::refuse(written.error());
  return postings;
}

base::Result<std::int64_t, ports::CommitRefusal> SqliteStore::forget_refused(base::Instant before,
                                                                             std::int64_t limit) {
  Forgotten forgotten;
  Tally::Delta delta;
  const auto forget = [&]() -> MaybeRefusal {
    auto refusal = forget_refused_rows(parts_->file->database(), before, limit, forgotten);
    delta.messages = -forgotten.messages;
    return refusal;
  };
  const auto written = parts_->file->transact(forget, delta);
  if (!written) return base::refuse(written.error());
  return forgotten.rows;
}

}  // namespace daozhang::storage::sqlite
