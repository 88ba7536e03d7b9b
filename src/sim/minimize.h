// Makes a failure short: from the fault schedule of a failed run, the strikes without which the
// same invariant holds. Delta debugging (Zeller, Hildebrandt 2002) over the recorded schedule, not
// over the seed: whole kinds of fault go first, then halves of what is left, then single strikes.
#pragma once

#include <functional>
#include <vector>

#include "sim/world/fault.h"

namespace daozhang::sim {

// `fails`: whether a run with just these strikes breaks the same invariant. Asked at most
// `questions_max` times; the answer always fails, and is `strikes` itself when nothing can go.
std::vector<FaultStrike> minimize(
    std::vector<FaultStrike> strikes, int questions_max,
    const std::function<bool(const std::vector<FaultStrike>&)>& fails);

}  // namespace daozhang::sim
