// Many runs until enough orders were placed; some seeds are run twice and must leave the same
// trace.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/world.h"

namespace daozhang::sim {

struct CampaignResult {
  StoreKind store = StoreKind::memory;
  std::int64_t runs = 0;
  std::int64_t orders = 0;  // On which money was paid.
  std::int64_t events = 0;
  std::int64_t halted = 0;    // Runs in which the store noticed that its disk lied.
  std::int64_t repeated = 0;  // Seeds run twice.
  base::Duration simulated;
  std::string trace;  // Of all runs together: equal for equal seeds, whatever compiler built it.
  FaultCounts faults{};
  SometimesCounts sometimes{};
  Transitions transitions;
  std::optional<RunResult> failed;  // The first run in which an invariant broke.

  [[nodiscard]] std::int64_t fault_count() const;
  [[nodiscard]] std::int64_t fault_kinds_seen() const;
  // How often each fault of reference FAULTS was played, by its number.
  [[nodiscard]] std::map<std::string_view, std::int64_t> by_fault_number() const;
  [[nodiscard]] std::int64_t sometimes_reached() const;
  // How many rare states there are over this store.
  [[nodiscard]] std::size_t sometimes_required() const;
  // Names of those that no run reached.
  [[nodiscard]] std::vector<std::string> sometimes_missed() const;
};

// Told each seed before it is run, so that whoever crashes knows which it was.
using BeforeRun = std::function<void(std::uint64_t)>;

// One run, again with the story of its order if an invariant broke.
RunResult run_seed(std::uint64_t seed, const Scenario& scenario);

struct CampaignPlan {
  std::uint64_t first_seed = 1;
  std::int64_t orders = 0;
  int jobs = 1;  // Processes; the result is the same for any number of them.
  BeforeRun before_run;
  // Told what there is so far, after each run.
  std::function<void(const CampaignResult&)> progress;
};

// Runs seeds first_seed, first_seed + 1, … until `orders` are paid or one fails. A CHECK that fails
// in a run ends this process, too.
CampaignResult run_campaign(const CampaignPlan& plan, const Scenario& scenario);

// Each seed of the scenario once, until one fails. A rare state that it expects and does not reach
// is a failure too.
CampaignResult run_scenario(const Scenario& scenario, const BeforeRun& before_run);

// The failure as a scenario, with the fewest strikes that a minute or so of trying finds.
Scenario shortened(const RunResult& failed, const Scenario& scenario, int runs_max);

// One line of JSON; `elapsed_ms` is the time that it took, with so many jobs.
std::string report_line(const CampaignResult& result, std::int64_t elapsed_ms, int jobs);
// For people: seed, rates, what broke, and the last events of the order.
std::string failure_report(const RunResult& run);

}  // namespace daozhang::sim
