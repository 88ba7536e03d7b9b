// Verbs of whoever looks after money (docs/operating/money_by_hand.md).
//
// `settle`: {"order_no","trade_no","second"?}: somebody knows, from the bill or the payer, that the
//   channel took money for an order. Every payment of it is asked about; only what the channel
//   answers counts. Answers {"order_no","state","found"} when the question is on its way; `found`
//   says that the trade number is booked already. Asking again tells what came of it.
// `refund`: {"order_no","refund_no","second"?}: the channel's books show no such refund, so one
//   whose answer is lost is sent again. `refund_no` is our number at the channel. Answers the same.
//
// Sums of `second_person_from_minor` or more need the name of a second person who approves, other
// than the one who asks: 403 second_person_missing. Refuses 400 invalid_request, 404
// order_not_found, 409 refund_not_lost, 503.
#pragma once

#include <cstdint>

#include "api/admin/operator_routes.h"
#include "domain/order/order_number.h"
#include "lane/lane.h"
#include "ports/order_store.h"

namespace daozhang::api {

// All of it outlives the server.
struct MoneyVerbParts {
  lane::Lane& lane;
  ports::OrderReader& reader;
  const domain::OrderNumbers& numbers;
  std::int64_t second_person_from_minor = 0;
};

void add_money_verbs(OperatorRoutes& routes, MoneyVerbParts parts);

}  // namespace daozhang::api
