#include "failure.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "commit.h"

namespace daozhang::app {
namespace {

// Of several runs together; no schedule of one shows it.
bool is_of_one_run(const sim::Violation& violation) {
  return violation.invariant != "expect" && violation.invariant != "determinism";
}

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return !file.fail();
}

void keep(const sim::RunResult& failed, const sim::Scenario& shortest, const SimOptions& options) {
  const auto path = options.keep + "/failure_" + std::to_string(failed.seed) + ".txt";
  if (!write(path, sim::kept_text(failed, shortest, built_commit))) {
    std::fprintf(stderr, "%s can not be written: keep what stands above\n", path.c_str());
    return;
  }
  std::fprintf(stderr, "play it again: daozhang-sim%s --replay %s\n",
               options.without_model ? " --without-model" : "", path.c_str());
}

}  // namespace

bool can_keep(const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  const auto probe = folder + "/.can_be_written";
  if (!problem && write(probe, "")) {
    std::filesystem::remove(probe, problem);
    return true;
  }
  std::fprintf(stderr, "daozhang-sim: --keep %s: no file can be written there%s%s\n",
               folder.c_str(), problem ? ": " : "", problem ? problem.message().c_str() : "");
  return false;
}

void explain_failure(const sim::RunResult& failed, const sim::Scenario& scenario,
                     const SimOptions& options) {
  std::fprintf(stderr, "commit %s\n%s", std::string(built_commit).c_str(),
               sim::failure_report(failed).c_str());
  if (!is_of_one_run(*failed.violation)) return;
  if (options.shorten > 0 && !failed.struck.empty())
    std::fprintf(stderr, "shortening a schedule of %zu strikes …\n", failed.struck.size());
  const auto shortest = sim::shortened(failed, scenario, options.shorten);
  if (options.shorten > 0)
    std::fprintf(stderr, "the shortest schedule found:\n%s", sim::text_of(shortest).c_str());
  if (!options.keep.empty()) keep(failed, shortest, options);
}

}  // namespace daozhang::app
