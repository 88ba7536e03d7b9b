// The store as the engine sees it in the simulator: the run's store behind faults, with every
// executed commit shown to a witness.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "ports/order_store.h"
#include "sim/stores/run_store.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

// One thread. Scene and store must outlive it.
class WatchedStore final : public ports::OrderStore {
 public:
  // Called with each commit that was executed, after it.
  using Witness = std::function<void(const ports::Commit&)>;

  // Called before each commit is tried: here other nodes may act between a load and its commit.
  using Pause = std::function<void()>;

  // Called with each commit that was reported as unknown and came to be later; whether the engine
  // is still in the step that asked for it.
  using WitnessLate = std::function<void(const ports::Commit&, bool in_its_step)>;

  // `witness_late`: none if this store can not do that.
  WatchedStore(Scene& scene, RunStore& store, Witness witness, Pause pause,
               WitnessLate witness_late);

  // The process dies inside the next commits, before they are written. The engine then is to be
  // destroyed and its step forgotten.
  [[nodiscard]] bool died() const { return died_; }
  void revive() { died_ = false; }
  // The last commit that was asked for since the step began, executed or not; for naming what a
  // crash hit.
  [[nodiscard]] const std::vector<domain::EffectKind>& effects_added() const { return added_; }
  [[nodiscard]] const std::vector<domain::EffectKind>& effects_ended() const { return ended_; }
  [[nodiscard]] bool placed() const { return placed_; }
  [[nodiscard]] bool paid() const { return paid_; }
  void begin_step();
  // After a crash: a commit during which the store died counts if it is there.
  void settle();

  std::vector<domain::Order> load_orders(std::span<const domain::OrderKey> keys) override {
    return store_.lane().load_orders(keys);
  }
  std::vector<domain::Claim> find_claims(std::span<const domain::ClaimKey> keys) override {
    return store_.lane().find_claims(keys);
  }
  std::vector<domain::ItemKey> available_items(domain::ShopId shop, const std::string& sku,
                                               std::size_t count,
                                               std::span<const domain::ItemKey> except) override {
    return store_.lane().available_items(shop, sku, count, except);
  }
  std::vector<domain::OrderKey> due_orders(domain::Partitions partitions, base::Instant now,
                                           std::size_t limit) override {
    return store_.lane().due_orders(partitions, now, limit);
  }
  base::Instant earliest_due(domain::Partitions partitions) override {
    return store_.lane().earliest_due(partitions);
  }
  std::vector<domain::Effect> open_effects(domain::Partitions partitions,
                                           base::Instant decided_until) override {
    return store_.lane().open_effects(partitions, decided_until);
  }
  std::vector<domain::Effect> effects_of(std::span<const domain::OrderKey> keys) override {
    return store_.lane().effects_of(keys);
  }
  bool has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) override {
    return store_.lane().has_event(order, version, leaf);
  }
  std::vector<ports::OpenPeer> open_peers() override { return store_.lane().open_peers(); }
  base::Instant time_high_water() override { return store_.lane().time_high_water(); }
  domain::OrderId last_order_id() override { return store_.lane().last_order_id(); }
  base::Result<void, ports::CommitRefusal> commit(const ports::Commit& changes) override;
  base::Result<std::vector<bool>, ports::CommitRefusal> import_stock(
      const ports::StockImport& import) override;

 private:
  // A commit with the orders that it points to.
  struct InDoubt {
    ports::Commit commit;
    std::deque<domain::Order> orders;
    std::int64_t commits_before = 0;
    bool in_its_step = false;
  };
  static std::unique_ptr<InDoubt> copy_of(const ports::Commit& changes);
  // Those that are on their way, in the moment before another commit is tried.
  void arrive();
  void arrive(const InDoubt& late);
  void refuse_at_its_end(const ports::Commit& changes);
  // Whether the store refuses this commit as one of several in a row; `left`: how many more.
  bool goes_on(FaultKind kind, int& left);
  void look_at(const ports::Commit& changes);
  void send_late(const ports::Commit& changes);
  void lose_to_other_node();
  void note(const ports::Commit& changes);

  Scene& scene_;
  RunStore& store_;
  Witness witness_;
  Pause pause_;
  WitnessLate witness_late_;
  bool died_ = false;
  int away_for_ = 0;
  int moving_for_ = 0;
  std::size_t bursts_ = 0;
  std::vector<domain::EffectKind> added_;
  std::vector<domain::EffectKind> ended_;
  bool placed_ = false;
  bool paid_ = false;
  std::unique_ptr<InDoubt> in_doubt_;
  std::vector<std::unique_ptr<InDoubt>> on_their_way_;
  base::Prng prng_;
};

}  // namespace daozhang::sim
