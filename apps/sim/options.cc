#include "options.h"

#include <CLI/CLI.hpp>

namespace daozhang::app {
namespace {

constexpr std::int64_t orders_max = 1'000'000'000'000;
constexpr std::int64_t runs_max = 1'000'000'000;

void add_amounts(CLI::App& app, SimOptions& options) {
  auto* orders = app.add_option("--orders", options.orders, "Paid orders to play")
                     ->check(CLI::Range(std::int64_t{1}, orders_max))
                     ->capture_default_str();
  auto* seed =
      app.add_option("--seed", options.seed, "The first seed; without --orders, the only one");
  auto* runs = app.add_option("--runs", options.runs,
                              "Runs to play, a seed each, instead of a number of orders")
                   ->check(CLI::Range(std::int64_t{1}, runs_max))
                   ->excludes(orders);
  auto* scenario = app.add_option("--scenario", options.scenarios, "Play these files instead")
                       ->check(CLI::ExistingFile);
  auto* replay = app.add_option("--replay", options.replays,
                                "Play these kept failures instead; 3 if none fails any more")
                     ->check(CLI::ExistingFile)
                     ->excludes(scenario);
  // A file names its seeds.
  for (auto* amount : {orders, seed, runs}) {
    scenario->excludes(amount);
    replay->excludes(amount);
  }
}

void add_manners(CLI::App& app, SimOptions& options) {
  app.add_option("--store", options.store,
                 "The store that the shop runs over, also in place of the one that a file names")
      ->check(CLI::IsMember({"memory", "sqlite"}));
  app.add_option("--keep", options.keep, "Folder in which a failure is kept as a file to replay");
  app.add_option("--shorten", options.shorten,
                 "Runs to spend on making a failure short; 0: it is not")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_flag("--without-model", options.without_model, "Only the invariants judge");
  auto* rare = app.add_flag("--require-rare", options.require_rare,
                            "Fail unless each rare state was reached, each step taken and each "
                            "fault played");
  for (const auto* files : {"--scenario", "--replay"}) rare->excludes(app.get_option(files));
  app.add_option("--jobs", options.jobs, "Processes that play")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Nothing but one line of JSON on stdout");
}

}  // namespace

std::variant<SimOptions, int> read_options(int argc, char** argv) {
  SimOptions options;
  CLI::App app{"Daozhang's deterministic simulator"};
  add_amounts(app, options);
  add_manners(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  if (app.count("--seed") > 0 && app.count("--orders") == 0) options.orders = 1;
  return options;
}

}  // namespace daozhang::app
