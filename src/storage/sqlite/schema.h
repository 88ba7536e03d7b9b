// The schema's versions. A migration is one SQL file of storage/migrations, embedded in the binary;
// it runs in a transaction when a store is opened and is recorded with its checksum.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/sqlite/database.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

struct Migration {
  int number = 0;    // From 1, without gaps.
  std::string name;  // 0001_orders
  std::string sql;
};

// The migrations of this binary, by number. Generated from storage/migrations/*/sqlite.sql.
std::vector<Migration> embedded_migrations();

// Brings the file to the last of `migrations`. Before a later migration touches a file that holds
// data, a copy is written to PATH.before_NAME, or with a number behind it where one of an earlier
// attempt is kept. Refuses: not_a_store, schema_newer, schema_differs, no_space, cannot_open.
std::optional<OpenProblem> migrate(Database& database, const std::string& path,
                                   std::span<const Migration> migrations);

// The same checks without writing, for readers: the file must be at the last migration.
std::optional<OpenProblem> check_schema(Database& database, const std::string& path,
                                        std::span<const Migration> migrations);

}  // namespace daozhang::storage::sqlite
