// Somebody of the house with the database in hand: at the end of a run he changes an order's row,
// a leaf, both, or the ledger, and fsck must notice (FAULTS F67). Who rewrites rows, events and
// leaves together, so that they fit, is found out by a witnessed log alone (F68).
#pragma once

#include <string_view>

#include "ports/order_store.h"
#include "sim/stores/run_store.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

// One thread. Scene and store must outlive it.
class Insider {
 public:
  // What he will do is drawn here, while faults still strike.
  Insider(Scene& scene, RunStore& store);

  // Does it to one of the store's orders, one thing after the other, and puts each right again.
  // What fsck misses is a violation.
  void strike();

 private:
  using OrderStory = ports::AuditSource::OrderStory;

  OrderStory with_other_row(OrderStory story);
  OrderStory with_other_leaf(OrderStory story);
  OrderStory with_other_ledger(OrderStory story);
  void expect_noticed(const OrderStory& before, const OrderStory& after, std::string_view rule);

  Scene& scene_;
  RunStore& store_;
  base::Prng prng_;
  bool row_;
  bool leaf_;
  bool ledger_;
};

}  // namespace daozhang::sim
