#include "storage/sqlite/statement.h"

#include <sqlite3.h>

namespace daozhang::storage::sqlite {

void Statement::prepare() {
  const int code =
      sqlite3_prepare_v3(database_.handle(), sql_.c_str(), static_cast<int>(sql_.size()) + 1,
                         SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) database_.stop(sql_.c_str(), code);
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::bind(int parameter, std::int64_t value) {
  CHECK(sqlite3_bind_int64(handle(), parameter, value) == SQLITE_OK);
}

void Statement::bind(int parameter, std::string_view text) {
  CHECK(sqlite3_bind_text64(handle(), parameter, text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind_blob(int parameter, std::string_view bytes) {
  CHECK(sqlite3_bind_blob64(handle(), parameter, bytes.data(), bytes.size(), SQLITE_STATIC) ==
        SQLITE_OK);
}

Outcome Statement::execute() {
  const int code = sqlite3_step(handle());
  const Outcome outcome = database_.outcome_of(code, sql_.c_str());
  CHECK(outcome != Outcome::row);
  sqlite3_reset(handle_);
  return outcome;
}

bool Statement::row() {
  const int code = sqlite3_step(handle());
  const Outcome outcome = database_.outcome_of(code, sql_.c_str());
  if (outcome == Outcome::row) return true;
  // Who only reads needs no space, and waits for no writer.
  if (outcome != Outcome::done) database_.stop(sql_.c_str(), code);
  sqlite3_reset(handle_);
  return false;
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : size};
}

}  // namespace daozhang::storage::sqlite
