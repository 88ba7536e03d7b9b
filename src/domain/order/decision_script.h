// Tests only: plays a script of time-stamped lines against the decider and compares what follows.
//
//   given topup quantity=2 cancel=no        the order and its supplier's terms; always first
//   channel page once=yes window=24h       a channel's terms; `once`: it gives back each time
//   0m   place            -> awaiting_payment
//   1m   pays 1 990       -> fulfilling, submit_attempt#1
//   2m   done 1           -> delivered, unit1=delivered, escrow=0
//
// `doubt` and `trust` in place of a verb change how the lines below take time.
// Right of the arrow: happenings of the decision, the order's state, `call#subject` for every call
// decided (all must be named), and `name=value` as `value_of` knows them. After every line the
// script checks what must hold always: nothing due in the past, escrow never overdrawn, each item
// moved along its machine, and that calling progress() again changes nothing.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "domain/order/decider.h"

namespace daozhang::domain {

inline constexpr base::Instant script_start{1'795'000'000'000'000};

// Free items by hand; checks every move that a decision makes.
class ScriptShelf final : public Shelf {
 public:
  explicit ScriptShelf(int count) {
    for (int i = 1; i <= count; ++i) states_[{Partition{0}, ItemId{i}}] = ItemState::available;
  }
  ItemKey take() override {
    for (auto& [key, state] : states_)
      if (state == ItemState::available && !taken_.contains(key)) return *taken_.insert(key).first;
    return {};
  }
  void apply(const std::vector<ItemMove>& moves) {
    for (const auto& move : moves) {
      ASSERT_EQ(states_.at(move.item), move.from);
      item_machine.advance(states_.at(move.item), move.to);
    }
    taken_.clear();
  }
  void forget() { taken_.clear(); }
  // Somebody else buys one.
  void sell_one() {
    const ItemKey item = take();
    taken_.clear();
    states_.at(item) = ItemState::issued;
  }
  [[nodiscard]] int count(ItemState wanted) const {
    int n = 0;
    for (const auto& [key, state] : states_) n += state == wanted;
    return n;
  }

 private:
  std::map<ItemKey, ItemState> states_;
  std::set<ItemKey> taken_;
};

// One order and everything that is decided about it. Used once.
class OrderUnderTest {
 public:
  OrderUnderTest(ProductKind kind, std::int32_t quantity, int stock, std::int32_t promise_seconds)
      : shelf(stock) {
    auto& header = order.header;
    header.order_id = {1};
    header.order_no = "ORDER";
    header.kind = kind;
    header.quantity = quantity;
    header.unit_price_minor = 990;
    header.promise_seconds = promise_seconds;
    if (kind == ProductKind::secret) return;
    header.supplier = "telco";
    header.cost_minor_max = 900;
  }

  // Tells one thing and draws the consequences at `now`.
  template <class Tell>
  Decision tell(base::Instant now, Tell told) {
    Decider decider(order, policy, terms, shelf, now, "test", trust);
    told(decider);
    decider.progress();
    auto decision = decider.take();
    shelf.apply(decision.items);
    for (const auto& transfer : decision.transfers) {
      balances[transfer.debit] += transfer.amount_minor;
      balances[transfer.credit] -= transfer.amount_minor;
    }
    check_always(now);
    return decision;
  }

  void check_always(base::Instant now) {
    EXPECT_LE(balances[account::escrow], 0) << "escrow overdrawn";
    EXPECT_TRUE(!order.header.due_at.is_set() || order.header.due_at > now) << "due in the past";
    const Order before = order;
    Decider again(order, policy, terms, shelf, now, "test", trust);
    again.progress();
    EXPECT_EQ(again.take().cause.what, std::vector<std::string>{});
    EXPECT_EQ(order, before) << "progress() again changed something";
    shelf.forget();
    if (order.header.closed_at.is_set()) check_closed();
  }

  // S10: what is kept is the price of what was delivered.
  void check_closed() const {
    std::int64_t kept = 0;
    for (const auto& payment : order.payments) kept += payment.amount_minor;
    for (const auto& refund : order.refunds)
      if (refund.purpose != RefundPurpose::reversal) kept -= refund.amount_minor;
    for (const auto& unit : order.units)
      if (unit.state == UnitState::delivered) kept -= order.header.unit_price_minor;
    EXPECT_EQ(kept, 0) << "closed, and the money kept is not the price of what was delivered";
  }

  Order order;
  TimeTrust trust = TimeTrust::trusted;
  Policy policy;
  SupplierTerms terms;
  ScriptShelf shelf;
  std::map<std::string, std::int64_t> balances;  // Debit minus credit.
};

void play(const std::string& script);

}  // namespace daozhang::domain
