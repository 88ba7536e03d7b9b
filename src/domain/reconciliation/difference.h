// One difference between a channel's bill and our books. It has an owner, and is closed by a later
// bill or fact that brings the missing half, or by a person.
//
//   open --assign--> open (another owner)
//   open --correct--> open (a corrected bill says another amount)
//   open --close--> closed
//   closed --reopen--> open (a corrected bill says another amount, or takes away what had closed
//   it)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/record.h"
#include "domain/money/money.h"

namespace daozhang::domain {

enum class DifferenceKind {
  payment_missing_here,      // The channel took money under a number of ours that we do not know.
  payment_missing_there,     // We booked a payment that stands in no bill.
  amount_differs,            // Both know the payment, with different amounts or currencies.
  refund_missing_here,       // The channel gave back what we never decided.
  refund_missing_there,      // We booked a refund as accepted that stands in no bill.
  refund_amount_differs,     // Both know the refund, with different amounts or currencies.
  refund_not_accepted_here,  // The channel gave back what we decided and do not know as accepted.
  trade_of_other_system,     // Numbers that are none of ours; one item a day for all of them.
  duplicate_line,            // The same trade or refund twice in one bill.
  movement_missing_here,   // The account at the channel moved for what its own bill does not have.
  movement_missing_there,  // The bill has it, and the account at the channel did not move.
  movement_differs,        // It moved by another amount than the bill says.
  fee_differs,             // The fee that was kept is not the fee of the bill.
  movement_of_other_kind,  // Paid out, paid in; one item a day for all of them.
  fee_corrected,           // A later bill of the day has other fees than were booked.
};
constexpr auto names_of(std::type_identity<DifferenceKind>) {
  return base::words("payment_missing_here", "payment_missing_there", "amount_differs",
                     "refund_missing_here", "refund_missing_there", "refund_amount_differs",
                     "refund_not_accepted_here", "trade_of_other_system", "duplicate_line",
                     "movement_missing_here", "movement_missing_there", "movement_differs",
                     "fee_differs", "movement_of_other_kind", "fee_corrected");
}

// Whether its second amount is what moved in the account at the channel, not what our books say.
constexpr bool is_of_funds(DifferenceKind kind) {
  return kind == DifferenceKind::movement_missing_here ||
         kind == DifferenceKind::movement_missing_there ||
         kind == DifferenceKind::movement_differs || kind == DifferenceKind::fee_differs ||
         kind == DifferenceKind::movement_of_other_kind;
}

// What most likely happened; docs/operating/reconciliation.md says for each how to find out and how
// to close it.
enum class ProposedCause {
  never_learned,         // Notification and queries were lost, or the payment is of a lost order.
  booked_without_money,  // Or the bill is of another account than the channel.
  booked_amount_wrong,
  given_back_by_hand,  // In the channel's own console.
  refund_failed_later,
  answer_lost,  // The answer to the refund was lost and no query told.
  shared_account,
  listed_twice,
  missing_in_trade_bill,
  not_settled,      // The channel holds it back, or moves it with another day.
  moved_otherwise,  // A coupon, a part, or twice.
  rate_differs,
  paid_out,
  bill_corrected,
};
constexpr auto names_of(std::type_identity<ProposedCause>) {
  return base::words("never_learned", "booked_without_money", "booked_amount_wrong",
                     "given_back_by_hand", "refund_failed_later", "answer_lost", "shared_account",
                     "listed_twice", "missing_in_trade_bill", "not_settled", "moved_otherwise",
                     "rate_differs", "paid_out", "bill_corrected");
}

constexpr ProposedCause proposed_cause(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::payment_missing_here:
      return ProposedCause::never_learned;
    case DifferenceKind::payment_missing_there:
      return ProposedCause::booked_without_money;
    case DifferenceKind::amount_differs:
    case DifferenceKind::refund_amount_differs:
      return ProposedCause::booked_amount_wrong;
    case DifferenceKind::refund_missing_here:
      return ProposedCause::given_back_by_hand;
    case DifferenceKind::refund_missing_there:
      return ProposedCause::refund_failed_later;
    case DifferenceKind::refund_not_accepted_here:
      return ProposedCause::answer_lost;
    case DifferenceKind::trade_of_other_system:
      return ProposedCause::shared_account;
    case DifferenceKind::duplicate_line:
      return ProposedCause::listed_twice;
    case DifferenceKind::movement_missing_here:
      return ProposedCause::missing_in_trade_bill;
    case DifferenceKind::movement_missing_there:
      return ProposedCause::not_settled;
    case DifferenceKind::movement_differs:
      return ProposedCause::moved_otherwise;
    case DifferenceKind::fee_differs:
      return ProposedCause::rate_differs;
    case DifferenceKind::movement_of_other_kind:
      return ProposedCause::paid_out;
    case DifferenceKind::fee_corrected:
      return ProposedCause::bill_corrected;
  }
  UNREACHABLE();
}

