// A unit's claim on one stock item (SETTLED 15).
//
//   none --take--> held --issue--> consumed
//                   '----release--> released --retake--> held | consumed      (paid after closing,
//                   SETTLED 14)
#pragma once

#include "base/enum_names.h"
#include "base/machine.h"

namespace daozhang::domain {

enum class HoldState { none, held, consumed, released };
constexpr auto names_of(std::type_identity<HoldState>) {
  return base::words("none", "held", "consumed", "released");
}

inline constexpr auto hold_machine = base::machine<HoldState>({
    {HoldState::none, HoldState::held},
    {HoldState::held, HoldState::consumed},
    {HoldState::held, HoldState::released},
    {HoldState::released, HoldState::consumed},
});
static_assert(hold_machine.is_final(HoldState::consumed));

}  // namespace daozhang::domain
