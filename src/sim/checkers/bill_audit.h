// At the end of a run, when nothing moves any more: every day's bill of every channel is matched
// with the books by the shop's own reconciliation, and each line that was made false must have
// become exactly one item. No other item may exist (S14 for the bills, F22).
#pragma once

#include "domain/order/order_number.h"
#include "sim/checkers/order_checks.h"
#include "sim/peers/bill_model.h"
#include "sim/stores/run_store.h"

namespace daozhang::sim {

void check_bills(const BillModel& bills, const BillModel::Channels& channels,
                 const OrderChecks& checks, const domain::OrderNumbers& numbers, RunStore& store,
                 Scene& scene);

}  // namespace daozhang::sim
