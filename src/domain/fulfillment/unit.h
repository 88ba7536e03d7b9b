// The unit carries the promise: one card or one top-up (FAULTS D1). It never leaves delivered or
// failed (S19).
//
//   waiting --begin--> fulfilling --deliver--> delivered
//      | ^---try again----'  '------give up--> failed
//      '--deliver (from stock)--> delivered;  '--give up--> failed
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"
#include "domain/inventory/hold.h"

namespace daozhang::domain {

enum class UnitState { waiting, fulfilling, delivered, failed };
constexpr auto names_of(std::type_identity<UnitState>) {
  return base::words("waiting", "fulfilling", "delivered", "failed");
}

inline constexpr auto unit_machine = base::machine<UnitState>({
    {UnitState::waiting, UnitState::fulfilling},
    {UnitState::waiting, UnitState::delivered},
    {UnitState::waiting, UnitState::failed},
    {UnitState::fulfilling, UnitState::waiting},
    {UnitState::fulfilling, UnitState::delivered},
    {UnitState::fulfilling, UnitState::failed},
});
static_assert(unit_machine.is_final(UnitState::delivered) &&
              unit_machine.is_final(UnitState::failed));

// Why a unit is given back.
enum class UnitReason {
  none,
  out_of_stock,
  supplier_refused,
  deadline_missed,
  order_lost,  // Nobody knows any more what was bought.
};
constexpr auto names_of(std::type_identity<UnitReason>) {
  return base::words("none", "out_of_stock", "supplier_refused", "deadline_missed", "order_lost");
}

struct Unit {
  Partition partition;
  OrderId order_id;
  std::int32_t unit_no = 0;  // From 1 within the order.
  UnitState state = UnitState::waiting;
  UnitReason reason = UnitReason::none;
  HoldState hold = HoldState::none;
  Partition item_partition;  // Of the item held or consumed.
  ItemId item_id;
  base::Instant began_at;  // First work on it.
  base::Instant delivered_at;
  base::Instant failed_at;
  base::Instant revealed_at;  // First reveal.
  std::string proof;

  [[nodiscard]] bool is_final() const { return unit_machine.is_final(state); }
  [[nodiscard]] ItemKey item() const { return {item_partition, item_id}; }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("unit_no", self.unit_no);
    visit("state", self.state);
    visit("reason", self.reason);
    visit("hold", self.hold);
    visit("item_partition", self.item_partition);
    visit("item_id", self.item_id);
    visit("began_at", self.began_at);
    visit("delivered_at", self.delivered_at);
    visit("failed_at", self.failed_at);
    visit("revealed_at", self.revealed_at);
    visit("proof", self.proof);
  }
  friend bool operator==(const Unit&, const Unit&) = default;
};

}  // namespace daozhang::domain
