// A scenario composes one workload with many faults, as a text of about ten lines. The same form
// tells a failure: a seed and the strikes that are left of its fault schedule.
//
//   # Everything is silent until it all comes back at once.
//   seeds 1..20              each seed is one run; also `seed 7`
//   store memory             or another that RunStore knows
//   family storm             else drawn from the seed
//   buyers 40
//   nodes 3                  1 to 5 engines over one store, else drawn; only over memory
//   kind topup               only products of this kind
//   only                     no faults but those named below; else the swarm goes on beside them
//   fault notice_never 3000  strikes this often, in ten-thousandths
//   strike call_lost 12      a replay: only the twelfth question of this kind strikes
//   expect disk_lie_noticed  a rare state that these runs together must reach
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/catalog/product.h"
#include "sim/stores/run_store.h"
#include "sim/world/family.h"
#include "sim/world/fault.h"
#include "sim/world/record.h"

namespace daozhang::sim {

struct Scenario {
  std::string name;
  std::vector<std::uint64_t> seeds;
  StoreKind store = StoreKind::memory;
  std::optional<Family> family;
  std::optional<int> buyers;
  std::optional<int> nodes;
  std::optional<domain::ProductKind> kind;
  FaultPlan faults;
  std::vector<Sometimes> expects;
  // The reference model keeps silent, so that the invariants alone must find what is wrong
  // (mutants). No part of the text.
  bool without_model = false;
};

// Refuses with a sentence that names the line: an unknown word, a number that is none or too large,
// no seed, more than 10,000 seeds, strikes beside faults, a line over 200 bytes, a text over 32
// MiB.
base::Result<Scenario, std::string> read_scenario(std::string name, std::string_view text);

// A scenario that read_scenario reads back to the same.
std::string text_of(const Scenario& scenario);

}  // namespace daozhang::sim
