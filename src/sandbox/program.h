// The verbs of `daozhang-sandbox`. Each prints for the operator and gives the exit status.
#pragma once

#include <string>
#include <vector>

namespace daozhang::sandbox {

// Serves until SIGINT or SIGTERM. Prints one line `sandbox http://…` when it listens. Call it
// before any other thread exists.
int serve(const std::string& settings_file, const std::vector<std::string>& flags);
int make_keys(const std::string& directory);
int print_settings();

}  // namespace daozhang::sandbox
