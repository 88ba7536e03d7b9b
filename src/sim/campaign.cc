#include "sim/campaign.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/mark.h"
#include "base/sha256.h"
#include "sim/apart.h"
#include "sim/coverage.h"
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
  total.calls += run.calls;
  total.happenings += run.happenings;
  total.simulated = total.simulated + run.simulated;
  total.trace = base::to_hex(base::view(base::sha256(total.trace + run.trace_hash)));
  for (std::size_t i = 0; i < total.faults.size(); ++i) total.faults[i] += run.faults[i];
  for (std::size_t i = 0; i < total.sometimes.size(); ++i) total.sometimes[i] += run.sometimes[i];
  total.transitions.add(run.transitions);
}

struct Plan {
  Crew::Seeds seeds;
  int jobs = 1;
  std::function<bool(std::uint64_t)> is_run_twice = [](std::uint64_t) { return false; };
  std::int64_t orders_max = std::numeric_limits<std::int64_t>::max();
  std::function<void(const CampaignResult&)> progress;
};

PlayedRun play_once(std::uint64_t seed, const Scenario& scenario, bool again) {
  PlayedRun played;
  played.run = World(seed, scenario).run();
  played.is_repeated = !played.run.violation && again;
  played.differs =
      played.is_repeated && World(seed, scenario).run().trace_hash != played.run.trace_hash;
  played.passed_mark = base::mark_was_passed;
  return played;
}

// What is known of a run that failed, whether it said so, differed, or its process ended.
RunResult explained(std::uint64_t seed, const Scenario& scenario,
                    const std::optional<PlayedRun>& played) {
  auto failed = run_seed(seed, scenario);
  if (failed.passed_mark) base::mark();
  if (failed.violation) return failed;
  if (!played)
    failed.violation =
        Violation{std::string(died_at_check),
                  "the process of this run ended, and did not when it was played again",
                  {}};
  else
    failed.violation = Violation{"determinism", "two runs of one seed differ", {}};
  return failed;
}

CampaignResult play_all(const Plan& plan, const Scenario& scenario) {
  CampaignResult total;
  total.store = scenario.store;
  Crew crew(plan.seeds, plan.jobs,
            [&](std::uint64_t seed) { return play_once(seed, scenario, plan.is_run_twice(seed)); });
  for (std::uint64_t nth = 0; total.orders < plan.orders_max && !total.failed; ++nth) {
    const auto seed = plan.seeds(nth);
    if (!seed) break;
    const auto played = crew.next();
    if (played && played->passed_mark) base::mark();
    if (played && played->is_repeated) ++total.repeated;
    if (played) add(total, played->run);
    if (!played || played->run.violation || played->differs)
      total.failed = explained(*seed, scenario, played);
    if (!played) add(total, *total.failed);
    if (plan.progress) plan.progress(total);
  }
  return total;
}

// A process that ends is the same failure only at the same check or by the same signal.
bool is_same(const std::optional<Violation>& violation, const Violation& wanted) {
  if (!violation || violation->invariant != wanted.invariant) return false;
  const bool is_death = wanted.invariant == died_at_check || wanted.invariant == died_by_signal;
  return !is_death || violation->what == wanted.what;
}

// Lines of a comment, of words, none longer than a scenario may have.
std::string comment_of(std::string_view text) {
  constexpr std::size_t line_max = 120;
  std::string lines = "#";
  std::size_t length = 1;
  while (!text.empty()) {
    const auto end = std::min({text.find_first_of(" \n\r"), text.size(), line_max});
    if (length + 1 + end > line_max) {
      lines += "\n#  ";
      length = 4;
    }
    lines += ' ';
    lines += text.substr(0, end);
    length += 1 + end;
    text.remove_prefix(end < text.size() && end < line_max ? end + 1 : end);
  }
  return lines + '\n';
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
  std::int64_t reached = 0;
  for (const auto state : required_of(store))
    reached += sometimes[static_cast<std::size_t>(state)] > 0;
  return reached;
}

std::size_t CampaignResult::sometimes_required() const { return required_of(store).size(); }

RunResult run_seed(std::uint64_t seed, const Scenario& scenario) {
  auto result = run_apart(seed, scenario);
  if (!result.violation) return result;
  const auto order = result.violation->order;
  auto followed =
      run_apart(seed, scenario, order.order_id.is_none() ? Follow::all : Follow::order, order);
  return followed.violation ? followed : result;
}

