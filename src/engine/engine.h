// The only place that changes anything. Sans-I/O (SETTLED 1): commands go in by `submit`; `step`
// takes what waits, loads, decides, commits once, and gives back answers, calls to make and the
// orders that changed. No thread, clock, socket or coroutine here: a lane thread drives it in the
// server, the simulator drives it in tests.
//
// Several engines may work over one store, each looking after its own partitions (docs/decisions/
// 0015). Any engine takes any command for any order; versions, claims, items and effects are
// compared when it commits, and whoever comes second decides anew. What partitions settle is only
// whose work a deadline is, and a call whose maker is gone. The engine that decided an effect makes
// its call and takes its answer; one that is still open after `call_left_after` is replaced in a
// commit by the owner of its partition, so that an answer to the old one, however late, counts no
// more.
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
#include "domain/identity/partitions.h"
#include "domain/order/decision.h"
#include "domain/order/order_number.h"
#include "domain/policy/policy.h"
#include "engine/command.h"
#include "engine/order_cache.h"
#include "engine/questions.h"
#include "ports/entropy.h"
#include "ports/order_store.h"

namespace daozhang::engine {

class Batch;

struct EngineSettings {
  domain::Policy policy;
  std::map<std::string, domain::SupplierTerms> suppliers;
  // The payer's browser goes to this address followed by the order's number; empty: nowhere.
  std::string order_pages;
  std::size_t batch_max = 256;  // Commands in one commit.
  std::size_t queue_max =
      100'000;  // More new orders are refused; facts and answers are always taken in.
  std::size_t cache_orders = 20'000;

  // Whether other engines work over the same store. One that is alone trusts its cache, knows every
  // open call, and takes those of the engine before it for its own at once.
  bool shares_store = false;
  // How often an engine that shares asks the store for what others decided in its partitions; it
  // must be stepped as often, also without work.
  base::Duration look_every = base::seconds(1);
  // A call leaves within this of its decision or not at all (FAULTS F50), see Call.
  base::Duration call_leaves_within = base::seconds(20);
  // An effect that is open for longer has lost its maker, unless it is a question, which harms
  // nobody. More than call_leaves_within, the longest
  // call and what two nodes' clocks differ, together.
  base::Duration call_left_after = base::seconds(60);
};

struct Step {
  std::vector<Answer> answers;  // An import's, then those of `decided` in their order.
  std::vector<Call> calls;
  std::vector<std::shared_ptr<const domain::Order>> changed;
  std::size_t commands = 0;      // Decided in this step.
  std::vector<Command> decided;  // Those of the batch that was committed, in order.
  // Nothing could be written; what must not be lost waits for the next step, and each step tries to
  // write until one can, also if it has nothing to write.
  bool store_unavailable = false;
};

class Engine {
 public:
  // Reads what was left open from the store: time, ids, calls without result.
  Engine(ports::OrderStore& store, ports::Entropy& entropy, const domain::OrderNumbers& numbers,
         EngineSettings settings, domain::Partitions owned = domain::Partitions::all());

  // Takes a command in. False, and nothing taken, when a new order meets a full queue (answer
  // `overloaded`).
  bool submit(Command command);
  // Instead of an answer: the driver found a call of this effect too late to make, see Call. It is
  // decided anew.
  void not_made(const domain::Effect& effect);

  // One batch. `now` never runs backwards inside: an earlier one counts as the latest seen. While
  // time is doubtful nothing ends by it, see TimeTrust.
  Step step(base::Instant now, domain::TimeTrust trust = domain::TimeTrust::trusted);

  // Whose deadlines and lost calls this engine looks after. Two engines may own one partition for a
  // while: that costs work and harms nothing. Only for engines that share their store.
  void take_over(domain::Partitions partitions);
  void let_go(domain::Partitions partitions);
  [[nodiscard]] domain::Partitions owned() const { return owned_; }
  // Another engine committed something of an owned partition that may need this one at `at`: a due
  // order, or an effect decided `call_left_after` before. Saves waiting for the next look.
  void look_by(base::Instant at) { looks_.insert(at); }

  // Whether a step now would find something to do.
  [[nodiscard]] bool has_work(base::Instant now) const;
  // When time alone will give it something to do, as far as it knows; unset if never.
  [[nodiscard]] base::Instant wake_at() const;
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
  // Calls that this engine decided and has no answer of.
  [[nodiscard]] std::size_t open_calls() const { return open_effects_.size(); }

 private:
  friend class Batch;
  using EffectKey = std::pair<domain::OrderKey, std::int32_t>;
  static EffectKey key_of(const domain::Effect& effect) {
    return {effect.order(), effect.effect_no};
  }

  std::vector<Command> next_commands();
  void look_around();
  void add_left_calls(std::vector<Command>& commands, Step& step);
  void adopt(const std::vector<domain::Effect>& questions, Step& step);
  void add_due_orders(std::vector<Command>& commands);
  void ask_due_questions(Step& step);
  void ask(Call question, Step& step) const;
  void forget(const EffectKey& ended);

  enum class End { committed, store_unavailable, outrun };
  End commit_some(std::vector<Command>& commands, domain::TimeTrust trust, Step& step);
  std::unique_ptr<Batch> decide(const std::vector<Command>& commands, domain::TimeTrust trust,
                                int tries);
  [[nodiscard]] Batch* find_executed(const std::vector<std::unique_ptr<Batch>>& in_doubt) const;
  void forget_ended(const Batch& batch, std::vector<Command>& commands);
  void finish(Batch& batch, std::vector<Command>& commands, Step& step);
  void import_stock(const Command& command, Step& step);
  void try_store(Step& step);
  void refuse_waiting(std::vector<Command>& commands, Step& step);
  void put_back(std::vector<Command>& commands, std::size_t from);

  domain::OrderId next_order_id();
  [[nodiscard]] const domain::SupplierTerms& terms_of(const std::string& supplier) const;

  ports::OrderStore& store_;
  ports::Entropy& entropy_;
  const domain::OrderNumbers& numbers_;
  EngineSettings settings_;
  domain::Partitions owned_;
  OrderCache cache_;
  std::deque<Command> queue_;
  std::set<EffectKey> open_effects_;  // Decided by this engine.
  std::set<EffectKey> sent_again_;    // Submissions of which an earlier copy may have left.
  Questions questions_;               // Of the open effects.
  std::deque<CallAgain> left_;
  domain::OrderId last_order_id_;
  std::int64_t id_spread_ = 0;  // Keeps the ids of engines that share a store apart.
  base::Instant now_;
  base::Instant wrote_at_;
  bool is_store_down_ = false;  // The last commit was refused as unavailable.
  base::Instant wake_at_;       // The earliest due order that it knows of.
  base::Instant next_look_;
  std::set<base::Instant> looks_;
};

}  // namespace daozhang::engine
