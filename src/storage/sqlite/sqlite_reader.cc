#include "storage/sqlite/sqlite_reader.h"

#include <condition_variable>
#include <mutex>

#include "base/check.h"
#include "storage/sqlite/order_rows.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/stock_rows.h"

namespace daozhang::storage::sqlite {
namespace {

// Every connection has a cache of its own.
constexpr const char* small_cache = "PRAGMA cache_size=-4096";
constexpr int connections_max = 8;

std::optional<OpenProblem> open_for_reading(Database& database, const std::string& path,
                                            const FileSystem& files) {
  if (!database.open(path, Access::read_only, files))
    return OpenProblem{OpenRefusal::cannot_open,
                       path + " can not be opened: " + database.problem() + "."};
  return check_schema(database, path, embedded_migrations());
}

}  // namespace

struct SqliteReader::Connection {
  explicit Connection(std::unique_ptr<Database> opened)
      : database(std::move(opened)),
        orders(*database),
        stock(*database),
        begin(*database, "BEGIN"),
        commit(*database, "COMMIT") {
    database->run(small_cache);
  }

  template <class Read>
  auto read(Read query) {
    CHECK(begin.execute() == Outcome::done);
    auto result = query();
    CHECK(commit.execute() == Outcome::done);
    return result;
  }

  std::unique_ptr<Database> database;
  OrderRows orders;
  StockRows stock;
  Statement begin;
  Statement commit;
};

struct SqliteReader::Pool {
  Pool(std::string file, FileSystem file_system)
      : path(std::move(file)), files(std::move(file_system)) {}

  // Opens another connection when all are lent, up to the limit; when that is reached, or no file
  // can be opened any more, it waits for one to come back. The first is opened with the reader, so
  // there is always one to wait for.
  std::unique_ptr<Connection> take() {
    std::unique_lock guard(lock);
    if (idle.empty() && count < connections_max) {
      ++count;
      guard.unlock();
      auto database = std::make_unique<Database>();
      if (!open_for_reading(*database, path, files))
        return std::make_unique<Connection>(std::move(database));
      guard.lock();
      --count;
    }
    came_back.wait(guard, [&] { return !idle.empty(); });
    auto connection = std::move(idle.back());
    idle.pop_back();
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard guard(lock);
    idle.push_back(std::move(connection));
    came_back.notify_one();
  }

  template <class Read>
  auto with_connection(Read query) {
    auto connection = take();
    auto result = connection->read([&] { return query(*connection); });
    give_back(std::move(connection));
    return result;
  }

  const std::string path;
  const FileSystem files;
  std::mutex lock;
  std::condition_variable came_back;
  std::vector<std::unique_ptr<Connection>> idle;
  int count = 1;
};

base::Result<std::unique_ptr<SqliteReader>, OpenProblem> SqliteReader::open(
    const std::string& path, const FileSystem& files) {
  auto database = std::make_unique<Database>();
  if (auto problem = open_for_reading(*database, path, files))
    return base::refuse(std::move(*problem));
  auto pool = std::make_unique<Pool>(path, files);
  pool->give_back(std::make_unique<Connection>(std::move(database)));
  return std::unique_ptr<SqliteReader>(new SqliteReader(std::move(pool)));
}

SqliteReader::SqliteReader(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}

SqliteReader::~SqliteReader() = default;

std::optional<domain::Order> SqliteReader::find_order(domain::OrderKey key) {
  return pool_->with_connection([&](Connection& at) { return at.orders.load(key); });
}

std::vector<domain::StockItem> SqliteReader::find_items(std::span<const domain::ItemKey> keys) {
  return pool_->with_connection([&](Connection& at) {
    std::vector<domain::StockItem> found;
    for (const auto& key : keys)
      if (auto item = at.stock.item(key)) found.push_back(std::move(*item));
    return found;
  });
}

std::optional<domain::ImportBatch> SqliteReader::find_batch(domain::BatchId batch) {
  return pool_->with_connection([&](Connection& at) { return at.stock.batch(batch); });
}

namespace {

std::string messages_sql(const ports::InboxQuery& query) {
  const std::string newest =
      " AND (?4 = '' OR channel = ?4) AND (?5 = '' OR reason = ?5) AND (?6 = '' OR verdict = ?6) "
      "AND first_seen_at >= ?7 ORDER BY first_seen_at DESC, digest LIMIT ?3";
  if (query.order) return "WHERE order_id = ?1 AND order_partition = ?2" + newest;
  if (!query.digest.empty()) return "WHERE digest >= ?1 AND digest < ?2" + newest;
  return "INDEXED BY inbox_not_counted WHERE (verdict = 'refused' OR verdict = 'asked')" + newest;
}

}  // namespace

std::vector<domain::InboxEntry> SqliteReader::find_messages(const ports::InboxQuery& query) {
  return pool_->with_connection([&](Connection& at) {
    Statement select(*at.database, select_sql<domain::InboxEntry>("inbox", messages_sql(query)));
    const std::string behind = query.digest + "g";  // After every hexadecimal digit.
    if (query.order) {
      select.bind(1, query.order->order_id.value);
      select.bind(2, std::int64_t{query.order->partition.value});
    } else if (!query.digest.empty()) {
      select.bind(1, std::string_view(query.digest));
      select.bind(2, std::string_view(behind));
    }
    select.bind(3, static_cast<std::int64_t>(query.count_max));
    select.bind(4, std::string_view(query.channel));
    select.bind(5, std::string_view(query.reason));
    select.bind(6, query.verdict ? base::name_of(*query.verdict) : std::string_view(""));
    select.bind(7, query.since.micros);
    std::vector<domain::InboxEntry> found;
    while (select.row()) read_record(select, found.emplace_back());
    return found;
  });
}

std::map<std::string, std::int64_t> SqliteReader::stock_levels(domain::ShopId shop,
                                                               std::int64_t limit) {
  return pool_->with_connection([&](Connection& at) { return at.stock.levels(shop, limit); });
}

}  // namespace daozhang::storage::sqlite
