// The arguments of daozhang-sim.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace daozhang::app {

struct SimOptions {
  std::int64_t orders = 20'000;
  std::int64_t runs = 0;  // In place of orders, if not 0.
  std::uint64_t seed = 1;
  std::vector<std::string> scenarios;
  std::vector<std::string> replays;
  std::string store;  // Empty: memory, or what a file says.
  std::string keep;   // Folder for a failure; empty: it is not kept.
  int shorten = 400;
  bool without_model = false;
  bool json = false;
  bool require_rare = false;
  int jobs = 1;
};

// The options, or the status with which the process ends because it was asked for help (0) or for
// something that it can not do (2); then the reason was said.
std::variant<SimOptions, int> read_options(int argc, char** argv);

}  // namespace daozhang::app
