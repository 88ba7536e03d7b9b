// One difference between a channel's bill and our books. It is opened once, has an owner, and is
// closed once: by a later bill or fact that brings the missing half, or by a person.
//
//   open --assign--> open (another owner)
//   open --close--> closed
#pragma once

#include <cstdint>
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
};
constexpr auto names_of(std::type_identity<DifferenceKind>) {
  return base::words("payment_missing_here", "payment_missing_there", "amount_differs",
                     "refund_missing_here", "refund_missing_there", "refund_amount_differs",
                     "refund_not_accepted_here", "trade_of_other_system", "duplicate_line");
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
};
constexpr auto names_of(std::type_identity<ProposedCause>) {
  return base::words("never_learned", "booked_without_money", "booked_amount_wrong",
                     "given_back_by_hand", "refund_failed_later", "answer_lost", "shared_account",
                     "listed_twice");
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
  std::string key;  // The channel's trade number; for refunds `trade number/our refund number`.
  std::string trade_ref;     // Our number as the bill prints it; empty for a fact without a line.
  std::string order_no;      // If our books know the trade.
  std::int64_t line_no = 0;  // In the bill; zero if it has none.
  std::int64_t line_count = 1;    // Of trade_of_other_system: how many.
  std::int64_t bill_minor = 0;    // What the bill says; zero if it says nothing.
  std::int64_t ledger_minor = 0;  // What our books say.
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
enum class DifferenceStep { opened, assigned, closed };
constexpr auto names_of(std::type_identity<DifferenceStep>) {
  return base::words("opened", "assigned", "closed");
}

struct DifferenceEntry {
  std::string difference_id;
  std::int64_t entry_no = 0;  // From 1.
  DifferenceStep step = DifferenceStep::opened;
  base::Instant at;
  std::string by;
  std::string words;  // The new owner, or the reason and the evidence.

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

}  // namespace daozhang::domain
