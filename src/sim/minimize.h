// Makes a failure short: from the fault schedule of a failed run, the strikes without which the
// same invariant holds. Delta debugging (Zeller, Hildebrandt 2002) over the recorded schedule, not
// over the seed: whole kinds of fault go first, then halves of what is left, then single strikes.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "sim/world/fault.h"

namespace daozhang::sim {

// Of a run with these strikes, those that struck before it broke the same invariant; nothing if it
// did not break it. Strikes that nothing asked for any more go at last.
using Fails =
    std::function<std::optional<std::vector<FaultStrike>>(const std::vector<FaultStrike>&)>;

// `fails` is asked at most
// `questions_max` times; the answer always fails, and is `strikes` itself when nothing can go.
std::vector<FaultStrike> minimize(std::vector<FaultStrike> strikes, int questions_max,
                                  const Fails& fails);

}  // namespace daozhang::sim
