// Reconciliation's memory in ordered maps, for tests.
//
// Threads: any; one lock makes each call whole.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "ports/reconcile_store.h"

namespace daozhang::storage::memory {

class MemoryReconcileStore : public ports::ReconcileStore {
 public:
  base::Result<void, ports::ReconcileRefusal> clear_work() override;
  base::Result<void, ports::ReconcileRefusal> add_lines(
      std::span<const ports::BillLine> lines) override;
  base::Result<void, ports::ReconcileRefusal> add_facts(
      std::span<const ports::LedgerFact> facts) override;
  std::vector<ports::BillLine> lines_after(const ports::WorkPlace& after,
                                           std::size_t limit) override;
  std::vector<ports::LedgerFact> facts_after(const ports::WorkPlace& after,
                                             std::size_t limit) override;
  base::Result<void, ports::ReconcileRefusal> save(const ports::ReconcileChanges& changes) override;
  base::Result<void, ports::ReconcileRefusal> close(const ports::ClosedDifference& closed) override;
  base::Result<void, ports::ReconcileRefusal> assign(const std::string& difference_id,
                                                     const std::string& owner,
                                                     const std::string& by,
                                                     base::Instant at) override;
  bool is_elsewhere(const std::string& account, ports::BillLineKind kind,
                    const std::string& key) override;
  std::vector<ports::LineElsewhere> elsewhere_in(const std::string& account,
                                                 const std::string& bill_day,
                                                 std::size_t limit) override;
  std::optional<ports::WaitingFact> find_waiting(const std::string& account,
                                                 ports::BillLineKind kind,
                                                 const std::string& key) override;
  std::vector<ports::WaitingFact> waiting_until(const std::string& account,
                                                const std::string& due_day,
                                                std::size_t limit) override;
  std::optional<domain::BillDay> find_day(const std::string& account,
                                          const std::string& day) override;
  std::vector<domain::BillDayView> days(const std::string& account, const std::string& from_day,
                                        std::size_t limit) override;
  std::vector<domain::Difference> differences(const ports::DifferenceFilter& filter) override;
  std::optional<domain::Difference> find_difference(const std::string& difference_id) override;
  std::vector<domain::DifferenceEntry> journal_of(const std::string& difference_id) override;

 private:
  using WorkKey = std::tuple<ports::BillLineKind, std::string, std::int64_t>;
  using FactKey = std::tuple<ports::BillLineKind, std::string, std::string>;
  using HalfKey = std::tuple<std::string, ports::BillLineKind, std::string>;

  void enter(const std::string& difference_id, domain::DifferenceStep step, base::Instant at,
             const std::string& by, const std::string& words);
  void open_locked(const domain::Difference& difference);
  base::Result<void, ports::ReconcileRefusal> close_locked(const ports::ClosedDifference& closed);

  std::mutex lock_;
  std::map<WorkKey, ports::BillLine> lines_;
  std::map<FactKey, ports::LedgerFact> facts_;
  std::map<HalfKey, ports::WaitingFact> waiting_;
  std::map<HalfKey, ports::LineElsewhere> elsewhere_;
  std::map<std::pair<std::string, std::string>, domain::BillDay> days_;  // (day, account)
  std::map<std::string, domain::Difference> differences_;
  std::map<std::string, std::vector<domain::DifferenceEntry>> journal_;
};

}  // namespace daozhang::storage::memory
