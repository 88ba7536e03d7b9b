// Notices which of the rare states a commit reached.
#pragma once

#include "ports/order_store.h"
#include "sim/world/record.h"

namespace daozhang::sim {

void see_rare_states(const ports::Commit& commit, Record& record);

}  // namespace daozhang::sim
