// The answers of a call to the outside (SETTLED 16).
#pragma once

#include "base/enum_names.h"

namespace daozhang::ports {

enum class Outcome {
  done,      // It happened; the answer carries the proof.
  accepted,  // The other side has it and works on it; asking will tell more.
  failed,    // It definitely did not and will not happen.
  unknown,   // Nobody can say yet: time-out, 5xx, unreadable, unsigned. Ask; never send it
             // elsewhere.
};
constexpr auto names_of(std::type_identity<Outcome>) {
  return base::words("done", "accepted", "failed", "unknown");
}

}  // namespace daozhang::ports
