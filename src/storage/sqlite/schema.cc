#include "storage/sqlite/schema.h"

#include <sqlite3.h>

#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

constexpr std::int64_t application_id = 0x44414F5A;  // "DAOZ"

std::string checksum_of(const Migration& migration) {
  return base::to_hex(base::view(base::sha256(migration.sql)));
}

struct Applied {
  std::int64_t number = 0;
  std::string name;
  std::string checksum;
};

std::vector<Applied> applied_migrations(Database& database) {
  std::vector<Applied> applied;
  Statement known(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'");
  if (!known.row() || known.integer(0) == 0) return applied;
  Statement all(database, "SELECT number, name, checksum FROM schema_migrations ORDER BY number");
  while (all.row())
    applied.push_back({all.integer(0), std::string(all.text(1)), std::string(all.text(2))});
  return applied;
}

std::optional<OpenProblem> foreign_file(Database& database, const std::string& path) {
  if (database.number("PRAGMA application_id") == application_id) {
    if (database.is_sealed()) return std::nullopt;
    return OpenProblem{OpenRefusal::damaged,
                       path +
                           " has no page checksums: its first page is damaged, or another program "
                           "or a daozhang older than the checksums wrote it. Restore a backup."};
  }
  if (database.number("SELECT count(*) FROM sqlite_schema") == 0) return std::nullopt;
  return OpenProblem{OpenRefusal::not_a_store,
                     path + " is a SQLite file of another program; name another file."};
}

std::optional<OpenProblem> unfit(const std::vector<Applied>& applied, const std::string& path,
                                 std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= migrations.size())
      return OpenProblem{OpenRefusal::schema_newer,
                         path + " was written by a newer daozhang (migration " + applied[i].name +
                             " is unknown to this one); start the newer binary."};
    if (applied[i].number != migrations[i].number ||
        applied[i].checksum != checksum_of(migrations[i]))
      return OpenProblem{OpenRefusal::schema_differs,
                         path + " was built by another text of migration " + applied[i].name +
                             " than this binary has; start the binary that wrote it."};
  }
  return std::nullopt;
}

constexpr int copies_max = 9;

OpenProblem no_space(const std::string& path) {
  return {OpenRefusal::no_space, "No space left beside " + path + "; free some and start again."};
}

// The file as it is before a migration. What an earlier attempt left may be of another time, or
// half of a copy, so it is kept, and this one gets a number. Through SQLite, which knows where the
// files are.
class CopyBefore {
 public:
  CopyBefore(Database& database, const std::string& path, const Migration& migration)
      : database_(database), path_(path), name_(path + ".before_" + migration.name) {
    CHECK(sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_VFS_POINTER, &files_) ==
          SQLITE_OK);
  }

  std::optional<OpenProblem> make() {
    const std::string wanted = name_;
    for (int no = 2; exists(); ++no) {
      if (no > copies_max)
        return OpenProblem{OpenRefusal::cannot_open,
                           "There are " + std::to_string(copies_max) + " copies " + wanted +
                               "* of starts that did not end; delete them and start again."};
      name_ = wanted + "." + std::to_string(no);
    }
    Statement copy(database_, "VACUUM INTO ?1");
    copy.bind(1, std::string_view(name_));
    if (copy.execute() == Outcome::done) return std::nullopt;
    drop();
    return no_space(path_);
  }
  // Nothing was migrated: the next attempt makes its own.
  void drop() { files_->xDelete(files_, name_.c_str(), 0); }

 private:
  [[nodiscard]] bool exists() const {
    int found = 0;
    const int code = files_->xAccess(files_, name_.c_str(), SQLITE_ACCESS_EXISTS, &found);
    if (code != SQLITE_OK) database_.stop("look for a copy", code);
    return found != 0;
  }

  Database& database_;
  std::string path_;
  std::string name_;
  sqlite3_vfs* files_ = nullptr;
};

Outcome apply(Database& database, const Migration& migration) {
  const Outcome begun = database.try_run("BEGIN IMMEDIATE");
  if (begun != Outcome::done) return begun;
  const std::string mark = "PRAGMA application_id = " + std::to_string(application_id);
  database.run(mark.c_str());
  database.run(
      "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER NOT NULL PRIMARY KEY, "
      "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT");
  Outcome outcome = database.try_run(migration.sql.c_str());
  if (outcome == Outcome::done) {
    Statement record(database,
                     "INSERT INTO schema_migrations (number, name, checksum, applied_at) "
                     "VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    const std::string checksum = checksum_of(migration);
    record.bind(1, std::int64_t{migration.number});
    record.bind(2, std::string_view(migration.name));
    record.bind(3, std::string_view(checksum));
    outcome = record.execute();
  }
  if (outcome == Outcome::done) outcome = database.try_run("COMMIT");
  if (outcome != Outcome::done && database.in_transaction()) database.run("ROLLBACK");
  return outcome;
}

}  // namespace

std::optional<OpenProblem> migrate(Database& database, const std::string& path,
                                   std::span<const Migration> migrations) {
  if (auto problem = foreign_file(database, path)) return problem;
  const auto applied = applied_migrations(database);
  if (auto problem = unfit(applied, path, migrations)) return problem;
  const auto missing = migrations.subspan(applied.size());
  if (missing.empty()) return std::nullopt;
  std::optional<CopyBefore> copy;
  if (!applied.empty()) {
    copy.emplace(database, path, missing.front());
    if (auto problem = copy->make()) return problem;
  }
  for (const auto& migration : missing) {
    const Outcome outcome = apply(database, migration);
    if (outcome != Outcome::done && copy && migration.number == missing.front().number)
      copy->drop();
    if (outcome == Outcome::full) return no_space(path);
    if (outcome == Outcome::busy)
      return OpenProblem{OpenRefusal::in_use, path + " is locked by another program; end it."};
    CHECK(outcome == Outcome::done);
  }
  return std::nullopt;
}

std::optional<OpenProblem> check_schema(Database& database, const std::string& path,
                                        std::span<const Migration> migrations) {
  if (auto problem = foreign_file(database, path)) return problem;
  const auto applied = applied_migrations(database);
  if (auto problem = unfit(applied, path, migrations)) return problem;
  if (applied.size() == migrations.size()) return std::nullopt;
  return OpenProblem{
      OpenRefusal::schema_older,
      path + " is older than this binary; start `daozhang serve` once to migrate it."};
}

}  // namespace daozhang::storage::sqlite
