// Room for the index of the write-ahead log. SQLite lengthens the index by a piece for every 4096
// pages of the log, in the middle of a commit whose pages are in the log by then: on a disk that
// is full just there the commit is neither made nor undone, and only the end of the process makes
// it one of both. So the next piece is always taken beforehand, where a full disk can be refused.
//
// Thread: the writer's.
#pragma once

#include "storage/sqlite/database.h"

namespace daozhang::storage::sqlite {

class LogIndex {
 public:
  // False if there is no room for a commit of up to 4062 pages beside the `log_pages` that the log
  // has. The database is in WAL mode.
  [[nodiscard]] bool has_room(const Database& database, int log_pages);

 private:
  int piece_count_ = 0;  // Taken; they stay as long as the database is open.
};

}  // namespace daozhang::storage::sqlite
