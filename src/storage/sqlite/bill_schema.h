// The schema of the second file, `<store>.bills` (docs/decisions/0017).
#pragma once

#include <vector>

#include "storage/sqlite/schema.h"

namespace daozhang::storage::sqlite {

std::vector<Migration> bill_migrations();

}  // namespace daozhang::storage::sqlite