enum class DifferenceState { open, closed };
constexpr auto names_of(std::type_identity<DifferenceState>) {
  return base::words("open", "closed");
}

// Who closes what closes by itself.
inline constexpr std::string_view closed_by_itself = "reconciliation";

struct Difference {
  std::string
      difference_id;    // A function of account, day, kind and key: found again, it is the same.
  std::string account;  // BillDay::account.
  std::string day;      // YYYY-MM-DD of Beijing: of the bill's line, or of our fact.
  DifferenceKind kind = DifferenceKind::payment_missing_here;
  // The channel's trade number; for refunds `trade number/our refund number`; for movements the
  // channel's number of the payment or refund; for corrected fees `channel#posting`.
  std::string key;
  std::string trade_ref;     // Our number as the bill prints it; empty for a fact without a line.
  std::string order_no;      // If our books know the trade.
  std::int64_t line_no = 0;  // In the bill; zero if it has none.
  std::int64_t line_count = 1;    // Of trade_of_other_system: how many.
  std::int64_t bill_minor = 0;    // What the bill says; zero if it says nothing.
  std::int64_t ledger_minor = 0;  // What our books say; see is_of_funds.
  Currency currency = Currency::CNY;
  base::Instant at;  // When it was paid or given back, by whoever knows.
  ProposedCause cause = ProposedCause::never_learned;
  std::string owner;
  DifferenceState state = DifferenceState::open;
  base::Instant opened_at;
  base::Instant closed_at;
  std::string closed_by;  // A person's name, or `closed_by_itself`.
  std::string reason;     // Why it is closed.
  std::string evidence;   // Where one can see that: a trade number, a ticket, a bill.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("difference_id", self.difference_id);
    visit("account", self.account);
    visit("day", self.day);
    visit("kind", self.kind);
    visit("key", self.key);
    visit("trade_ref", self.trade_ref);
    visit("order_no", self.order_no);
    visit("line_no", self.line_no);
    visit("line_count", self.line_count);
    visit("bill_minor", self.bill_minor);
    visit("ledger_minor", self.ledger_minor);
    visit("currency", self.currency);
    visit("at", self.at);
    visit("cause", self.cause);
    visit("owner", self.owner);
    visit("state", self.state);
    visit("opened_at", self.opened_at);
    visit("closed_at", self.closed_at);
    visit("closed_by", self.closed_by);
    visit("reason", self.reason);
    visit("evidence", self.evidence);
  }
  friend bool operator==(const Difference&, const Difference&) = default;
};

// Who did what to a difference; written with each step and never changed.
enum class DifferenceStep { opened, assigned, closed, corrected, reopened };
constexpr auto names_of(std::type_identity<DifferenceStep>) {
  return base::words("opened", "assigned", "closed", "corrected", "reopened");
}

struct DifferenceEntry {
  std::string difference_id;
  std::int64_t entry_no = 0;  // From 1.
  DifferenceStep step = DifferenceStep::opened;
  base::Instant at;
  std::string by;
  std::string words;  // The owner, the reason and the evidence, or the amounts before and now.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("difference_id", self.difference_id);
    visit("entry_no", self.entry_no);
    visit("step", self.step);
    visit("at", self.at);
    visit("by", self.by);
    visit("words", self.words);
  }
  friend bool operator==(const DifferenceEntry&, const DifferenceEntry&) = default;
};

// The first entry of a difference that is new.
DifferenceEntry opened_now(const Difference& difference);
// Lets a known difference say what a bill says of it now. Nothing if it says so already, unless it
// had closed by itself: what had closed it is gone then. A person's closing stands while the
// amounts do. The number of the entry is the store's.
std::optional<DifferenceEntry> said_again(Difference& known, const Difference& now);

}  // namespace daozhang::domain
