// One day of Beijing of one merchant account: whether its bill was matched to our books, and what
// both add up to.
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/record.h"

namespace daozhang::domain {

// One line for both: the bill was read to its end, and every line and every fact has found its
// other half, waits for it, or is a difference.
enum class BillDayState { expected, done };
constexpr auto names_of(std::type_identity<BillDayState>) {
  return base::words("expected", "done");
}

// Amounts are of the currency of the account; one account has one.
struct BillDay {
  std::string
      account;  // As its channels name it, `alipay:2088…`; else the name of its one channel.
  std::string channels;  // Those that shared the bill, by name, with a blank between two.
  std::string day;       // YYYY-MM-DD
  BillDayState state = BillDayState::expected;
  std::string refusal;  // Why there is no bill yet (ports::BillRefusal); of a done day `empty_day`.
  std::string problem;  // The same in words.
  std::int32_t try_count = 0;
  base::Instant next_try_at;
  base::Instant done_at;
  std::int64_t bill_payment_count = 0;
  std::int64_t bill_payment_minor = 0;
  std::int64_t bill_refund_count = 0;
  std::int64_t bill_refund_minor = 0;
  std::int64_t bill_fee_minor = 0;
  std::int64_t ledger_payment_count = 0;
  std::int64_t ledger_payment_minor = 0;
  std::int64_t ledger_refund_count = 0;
  std::int64_t ledger_refund_minor = 0;
  std::int64_t matched_count = 0;  // Lines whose fact is ours, with the same amount.
  // Of the fund flow, where the channel has one: its lines, and what went in and out.
  std::int64_t fund_count = 0;
  std::int64_t fund_in_minor = 0;
  std::int64_t fund_out_minor = 0;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("account", self.account);
    visit("channels", self.channels);
    visit("day", self.day);
    visit("state", self.state);
    visit("refusal", self.refusal);
    visit("problem", self.problem);
    visit("try_count", self.try_count);
    visit("next_try_at", self.next_try_at);
    visit("done_at", self.done_at);
    visit("bill_payment_count", self.bill_payment_count);
    visit("bill_payment_minor", self.bill_payment_minor);
    visit("bill_refund_count", self.bill_refund_count);
    visit("bill_refund_minor", self.bill_refund_minor);
    visit("bill_fee_minor", self.bill_fee_minor);
    visit("ledger_payment_count", self.ledger_payment_count);
    visit("ledger_payment_minor", self.ledger_payment_minor);
    visit("ledger_refund_count", self.ledger_refund_count);
    visit("ledger_refund_minor", self.ledger_refund_minor);
    visit("matched_count", self.matched_count);
    visit("fund_count", self.fund_count);
    visit("fund_in_minor", self.fund_in_minor);
    visit("fund_out_minor", self.fund_out_minor);
  }
  friend bool operator==(const BillDay&, const BillDay&) = default;
};

// What has become of a day, from what is open of it now.
enum class BillDayVerdict {
  no_bill,  // Not matched yet.
  clean,    // Every line has its fact and every fact its line.
  waiting,  // Nothing differs so far; facts near midnight wait for the next day's bill.
  open,     // A difference is open.
  closed,   // There were differences, and all are closed.
};
constexpr auto names_of(std::type_identity<BillDayVerdict>) {
  return base::words("no_bill", "clean", "waiting", "open", "closed");
}

struct BillDayView {
  BillDay day;
  std::int64_t waiting_count = 0;
  std::int64_t open_count = 0;
  std::int64_t difference_count = 0;

  [[nodiscard]] BillDayVerdict verdict() const {
    if (day.state == BillDayState::expected) return BillDayVerdict::no_bill;
    if (open_count > 0) return BillDayVerdict::open;
    if (waiting_count > 0) return BillDayVerdict::waiting;
    return difference_count > 0 ? BillDayVerdict::closed : BillDayVerdict::clean;
  }
};

}  // namespace daozhang::domain
