#include "reconciliation/calendar.h"

#include "base/check.h"

namespace daozhang::reconciliation {

std::string day_of(base::Instant at) {
  return base::to_local_seconds(at, base::beijing_offset).substr(0, 10);
}

base::Instant start_of(std::string_view day) {
  const auto at = base::from_local_seconds(std::string(day) + " 00:00:00", base::beijing_offset);
  CHECK(at);
  return *at;
}

std::string day_after(std::string_view day) { return day_of(start_of(day) + base::hours(24)); }

bool is_day(std::string_view text) {
  return text.size() == 10 &&
         base::from_local_seconds(std::string(text) + " 00:00:00", base::beijing_offset);
}

}  // namespace daozhang::reconciliation