CampaignResult run_campaign(const CampaignPlan& plan, const Scenario& scenario) {
  const auto first = plan.first_seed;
  return play_all(
      {.seeds = [first](std::uint64_t nth) { return std::optional(first + nth); },
       .jobs = plan.jobs,
       .is_run_twice =
           [first](std::uint64_t seed) { return (seed - first + 1) % repeat_every == 0; },
       .orders_max = plan.orders,
       .progress = plan.progress},
      scenario);
}

CampaignResult run_scenario(const Scenario& scenario, int jobs) {
  const auto& seeds = scenario.seeds;
  auto total = play_all({.seeds =
                             [&](std::uint64_t nth) {
                               return nth < seeds.size() ? std::optional(seeds[nth]) : std::nullopt;
                             },
                         .jobs = jobs},
                        scenario);
  for (const auto state : scenario.expects) {
    if (total.failed || total.sometimes[static_cast<std::size_t>(state)] > 0) continue;
    total.failed.emplace();
    total.failed->seed = seeds.back();
    total.failed->violation =
        Violation{"expect", fmt::format("{} was never reached", base::name_of(state)), {}};
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
        auto run = run_apart(failed.seed, replay);
        return is_same(run.violation, *failed.violation) ? std::optional(std::move(run.struck))
                                                         : std::nullopt;
      });
  return replay;
}

std::string kept_text(const RunResult& failed, const Scenario& shortest, std::string_view commit) {
  return comment_of(
             fmt::format("violated {}: {}", failed.violation->invariant, failed.violation->what)) +
         comment_of(fmt::format("commit {}", commit)) +
         comment_of(fmt::format("config {}", failed.config)) + text_of(shortest);
}

std::vector<FaultStrike> never_asked(const Scenario& replay, const RunResult& run) {
  if (!replay.faults.strikes) return {};
  const std::set<FaultStrike> struck(run.struck.begin(), run.struck.end());
  std::vector<FaultStrike> missed;
  for (const auto& strike : *replay.faults.strikes)
    if (!struck.contains(strike)) missed.push_back(strike);
  return missed;
}

std::string report_line(const CampaignResult& result, std::int64_t elapsed_ms, int jobs) {
  const auto per_second = elapsed_ms > 0 ? result.orders * 1'000 / elapsed_ms : 0;
  std::size_t numbers = 0;
  for (const auto& [number, count] : result.by_fault_number()) numbers += count > 0;
  std::string by_kind;
  for (std::size_t i = 0; i < fault_kinds; ++i)
    by_kind += fmt::format("{}\"{}\":{}", i > 0 ? "," : "",
                           base::name_of(static_cast<FaultKind>(i)), result.faults[i]);
  const std::string violated = result.failed ? result.failed->violation->invariant : std::string();
  return fmt::format(
      R"({{"store":"{}","runs":{},"orders":{},"events":{},"calls":{},"happenings":{},)"
      R"("faults":{},"fault_kinds":{},)"
      R"("fault_numbers":{},"sometimes_reached":{},"sometimes_required":{},)"
      R"("transitions_covered":{},"transitions_allowed":{},"violations":{},"violated":"{}","halted":{},)"
      R"("repeated":{},"simulated_s":{},"orders_per_s":{},"jobs":{},"trace":"{}",)"
      R"("faults_by_kind":{{{}}}}})",
      base::name_of(result.store), result.runs, result.orders, result.events, result.calls,
      result.happenings, result.fault_count(), result.fault_kinds_seen(), numbers,
      result.sometimes_reached(), result.sometimes_required(), result.transitions.covered(),
      result.transitions.allowed(), result.failed ? 1 : 0, violated, result.halted, result.repeated,
      result.simulated.micros / 1'000'000, per_second, jobs, result.trace, by_kind);
}

std::string failure_report(const RunResult& run) {
  std::string text = fmt::format("seed {}\n", run.seed);
  if (!run.config.empty()) text += fmt::format("config {}\n", run.config);
  if (run.violation)
    text += fmt::format("violated {}: {}\n", run.violation->invariant, run.violation->what);
  for (const auto& line : run.story) text += "  " + line + "\n";
  return text;
}

}  // namespace daozhang::sim
