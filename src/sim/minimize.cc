#include "sim/minimize.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace daozhang::sim {
namespace {

using Strikes = std::vector<FaultStrike>;

// Strikes that come and go together.
using Group = Strikes;
using Groups = std::vector<Group>;

// Parts up to so many are tried alone, too; a smaller one hardly ever fails by itself.
constexpr std::size_t parts_tried_alone = 4;

Strikes all_of(const Groups& groups) {
  Strikes all;
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

// The most frequent kind first: without it most is gained.
Groups by_kind(const Strikes& strikes) {
  std::map<FaultKind, Group> kinds;
  for (const auto& strike : strikes) kinds[strike.kind].push_back(strike);
  Groups groups;
  for (auto& [kind, group] : kinds) groups.push_back(std::move(group));
  std::ranges::stable_sort(groups, std::greater{}, [](const Group& group) { return group.size(); });
  return groups;
}

Groups one_by_one(const Strikes& strikes) {
  Groups groups;
  groups.reserve(strikes.size());
  for (const auto& strike : strikes) groups.push_back({strike});
  return groups;
}

// Those of `all` that are in `some`, so that halves are halves of the time again.
Strikes in_order_of(const Strikes& all, const Strikes& some) {
  const std::set<FaultStrike> wanted(some.begin(), some.end());
  Strikes ordered;
  std::ranges::copy_if(all, std::back_inserter(ordered),
                       [&](const FaultStrike& strike) { return wanted.contains(strike); });
  return ordered;
}

class Search {
 public:
  Search(Strikes struck, int questions_max, const Fails& fails)
      : questions_(questions_max), struck_(std::move(struck)), fails_(fails) {}

  [[nodiscard]] bool is_over() const { return questions_ <= 0; }
  // What really struck in the last run that failed: without the others it is the same run. They go
  // last, because in another run they may strike.
  [[nodiscard]] const Strikes& struck() const { return struck_; }

  // Keeps one group of them, if one alone fails.
  bool keep_one(Groups& groups) {
    for (const auto& group : groups) {
      if (!try_these({group})) continue;
      groups = Groups{group};
      return true;
    }
    return false;
  }

  // Leaves halves out, then quarters, at last single groups, as long as it still fails.
  void leave_out(Groups& groups) {
    std::size_t part = std::max<std::size_t>(groups.size() / 2, 1);
    while (!groups.empty() && !is_over()) {
      if (groups.size() / part <= parts_tried_alone && keep_part(groups, part)) {
        part = std::max<std::size_t>(groups.size() / 2, 1);
        continue;
      }
      const bool shorter = drop_parts(groups, part);
      if (part == 1 && !shorter) return;
      part = std::min(std::max<std::size_t>(part / 2, 1), std::max<std::size_t>(groups.size(), 1));
    }
  }

 private:
  bool try_these(const Groups& groups) {
    if (is_over()) return false;
    --questions_;
    auto struck = fails_(all_of(groups));
    if (!struck) return false;
    struck_ = std::move(*struck);
    return true;
  }

  bool keep_part(Groups& groups, std::size_t part) {
    if (part == groups.size()) return false;
    for (std::size_t from = 0; from < groups.size(); from += part) {
      const auto begin = groups.begin() + static_cast<std::ptrdiff_t>(from);
      const auto size = std::min(part, groups.size() - from);
      Groups kept(begin, begin + static_cast<std::ptrdiff_t>(size));
      if (!try_these(kept)) continue;
      groups = std::move(kept);
      return true;
    }
    return false;
  }

  bool drop_parts(Groups& groups, std::size_t part) {
    bool shorter = false;
    for (std::size_t from = 0; from < groups.size() && !is_over();) {
      const auto begin = groups.begin() + static_cast<std::ptrdiff_t>(from);
      const auto size = static_cast<std::ptrdiff_t>(std::min(part, groups.size() - from));
      Groups rest(groups.begin(), begin);
      rest.insert(rest.end(), begin + size, groups.end());
      if (try_these(rest)) {
        groups = std::move(rest);
        shorter = true;
      } else {
        from += part;
      }
    }
    return shorter;
  }

  int questions_;
  Strikes struck_;
  const Fails& fails_;
};

}  // namespace

std::vector<FaultStrike> minimize(std::vector<FaultStrike> strikes, int questions_max,
                                  const Fails& fails) {
  Search search(strikes, questions_max, fails);
  auto kinds = by_kind(strikes);
  Groups nothing{{}};
  if (strikes.empty() || search.keep_one(nothing)) return {};
  if (!search.keep_one(kinds)) search.leave_out(kinds);
  std::size_t before = 0;
  do {
    auto singles = one_by_one(in_order_of(strikes, all_of(kinds)));
    before = singles.size();
    search.leave_out(singles);
    strikes = in_order_of(all_of(singles), search.struck());
    kinds = by_kind(strikes);
  } while (strikes.size() < before && !strikes.empty() && !search.is_over());
  return strikes;
}

}  // namespace daozhang::sim
