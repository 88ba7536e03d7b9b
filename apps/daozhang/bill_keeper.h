// Keeps the bills of a running shop: its own file, its own reader of the books, its own thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "domain/order/order_number.h"
#include "lane/clock.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "ports/channel_fees.h"
#include "ports/payment_channel.h"
#include "reconciliation/reconciler.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "storage/sqlite/sqlite_reconcile_store.h"

namespace daozhang::app {

// What it is given must outlive it.
struct BillKeeperParts {
  std::string store_path;
  std::map<std::string, ports::PaymentChannel*> channels;
  const domain::OrderNumbers& numbers;
  const lane::Clock& clock;
  ports::ChannelFees& fees;  // Its lane must run until the keeper is gone.
  observe::Log& log;
  observe::Metrics& metrics;
};

class BillKeeper {
 public:
  // Nothing if its file can not be opened: the log says why, and the shop sells on without it.
  static std::unique_ptr<BillKeeper> start(BillKeeperParts parts);

 private:
  explicit BillKeeper(BillKeeperParts parts) : parts_(std::move(parts)) {}
  bool open();
  void note(const domain::BillDay& day);

  BillKeeperParts parts_;
  std::unique_ptr<storage::sqlite::SqliteLedgerReader> ledger_;
  std::unique_ptr<storage::sqlite::SqliteReconcileStore> store_;
  std::unique_ptr<reconciliation::Reconciler> reconciler_;
  std::unique_ptr<reconciliation::ReconcileThread> thread_;
};

}  // namespace daozhang::app
