#include "storage/sqlite/sqlite_reconcile_store.h"

#include <functional>
#include <mutex>

#include "base/check.h"
#include "storage/sqlite/bill_schema.h"
#include "storage/sqlite/difference_rows.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

using ports::ReconcileRefusal;
using Refused = std::optional<ReconcileRefusal>;

// Adds the record under its sort key, which comes after its fields.
template <domain::Record T>
Refused add_to_work(Database& database, const std::string& table, std::span<const T> records) {
  std::string values;
  for (int i = 1; i <= domain::field_count<T>() + 1; ++i)
    values += (i > 1 ? ", ?" : "?") + std::to_string(i);
  Statement insert(database, "INSERT INTO " + table + " (" + columns_of<T>() +
                                 ", sort_key) VALUES (" + values + ")");
  for (const T& record : records) {
    const std::string key = ports::key_of(record);
    bind_record(insert, record);
    insert.bind(domain::field_count<T>() + 1, std::string_view(key));
    const Outcome outcome = insert.execute();
    CHECK(outcome != Outcome::exists);
    if (outcome != Outcome::done) return ReconcileRefusal::unavailable;
  }
  return std::nullopt;
}

template <domain::Record T>
std::vector<T> read_all(Statement& select) {
  std::vector<T> rows;
  while (select.row()) read_record(select, rows.emplace_back());
  return rows;
}

template <domain::Record T>
Refused write_all(Database& database, const std::string& sql, std::span<const T> records) {
  if (records.empty()) return std::nullopt;
  Statement write(database, sql);
  for (const T& record : records) {
    bind_record(write, record);
    if (write.execute() != Outcome::done) return ReconcileRefusal::unavailable;
  }
  return std::nullopt;
}

template <class T>
Refused forget_all(Database& database, const std::string& table, std::span<const T> gone) {
  if (gone.empty()) return std::nullopt;
  Statement forget(database,
                   "DELETE FROM " + table + " WHERE account = ?1 AND kind = ?2 AND key = ?3");
  for (const auto& row : gone) {
    forget.bind(1, std::string_view(row.account));
    forget.bind(2, base::name_of(row.kind));
    forget.bind(3, std::string_view(row.key));
    if (forget.execute() != Outcome::done) return ReconcileRefusal::unavailable;
  }
  return std::nullopt;
}

Refused write_changes(Database& database, const ports::ReconcileChanges& changes) {
  const std::string if_new = " ON CONFLICT DO NOTHING";
  if (auto refused = open_differences(database, changes.opened)) return refused;
  for (const auto& closed : changes.closed) {
    const auto refused = close_difference(database, closed);
    if (refused == ReconcileRefusal::unavailable) return refused;
  }
  if (auto refused = forget_all<ports::WaitingFact>(database, "waiting", changes.waited))
    return refused;
  if (auto refused = write_all<ports::WaitingFact>(
          database, insert_sql<ports::WaitingFact>("waiting") + if_new, changes.waiting))
    return refused;
  if (auto refused = forget_all<ports::LineElsewhere>(database, "elsewhere", changes.taken_back))
    return refused;
  if (auto refused = write_all<ports::LineElsewhere>(
          database, insert_sql<ports::LineElsewhere>("elsewhere") + if_new, changes.elsewhere))
    return refused;
  if (!changes.day) return std::nullopt;
  const std::string replace = insert_sql<domain::BillDay>("days").replace(0, 6, "REPLACE");
  return write_all<domain::BillDay>(database, replace, {&*changes.day, 1});
}

}  // namespace

struct SqliteReconcileStore::Parts {
  std::mutex lock;
  Database database;

  base::Result<void, ReconcileRefusal> write(const std::function<Refused()>& change) {
    const std::lock_guard guard(lock);
    if (database.try_run("BEGIN IMMEDIATE") != Outcome::done)
      return base::refuse(ReconcileRefusal::unavailable);
    Refused refused = change();
    if (!refused && database.try_run("COMMIT") != Outcome::done)
      refused = ReconcileRefusal::unavailable;
    if (!refused) return {};
    if (database.in_transaction()) database.run("ROLLBACK");
    return base::refuse(*refused);
  }
};

