#include "storage/sqlite/database.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "storage/sqlite/page_cache.h"
#include "storage/sqlite/page_seal.h"
#include "storage/sqlite/statement.h"

namespace daozhang::storage::sqlite {
namespace {

// What a page says whose seal does not fit (page_seal.h).
constexpr const char* misread = "a page came back from the disk other than it was written";

}  // namespace

Database::~Database() { close(); }

bool Database::open(const std::string& path, Access access, const FileSystem& files) {
  files_ = files;
  install_page_cache();
  const std::string vfs = sealing_vfs(files.vfs);
  const int flags = access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                 : SQLITE_OPEN_READONLY;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_EXRESCODE, vfs.c_str()) !=
      SQLITE_OK)
    return false;
  int reserved = seal_size;  // Of a file that is yet to be made.
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  sqlite3_busy_timeout(handle_, 5000);
  int defensive = 0;
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, &defensive);
  // Else a statement whose LIMIT is a parameter is prepared anew each time it is bound.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  for (const char* pragma :
       {"PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA foreign_keys=ON",
        "PRAGMA mmap_size=0", "PRAGMA temp_store=MEMORY"}) {
    if (sqlite3_exec(handle_, pragma, nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  }
  // A file of another kind, or with a damaged first page, shows itself when it is read.
  const int code =
      sqlite3_exec(handle_, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  return code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY;
}

void Database::close() {
  if (handle_ == nullptr) return;
  CHECK(sqlite3_close(handle_) == SQLITE_OK);
  handle_ = nullptr;
}

void Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) stop(sql, code);
}

Outcome Database::try_run(const char* sql) {
  return outcome_of(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr), sql);
}

std::int64_t Database::number(const char* sql) {
  Statement query(*this, sql);
  return query.row() ? query.integer(0) : 0;
}

Outcome Database::outcome_of(int code, const char* doing) const {
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
      return Outcome::done;
    case SQLITE_ROW:
      return Outcome::row;
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE)
        return Outcome::exists;
      stop(doing, code);
    case SQLITE_FULL:
      return Outcome::full;
    case SQLITE_BUSY:
      return Outcome::busy;
    default:
      stop(doing, code);
  }
}

// Also when SQLite itself is in order and our use of it is not.
void Database::stop(const char* doing, int code) const {
  std::string reason = "store: ";
  reason += doing;
  reason += ": ";
  reason += code == SQLITE_IOERR_DATA ? misread : sqlite3_errmsg(handle_);
  reason += " (SQLite code " + std::to_string(code) +
            "). The process ends here, because the file can not be trusted beyond what is already "
            "durable; at the next start SQLite recovers it. If it happens again, check the disk "
            "and run fsck.";
  if (files_.fatal) files_.fatal(reason);
  std::fprintf(stderr, "%s\n", reason.c_str());
  std::abort();
}

bool Database::is_sealed() const {
  int sealed = 0;
  return sqlite3_file_control(handle_, "main", file_is_sealed, &sealed) == SQLITE_OK && sealed == 1;
}

std::string Database::problem() const {
  if (handle_ == nullptr) return "out of memory";
  return sqlite3_extended_errcode(handle_) == SQLITE_IOERR_DATA ? misread : sqlite3_errmsg(handle_);
}

bool Database::is_damaged() const {
  return handle_ != nullptr && ((sqlite3_errcode(handle_) & 0xff) == SQLITE_CORRUPT ||
                                sqlite3_extended_errcode(handle_) == SQLITE_IOERR_DATA);
}

std::int64_t Database::changed() const { return sqlite3_changes64(handle_); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace daozhang::storage::sqlite
