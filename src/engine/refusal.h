// Why a command changed nothing, for whoever sent it. api/error_status.h maps each to an HTTP
// status.
#pragma once

#include "base/enum_names.h"

namespace daozhang::engine {

enum class Refusal {
  none,
  out_of_stock,
  idempotency_conflict,  // The key was used for another request.
  order_not_found,
  already_paid,
  payment_window_over,
  too_many_payments,
  nothing_to_reveal,
  notice_refused,     // A notification that does not count; the inbox says why.
  store_unavailable,  // Nothing was stored; the same command may be sent again.
  overloaded,         // The queue is full; nothing was taken in.
  store_unknown,      // It may be stored; the same command may be sent again and tells.
  refund_not_lost,    // Only a refund whose answer is lost is sent again by hand.
  batch_taken,        // The import batch's number is another batch's: seal under another.
  buyer_flagged,      // A payment of this contact was charged back and nobody has forgiven it.
  refund_not_stuck,   // Only a refund that waits for a person is closed by one.
  // Of a chargeback:
  charged_payment_unknown,  // The order has no such payment.
  charged_payment_unclear,  // It has two of this number, of different channels.
  charged_case_differs,     // The case is posted with another amount.
  charged_case_returned,    // The case was won: another one needs its own number.
  charged_order_open,       // The order is not at its end yet.
  charged_more_than_kept,   // More than the shop keeps of the payment.
  charged_case_unknown,     // No chargeback of this case is open.
  buyer_not_flagged,
};
constexpr auto names_of(std::type_identity<Refusal>) {
  return base::words("none", "out_of_stock", "idempotency_conflict", "order_not_found",
                     "already_paid", "payment_window_over", "too_many_payments",
                     "nothing_to_reveal", "notice_refused", "store_unavailable", "overloaded",
                     "store_unknown", "refund_not_lost", "batch_taken", "buyer_flagged",
                     "refund_not_stuck", "charged_payment_unknown", "charged_payment_unclear",
                     "charged_case_differs", "charged_case_returned", "charged_order_open",
                     "charged_more_than_kept", "charged_case_unknown", "buyer_not_flagged");
}

}  // namespace daozhang::engine