base::Result<std::unique_ptr<SqliteReconcileStore>, OpenProblem> SqliteReconcileStore::open(
    const std::string& path, const FileSystem& files) {
  auto parts = std::make_unique<Parts>();
  Database& database = parts->database;
  if (!database.open(path, Access::read_write, files) ||
      database.try_run("PRAGMA journal_mode=WAL") == Outcome::busy)
    return base::refuse(
        OpenProblem{database.is_damaged() ? OpenRefusal::damaged : OpenRefusal::cannot_open,
                    path + " can not be opened: " + database.problem() + "."});
  database.run("PRAGMA synchronous=FULL");
  database.run("PRAGMA cache_size=-32768");
  if (auto problem = migrate(database, path, bill_migrations()))
    return base::refuse(std::move(*problem));
  return std::unique_ptr<SqliteReconcileStore>(new SqliteReconcileStore(std::move(parts)));
}

SqliteReconcileStore::SqliteReconcileStore(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}
SqliteReconcileStore::~SqliteReconcileStore() = default;

base::Result<void, ReconcileRefusal> SqliteReconcileStore::clear_work() {
  return parts_->write([&]() -> Refused {
    for (const char* sql : {"DELETE FROM work_lines", "DELETE FROM work_facts"})
      if (parts_->database.try_run(sql) != Outcome::done) return ReconcileRefusal::unavailable;
    return std::nullopt;
  });
}

base::Result<void, ReconcileRefusal> SqliteReconcileStore::add_lines(
    std::span<const ports::BillLine> lines) {
  return parts_->write([&] { return add_to_work(parts_->database, "work_lines", lines); });
}

base::Result<void, ReconcileRefusal> SqliteReconcileStore::add_facts(
    std::span<const ports::LedgerFact> facts) {
  return parts_->write([&] { return add_to_work(parts_->database, "work_facts", facts); });
}

std::vector<ports::BillLine> SqliteReconcileStore::lines_after(const ports::WorkPlace& after,
                                                               std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database,
                   select_sql<ports::BillLine>("work_lines",
                                               "WHERE (kind, sort_key, line_no) > (?1, ?2, ?3) "
                                               "ORDER BY kind, sort_key, line_no LIMIT ?4"));
  select.bind(1, base::name_of(after.kind));
  select.bind(2, std::string_view(after.key));
  select.bind(3, after.line_no);
  select.bind(4, static_cast<std::int64_t>(limit));
  return read_all<ports::BillLine>(select);
}

std::vector<ports::LedgerFact> SqliteReconcileStore::facts_after(const ports::WorkPlace& after,
                                                                 std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database,
                   select_sql<ports::LedgerFact>("work_facts",
                                                 "WHERE (kind, sort_key) > (?1, ?2) "
                                                 "ORDER BY kind, sort_key, channel LIMIT ?3"));
  select.bind(1, base::name_of(after.kind));
  select.bind(2, std::string_view(after.key));
  select.bind(3, static_cast<std::int64_t>(limit));
  return read_all<ports::LedgerFact>(select);
}

base::Result<void, ReconcileRefusal> SqliteReconcileStore::save(
    const ports::ReconcileChanges& changes) {
  return parts_->write([&] { return write_changes(parts_->database, changes); });
}

base::Result<void, ReconcileRefusal> SqliteReconcileStore::close(
    const ports::ClosedDifference& closed) {
  return parts_->write([&] { return close_difference(parts_->database, closed); });
}

base::Result<void, ReconcileRefusal> SqliteReconcileStore::assign(const std::string& difference_id,
                                                                  const std::string& owner,
                                                                  const std::string& by,
                                                                  base::Instant at) {
  return parts_->write(
      [&] { return assign_difference(parts_->database, difference_id, owner, by, at); });
}

bool SqliteReconcileStore::is_elsewhere(const std::string& account, ports::BillLineKind kind,
                                        const std::string& key) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database,
                   "SELECT 1 FROM elsewhere WHERE account = ?1 AND kind = ?2 AND key = ?3");
  select.bind(1, std::string_view(account));
  select.bind(2, base::name_of(kind));
  select.bind(3, std::string_view(key));
  return select.row();
}

