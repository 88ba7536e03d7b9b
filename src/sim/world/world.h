// One run: a shop whose engine is the server's own, its channels, suppliers and buyers, a clock
// that jumps, and every fault of the swarm. Chaos until the healing time, then nothing goes wrong
// any more and all must come to rest.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "engine/engine.h"
#include "sim/checkers/order_checks.h"
#include "sim/checkers/page_checks.h"
#include "sim/checkers/payer_checks.h"
#include "sim/checkers/store_shadow.h"
#include "sim/checkers/transitions.h"
#include "sim/model/reference_model.h"
#include "sim/peers/bill_model.h"
#include "sim/peers/buyers.h"
#include "sim/peers/channel_model.h"
#include "sim/peers/staff.h"
#include "sim/peers/strangers.h"
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
  std::int64_t calls = 0;       // That left for a channel or a supplier.
  std::int64_t happenings = 0;  // That were planned: whatever was due at some moment.
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
  bool passed_mark = false;        // Of a run in a process of its own (apart.h).
  std::vector<std::string> story;  // Of the followed order, or of the whole run.
};

// One thread. Used once.
class World final : public Shop {
 public:
  // `scenario`: what is laid down about the run; all else is drawn from the seed.
  explicit World(std::uint64_t seed, const Scenario& scenario = {});
  ~World() override;

  // Keeps the story of one order, to be shown after a failure.
  void follow(domain::OrderKey order) { scene_.record.follow(order); }
  // Or that of the whole run, when it is not known which order it is about.
  void follow_all() { scene_.record.follow_all(); }
  RunResult run();
  // What run() would tell if it ended now.
  [[nodiscard]] RunResult so_far() const;

  void send(engine::CommandBody body, Reply reply) override;
  std::optional<domain::OrderKey> order_of(const std::string& trade_ref) override;
  void notify(const std::string& channel, const std::string& body, Reply reply) override;
  void hint(const std::string& reference) override;
  std::optional<domain::Order> look(domain::OrderKey key) override;

 private:
  // One process of the shop. Several work over one store (docs/decisions/0015).
  struct Node {
    std::size_t number = 0;
    std::unique_ptr<WatchedStore> watched;
    std::optional<engine::Engine> engine;
    std::uint64_t generation = 0;  // Of the engine.
    std::uint64_t step_plan = 0;   // The planned step that counts.
    bool step_planned = false;
    bool boot_planned = false;
    bool is_stepping = false;
    int in_vain = 0;  // Steps one after the other that got nothing done, with work left.
    std::int64_t least_stock = 0;                          // While it was in the step.
    domain::TimeTrust trust = domain::TimeTrust::trusted;  // In the step.
    base::Instant wake_planned;
    base::Instant down_since;
    std::map<engine::Ticket, Reply> waiting;
    std::map<engine::Ticket, std::int32_t> wanted;  // How many goods new orders ask for.
    std::vector<engine::Command> inbox;             // Came while it was in a step.
    std::set<domain::OrderKey> committed;           // Orders of the commits of the step.
  };

  // world_plan.cc
  void build_peers();
  void build_nodes();
  void import_stock();
  void plan_doubts();
  void plan_family(base::Instant heal_at);
  void plan_swizzle();
  void plan_second_import();
  void plan_crash();
  void import_again(const ports::StockImport& again);
  void plan_lost_order();
  void plan_settled_order();
  void plan_silent_channel();
  void plan_silent_suppliers();
  [[nodiscard]] std::vector<std::string> peer_names() const;
  [[nodiscard]] std::string settings_text() const;
  void trust_again();
  void heal();

  // world.cc
  void happen();
  void boot(Node& node);
  void crash(Node& node);
  void share_out();
  void pause_in_commit(Node& node);
  void pause_before_send(Node& node, const engine::Step& done);
  void pause(base::Duration length);
  void go_out_of_service(base::Duration length);
  void plan_step(Node& node, base::Duration delay);
  void plan_wake(Node& node);
  void step(Node& node);
  bool hand_out(Node& node, const engine::Step& done);
  void answer(Node& node, const engine::Answer& answer);
  bool submit(Node& node, engine::Command command);
  void dispatch(Node& node, const engine::Call& call);
  void ask_channel(Node& node, const engine::Call& call, const domain::Order& order);
  // When the answers to questions about the order's payments come, all at once; unset: as usual.
  base::Instant meeting_of(const domain::Order& order);
  template <class Answered>
  void returned(Node& node, std::uint64_t generation, const Answered& answered);
  Node* some_node();

