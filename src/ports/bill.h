// A channel's daily bill: what the channel says that it took, gave back and charged in one day of
// Beijing, line by line. A channel that also tells how its account moved (a fund flow) gives those
// lines with the others.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/money/money.h"

namespace daozhang::ports {

// In the order of their words, which is the order of the workbench.
enum class BillLineKind {
  fund_due,    // What a payment or refund of the bill must move in the account at the channel.
  fund_moved,  // What moved there for a payment or refund, or the fee of one.
  fund_other,  // What moved there for anything else: paid out to the bank, paid in.
  payment,
  refund,
};
constexpr auto names_of(std::type_identity<BillLineKind>) {
  return base::words("fund_due", "fund_moved", "fund_other", "payment", "refund");
}
constexpr bool is_of_funds(BillLineKind kind) {
  return kind != BillLineKind::payment && kind != BillLineKind::refund;
}

struct BillLine {
  std::int64_t line_no = 0;  // In the file, from 1; for people.
  BillLineKind kind = BillLineKind::payment;
  std::string trade_ref;   // Our number; as the channel prints it, so it may be none of ours.
  std::string trade_no;    // The channel's own; of funds: its number of this payment or refund.
  std::string refund_ref;  // Our number of the refund; empty for payments.
  // Over zero: taken from the payer, or given back. Of funds: into the account, below zero out of
  // it, before the fee.
  std::int64_t amount_minor = 0;
  std::int64_t fee_minor = 0;  // What the channel keeps; below zero if it gives a fee back.
  domain::Currency currency = domain::Currency::CNY;
  base::Instant at;    // By the channel's clock.
  std::string status;  // The channel's word, if the bill has one.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("line_no", self.line_no);
    visit("kind", self.kind);
    visit("trade_ref", self.trade_ref);
    visit("trade_no", self.trade_no);
    visit("refund_ref", self.refund_ref);
    visit("amount_minor", self.amount_minor);
    visit("fee_minor", self.fee_minor);
    visit("currency", self.currency);
    visit("at", self.at);
    visit("status", self.status);
  }
  friend bool operator==(const BillLine&, const BillLine&) = default;
};

// What a bill says of itself at its end; lines and totals must agree, else it is no bill.
struct BillTotals {
  std::int64_t payment_count = 0;
  std::int64_t payment_minor = 0;
  std::int64_t refund_count = 0;
  std::int64_t refund_minor = 0;
  std::int64_t fee_minor = 0;
  // Of the fund flow: lines that moved something, and what went in and out, fees included.
  std::int64_t fund_count = 0;
  std::int64_t fund_in_minor = 0;
  std::int64_t fund_out_minor = 0;
  friend bool operator==(const BillTotals&, const BillTotals&) = default;
};

// Why there is no bill to be read.
enum class BillRefusal {
  not_ready,      // Not made yet; ask again later.
  empty_day,      // The channel says that nothing happened on that day.
  unavailable,    // No answer, or none that proves itself; ask again.
  refused,        // The channel does not give it: rights, a day too long ago.
  hash_differs,   // What came is not what the channel promised.
  unreadable,     // Not in the format that we know; `problem` names the line.
  totals_differ,  // Its lines do not add up to its own totals.
};
constexpr auto names_of(std::type_identity<BillRefusal>) {
  return base::words("not_ready", "empty_day", "unavailable", "refused", "hash_differs",
                     "unreadable", "totals_differ");
}

struct BillProblem {
  BillRefusal refusal = BillRefusal::unavailable;
  std::string problem;  // The channel's own words or ours, for people; never a secret.
  friend bool operator==(const BillProblem&, const BillProblem&) = default;
};

// Whether asking again for the same day can help without anybody doing something.
constexpr bool may_come_later(BillRefusal refusal) {
  switch (refusal) {
    case BillRefusal::not_ready:
    case BillRefusal::unavailable:
    case BillRefusal::hash_differs:
      return true;
    case BillRefusal::empty_day:
    case BillRefusal::refused:
    case BillRefusal::unreadable:
    case BillRefusal::totals_differ:
      return false;
  }
  UNREACHABLE();
}

using BillResult = base::Result<BillTotals, BillProblem>;

// Called for each line in the order of the file, on the thread that reads it.
using BillSink = std::function<void(BillLine&&)>;

}  // namespace daozhang::ports
