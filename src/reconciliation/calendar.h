// Days of Beijing, as bills count them: `YYYY-MM-DD`. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"

namespace daozhang::reconciliation {

std::string day_of(base::Instant at);
// The midnight with which a day begins; the day must be one that day_of gave or is_day accepts.
base::Instant start_of(std::string_view day);
std::string day_after(std::string_view day);
bool is_day(std::string_view text);

}  // namespace daozhang::reconciliation
