#include "reconciliation/schedule.h"

#include <algorithm>

#include "reconciliation/calendar.h"

namespace daozhang::reconciliation {

std::optional<std::string> due_day(ports::ReconcileStore& store, const std::string& account,
                                   base::Instant first_order_at, base::Instant now,
                                   const Rules& rules) {
  if (!first_order_at.is_set()) return std::nullopt;
  const base::Instant earliest =
      std::max(first_order_at, now - base::hours(24) * rules.days_back_max);
  for (std::string day = day_of(earliest);
       start_of(day) + base::hours(24) + rules.ready_after <= now; day = day_after(day)) {
    const auto known = store.find_day(account, day);
    if (!known) return day;
    if (known->state == domain::BillDayState::expected && known->next_try_at <= now) return day;
  }
  return std::nullopt;
}

base::Duration wait_after(ports::BillRefusal refusal, std::int32_t try_count, const Rules& rules) {
  if (!ports::may_come_later(refusal)) return rules.wait_for_people;
  base::Duration wait = rules.first_wait;
  for (std::int32_t i = 1; i < try_count && wait < rules.longest_wait; ++i) wait = wait * 2;
  return std::min(wait, rules.longest_wait);
}

}  // namespace daozhang::reconciliation
