#include "bill_keeper.h"

#include <utility>

#include "domain/order/references.h"

namespace daozhang::app {

std::unique_ptr<BillKeeper> BillKeeper::start(BillKeeperParts parts) {
  std::unique_ptr<BillKeeper> keeper(new BillKeeper(std::move(parts)));
  if (!keeper->open()) return nullptr;
  auto* const self = keeper.get();
  keeper->reconciler_ =
      std::make_unique<reconciliation::Reconciler>(reconciliation::ReconcilerParts{
          .store = *keeper->store_,
          .ledger = *keeper->ledger_,
          .sources = reconciliation::bill_sources(keeper->parts_.channels),
          .is_ours =
              [self](const std::string& trade_ref) {
                const auto parsed = domain::parse_trade_ref(trade_ref);
                return parsed && self->parts_.numbers.order_of(parsed->order_no).has_value();
              },
          .now = [self] { return self->parts_.clock.now(); },
          .rules = {},
          .tried = [self](const domain::BillDay& day) { self->note(day); },
          .failed =
              [self](const std::string& account, const std::string& day) {
                self->parts_.log.error("bill_not_written",
                                       {{"account", account},
                                        {"day", day},
                                        {"next", "see whether space is left beside the store"}});
              },
          .fees = &keeper->parts_.fees});
  keeper->thread_ = std::make_unique<reconciliation::ReconcileThread>(*keeper->reconciler_);
  return keeper;
}

bool BillKeeper::open() {
  auto ledger = storage::sqlite::SqliteLedgerReader::open(parts_.store_path);
  auto store = storage::sqlite::SqliteReconcileStore::open(parts_.store_path + ".bills");
  if (!ledger || !store) {
    parts_.log.error("bills_unavailable",
                     {{"why", ledger ? store.error().words : ledger.error().words},
                      {"next", "bills are not matched; see docs/operating/reconciliation.md"}});
    return false;
  }
  ledger_ = std::move(*ledger);
  store_ = std::move(*store);
  return true;
}

void BillKeeper::note(const domain::BillDay& day) {
  constexpr std::size_t counted_max = 10'000;
  ports::DifferenceFilter filter;
  filter.state = domain::DifferenceState::open;
  filter.limit = counted_max;
  const std::size_t open_count = store_->differences(filter).size();
  parts_.metrics
      .gauge("daozhang_bill_differences_open",
             "Differences between bills and books that nobody has closed (10000 is that or more)")
      .set(static_cast<double>(open_count));
  const bool is_done = day.state == domain::BillDayState::done;
  parts_.log.write(is_done ? observe::LogLevel::info : observe::LogLevel::warn,
                   is_done ? "bill_matched" : "bill_put_off",
                   {{"account", day.account},
                    {"day", day.day},
                    {"refusal", day.refusal},
                    {"problem", day.problem},
                    {"matched", day.matched_count},
                    {"open_differences", open_count}});
}

}  // namespace daozhang::app