std::vector<ports::LineElsewhere> SqliteReconcileStore::elsewhere_in(const std::string& account,
                                                                     const std::string& bill_day,
                                                                     std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database,
                   select_sql<ports::LineElsewhere>(
                       "elsewhere",
                       "WHERE account = ?1 AND bill_day = ?2 AND (kind = 'payment' OR "
                       "kind = 'refund') ORDER BY kind, key LIMIT ?3"));
  select.bind(1, std::string_view(account));
  select.bind(2, std::string_view(bill_day));
  select.bind(3, static_cast<std::int64_t>(limit));
  return read_all<ports::LineElsewhere>(select);
}

std::optional<ports::WaitingFact> SqliteReconcileStore::find_waiting(const std::string& account,
                                                                     ports::BillLineKind kind,
                                                                     const std::string& key) {
  const std::lock_guard guard(parts_->lock);
  Statement select(
      parts_->database,
      select_sql<ports::WaitingFact>("waiting", "WHERE account = ?1 AND kind = ?2 AND key = ?3"));
  select.bind(1, std::string_view(account));
  select.bind(2, base::name_of(kind));
  select.bind(3, std::string_view(key));
  auto rows = read_all<ports::WaitingFact>(select);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<ports::WaitingFact> SqliteReconcileStore::waiting_until(const std::string& account,
                                                                    const std::string& due_day,
                                                                    std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement select(
      parts_->database,
      select_sql<ports::WaitingFact>(
          "waiting", "WHERE account = ?1 AND due_day <= ?2 ORDER BY kind, key LIMIT ?3"));
  select.bind(1, std::string_view(account));
  select.bind(2, std::string_view(due_day));
  select.bind(3, static_cast<std::int64_t>(limit));
  return read_all<ports::WaitingFact>(select);
}

std::optional<domain::BillDay> SqliteReconcileStore::find_day(const std::string& account,
                                                              const std::string& day) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database,
                   select_sql<domain::BillDay>("days", "WHERE day = ?1 AND account = ?2"));
  select.bind(1, std::string_view(day));
  select.bind(2, std::string_view(account));
  auto rows = read_all<domain::BillDay>(select);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<domain::BillDayView> SqliteReconcileStore::days(const std::string& account,
                                                            const std::string& from_day,
                                                            std::size_t limit) {
  const std::lock_guard guard(parts_->lock);
  Statement select(
      parts_->database,
      "SELECT " + columns_of<domain::BillDay>() +
          ", (SELECT count(*) FROM waiting AS w WHERE w.account = days.account AND w.day = "
          "days.day)"
          ", (SELECT count(*) FROM differences AS d WHERE d.account = days.account AND "
          "d.day = days.day AND d.state = 'open')"
          ", (SELECT count(*) FROM differences AS d WHERE d.account = days.account AND "
          "d.day = days.day) "
          "FROM days WHERE day >= ?1 AND (?2 = '' OR account = ?2) ORDER BY day, account LIMIT ?3");
  select.bind(1, std::string_view(from_day));
  select.bind(2, std::string_view(account));
  select.bind(3, static_cast<std::int64_t>(limit));
  std::vector<domain::BillDayView> rows;
  const int count = domain::field_count<domain::BillDay>();
  while (select.row()) {
    auto& row = rows.emplace_back();
    read_record(select, row.day);
    row.waiting_count = select.integer(count);
    row.open_count = select.integer(count + 1);
    row.difference_count = select.integer(count + 2);
  }
  return rows;
}

std::vector<domain::Difference> SqliteReconcileStore::differences(
    const ports::DifferenceFilter& filter) {
  const std::lock_guard guard(parts_->lock);
  return find_differences(parts_->database, filter);
}

std::optional<domain::Difference> SqliteReconcileStore::find_difference(
    const std::string& difference_id) {
  const std::lock_guard guard(parts_->lock);
  return read_difference(parts_->database, difference_id);
}

std::vector<domain::DifferenceEntry> SqliteReconcileStore::journal_of(
    const std::string& difference_id) {
  const std::lock_guard guard(parts_->lock);
  Statement select(parts_->database, select_sql<domain::DifferenceEntry>(
                                         "journal", "WHERE difference_id = ?1 ORDER BY entry_no"));
  select.bind(1, std::string_view(difference_id));
  return read_all<domain::DifferenceEntry>(select);
}

}  // namespace daozhang::storage::sqlite
