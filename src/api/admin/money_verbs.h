// Verbs of whoever looks after money (docs/operating/money_by_hand.md).
//
// `settle`: {"order_no","trade_no","channel"?,"amount"?,"second"?}: somebody knows, from
//   the bill or the payer, that the channel took money for an order. Every payment of it is asked
//   about; only what the channel answers counts. Answers {"order_no","state","found"} when the
//   question is on its way; `found` says that the trade number is booked already. Asking again
//   tells what came of it. `order_no` may be the number of the payment (ORDER_2). Of an order or a
//   payment that the shop has lost, `channel` and `amount` (decimal text) are those of the bill,
//   and a second person is needed; without them 409 order_lost.
// `refund`: {"order_no","refund_no","second"?}: the channel's books show no such refund, so one
//   whose answer is lost is sent again. `refund_no` is our number at the channel. Answers the same.
// `refund_by_hand`: {"order_no","refund_no","second"?}: somebody gave it back another way, because
//   the channel can not; it is settled by that, and the channel's balance keeps its money.
// `refund_found`: {"order_no","refund_no","second"?}: it stands in the channel's books, and is
//   settled by that: one whose answer is lost at a channel that can not be asked about a refund, or
//   one that the channel took and has not settled for a week.
// `chargeback`: {"order_no","trade_no","channel"?,"case_no","amount","second"?}: the channel took
//   so much of this payment back from the shop; `amount` is decimal text ("9.90"). A loss is
//   posted, once a case, and the order's contacts buy nothing more. `found`: the case was known.
// `chargeback_returned`: {"order_no","case_no","trade_no"?,"channel"?,"second"?}: the dispute was
//   won; the trade number says of which payment, if the case is about several. In both the channel
//   is named where two have the same trade number.
// `forgive`: {"order_no","second"?}: the order's contacts may buy again; needs a second person.
//
// Sums of `second_person_from_minor` or more need the name of a second person who approves, other
// than the one who asks: 403 second_person_missing. Refuses 400 invalid_request, 404
// order_not_found, 409 refund_not_lost, refund_not_stuck, charged_payment_unclear,
// charged_case_differs, charged_case_returned, charged_order_open, charged_more_than_kept and
// buyer_not_flagged, 404 charged_payment_unknown and charged_case_unknown, 503.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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
  std::vector<std::string> channels;  // Their codes.
};

void add_money_verbs(OperatorRoutes& routes, MoneyVerbParts parts);

}  // namespace daozhang::api
