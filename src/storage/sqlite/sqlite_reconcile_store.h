// Reconciliation's own file, `<store>.bills`: WAL mode, no writer lock, so that the operator's
// verbs read and close while the shop runs. Pages are sealed as the store's are.
//
// Threads: any; one call at a time, the others wait. Cache 32 MiB, whatever the size of a day.
#pragma once

#include <memory>
#include <string>

#include "ports/reconcile_store.h"
#include "storage/sqlite/file_system.h"
#include "storage/sqlite/open_problem.h"

namespace daozhang::storage::sqlite {

class SqliteReconcileStore final : public ports::ReconcileStore {
 public:
  // Makes the file if there is none. Refuses as OpenRefusal says.
  static base::Result<std::unique_ptr<SqliteReconcileStore>, OpenProblem> open(
      const std::string& path, const FileSystem& files = {});
  ~SqliteReconcileStore() override;

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
  struct Parts;
  explicit SqliteReconcileStore(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace daozhang::storage::sqlite