  // world_watch.cc
  void note_crash_before_commit(const Node& node);
  void note_crash_after_commit(const Node& node);
  void witness(Node& node, const ports::Commit& commit);
  void witness_late(Node& node, const ports::Commit& commit, bool in_its_step);
  void see(const ports::Commit& commit);
  void tell_owners(const ports::Commit& commit);
  void tell_model(Node& node, const engine::Step& step, base::Instant began);
  void check_deadlines(const ports::Commit& commit);
  void check_wants(const Node& node, const ports::Commit& commit);
  void check_called_off(const domain::Order& before, const domain::Order& after);
  void check_doubt(const Node& node, base::Instant at, const domain::Order* before,
                   const domain::Order& after);
  void check_contradictions(const engine::Step& step, base::Instant began);
  void check_odd_money(const engine::Step& step);
  void check_gone_money(const engine::Step& step, base::Instant began);
  void check_late_refunds(const Node& node, base::Instant at, const domain::Order* before,
                          const domain::Order& order);
  void check_refund_window(const Node& node, const ports::Commit& commit,
                           const domain::Order& order);
  void check_nobody_starves();
  void check_silent_supplier(const domain::Order* before, const domain::Order& after);

  // world_service.cc
  void check_progress(Node& node, const engine::Step& step);
  void check_answers(const Node& node, const engine::Step& step);
  void note_asking(const domain::Effect& effect);
  void note_notice(const std::optional<engine::Answer>& answer);
  void expect_question(domain::OrderKey order, std::int32_t attempt_no);
  void expect_asking(const std::string& channel, const ports::PaymentNotice& notice,
                     const engine::Answer& answer);
  void expect_asking(const engine::Answer& answer);
  void expect_refund_question(domain::OrderKey order, const domain::Refund& refund);
  void expect_payment_question(domain::OrderKey order, const domain::Intent& intent,
                               bool contradicts);
  using Question = std::tuple<domain::OrderKey, domain::EffectKind, std::int32_t>;
  // Asked again between now and `by`, if then it is still wanted.
  void expect_asked(const Question& question, base::Instant by, std::string_view invariant,
                    std::function<bool()> is_wanted);
  static void note_taken(Node& node, const ports::Commit& commit);
  void note_stock(const ports::Commit& commit);
  void check_refusal(Node& node, const engine::Answer& answer);

  Scene scene_;
  Scenario scenario_;
  base::Prng prng_;
  std::unique_ptr<PaymentWire> wire_;
  std::unique_ptr<SupplierWire> supplier_wire_;  // In a share of the runs.
  std::unique_ptr<RunStore> store_;
  std::map<std::string, ChannelModel*> channels_;
  std::map<std::string, SupplierModel*> suppliers_;
  OrderChecks checks_;
  PageChecks pages_;
  PayerChecks payers_;
  StoreShadow shadow_;
  Transitions transitions_;
  std::unique_ptr<ports::Entropy> entropy_;
  domain::OrderNumbers numbers_;
  engine::EngineSettings settings_;
  std::vector<domain::Product> products_;
  ports::StockImport stock_;  // What was imported at the start.
  std::vector<std::unique_ptr<ChannelModel>> owned_channels_;
  std::vector<std::unique_ptr<SupplierModel>> owned_suppliers_;
  std::unique_ptr<Buyers> buyers_;
  std::unique_ptr<Staff> staff_;
  Strangers strangers_;
  BillModel bills_;
  std::optional<ReferenceModel> model_;  // None once it can not know what was decided.

  std::vector<std::unique_ptr<Node>> nodes_;
  engine::Ticket last_ticket_ = 0;
  std::uint64_t shares_ = 0;       // How often the partitions were shared out.
  int pauses_ = 0;                 // Nodes that stand still inside a commit just now.
  base::Duration out_of_service_;  // Downtime and store failures so far; deadlines may slip by it.
  base::Instant unserved_until_;   // Of that, when what is known to last by now will be over.
  base::Instant doubtful_since_;   // Set while time is doubtful.
  std::int64_t commits_ = 0;
  std::int64_t crashes_ = 0;
  base::Instant crashed_at_;  // The last time.
  std::int64_t calls_ = 0;
  std::int64_t notices_ = 0;  // That were answered, other than with an error.
  std::unordered_map<std::string, std::optional<domain::OrderKey>> keys_of_refs_;
  std::map<domain::OrderKey, base::Instant> meetings_;  // Unset: drawn, and there is none.
  // When each question was asked, the latest times.
  std::map<Question, std::deque<base::Instant>> asked_;
};

}  // namespace daozhang::sim
