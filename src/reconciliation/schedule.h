// Which bill is due next. Pure: the clock is an argument. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/reconciliation/bill_day.h"
#include "ports/bill.h"
#include "ports/reconcile_store.h"

namespace daozhang::reconciliation {

struct Rules {
  // After the midnight that ends a day: when its bill is first asked for (10:00).
  base::Duration ready_after = base::hours(10);
  int days_back_max = 30;
  base::Duration first_wait = base::minutes(10);  // Doubles with each try up to the next.
  base::Duration longest_wait = base::hours(6);
  base::Duration wait_for_people = base::hours(24);  // Where asking again does not help by itself.
  // How far the moments of the channel and ours may lie apart: a fact counts as missing in the bill
  // only when the bill of the day on which it ended, this much later, does not have it either.
  base::Duration payment_grace = base::hours(1);
  base::Duration refund_grace = base::hours(24);
  std::string owner = "finance";  // Of a difference at first.
};

// The oldest day of the account whose bill can be asked for now and is not done: none before
// `first_order_at`, and none if that is unset.
std::optional<std::string> due_day(ports::ReconcileStore& store, const std::string& account,
                                   base::Instant first_order_at, base::Instant now,
                                   const Rules& rules);

// How long to wait after the try with this number (from 1).
base::Duration wait_after(ports::BillRefusal refusal, std::int32_t try_count, const Rules& rules);

}  // namespace daozhang::reconciliation
