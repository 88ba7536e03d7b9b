// What transfers add up to.
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "domain/ledger/fee_posting.h"
#include "domain/ledger/transfer.h"

namespace daozhang::domain {

// One row for each (partition, account, currency) that the transfers touch, with the sums to add to
// its balance; sorted by key.
std::vector<Balance> balance_changes(std::span<const Transfer> transfers);
std::vector<Balance> balance_changes(const FeePosting& posting);

}  // namespace daozhang::domain
