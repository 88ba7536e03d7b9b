// What reconciliation remembers: days, differences and their journal, facts that wait for their
// line; and its workbench, on which one day's lines and facts are sorted. No part of the order
// store (docs/decisions/0017).
//
// Threads: any; each call is whole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/reconciliation/bill_day.h"
#include "domain/reconciliation/difference.h"
#include "ports/bill.h"
#include "ports/ledger_reader.h"

namespace daozhang::ports {

enum class ReconcileRefusal {
  unavailable,     // Nothing was written: no space, or another process holds the file too long.
  unknown_item,    // No difference has this number.
  already_closed,  // Closed differences are neither closed nor assigned again.
};
constexpr auto names_of(std::type_identity<ReconcileRefusal>) {
  return base::words("unavailable", "unknown_item", "already_closed");
}

// Where a row of the workbench stands: kind, then key, then line. Payments and refunds are the last
// kinds, so the default is the place before them.
struct WorkPlace {
  BillLineKind kind = BillLineKind::payment;
  std::string key;
  std::int64_t line_no = 0;
};

// A fact whose line was not in its own day's bill and may stand in another's.
struct WaitingFact {
  std::string account;
  BillLineKind kind = BillLineKind::payment;
  std::string key;
  std::string day;      // Of the fact.
  std::string due_day;  // When the bill of this day does not have it either, it is a difference.
  std::string order_no;
  std::int64_t amount_minor = 0;
  domain::Currency currency = domain::Currency::CNY;
  base::Instant at;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("account", self.account);
    visit("kind", self.kind);
    visit("key", self.key);
    visit("day", self.day);
    visit("due_day", self.due_day);
    visit("order_no", self.order_no);
    visit("amount_minor", self.amount_minor);
    visit("currency", self.currency);
    visit("at", self.at);
  }
  friend bool operator==(const WaitingFact&, const WaitingFact&) = default;
};

// A line whose fact is of another day than its bill.
struct LineElsewhere {
  std::string account;
  BillLineKind kind = BillLineKind::payment;
  std::string key;
  std::string bill_day;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("account", self.account);
    visit("kind", self.kind);
    visit("key", self.key);
    visit("bill_day", self.bill_day);
  }
  friend bool operator==(const LineElsewhere&, const LineElsewhere&) = default;
};

struct ClosedDifference {
  std::string difference_id;
  std::string by;
  std::string reason;
  std::string evidence;
  base::Instant at;
};

// Written together or not at all; what goes, before what comes. Writing the same again changes
// nothing: what is known by its key stays as it is, and what is not open is not closed.
struct ReconcileChanges {
  // One that is known takes over what is said now (domain::said_again); it may be opened
  // again.
  std::vector<domain::Difference> opened;
  std::vector<ClosedDifference> closed;  // Those that are open.
  std::vector<WaitingFact> waiting;
  std::vector<WaitingFact> waited;        // Gone by (account, kind, key).
  std::vector<LineElsewhere> taken_back;  // Gone by (account, kind, key).
  std::vector<LineElsewhere> elsewhere;
  std::optional<domain::BillDay> day;  // Replaces the row with this key.

  // All of it, but for the day.
  [[nodiscard]] std::size_t row_count() const {
    return opened.size() + closed.size() + waiting.size() + waited.size() + taken_back.size() +
           elsewhere.size();
  }
};

struct DifferenceFilter {
  std::string account;  // Empty: all; the same for `day`.
  std::string day;
  std::optional<domain::DifferenceState> state;
  std::optional<domain::DifferenceKind> kind;
  std::string after;  // Differences come by (day, difference_id); those after this pair.
  std::string after_day;
  std::size_t limit = 1000;
};

class ReconcileStore {
 public:
  virtual ~ReconcileStore() = default;

  // The workbench; one day at a time is on it.
  virtual base::Result<void, ReconcileRefusal> clear_work() = 0;
  // A line with the same (kind, key, line_no) twice stops the process: lines have numbers.
  virtual base::Result<void, ReconcileRefusal> add_lines(std::span<const BillLine> lines) = 0;
  virtual base::Result<void, ReconcileRefusal> add_facts(std::span<const LedgerFact> facts) = 0;
  // In order; those after `after`.
  virtual std::vector<BillLine> lines_after(const WorkPlace& after, std::size_t limit) = 0;
  virtual std::vector<LedgerFact> facts_after(const WorkPlace& after, std::size_t limit) = 0;

  virtual base::Result<void, ReconcileRefusal> save(const ReconcileChanges& changes) = 0;
  virtual base::Result<void, ReconcileRefusal> close(const ClosedDifference& closed) = 0;
  virtual base::Result<void, ReconcileRefusal> assign(const std::string& difference_id,
                                                      const std::string& owner,
                                                      const std::string& by, base::Instant at) = 0;

  virtual bool is_elsewhere(const std::string& account, BillLineKind kind,
                            const std::string& key) = 0;
  // Payments and refunds of other days whose lines stood in the bill of this one; by (kind, key).
  virtual std::vector<LineElsewhere> elsewhere_in(const std::string& account,
                                                  const std::string& bill_day,
                                                  std::size_t limit) = 0;
  virtual std::optional<WaitingFact> find_waiting(const std::string& account, BillLineKind kind,
                                                  const std::string& key) = 0;
  // Facts of an account that wait for bills up to `due_day`, by (kind, key), at most `limit`.
  virtual std::vector<WaitingFact> waiting_until(const std::string& account,
                                                 const std::string& due_day, std::size_t limit) = 0;
  virtual std::optional<domain::BillDay> find_day(const std::string& account,
                                                  const std::string& day) = 0;
  // From `from_day` on, by (day, account), at most `limit`; `account` empty for all.
  virtual std::vector<domain::BillDayView> days(const std::string& account,
                                                const std::string& from_day, std::size_t limit) = 0;
  virtual std::vector<domain::Difference> differences(const DifferenceFilter& filter) = 0;
  virtual std::optional<domain::Difference> find_difference(const std::string& difference_id) = 0;
  virtual std::vector<domain::DifferenceEntry> journal_of(const std::string& difference_id) = 0;
};

}  // namespace daozhang::ports
