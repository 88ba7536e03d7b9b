// One run: a shop whose engine is the server's own, its channels, suppliers and buyers, a clock
// that jumps, and every fault of the swarm. Chaos until the healing time, then nothing goes wrong
// any more and all must come to rest.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "sim/checkers/order_checks.h"
#include "sim/checkers/transitions.h"
#include "sim/model/reference_model.h"
#include "sim/peers/buyers.h"
#include "sim/peers/channel_model.h"
#include "sim/peers/supplier_model.h"
#include "sim/scenario/scenario.h"
#include "sim/stores/run_store.h"
#include "sim/world/scene.h"
#include "sim/world/watched_store.h"

namespace daozhang::sim {

struct RunResult {
  std::uint64_t seed = 0;
  std::int64_t orders = 0;
  std::int64_t events = 0;
  base::Duration simulated;
  std::string trace_hash;
  std::string config;
  Family family = Family::plain;
  FaultCounts faults{};
  SometimesCounts sometimes{};
  bool halted = false;  // The store noticed that its disk lied, and the run ended there.
  Transitions transitions;
  std::vector<FaultStrike> struck;  // The fault schedule.
  std::optional<Violation> violation;
  std::vector<std::string> story;  // Of the followed order.
};

// One thread. Used once.
class World final : public Shop {
 public:
  // `scenario`: what is laid down about the run; all else is drawn from the seed.
  explicit World(std::uint64_t seed, const Scenario& scenario = {});
  ~World() override;

  // Keeps the story of one order, to be shown after a failure.
  void follow(domain::OrderKey order) { scene_.record.follow(order); }
  RunResult run();

  void send(engine::CommandBody body, Reply reply) override;
  void notify(const std::string& channel, const std::string& body, Reply reply) override;
  void hint(const std::string& reference) override;
  std::optional<domain::Order> look(domain::OrderKey key) override;

 private:
  void build_peers();
  void import_stock();
  void boot();
  void crash();
  void crash_store();
  void happen();
  void heal();
  void plan_step(base::Duration delay);
  void plan_wake();
  void step();
  bool crashes_after_commit(const engine::Step& step);
  void answer(const engine::Answer& answer);
  void dispatch(const engine::Call& call);
  template <class Answered>
  void returned(std::uint64_t generation, const Answered& answered);
  void note_crash_before_commit();
  void note_crash_after_commit();
  void witness(const ports::Commit& commit);
  void tell_model(const engine::Step& step, domain::TimeTrust trust);
  void check_deadlines(const ports::Commit& commit);
  void plan_doubts();
  void plan_family(base::Instant heal_at);
  void plan_swizzle();
  void plan_second_import();
  [[nodiscard]] std::vector<std::string> peer_names() const;
  void check_that_an_edit_is_noticed();
  void trust_again();
  void check_doubt(const domain::Order* before, const domain::Order& after);

  Scene scene_;
  Scenario scenario_;
  base::Prng prng_;
  std::unique_ptr<PaymentWire> wire_;
  std::unique_ptr<RunStore> store_;
  std::map<std::string, ChannelModel*> channels_;
  std::map<std::string, SupplierModel*> suppliers_;
  OrderChecks checks_;
  Transitions transitions_;
  WatchedStore watched_;
  std::unique_ptr<ports::Entropy> entropy_;
  domain::OrderNumbers numbers_;
  engine::EngineSettings settings_;
  std::vector<domain::Product> products_;
  ports::StockImport stock_;  // What was imported at the start.
  std::vector<std::unique_ptr<ChannelModel>> owned_channels_;
  std::vector<std::unique_ptr<SupplierModel>> owned_suppliers_;
  std::unique_ptr<Buyers> buyers_;
  std::optional<ReferenceModel> model_;   // None once it can not know what was decided.
  std::set<domain::OrderKey> committed_;  // Orders of the commits of this step.

  std::optional<engine::Engine> engine_;
  std::uint64_t generation_ = 0;  // Of the engine.
  std::uint64_t step_plan_ = 0;   // The planned step that counts.
  bool step_planned_ = false;
  bool boot_planned_ = false;
  base::Instant wake_planned_;
  std::map<engine::Ticket, Reply> waiting_;
  engine::Ticket last_ticket_ = 0;
  base::Duration out_of_service_;  // Downtime and store failures so far; deadlines may slip by it.
  base::Instant down_since_;
  base::Instant doubtful_since_;  // Set while time is doubtful.
  std::int64_t commits_ = 0;
};

}  // namespace daozhang::sim
