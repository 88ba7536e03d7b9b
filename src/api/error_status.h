// Refusal to HTTP status. Exhaustive: a new refusal does not compile until someone has thought
// about it.
#pragma once

#include "base/check.h"
#include "engine/refusal.h"

namespace daozhang::api {

constexpr int status_of(engine::Refusal refusal) {
  using engine::Refusal;
  switch (refusal) {
    case Refusal::none:
      return 200;
    case Refusal::out_of_stock:
      return 409;
    case Refusal::idempotency_conflict:
      return 422;
    case Refusal::order_not_found:
      return 404;
    case Refusal::already_paid:
      return 409;
    case Refusal::payment_window_over:
      return 409;
    case Refusal::too_many_payments:
      return 409;
    case Refusal::nothing_to_reveal:
      return 409;
    case Refusal::notice_refused:
      return 400;
    case Refusal::store_unavailable:
      return 503;
    case Refusal::overloaded:
      return 503;
    case Refusal::store_unknown:
      return 503;
    case Refusal::refund_not_lost:
      return 409;
    case Refusal::batch_taken:
    case Refusal::refund_not_stuck:
    case Refusal::charged_payment_unclear:
    case Refusal::charged_case_differs:
    case Refusal::charged_case_returned:
    case Refusal::charged_order_open:
    case Refusal::charged_more_than_kept:
    case Refusal::buyer_not_flagged:
      return 409;
    case Refusal::charged_payment_unknown:
    case Refusal::charged_case_unknown:
      return 404;
    case Refusal::buyer_flagged:
      return 403;
  }
  UNREACHABLE();
}

// Whether the same request may succeed when it is sent again.
constexpr bool retry_can_help(engine::Refusal refusal) {
  using engine::Refusal;
  switch (refusal) {
    case Refusal::none:
    case Refusal::out_of_stock:
    case Refusal::idempotency_conflict:
    case Refusal::order_not_found:
    case Refusal::already_paid:
    case Refusal::payment_window_over:
    case Refusal::too_many_payments:
    case Refusal::nothing_to_reveal:
    case Refusal::notice_refused:
    case Refusal::refund_not_lost:
    case Refusal::batch_taken:
    case Refusal::refund_not_stuck:
    case Refusal::charged_payment_unknown:
    case Refusal::charged_payment_unclear:
    case Refusal::charged_case_differs:
    case Refusal::charged_case_returned:
    case Refusal::charged_order_open:
    case Refusal::charged_more_than_kept:
    case Refusal::charged_case_unknown:
    case Refusal::buyer_flagged:
    case Refusal::buyer_not_flagged:
      return false;
    case Refusal::store_unavailable:
    case Refusal::overloaded:
    case Refusal::store_unknown:
      return true;
  }
  UNREACHABLE();
}

}  // namespace daozhang::api
