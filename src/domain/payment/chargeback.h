// Money that the channel took back from the shop: the payer disputed the payment, or the channel
// reversed it (FAULTS F19). Told by a person, since no channel has a call for it; posted as a loss
// once, under the channel's case number.
//
//   taken --the dispute was won--> returned
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class ChargebackState { taken, returned };
constexpr auto names_of(std::type_identity<ChargebackState>) {
  return base::words("taken", "returned");
}

inline constexpr auto chargeback_machine =
    base::machine<ChargebackState>({{ChargebackState::taken, ChargebackState::returned}});
static_assert(chargeback_machine.is_final(ChargebackState::returned));

struct Chargeback {
  Partition partition;
  OrderId order_id;
  std::int32_t chargeback_no = 0;  // From 1 within the order.
  std::int32_t payment_no = 0;
  std::string case_no;  // The channel's; within a payment it is unique.
  ChargebackState state = ChargebackState::taken;
  std::int64_t amount_minor = 0;
  base::Instant learned_at;
  base::Instant returned_at;
  bool flags_buyer = true;  // While it is true the order's contacts buy nothing more.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("chargeback_no", self.chargeback_no);
    visit("payment_no", self.payment_no);
    visit("case_no", self.case_no);
    visit("state", self.state);
    visit("amount_minor", self.amount_minor);
    visit("learned_at", self.learned_at);
    visit("returned_at", self.returned_at);
    visit("flags_buyer", self.flags_buyer);
  }
  friend bool operator==(const Chargeback&, const Chargeback&) = default;
};

}  // namespace daozhang::domain
