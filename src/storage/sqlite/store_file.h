// The file as its one writer has it: locked, migrated, in WAL mode, with the writer's settings, and
// with the transactions and checkpoints of the writer.
//
// Thread: one.
#pragma once

#include <functional>
#include <memory>

#include "storage/sqlite/log_index.h"
#include "storage/sqlite/sqlite_store.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/tally.h"
#include "storage/sqlite/writer_lock.h"

namespace daozhang::storage::sqlite {

class StoreFile {
 public:
  static base::Result<std::unique_ptr<StoreFile>, OpenProblem> open(const StoreSettings& settings);
  ~StoreFile();

  [[nodiscard]] Database& database() { return database_; }
  [[nodiscard]] const Tally& tally() const { return *tally_; }

  // Runs `write` in a transaction, counts it and commits; rolls back when it refuses. `delta` is
  // read after `write`.
  base::Result<void, ports::CommitRefusal> transact(
      const std::function<std::optional<ports::CommitRefusal>()>& write,
      const Tally::Delta& delta = {});
  // Runs `read` on one state of the file.
  void read(const std::function<void()>& read);

 private:
  StoreFile() = default;
  std::optional<OpenProblem> prepare(const StoreSettings& settings);
  std::optional<OpenProblem> sample(const std::string& path);
  void checkpoint();
  void keep_log_at_close(bool keep);

  WriterLock lock_;
  Database database_;
  LogIndex log_index_;
  int checkpoint_pages_ = 0;
  bool is_prepared_ = false;
  int log_pages_ = 0;  // In the write-ahead log after the last commit.
  std::unique_ptr<Tally> tally_;
  std::unique_ptr<Statement> begin_read_;
  std::unique_ptr<Statement> begin_write_;
  std::unique_ptr<Statement> commit_;
  std::unique_ptr<Statement> rollback_;
};

}  // namespace daozhang::storage::sqlite
