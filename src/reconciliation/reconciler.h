// Fetches the bills that are due, one at a time, and matches them.
//
// `step` is driven: one thread calls it now and then; it blocks while a bill is fetched and read
// (minutes for a large one). `stop` from any other thread makes it leave early: what is being
// fetched is dropped, and begun again another time. ReconcileThread is a thread that does all that.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ports/payment_channel.h"
#include "reconciliation/day_run.h"

namespace daozhang::reconciliation {

// One merchant account and the channel through which its bill is fetched.
struct BillSource {
  Account account;
  ports::PaymentChannel* channel = nullptr;
};

// The channels that have a bill, those that share one together; by name. `channels`: by their
// configured names; they must outlive what is made of them.
std::vector<BillSource> bill_sources(const std::map<std::string, ports::PaymentChannel*>& channels);

struct ReconcilerParts {
  ports::ReconcileStore& store;
  ports::LedgerReader& ledger;
  std::vector<BillSource> sources;
  IsOurs is_ours;
  // The shop's time: the clock by which the books say when they learned of something. By another
  // one a day could be matched before the books have ended it.
  std::function<base::Instant()> now;
  Rules rules;
  // Told after each day that was tried; for the log and the metrics. May be empty.
  std::function<void(const domain::BillDay&)> tried;
  // Told when a day was read and could not be written down; it is tried again. May be empty.
  std::function<void(const std::string& account, const std::string& day)> failed;
  ports::ChannelFees* fees = nullptr;  // Where fees are booked; null: nowhere.
};

class Reconciler {
 public:
  explicit Reconciler(ReconcilerParts parts);
  ~Reconciler();
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  // Tries the oldest bill that is due, if there is one. True if one was tried: call again at once.
  // False also if the store could not be written: call again later.
  bool step();
  void stop();

 private:
  struct Fetch;

  bool run(BillSource& source, const std::string& day);

  ReconcilerParts parts_;
  std::mutex lock_;
  bool is_stopping_ = false;
  std::shared_ptr<Fetch> fetch_;  // Under lock_, as is_stopping_.
};

// Steps at once and then each `pause`, until it goes. Owns its thread.
class ReconcileThread {
 public:
  ReconcileThread(Reconciler& reconciler, base::Duration pause = base::minutes(1));
  ~ReconcileThread();
  ReconcileThread(const ReconcileThread&) = delete;
  ReconcileThread& operator=(const ReconcileThread&) = delete;

 private:
  void run();

  Reconciler& reconciler_;
  const base::Duration pause_;
  std::mutex lock_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace daozhang::reconciliation
