#include "storage/sqlite/log_index.h"

#include <sqlite3.h>

#include "base/check.h"

namespace daozhang::storage::sqlite {
namespace {

// Of SQLite's file format: https://sqlite.org/walformat.html, "The WAL-Index File Format".
constexpr int piece_bytes = 32768;
constexpr int pages_per_piece = 4096;

}  // namespace

bool LogIndex::has_room(const Database& database, int log_pages) {
  const int needed = log_pages / pages_per_piece + 2;
  if (piece_count_ >= needed) return true;
  sqlite3_file* file = nullptr;
  CHECK(sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) ==
        SQLITE_OK);
  for (; piece_count_ < needed; ++piece_count_) {
    void volatile* piece = nullptr;
    if (file->pMethods->xShmMap(file, piece_count_, piece_bytes, 1, &piece) != SQLITE_OK)
      return false;
  }
  return true;
}

}  // namespace daozhang::storage::sqlite
