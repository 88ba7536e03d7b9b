// One bill of one day, from its first line to its row in the list of days.
//
// The lines and our facts of the day go to the store's workbench and are merged there, page by
// page: memory does not grow with the day. A run that is broken off (by a crash, a full disk) is
// begun again from the start and comes to the same differences, because their numbers are functions
// of what they are about.
//
// Thread: one at a time; it may be another for each call.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/channel_fees.h"
#include "ports/ledger_reader.h"
#include "ports/reconcile_store.h"
#include "reconciliation/matching.h"
#include "reconciliation/outcomes.h"
#include "reconciliation/schedule.h"

namespace daozhang::reconciliation {

class DayRun {
 public:
  // Clears the workbench. What it is given by reference must outlive it. Without `fees` none are
  // booked.
  DayRun(ports::ReconcileStore& store, ports::LedgerReader& ledger, const Rules& rules,
         IsOurs is_ours, Account account, std::string day, ports::ChannelFees* fees = nullptr);

  // A line of the bill, as the channel's sink.
  void take(ports::BillLine&& line);
  // Ends the bill, matches it and books the channel's fees of the day. The row of the day as it is
  // now; or unavailable when a store could not be written, and the day is to be begun again.
  base::Result<domain::BillDay, ports::ReconcileRefusal> finish(const ports::BillResult& result,
                                                                base::Instant now);

 private:
  using RowResult = base::Result<domain::BillDay, ports::ReconcileRefusal>;

  [[nodiscard]] std::optional<ports::BillProblem> problem_of(const ports::BillResult& result) const;
  RowResult put_off(const ports::BillProblem& problem, base::Instant now);
  RowResult save(domain::BillDay row);
  [[nodiscard]] domain::BillDay known_row() const;
  void store_lines();
  void collect_facts(ports::BillLineKind kind);
  void count(const ports::BillLine& line);
  void count(const ports::LedgerFact& fact);
  void match_all(Outcomes& outcomes);
  [[nodiscard]] bool match_funds(const OutcomesOf& of);
  [[nodiscard]] bool book_fees(const OutcomesOf& of,
                               const std::map<std::string, std::int64_t>& fees);
  [[nodiscard]] domain::BillDay done_row(const ports::BillResult& result, base::Instant now) const;
  // Those of one kind, or payments and refunds.
  [[nodiscard]] NextLine stored_lines(std::optional<ports::BillLineKind> kind = std::nullopt);
  [[nodiscard]] NextFact stored_facts();

  ports::ReconcileStore& store_;
  ports::LedgerReader& ledger_;
  const Rules& rules_;
  IsOurs is_ours_;
  Account account_;
  std::string day_;
  bool is_refused_ = false;
  ports::ChannelFees* fees_;
  std::vector<ports::BillLine> batch_;
  ports::BillTotals counted_;
  std::int64_t other_count_ = 0;  // Movements of other kinds, and what they sum up to.
  std::int64_t other_minor_ = 0;
  domain::Currency currency_ = domain::Currency::CNY;  // Of the account, as its lines say.
  domain::BillDay ledger_sums_;
};

}  // namespace daozhang::reconciliation
