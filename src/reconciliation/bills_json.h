// Days, differences and journals as JSON, for `daozhang bills --json` and the console. Pure.
#pragma once

#include <span>
#include <string>

#include "domain/reconciliation/bill_day.h"
#include "domain/reconciliation/difference.h"

namespace daozhang::reconciliation {

// {"days":[…],"differences":[…]}
std::string bills_json(std::span<const domain::BillDayView> days,
                       std::span<const domain::Difference> differences);
// {"difference":{…},"journal":[…]}
std::string difference_json(const domain::Difference& difference,
                            std::span<const domain::DifferenceEntry> journal);

}  // namespace daozhang::reconciliation
