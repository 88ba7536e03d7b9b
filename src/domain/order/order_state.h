// What an order is, derived from its parts (SETTLED 15), and the stages that a buyer sees (SETTLED
// 27). Pure.
#pragma once

#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/order/order.h"

namespace daozhang::domain {

OrderState derive_state(const Order& order);

enum class StageName { submitted, paid, accepted, checking, review, fulfilling, delivered };
constexpr auto names_of(std::type_identity<StageName>) {
  return base::words("submitted", "paid", "accepted", "checking", "review", "fulfilling",
                     "delivered");
}

enum class StageState { done, current, waiting, skipped, failed };
constexpr auto names_of(std::type_identity<StageState>) {
  return base::words("done", "current", "waiting", "skipped", "failed");
}

struct Stage {
  StageName name = StageName::submitted;
  StageState state = StageState::waiting;
  base::Instant began_at;
  base::Instant ended_at;
  base::Instant due_at;   // When it must have ended.
  std::string waits_for;  // Who has to act: `buyer`, `channel:NAME`, `supplier:NAME`, `vault`;
                          // empty if nobody.
};

// Always all seven, in order.
std::vector<Stage> derive_stages(const Order& order);

}  // namespace daozhang::domain
