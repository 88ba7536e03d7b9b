// daozhang-sim: plays many orders through every fault and stops at the first broken invariant.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "sim/campaign.h"

namespace {

using daozhang::sim::CampaignResult;
using daozhang::sim::StoreKind;

std::atomic<std::uint64_t> current_seed{0};

// A CHECK inside the engine ends the process; this tells which seed does it again.
extern "C" void say_seed(int) {
  std::fprintf(stderr, "aborted in seed %llu\n",
               static_cast<unsigned long long>(current_seed.load()));
}

void remember(std::uint64_t seed) { current_seed.store(seed); }

// Every line `seed N` of every file of the folder.
std::vector<std::uint64_t> seeds_of(const std::string& folder) {
  std::vector<std::uint64_t> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line.starts_with("seed ")) seeds.push_back(std::stoull(line.substr(5)));
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

int report(const CampaignResult& result, std::int64_t elapsed_ms, bool json, bool require_rare) {
  if (result.failed) std::fputs(daozhang::sim::failure_report(*result.failed).c_str(), stderr);
  const auto missed = result.sometimes_missed();
  if (!json || require_rare)
    for (const auto& name : missed) std::fprintf(stderr, "never reached: %s\n", name.c_str());
  std::puts(daozhang::sim::report_line(result, elapsed_ms).c_str());
  return result.failed || (require_rare && !missed.empty()) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t orders = 20'000;
  std::uint64_t seed = 1;
  std::string regress;
  std::string store = "memory";
  bool json = false;
  bool require_rare = false;
  CLI::App app{"Daozhang's deterministic simulator"};
  const auto* many = app.add_option("--orders", orders, "Orders to play");
  const auto* one =
      app.add_option("--seed", seed, "The first seed; without --orders, the only one");
  app.add_option("--regress", regress, "Play the seeds in the files of this folder instead");
  app.add_option("--store", store, "The store that the shop runs over")
      ->check(CLI::IsMember({"memory", "sqlite"}));
  app.add_flag("--require-rare", require_rare, "Fail unless every rare state was reached");
  app.add_flag("--json", json, "Nothing but one line of JSON on success");
  CLI11_PARSE(app, argc, argv);
  const auto kind = *daozhang::base::enum_named<StoreKind>(store);
  std::signal(SIGABRT, say_seed);
  if (one->count() > 0 && many->count() == 0) orders = 1;
  const auto began = std::chrono::steady_clock::now();
  const auto result = regress.empty() ? daozhang::sim::run_campaign(seed, orders, kind, remember)
                                      : daozhang::sim::run_seeds(seeds_of(regress), kind, remember);
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  return report(result, elapsed.count(), json, require_rare);
}
