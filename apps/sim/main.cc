// daozhang-sim: plays many orders through every fault and stops at the first broken invariant.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/mark.h"
#include "sim/campaign.h"
#include "sim/waiting.h"

namespace {

namespace sim = daozhang::sim;

std::atomic<std::uint64_t> current_seed{0};

// A mutant that broke nothing yet must at least have been where it is broken.
void say_mark() {
  if (daozhang::base::mark_was_passed) std::fputs("the mark was passed\n", stderr);
}

// A CHECK inside the engine ends the process; this tells which seed does it again.
extern "C" void say_seed(int) {
  std::fprintf(stderr, "aborted in seed %llu\n",
               static_cast<unsigned long long>(current_seed.load()));
  say_mark();
}

void remember(std::uint64_t seed) { current_seed.store(seed); }

struct Options {
  std::int64_t orders = 20'000;
  std::int64_t runs = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> scenarios;
  std::string store = "memory";
  std::string keep;  // Folder for the shortened failure.
  int shorten = 400;
  bool without_model = false;
  bool json = false;
  bool require_rare = false;
  int jobs = 1;
};

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

std::optional<sim::Scenario> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "daozhang-sim: %s can not be read\n", path.c_str());
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto read = sim::read_scenario(std::filesystem::path(path).filename().string(), text);
  if (read) return std::move(*read);
  std::fprintf(stderr, "daozhang-sim: %s\n", read.error().c_str());
  return std::nullopt;
}

void explain_failure(const sim::RunResult& failed, const sim::Scenario& scenario,
                     const Options& options) {
  const char* commit = std::getenv("DAOZHANG_COMMIT");
  std::fprintf(stderr, "commit %s\n%s", commit != nullptr ? commit : "unknown",
               sim::failure_report(failed).c_str());
  if (failed.struck.empty() || options.shorten == 0 || failed.violation->invariant == "expect")
    return;
  std::fprintf(stderr, "shortening a schedule of %zu strikes …\n", failed.struck.size());
  const auto text = sim::text_of(sim::shortened(failed, scenario, options.shorten));
  std::fprintf(stderr, "the shortest schedule found:\n%s", text.c_str());
  if (options.keep.empty()) return;
  std::filesystem::create_directories(options.keep);
  const auto path = options.keep + "/failure_" + std::to_string(failed.seed) + ".txt";
  std::ofstream(path) << text;
  std::fprintf(stderr, "play it again: daozhang-sim --replay %s\n", path.c_str());
}

int report(const sim::CampaignResult& result, const sim::Scenario& scenario, const Options& options,
           std::int64_t elapsed_ms) {
  say_mark();
  const auto missed = result.sometimes_missed();
  if (!options.json || options.require_rare)
    for (const auto& name : missed) std::fprintf(stderr, "never reached: %s\n", name.c_str());
  if (!options.json) {
    for (const auto& step : result.transitions.missed())
      std::fprintf(stderr, "never taken: %s\n", step.c_str());
    for (const auto& [number, count] : result.by_fault_number())
      std::fprintf(stderr, "%s played %lld times\n", std::string(number).c_str(),
                   static_cast<long long>(count));
  }
  for (const auto& each : sim::waiting_list)
    std::fprintf(stderr, "waiting: %s, for %s\n", each.what.data(), each.capability.data());
  const int jobs = options.scenarios.empty() && options.runs == 0 ? options.jobs : 1;
  std::puts(sim::report_line(result, elapsed_ms, jobs).c_str());
  std::fflush(stdout);
  if (result.failed) explain_failure(*result.failed, scenario, options);
  return result.failed || (options.require_rare && !missed.empty()) ? 1 : 0;
}

template <class Play>
int play(const sim::Scenario& scenario, const Options& options, const Play& run) {
  const auto began = std::chrono::steady_clock::now();
  const auto result = run();
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  return report(result, scenario, options, elapsed.count());
}

int play_scenarios(const Options& options) {
  for (const auto& path : options.scenarios) {
    const auto scenario = load(path);
    if (!scenario) return 2;
    std::fprintf(stderr, "scenario %s\n", scenario->name.c_str());
    const int status =
        play(*scenario, options, [&] { return sim::run_scenario(*scenario, remember); });
    if (status != 0) return status;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Daozhang's deterministic simulator"};
  const auto* many = app.add_option("--orders", options.orders, "Paid orders to play");
  const auto* one =
      app.add_option("--seed", options.seed, "The first seed; without --orders, the only one");
  app.add_option("--runs", options.runs,
                 "Runs to play, a seed each, instead of a number of orders");
  app.add_option("--scenario,--replay", options.scenarios, "Play these files instead");
  app.add_option("--store", options.store, "The store that the shop runs over")
      ->check(CLI::IsMember({"memory", "sqlite"}));
  app.add_option("--keep", options.keep, "Folder in which a failure is kept as a scenario");
  app.add_option("--shorten", options.shorten, "Runs to spend on making a failure short")
      ->capture_default_str();
  app.add_flag("--without-model", options.without_model, "Only the invariants judge");
  app.add_flag("--require-rare", options.require_rare, "Fail unless every rare state was reached");
  app.add_option("--jobs", options.jobs, "Processes that play a campaign (--orders)")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Nothing but one line of JSON on success");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGABRT, say_seed);
  if (!options.scenarios.empty()) return play_scenarios(options);
  if (one->count() > 0 && many->count() == 0) options.orders = 1;
  sim::Scenario scenario;
  scenario.without_model = options.without_model;
  scenario.store = daozhang::base::enum_named<sim::StoreKind>(options.store).value();
  for (std::int64_t i = 0; i < options.runs; ++i)
    scenario.seeds.push_back(options.seed + static_cast<std::uint64_t>(i));
  if (options.runs > 0)
    return play(scenario, options, [&] { return sim::run_scenario(scenario, remember); });
  return play(scenario, options, [&] {
    Progress progress(options.orders);
    return sim::run_campaign({.first_seed = options.seed,
                              .orders = options.orders,
                              .jobs = options.jobs,
                              .before_run = remember,
                              .progress = std::ref(progress)},
                             scenario);
  });
}
