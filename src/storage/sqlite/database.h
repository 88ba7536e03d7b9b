// One connection to a SQLite file, and what its errors mean to us (SETTLED 33): a full disk is an
// answer, a taken key is an answer, and anything that leaves us in doubt of the file (a failed
// sync or read, a damaged page) ends the process, because after it neither a retry nor a rollback
// can be trusted. "Ends the process" here and below is FileSystem::fatal. Every page is sealed
// (page_seal.h).
//
// Thread: one at a time.
#pragma once

#include <cstdint>
#include <string>

#include "storage/sqlite/file_system.h"

struct sqlite3;

namespace daozhang::storage::sqlite {

enum class Access {
  read_write,  // Creates the file if there is none.
  read_only,
};

// What a statement can come to without ending the process.
enum class Outcome {
  done,
  row,
  exists,  // There is a row with that key.
  full,    // No space left: nothing of the statement was written.
  busy,    // Another process held the file longer than the busy timeout.
};

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Opens, sets what holds for every connection and reads the first page. False with `problem()` if
  // it can not.
  [[nodiscard]] bool open(const std::string& path, Access access, const FileSystem& files = {});
  void close();

  // Runs statements that give no rows. Ends the process on any error: only for statements that can
  // not fail for a reason of the outside.
  void run(const char* sql);
  // The same, answering what can happen.
  [[nodiscard]] Outcome try_run(const char* sql);
  // A single integer, as of a pragma.
  [[nodiscard]] std::int64_t number(const char* sql);

  // Turns SQLite's result code into an outcome, or ends the process with its words.
  [[nodiscard]] Outcome outcome_of(int code, const char* doing) const;
  [[nodiscard]] std::string problem() const;
  // Whether that problem is damage to the file.
  [[nodiscard]] bool is_damaged() const;
  // Ends the process, naming what was done.
  [[noreturn]] void stop(const char* doing, int code) const;
  // Whether the pages of the file carry seals; known once one was read or written.
  [[nodiscard]] bool is_sealed() const;
  // Rows that the last insert, update or delete changed.
  [[nodiscard]] std::int64_t changed() const;
  [[nodiscard]] bool in_transaction() const;

  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
  FileSystem files_;
};

}  // namespace daozhang::storage::sqlite
