// What comes of a day's matches: differences opened and closed, facts that wait, lines that belong
// to another day. Writes to the store in batches; each batch may be written again.
//
// How halves meet that do not stand in the same day:
// - a line without a fact of its day looks the fact up by its number, of whatever time;
// - a line whose fact is of another day is remembered, so that the fact is not missed there;
// - a fact without a line waits for the bill of the day on which its grace ends, and is a
// difference
//   when that has been read without it;
// - a later line or fact closes the difference that its absence had opened.
//
// One thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ports/ledger_reader.h"
#include "ports/reconcile_store.h"
#include "reconciliation/matching.h"
#include "reconciliation/schedule.h"

namespace daozhang::reconciliation {

// A merchant account and the channels that share its bill.
struct Account {
  std::string name;                   // Stays when channels come and go: days are known by it.
  std::vector<std::string> channels;  // By name.
  bool bill_has_refunds = true;
  bool bill_has_funds = false;  // And how the account at the channel moved.
};

// Whether a number in a bill is one that we gave.
using IsOurs = std::function<bool(const std::string& trade_ref)>;

// Sixteen hexadecimal digits; the same for the same four.
std::string difference_id(const std::string& account, const std::string& day,
                          domain::DifferenceKind kind, const std::string& key);

struct OutcomesOf {
  ports::ReconcileStore& store;
  ports::LedgerReader& ledger;
  const Rules& rules;
  const Account& account;
  const IsOurs& is_ours;
  std::string day;
  base::Instant now;
  bool is_again = false;  // The day was matched before: what its bill mends is closed.
};

// An open item of the account with its number, cause and owner; the rest is the caller's.
domain::Difference new_difference(const OutcomesOf& of, domain::DifferenceKind kind,
                                  const std::string& day, const std::string& key);
// What closes the difference of this kind and key because a bill that was read again mends it.
ports::ClosedDifference mended(const OutcomesOf& of, domain::DifferenceKind kind,
                               const std::string& day, const std::string& key);
// The order that a number at the channel names; empty if it is none of ours.
std::string order_no_of(const std::string& trade_ref);

class Outcomes {
 public:
  explicit Outcomes(OutcomesOf of) : of_(std::move(of)) {}

  // Before the first match: what only stood in the day's bill as it was read before waits again.
  void take_back();
  void pair(const ports::BillLine& line, const ports::LedgerFact& fact);
  void line_alone(const ports::BillLine& line);
  void fact_alone(const ports::LedgerFact& fact);
  void line_again(const ports::BillLine& line);

  // After the last match: what is due becomes a difference, what has been made good closes.
  void settle();
  // False if the store refused anything since the beginning; then nothing more was written.
  [[nodiscard]] bool flush();
  [[nodiscard]] std::int64_t matched_count() const { return matched_count_; }
  // What the channel keeps of the day's lines that are ours, by channel. A line that the books do
  // not have counts for the account's first channel; a line listed again does not count again.
  [[nodiscard]] const std::map<std::string, std::int64_t>& fees() const { return fees_; }

 private:
  [[nodiscard]] std::optional<ports::LedgerFact> look_up(ports::BillLineKind kind,
                                                         const std::string& trade_no,
                                                         const std::string& refund_ref) const;
  [[nodiscard]] domain::Difference difference(domain::DifferenceKind kind, const std::string& day,
                                              const std::string& key) const {
    return new_difference(of_, kind, day, key);
  }
  void open(domain::DifferenceKind kind, const ports::BillLine& line,
            const ports::LedgerFact* fact);
  void mend(const ports::BillLine& line, const ports::LedgerFact& fact);
  void make_good(const ports::BillLine& line, const ports::LedgerFact& fact);
  // Its line may stand in the bill of another day.
  void wait_for_line(const ports::LedgerFact& fact, const std::string& key);
  // The fact with this key needs no line of its own day.
  void stands_in(const std::string& bill_day, ports::BillLineKind kind, const std::string& key);
  void flush_if_large();
  void settle_waiting();
  [[nodiscard]] bool is_still_booked(const ports::WaitingFact& waited) const;
  void settle_missing_here(domain::DifferenceKind kind);
  void settle_one(const domain::Difference& missing);
  [[nodiscard]] std::string last_day_read() const;

  OutcomesOf of_;
  ports::ReconcileChanges changes_;
  bool is_refused_ = false;
  std::int64_t matched_count_ = 0;
  std::map<std::string, std::int64_t> fees_;
  std::int64_t foreign_count_ = 0;
  std::int64_t foreign_minor_ = 0;
};

}  // namespace daozhang::reconciliation
