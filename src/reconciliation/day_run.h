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
#include <optional>
#include <string>
#include <vector>

#include "ports/ledger_reader.h"
#include "ports/reconcile_store.h"
#include "reconciliation/matching.h"
#include "reconciliation/outcomes.h"
#include "reconciliation/schedule.h"

namespace daozhang::reconciliation {

class DayRun {
 public:
  // Clears the workbench. What it is given by reference must outlive it.
  DayRun(ports::ReconcileStore& store, ports::LedgerReader& ledger, const Rules& rules,
         IsOurs is_ours, Account account, std::string day);

  // A line of the bill, as the channel's sink.
  void take(ports::BillLine&& line);
  // Ends the bill and matches it. The row of the day as it is now; or unavailable when the store
  // could not be written, and the day is to be begun again.
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
  void count(const ports::LedgerFact& fact);
  [[nodiscard]] NextLine stored_lines();
  [[nodiscard]] NextFact stored_facts();

  ports::ReconcileStore& store_;
  ports::LedgerReader& ledger_;
  const Rules& rules_;
  IsOurs is_ours_;
  Account account_;
  std::string day_;
  bool is_refused_ = false;
  std::vector<ports::BillLine> batch_;
  ports::BillTotals counted_;
  domain::BillDay ledger_sums_;
};

}  // namespace daozhang::reconciliation
