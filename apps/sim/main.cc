// daozhang-sim: plays many orders through every fault and stops at the first broken invariant.
// Ends with 0 when all is well, 1 when something broke or was not met, 2 when it was asked for what
// it can not do, 3 when a replay does not fail any more.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/mark.h"
#include "failure.h"
#include "options.h"
#include "sim/apart.h"
#include "sim/campaign.h"
#include "sim/coverage.h"
#include "sim/waiting.h"

namespace {

namespace sim = daozhang::sim;
using daozhang::app::SimOptions;

constexpr int all_well = 0;
constexpr int something_broke = 1;
constexpr int can_not = 2;
constexpr int fails_no_more = 3;

// Progress of what takes longer than a moment, on stderr.
class Progress {
 public:
  explicit Progress(std::int64_t orders) : orders_(orders) {}
  void operator()(const sim::CampaignResult& so_far) {
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + every;
    std::fprintf(stderr, "%lld of %lld orders in %lld runs, nothing broken\n",
                 static_cast<long long>(so_far.orders), static_cast<long long>(orders_),
                 static_cast<long long>(so_far.runs));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds every{10};
  std::int64_t orders_;
  Clock::time_point next_ = Clock::now() + every;
};

// With what the command line says in place of the file.
std::optional<sim::Scenario> load(const std::string& path, const SimOptions& options) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::fprintf(stderr, "daozhang-sim: %s can not be read\n", path.c_str());
    return std::nullopt;
  }
  auto read = sim::read_scenario(std::filesystem::path(path).filename().string(), text);
  if (!read) {
    std::fprintf(stderr, "daozhang-sim: %s\n", read.error().c_str());
    return std::nullopt;
  }
  read->without_model = options.without_model;
  if (!options.store.empty())
    read->store = *daozhang::base::enum_named<sim::StoreKind>(options.store);
  if (read->nodes.value_or(1) == 1 || read->store == sim::StoreKind::memory)
    return std::move(*read);
  std::fprintf(stderr, "daozhang-sim: %s: several nodes have no store in one file\n", path.c_str());
  return std::nullopt;
}

void say_gaps(const std::vector<std::string>& gaps) {
  for (const auto& gap : gaps) std::fprintf(stderr, "%s\n", gap.c_str());
}

int report(const sim::CampaignResult& result, const sim::Scenario& scenario,
           const SimOptions& options, std::int64_t elapsed_ms) {
  // A mutant that broke nothing yet must at least have been where it is broken.
  if (daozhang::base::mark_was_passed) std::fputs("the mark was passed\n", stderr);
  const auto gaps = sim::gaps_of(result);
  if (!options.json || options.require_rare) say_gaps(gaps);
  if (!options.json)
    for (const auto& [number, count] : result.by_fault_number())
      std::fprintf(stderr, "%s played %lld times\n", std::string(number).c_str(),
                   static_cast<long long>(count));
  for (const auto& each : sim::waiting_list)
    std::fprintf(stderr, "waiting: %s, for %s\n", each.what.data(), each.capability.data());
  for (const auto& each : sim::elsewhere_list)
    std::fprintf(stderr, "elsewhere: %s, in %s\n", each.what.data(), each.where.data());
  std::puts(sim::report_line(result, elapsed_ms, options.jobs).c_str());
  std::fflush(stdout);
  if (result.failed) daozhang::app::explain_failure(*result.failed, scenario, options);
  return result.failed || (options.require_rare && !gaps.empty()) ? something_broke : all_well;
}

template <class Play>
int play(const sim::Scenario& scenario, const SimOptions& options, const Play& run) {
  const auto began = std::chrono::steady_clock::now();
  const auto result = run();
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  return report(result, scenario, options, elapsed.count());
}

int play_scenarios(const SimOptions& options) {
  for (const auto& path : options.scenarios) {
    const auto scenario = load(path, options);
    if (!scenario) return can_not;
    std::fprintf(stderr, "scenario %s\n", scenario->name.c_str());
    const int status =
        play(*scenario, options, [&] { return sim::run_scenario(*scenario, options.jobs); });
    if (status != all_well) return status;
  }
  return all_well;
}

// The code has changed since, so that the run asks other questions.
void say_never_asked(const sim::Scenario& scenario, const sim::CampaignResult& result) {
  if (!scenario.faults.strikes) return;
  const auto run = result.failed ? *result.failed : sim::run_apart(scenario.seeds[0], scenario);
  for (const auto& strike : sim::never_asked(scenario, run))
    std::fprintf(stderr, "never asked for: strike %s %lld\n",
                 std::string(daozhang::base::name_of(strike.kind)).c_str(),
                 static_cast<long long>(strike.nth));
}

int play_replays(const SimOptions& options) {
  int worst = all_well;
  for (const auto& path : options.replays) {
    const auto scenario = load(path, options);
    if (!scenario) return can_not;
    std::fprintf(stderr, "replay %s\n", path.c_str());
    const int status = play(*scenario, options, [&] {
      auto result = sim::run_scenario(*scenario, options.jobs);
      say_never_asked(*scenario, result);
      return result;
    });
    if (status == something_broke) {
      worst = something_broke;
    } else {
      std::fprintf(stderr, "it does not fail any more: %s\n", path.c_str());
      if (worst == all_well) worst = fails_no_more;
    }
  }
  return worst;
}

int play_seeds(const SimOptions& options) {
  sim::Scenario scenario;
  scenario.without_model = options.without_model;
  if (!options.store.empty())
    scenario.store = *daozhang::base::enum_named<sim::StoreKind>(options.store);
  for (std::int64_t i = 0; i < options.runs; ++i)
    scenario.seeds.push_back(options.seed + static_cast<std::uint64_t>(i));
  if (options.runs > 0)
    return play(scenario, options, [&] { return sim::run_scenario(scenario, options.jobs); });
  return play(scenario, options, [&] {
    Progress progress(options.orders);
    return sim::run_campaign({.first_seed = options.seed,
                              .orders = options.orders,
                              .jobs = options.jobs,
                              .progress = std::ref(progress)},
                             scenario);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const auto read = daozhang::app::read_options(argc, argv);
  if (const int* status = std::get_if<int>(&read)) return *status;
  const auto& options = std::get<SimOptions>(read);
  if (!options.keep.empty() && !daozhang::app::can_keep(options.keep)) return can_not;
  if (!options.replays.empty()) return play_replays(options);
  return options.scenarios.empty() ? play_seeds(options) : play_scenarios(options);
}
