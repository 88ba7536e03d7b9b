// Giving money back: one row a (payment, purpose), with one number at the channel for ever (FAULTS
// S16). Units of a payment that fail before the refund of the first was sent go back with it
// (decision 0023); from then on neither number nor sum change.
//
//   decided --lost reply--> unknown --found--> accepted --confirmed--> settled
//      |  ^------not there----'  |                 ^
//      |-----accepted------------|-----------------'
//      '-----refused--> refused (a person; asked again it may still be accepted, or be unknown)
// A person who gives it back another way takes it through accepted to settled in one decision.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class RefundState { decided, unknown, accepted, settled, refused };
constexpr auto names_of(std::type_identity<RefundState>) {
  return base::words("decided", "unknown", "accepted", "settled", "refused");
}

inline constexpr auto refund_machine = base::machine<RefundState>({
    {RefundState::decided, RefundState::unknown},
    {RefundState::decided, RefundState::accepted},
    {RefundState::decided, RefundState::refused},
    {RefundState::unknown, RefundState::decided},
    {RefundState::unknown, RefundState::accepted},
    {RefundState::accepted, RefundState::settled},
    {RefundState::refused, RefundState::accepted},
    {RefundState::refused, RefundState::unknown},
});
static_assert(refund_machine.is_final(RefundState::settled));

enum class RefundPurpose {
  unit,       // A unit that was not delivered.
  surplus,    // Paid more than was owed, twice, or when nothing was owed.
  shortfall,  // Paid less than the price, and the rest did not come in time.
  reversal,   // The supplier took back what was delivered (SETTLED 18); charged to revenue and the
              // supplier.
};
constexpr auto names_of(std::type_identity<RefundPurpose>) {
  return base::words("unit", "surplus", "shortfall", "reversal");
}

enum class RefundCall { none, refund, query };
constexpr auto names_of(std::type_identity<RefundCall>) {
  return base::words("none", "refund", "query");
}

struct Refund {
  Partition partition;
  OrderId order_id;
  std::int32_t refund_no = 0;  // From 1 within the order.
  std::int32_t payment_no = 0;
  RefundPurpose purpose = RefundPurpose::unit;
  std::int32_t unit_no = 0;  // For purposes unit and reversal: the first, or only, one.
  std::string refund_ref;    // Our number at the channel: a function of (payment, purpose, unit).
  std::string channel;
  RefundState state = RefundState::decided;
  RefundCall call = RefundCall::none;
  std::int64_t amount_minor = 0;
  base::Instant decided_at;
  base::Instant accept_by;  // The promise: accepted by the channel until then (SETTLED 12).
  base::Instant sent_at;    // Last, to the channel.
  base::Instant accepted_at;
  base::Instant settled_at;
  std::int32_t try_count = 0;
  // How often the channel said that there is none, since it accepted it or since its answer was
  // lost, without a better word between.
  std::int32_t absent_count = 0;
  base::Instant next_try_at;
  std::string problem;
  std::string more_units;  // Of purpose unit: those that go back with the first, as "2-5,8".

  // In the order in which they failed.
  [[nodiscard]] std::vector<std::int32_t> units() const;
  // It must have one already.
  void add_unit(std::int32_t another);
  // Whether its sum may still change.
  [[nodiscard]] bool was_never_sent() const {
    return state == RefundState::decided && call == RefundCall::none && !sent_at.is_set();
  }

  // Not through the channel, which has accepted nothing then.
  [[nodiscard]] bool went_by_hand() const {
    return state == RefundState::settled && !accepted_at.is_set();
  }
  [[nodiscard]] bool money_is_on_its_way() const {
    return state == RefundState::accepted || state == RefundState::settled;
  }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("refund_no", self.refund_no);
    visit("payment_no", self.payment_no);
    visit("purpose", self.purpose);
    visit("unit_no", self.unit_no);
    visit("refund_ref", self.refund_ref);
    visit("channel", self.channel);
    visit("state", self.state);
    visit("call", self.call);
    visit("amount_minor", self.amount_minor);
    visit("decided_at", self.decided_at);
    visit("accept_by", self.accept_by);
    visit("accepted_at", self.accepted_at);
    visit("settled_at", self.settled_at);
    visit("try_count", self.try_count);
    visit("next_try_at", self.next_try_at);
    visit("problem", self.problem);
    visit("sent_at", self.sent_at);
    visit("absent_count", self.absent_count);
    visit("more_units", self.more_units);
  }
  friend bool operator==(const Refund&, const Refund&) = default;
};

}  // namespace daozhang::domain
