// Scenario files of the simulator: what is taken is written as a text that is taken again as the
// same scenario, and nothing that is taken is out of its bounds.
#include "sim/scenario/scenario.h"

#include "base/check.h"

namespace daozhang::fuzz {

void scenario_file(std::string_view bytes) {
  const auto read = sim::read_scenario("fuzzed.txt", bytes);
  if (!read) {
    CHECK(read.error().starts_with("fuzzed.txt:"));
    return;
  }
  CHECK(!read->seeds.empty() && read->seeds.size() <= 10'000);
  CHECK(!read->nodes || (*read->nodes >= 1 && *read->nodes <= 5));
  for (const auto& [kind, rate] : read->faults.rates)
    CHECK(kind != sim::FaultKind::kinds && rate <= 10'000);
  for (const auto state : read->expects) CHECK(state < sim::Sometimes::kinds);
  const auto again = sim::read_scenario("fuzzed.txt", sim::text_of(*read));
  CHECK(again);
  CHECK(sim::text_of(*again) == sim::text_of(*read));
  CHECK(again->seeds == read->seeds && again->faults.strikes == read->faults.strikes);
  CHECK(again->expects == read->expects);
}

}  // namespace daozhang::fuzz
