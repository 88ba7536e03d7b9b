#include "storage/sqlite/store_file.h"

#include <sqlite3.h>

#include <algorithm>

#include "base/check.h"
#include "storage/sqlite/schema.h"

namespace daozhang::storage::sqlite {
namespace {

int note_log_pages(void* log_pages, sqlite3*, const char*, int pages) {
  *static_cast<int*>(log_pages) = pages;
  return SQLITE_OK;
}

}  // namespace

base::Result<std::unique_ptr<StoreFile>, OpenProblem> StoreFile::open(
    const StoreSettings& settings) {
  std::unique_ptr<StoreFile> file(new StoreFile);
  if (auto problem = file->prepare(settings)) return base::refuse(std::move(*problem));
  return file;
}

StoreFile::~StoreFile() {
  begin_read_.reset();
  begin_write_.reset();
  commit_.reset();
  rollback_.reset();
  tally_.reset();
  if (!is_prepared_) return;
  // A reader that is still there keeps the log; the next start goes on with it.
  sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                            nullptr);
}

std::optional<OpenProblem> StoreFile::prepare(const StoreSettings& settings) {
  if (settings.files.vfs.empty())
    if (auto problem = lock_.take(settings.path)) return problem;
  const auto cannot_open = [&] {
    return OpenProblem{database_.is_damaged() ? OpenRefusal::damaged : OpenRefusal::cannot_open,
                       settings.path + " can not be opened: " + database_.problem() + "."};
  };
  if (!database_.open(settings.path, Access::read_write, settings.files)) return cannot_open();
  keep_log_at_close(true);
  // A file of another kind shows itself at the first page that is read.
  int code = sqlite3_exec(database_.handle(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return cannot_open();
  database_.run("PRAGMA synchronous=FULL");
  database_.run("PRAGMA wal_autocheckpoint=0");
  database_.run(("PRAGMA cache_size=-" + std::to_string(settings.cache_kib)).c_str());
  checkpoint_pages_ = settings.checkpoint_pages;
  sqlite3_wal_hook(database_.handle(), note_log_pages, &log_pages_);
  if (auto problem = migrate(database_, settings.path, embedded_migrations())) return problem;
  if (auto problem = sample(settings.path)) return problem;
  tally_ = std::make_unique<Tally>(database_);
  if (auto problem = tally_->compare(settings.path, settings.files)) return problem;
  // SQLite recovers what a process left in the log without making it durable; a checkpoint does,
  // and only then may anybody act on it.
  checkpoint();
  if (auto problem = tally_->establish_if_missing(settings.path)) return problem;
  begin_read_ = std::make_unique<Statement>(database_, "BEGIN");
  begin_write_ = std::make_unique<Statement>(database_, "BEGIN IMMEDIATE");
  commit_ = std::make_unique<Statement>(database_, "COMMIT");
  rollback_ = std::make_unique<Statement>(database_, "ROLLBACK");
  keep_log_at_close(false);
  is_prepared_ = true;
  return std::nullopt;
}

// A store that is refused shall stay as it was found: what is missing or damaged now may have been
// misread.
void StoreFile::keep_log_at_close(bool keep) {
  sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

// The tables that stay small are read through; fsck reads everything.
std::optional<OpenProblem> StoreFile::sample(const std::string& path) {
  for (const char* table : {"effects", "balances", "meta", "import_batches"}) {
    Statement check(database_, "PRAGMA quick_check('" + std::string(table) + "')");
    while (check.row()) {
      if (check.text(0) == "ok") continue;
      return OpenProblem{
          OpenRefusal::damaged,
          path + " is damaged: " + std::string(check.text(0)) +
              ". See whether the disk reports errors; restore a backup, then run fsck."};
    }
  }
  return std::nullopt;
}

base::Result<void, ports::CommitRefusal> StoreFile::transact(
    const std::function<std::optional<ports::CommitRefusal>()>& write, const Tally::Delta& delta) {
  if (!log_index_.has_room(database_, std::max(log_pages_, checkpoint_pages_)))
    return base::refuse(ports::CommitRefusal::unavailable);
  const Outcome begun = begin_write_->execute();
  if (begun != Outcome::done) return base::refuse(ports::CommitRefusal::unavailable);
  std::optional<ports::CommitRefusal> refusal = write();
  if (!refusal && (tally_->add(delta) != Outcome::done || commit_->execute() != Outcome::done))
    refusal = ports::CommitRefusal::unavailable;
  if (refusal) {
    if (database_.in_transaction()) CHECK(rollback_->execute() == Outcome::done);
    return base::refuse(*refusal);
  }
  tally_->committed();
  if (log_pages_ >= checkpoint_pages_) checkpoint();
  return {};
}

void StoreFile::read(const std::function<void()>& read) {
  CHECK(begin_read_->execute() == Outcome::done);
  read();
  CHECK(commit_->execute() == Outcome::done);
}

// Passive: it never waits for a reader. What a reader still needs stays in the log until next time.
void StoreFile::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  const Outcome outcome = database_.outcome_of(code, "checkpoint");
  CHECK(outcome == Outcome::done || outcome == Outcome::busy || outcome == Outcome::full);
}

}  // namespace daozhang::storage::sqlite
