// One submission to a supplier. Its reference is fixed and committed before the first byte leaves
// (FAULTS D2, S15); while it is open no other attempt of the unit exists.
//
//   submitting --> accepted <--> unknown        open
//        |            |            |
//        '------------+------------'--> done --> reversed
//                                  '--> failed
//                                  '--> canceled
//   A failed one that the supplier later calls done becomes done too (F32).
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class AttemptState { submitting, accepted, unknown, done, failed, canceled, reversed };
constexpr auto names_of(std::type_identity<AttemptState>) {
  return base::words("submitting", "accepted", "unknown", "done", "failed", "canceled", "reversed");
}

inline constexpr auto attempt_machine = base::machine<AttemptState>({
    {AttemptState::submitting, AttemptState::accepted},
    {AttemptState::submitting, AttemptState::unknown},
    {AttemptState::submitting, AttemptState::done},
    {AttemptState::submitting, AttemptState::failed},
    {AttemptState::accepted, AttemptState::unknown},
    {AttemptState::accepted, AttemptState::done},
    {AttemptState::accepted, AttemptState::failed},
    {AttemptState::accepted, AttemptState::canceled},
    {AttemptState::unknown, AttemptState::submitting},
    {AttemptState::unknown, AttemptState::accepted},
    {AttemptState::unknown, AttemptState::done},
    {AttemptState::unknown, AttemptState::failed},
    {AttemptState::unknown, AttemptState::canceled},
    {AttemptState::failed, AttemptState::done},
    {AttemptState::canceled, AttemptState::done},
    {AttemptState::done, AttemptState::reversed},
});
static_assert(attempt_machine.is_final(AttemptState::reversed));

enum class AttemptCall { none, submit, query, cancel };
constexpr auto names_of(std::type_identity<AttemptCall>) {
  return base::words("none", "submit", "query", "cancel");
}

struct Attempt {
  Partition partition;
  OrderId order_id;
  std::int32_t attempt_no = 0;  // From 1 within the order.
  std::int32_t unit_no = 0;
  std::string supplier;
  std::string reference;
  AttemptState state = AttemptState::submitting;
  AttemptCall call = AttemptCall::none;
  base::Instant intended_at;  // No copy of it left later than this plus the time of one call.
  base::Instant accepted_at;
  base::Instant ended_at;
  base::Instant disowned_at;  // The buyer was given the money back while nobody knew (FAULTS D4).
  bool cancel_asked = false;
  bool retry_can_help =
      false;  // It failed, but a new attempt may not (not sent, our balance there is empty).
  bool loss_booked = false;  // A success that the buyer no longer needed was posted, once.
  std::int32_t ask_count = 0;
  base::Instant next_ask_at;
  std::int64_t cost_minor = 0;
  std::string supplier_order_no;
  std::string proof;
  std::string reason;

  [[nodiscard]] bool is_open() const {
    return state == AttemptState::submitting || state == AttemptState::accepted ||
           state == AttemptState::unknown;
  }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("attempt_no", self.attempt_no);
    visit("unit_no", self.unit_no);
    visit("supplier", self.supplier);
    visit("reference", self.reference);
    visit("state", self.state);
    visit("call", self.call);
    visit("intended_at", self.intended_at);
    visit("accepted_at", self.accepted_at);
    visit("ended_at", self.ended_at);
    visit("disowned_at", self.disowned_at);
    visit("cancel_asked", self.cancel_asked);
    visit("retry_can_help", self.retry_can_help);
    visit("loss_booked", self.loss_booked);
    visit("ask_count", self.ask_count);
    visit("next_ask_at", self.next_ask_at);
    visit("cost_minor", self.cost_minor);
    visit("supplier_order_no", self.supplier_order_no);
    visit("proof", self.proof);
    visit("reason", self.reason);
  }
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

}  // namespace daozhang::domain
