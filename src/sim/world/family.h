// What kind of bad day a run has, beyond the rates of its single faults (SIMULATOR 4.3).
#pragma once

#include "base/enum_names.h"

namespace daozhang::sim {

enum class Family {
  plain,              // Nothing but the swarm.
  swizzle,            // Channels and suppliers go silent one by one and come back in another order.
  pause,              // The shop stands still for minutes, then goes on with what it had in hand.
  double_everything,  // Whatever can come twice does.
  deadline_edge,      // What happens, happens within 100 ms of a deadline.
  storm,              // All are silent for an hour, then everything comes at once.
};
constexpr auto names_of(std::type_identity<Family>) {
  return base::words("plain", "swizzle", "pause", "double_everything", "deadline_edge", "storm");
}

}  // namespace daozhang::sim
