// What the store counts of itself, so that something missing is noticed. Numbers of the table meta
// change with every commit: the high-water mark of time, the number of commits and imports, the sum
// of the seals of all events, the numbers of messages in the inbox and of stock items. fsck adds up
// anew.
//
// The number of commits also stands beside the store in PATH.commits, written when a commit is
// durable and before it is acknowledged. A store that opens with fewer commits than that has lost
// some: an honest disk never does.
//
// Thread: that of its database.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ports/order_store.h"
#include "storage/sqlite/open_problem.h"
#include "storage/sqlite/statement.h"

struct sqlite3_file;

namespace daozhang::storage::sqlite {

// What one event adds to the sum.
std::uint64_t seal_of_event(const domain::Event& event);

// PATH.commits. It is small enough to lie in one sector, so a power cut leaves it old or new.
class CommitCountFile {
 public:
  CommitCountFile() = default;
  CommitCountFile(const CommitCountFile&) = delete;
  CommitCountFile& operator=(const CommitCountFile&) = delete;
  ~CommitCountFile();

  // Refuses: cannot_open.
  std::optional<OpenProblem> open(const std::string& store_path, const FileSystem& files);
  // Nothing if it was just made or holds no number, which proves nothing. Refuses: cannot_open, if
  // the disk does not give it.
  base::Result<std::optional<std::int64_t>, OpenProblem> read(const std::string& store_path);
  // The first number, and the file in its folder, made durable. Refuses: cannot_open.
  std::optional<OpenProblem> establish(std::int64_t commits, const std::string& store_path);
  // It is not synced: it only has to be there when the store is not. A full disk is no error.
  // Answers SQLite's code.
  int write(std::int64_t commits);

 private:
  const char* name_ = nullptr;
  std::unique_ptr<char[]> memory_;
  sqlite3_file* file_ = nullptr;
};

class Tally {
 public:
  struct Delta {
    base::Instant now;  // Unset if the commit has no time.
    std::uint64_t event_sum = 0;
    std::int64_t messages = 0;
    std::int64_t items = 0;  // New in stock.
  };
  static Delta delta_of(const ports::Commit& commit);

  explicit Tally(Database& database);

  // Refuses: cannot_open, commits_lost. Writes nothing.
  std::optional<OpenProblem> compare(const std::string& store_path, const FileSystem& files);
  // If there was no number yet. Only once the store's last commit is durable: a number that
  // outlives its commit is an accusation. Refuses: cannot_open.
  std::optional<OpenProblem> establish_if_missing(const std::string& store_path);
  // Within the transaction.
  Outcome add(const Delta& delta);
  // After it: ends the process if PATH.commits can not be written.
  void committed();

  [[nodiscard]] std::int64_t commits() const { return now_.commits; }
  [[nodiscard]] base::Instant time_high_water() const { return now_.time; }

  // What the rows add up to and what the store says, where they differ; for fsck.
  static std::vector<std::string> differences(Database& database);

 private:
  struct Numbers {
    base::Instant time;
    std::int64_t commits = 0;
    std::uint64_t event_sum = 0;
    std::int64_t messages = 0;
    std::int64_t items = 0;
  };
  static Numbers read(Database& database);

  Database& database_;
  Statement update_;
  Numbers now_;
  Numbers next_;
  CommitCountFile count_file_;
  bool is_count_missing_ = false;
};

}  // namespace daozhang::storage::sqlite
