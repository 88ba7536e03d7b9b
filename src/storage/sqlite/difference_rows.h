// The rows of differences and their journal. Each function that writes runs in the caller's
// transaction and answers why it could not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ports/reconcile_store.h"
#include "storage/sqlite/database.h"

namespace daozhang::storage::sqlite {

// ReconcileChanges::opened.
std::optional<ports::ReconcileRefusal> open_differences(Database& database,
                                                        std::span<const domain::Difference> opened);
std::optional<ports::ReconcileRefusal> close_difference(Database& database,
                                                        const ports::ClosedDifference& closed);
std::optional<ports::ReconcileRefusal> assign_difference(Database& database,
                                                         const std::string& difference_id,
                                                         const std::string& owner,
                                                         const std::string& by, base::Instant at);

std::optional<domain::Difference> read_difference(Database& database,
                                                  const std::string& difference_id);
std::vector<domain::Difference> find_differences(Database& database,
                                                 const ports::DifferenceFilter& filter);

}  // namespace daozhang::storage::sqlite
