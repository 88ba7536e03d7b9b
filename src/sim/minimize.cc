#include "sim/minimize.h"

#include <algorithm>

namespace daozhang::sim {
namespace {

std::vector<FaultStrike> without(const std::vector<FaultStrike>& all, std::size_t from,
                                 std::size_t count) {
  std::vector<FaultStrike> rest;
  rest.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i < from || i >= from + count) rest.push_back(all[i]);
  return rest;
}

}  // namespace

std::vector<FaultStrike> minimize(
    std::vector<FaultStrike> strikes, int questions_max,
    const std::function<bool(const std::vector<FaultStrike>&)>& fails) {
  std::size_t part = std::max<std::size_t>(strikes.size() / 2, 1);
  while (!strikes.empty() && questions_max > 0) {
    bool shorter = false;
    for (std::size_t from = 0; from < strikes.size() && questions_max > 0;) {
      auto rest = without(strikes, from, part);
      --questions_max;
      if (fails(rest)) {
        strikes = std::move(rest);
        shorter = true;
      } else {
        from += part;
      }
    }
    if (part == 1 && !shorter) break;
    part = std::max<std::size_t>(part / 2, 1);
  }
  return strikes;
}

}  // namespace daozhang::sim
