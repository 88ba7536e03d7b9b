// The only place that changes anything. Sans-I/O (SETTLED 1): commands go in by `submit`; `step`
// takes what waits, loads, decides, commits once, and gives back answers, calls to make and the
// orders that changed. No thread, clock, socket or coroutine here: a lane thread drives it in the
// server, the simulator drives it in tests.
//
// One thread at a time. Owns nothing that it is given.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/order/decision.h"
#include "domain/order/order_number.h"
#include "domain/policy/policy.h"
#include "engine/command.h"
#include "engine/order_cache.h"
#include "ports/entropy.h"
#include "ports/order_store.h"

namespace daozhang::engine {

struct EngineSettings {
  domain::Policy policy;
  std::map<std::string, domain::SupplierTerms> suppliers;
  std::size_t batch_max = 256;  // Commands in one commit.
  std::size_t queue_max =
      100'000;  // More new orders are refused; facts and answers are always taken in.
  std::size_t cache_orders = 20'000;
};

struct Step {
  std::vector<Answer> answers;
  std::vector<Call> calls;
  std::vector<std::shared_ptr<const domain::Order>> changed;
  std::size_t commands = 0;      // Decided in this step.
  std::vector<Command> decided;  // Those of the batch that was committed, in order.
  bool store_unavailable =
      false;  // Nothing could be written; what must not be lost waits for the next step.
};

class Engine {
 public:
  // Reads what was left open from the store: time, ids, calls without result.
  Engine(ports::OrderStore& store, ports::Entropy& entropy, const domain::OrderNumbers& numbers,
         EngineSettings settings);

  // Takes a command in. False, and nothing taken, when a new order meets a full queue (answer
  // `overloaded`).
  bool submit(Command command);

  // One batch. `now` never runs backwards inside: an earlier one counts as the latest seen. While
  // time is doubtful nothing ends by it, see TimeTrust.
  Step step(base::Instant now, domain::TimeTrust trust = domain::TimeTrust::trusted);

  // Whether a step now would find something to do.
  [[nodiscard]] bool has_work(base::Instant now) const;
  // When time alone will give it something to do; unset if never.
  [[nodiscard]] base::Instant wake_at() const { return wake_at_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
  [[nodiscard]] std::size_t open_calls() const { return open_effects_.size(); }

 private:
  friend class Batch;
  using EffectKey = std::pair<domain::OrderKey, std::int32_t>;
  struct Unsent {
    domain::Effect effect;
    bool may_have_left = true;  // An engine before this one may have made the call.
  };

  std::vector<Command> next_commands();
  void add_due_orders(std::vector<Command>& commands);
  void resume_calls(Step& step);
  void read_again();
  void finish(class Batch& batch, Step& step);
  void import_stock(const Command& command, Step& step);
  void give_up(std::vector<Command>& commands, Step& step);
  domain::OrderId next_order_id();
  [[nodiscard]] const domain::SupplierTerms& terms_of(const std::string& supplier) const;

  ports::OrderStore& store_;
  ports::Entropy& entropy_;
  const domain::OrderNumbers& numbers_;
  EngineSettings settings_;
  OrderCache cache_;
  std::deque<Command> queue_;
  std::set<EffectKey> open_effects_;
  std::set<EffectKey> sent_again_;  // Submissions that an engine before this one may have sent too.
  std::deque<Unsent> to_resume_;
  domain::OrderId last_order_id_;
  base::Instant now_;
  base::Instant wake_at_;
};

}  // namespace daozhang::engine
