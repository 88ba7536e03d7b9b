#include "sim/campaign.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/mark.h"
#include "base/sha256.h"
#include "sim/crew.h"
#include "sim/minimize.h"

namespace daozhang::sim {
namespace {

// One seed in this many is run twice.
constexpr std::uint64_t repeat_every = 20;

void add(CampaignResult& total, const RunResult& run) {
  ++total.runs;
  total.orders += run.orders;
  total.halted += run.halted ? 1 : 0;
  total.events += run.events;
  total.simulated = total.simulated + run.simulated;
  total.trace = base::to_hex(base::view(base::sha256(total.trace + run.trace_hash)));
  for (std::size_t i = 0; i < total.faults.size(); ++i) total.faults[i] += run.faults[i];
  for (std::size_t i = 0; i < total.sometimes.size(); ++i) total.sometimes[i] += run.sometimes[i];
  total.transitions.add(run.transitions);
}

// The disk's own states are reached over SQLite alone, and one that takes several nodes is not
// reached there.
std::vector<Sometimes> required_of(StoreKind store) {
  std::vector<Sometimes> required;
  for (std::size_t i = 0; i < sometimes_kinds; ++i) {
    const auto state = static_cast<Sometimes>(i);
    const bool is_of_disk = i >= first_of_disk;
    const bool is_here =
        store == StoreKind::memory ? !is_of_disk : state != Sometimes::call_too_late_to_leave;
    if (is_here) required.push_back(state);
  }
  return required;
}

}  // namespace

std::int64_t CampaignResult::fault_count() const {
  std::int64_t sum = 0;
  for (const auto count : faults) sum += count;
  return sum;
}

std::int64_t CampaignResult::fault_kinds_seen() const {
  std::int64_t seen = 0;
  for (const auto count : faults) seen += count > 0;
  return seen;
}

std::map<std::string_view, std::int64_t> CampaignResult::by_fault_number() const {
  std::map<std::string_view, std::int64_t> counts;
  for (std::size_t i = 0; i < fault_kinds; ++i)
    counts[fault_number(static_cast<FaultKind>(i))] += faults[i];
  return counts;
}

std::int64_t CampaignResult::sometimes_reached() const {
  return static_cast<std::int64_t>(sometimes_required() - sometimes_missed().size());
}

std::size_t CampaignResult::sometimes_required() const { return required_of(store).size(); }

std::vector<std::string> CampaignResult::sometimes_missed() const {
  std::vector<std::string> missed;
  for (const auto state : required_of(store))
    if (sometimes[static_cast<std::size_t>(state)] == 0) missed.emplace_back(base::name_of(state));
  return missed;
}

RunResult run_seed(std::uint64_t seed, const Scenario& scenario) {
  auto result = World(seed, scenario).run();
  if (!result.violation || result.violation->order.order_id.is_none()) return result;
  World again(seed, scenario);
  again.follow(result.violation->order);
  return again.run();
}

CampaignResult run_campaign(const CampaignPlan& plan, const Scenario& scenario) {
  CampaignResult total;
  total.store = scenario.store;
  const auto play = [&](std::uint64_t seed) {
    if (plan.before_run) plan.before_run(seed);
    PlayedRun played;
    played.run = World(seed, scenario).run();
    played.is_repeated = !played.run.violation && (seed - plan.first_seed + 1) % repeat_every == 0;
    played.differs =
        played.is_repeated && World(seed, scenario).run().trace_hash != played.run.trace_hash;
    played.passed_mark = base::mark_was_passed;
    return played;
  };
  std::optional<Crew> crew;
  if (plan.jobs > 1) crew.emplace(plan.first_seed, plan.jobs, play);
  for (auto seed = plan.first_seed; total.orders < plan.orders && !total.failed; ++seed) {
    auto played = crew ? crew->next() : play(seed);
    // Its process died in it, and this one will.
    if (!played) played = play(seed);
    add(total, played->run);
    if (played->is_repeated) ++total.repeated;
    if (played->passed_mark) base::mark();
    if (played->run.violation || played->differs) {
      total.failed = run_seed(seed, scenario);
      if (!total.failed->violation)
        total.failed->violation = Violation{"determinism", "two runs of one seed differ", {}};
    }
    if (plan.progress) plan.progress(total);
  }
  return total;
}

CampaignResult run_scenario(const Scenario& scenario, const BeforeRun& before_run) {
  CampaignResult total;
  total.store = scenario.store;
  RunResult last;
  for (const auto seed : scenario.seeds) {
    before_run(seed);
    last = run_seed(seed, scenario);
    add(total, last);
    if (!last.violation) continue;
    total.failed = std::move(last);
    return total;
  }
  for (const auto state : scenario.expects) {
    if (total.sometimes[static_cast<std::size_t>(state)] > 0) continue;
    last.violation =
        Violation{"expect", fmt::format("{} was never reached", base::name_of(state)), {}};
    total.failed = std::move(last);
    break;
  }
  return total;
}

Scenario shortened(const RunResult& failed, const Scenario& scenario, int runs_max) {
  Scenario replay = scenario;
  replay.name = fmt::format("failure_{}", failed.seed);
  replay.seeds = {failed.seed};
  replay.family = failed.family;
  replay.faults = {};
  replay.expects.clear();
  replay.faults.strikes =
      minimize(failed.struck, runs_max, [&](const std::vector<FaultStrike>& strikes) {
        replay.faults.strikes = strikes;
        const auto run = World(failed.seed, replay).run();
        return run.violation && run.violation->invariant == failed.violation->invariant;
      });
  return replay;
}

std::string report_line(const CampaignResult& result, std::int64_t elapsed_ms, int jobs) {
  const auto per_second = elapsed_ms > 0 ? result.orders * 1'000 / elapsed_ms : 0;
  std::size_t numbers = 0;
  for (const auto& [number, count] : result.by_fault_number()) numbers += count > 0;
  const std::string violated = result.failed ? result.failed->violation->invariant : std::string();
  return fmt::format(
      R"({{"store":"{}","runs":{},"orders":{},"events":{},"faults":{},"fault_kinds":{},)"
      R"("fault_numbers":{},"sometimes_reached":{},"sometimes_required":{},)"
      R"("transitions_covered":{},"transitions_allowed":{},"violations":{},"violated":"{}","halted":{},)"
      R"("repeated":{},"simulated_s":{},"orders_per_s":{},"jobs":{},"trace":"{}"}})",
      base::name_of(result.store), result.runs, result.orders, result.events, result.fault_count(),
      result.fault_kinds_seen(), numbers, result.sometimes_reached(), result.sometimes_required(),
      result.transitions.covered(), result.transitions.allowed(), result.failed ? 1 : 0, violated,
      result.halted, result.repeated, result.simulated.micros / 1'000'000, per_second, jobs,
      result.trace);
}

std::string failure_report(const RunResult& run) {
  std::string text = fmt::format("seed {}\nconfig {}\n", run.seed, run.config);
  if (run.violation)
    text += fmt::format("violated {}: {}\n", run.violation->invariant, run.violation->what);
  for (const auto& line : run.story) text += "  " + line + "\n";
  return text;
}

}  // namespace daozhang::sim
