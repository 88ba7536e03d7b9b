// A thread that drives an engine: it sleeps until a command or a deadline comes, steps, tells
// answers, and hands calls to the channels and suppliers. Commands come from any thread; answers
// are told on the lane's thread and must not block it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "lane/channel_health.h"
#include "lane/clock.h"
#include "ports/payment_channel.h"
#include "ports/supplier.h"

namespace daozhang::lane {

// Who is called under which name. Must outlive the lane.
struct Peers {
  std::map<std::string, ports::PaymentChannel*> channels;
  std::map<std::string, ports::Supplier*> suppliers;
};

// What a lane has done since its start; for metrics.
struct LaneCounts {
  std::uint64_t steps = 0;
  std::uint64_t commands = 0;
  std::uint64_t calls = 0;
  std::uint64_t store_unavailable = 0;
  std::uint64_t waiting = 0;     // Now.
  std::uint64_t open_calls = 0;  // Now.
  base::Instant last_turn;       // When the loop last turned.
  bool writable = true;          // Whether the last commit could be written.
};

class Lane {
 public:
  using Tell = std::function<void(engine::Answer)>;
  using Changed = std::function<void(const std::shared_ptr<const domain::Order>&)>;
  using TrustChanged = std::function<void(domain::TimeTrust)>;

  // `changed` is called on the lane's thread for every order that a commit changed, before the
  // answers of that commit are told.
  Lane(std::unique_ptr<engine::Engine> engine, const Clock& clock, Peers peers, Changed changed);
  ~Lane();  // stop()

  // How the channels answer; told of every call that ends.
  [[nodiscard]] const ChannelHealth& channel_health() const { return health_; }

  // Called on the lane's thread when time becomes doubtful or trusted again. Set before the start.
  void on_trust_changed(TrustChanged trust_changed) { trust_changed_ = std::move(trust_changed); }

  void start();
  // Finishes what has been submitted, then ends the thread. Calls still under way are made again at
  // the next start.
  void stop();

  // Any thread. `tell` is called exactly once, after the commit is durable; it may be empty.
  void submit(engine::CommandBody command, Tell tell);

  // Any thread. Runs `task` on the lane's thread between two turns; never, if the lane stops first.
  void run_between_turns(std::function<void()> task);

  [[nodiscard]] LaneCounts counts() const;

 private:
  struct Waiting {
    engine::CommandBody body;
    Tell tell;
  };

  void run();
  void take_in();
  bool wait_for_work();
  void look_at_clock();
  void run_tasks();
  void turn();
  void make(engine::Call call);

  std::unique_ptr<engine::Engine> engine_;
  const Clock& clock_;
  Peers peers_;
  ChannelHealth health_;
  Changed changed_;
  TrustChanged trust_changed_;
  domain::TimeTrust trust_ = domain::TimeTrust::trusted;  // At the last turn.
  std::map<engine::Ticket, Tell> tells_;
  engine::Ticket last_ticket_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> inbox_;
  std::vector<std::function<void()>> tasks_;
  LaneCounts counts_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace daozhang::lane
