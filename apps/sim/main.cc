// daozhang-sim: plays many orders through every fault and stops at the first broken invariant.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "sim/campaign.h"

namespace {

std::atomic<std::uint64_t> current_seed{0};

// A CHECK inside the engine ends the process; this tells which seed does it again.
extern "C" void say_seed(int) {
  std::fprintf(stderr, "aborted in seed %llu\n",
               static_cast<unsigned long long>(current_seed.load()));
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t orders = 20'000;
  std::uint64_t seed = 1;
  bool json = false;
  CLI::App app{"Daozhang's deterministic simulator"};
  app.add_option("--orders", orders, "Orders to play");
  const auto* one = app.add_option("--seed", seed, "Without --orders: this run alone");
  app.add_flag("--json", json, "One line of JSON on success");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGABRT, say_seed);
  if (one->count() > 0 && app.get_option("--orders")->count() == 0) orders = 1;
  const auto began = std::chrono::steady_clock::now();
  const auto result = daozhang::sim::run_campaign(
      seed, orders, [](std::uint64_t next) { current_seed.store(next); });
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  if (result.failed) std::fputs(daozhang::sim::failure_report(*result.failed).c_str(), stderr);
  if (!json)
    for (const auto& name : result.sometimes_missed())
      std::printf("never reached: %s\n", name.c_str());
  std::puts(daozhang::sim::report_line(result, elapsed.count()).c_str());
  return result.failed ? 1 : 0;
}
