// Which channels and suppliers the open orders of a store still need. Asked once at start.
#pragma once

#include <string>
#include <vector>

#include "ports/order_store.h"
#include "storage/sqlite/database.h"

namespace daozhang::storage::sqlite {

// For the test that reads its plan.
const std::string& select_open_peers();

std::vector<ports::OpenPeer> read_open_peers(Database& database);

}  // namespace daozhang::storage::sqlite
