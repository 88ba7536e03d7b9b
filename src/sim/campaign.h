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
  std::int64_t calls = 0;
  std::int64_t happenings = 0;
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
};

// One run in a process of its own, again with the story of its order if an invariant broke, or with
// that of the whole run if it is not known whose it is.
RunResult run_seed(std::uint64_t seed, const Scenario& scenario);

struct CampaignPlan {
  std::uint64_t first_seed = 1;
  std::int64_t orders = 0;
  int jobs = 1;  // Processes; the result is the same for any number of them.
  // Told what there is so far, after each run.
  std::function<void(const CampaignResult&)> progress;
};

// Runs seeds first_seed, first_seed + 1, … until `orders` are paid or one fails. A run whose
// process ends at a CHECK or by a signal is one that fails.
CampaignResult run_campaign(const CampaignPlan& plan, const Scenario& scenario);

// Each seed of the scenario once, until one fails. A rare state that it expects and does not reach
// is a failure too.
CampaignResult run_scenario(const Scenario& scenario, int jobs = 1);

// The failure as a scenario, with the fewest strikes that so many runs find.
Scenario shortened(const RunResult& failed, const Scenario& scenario, int runs_max);

// One line of JSON; `elapsed_ms` is the time that it took, with so many jobs.
std::string report_line(const CampaignResult& result, std::int64_t elapsed_ms, int jobs);
// For people: seed, configuration, what broke, and the last events of the order.
std::string failure_report(const RunResult& run);
// The shortened failure as a file to be played again: above it, as comments, what broke, in which
// commit and configuration.
std::string kept_text(const RunResult& failed, const Scenario& shortest, std::string_view commit);
// The strikes of a replay that did not happen, because nothing asked for them.
std::vector<FaultStrike> never_asked(const Scenario& replay, const RunResult& run);

}  // namespace daozhang::sim
