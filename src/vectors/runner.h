// Runs files of test vectors against our code and says what differed. One thread.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace daozhang::vectors {

struct Report {
  std::size_t passed = 0;
  std::vector<std::string> failed;   // Ids, or file names where a file itself was at fault.
  std::vector<std::string> waiting;  // Families that are not ours yet.

  // Nothing run is no success.
  [[nodiscard]] bool succeeded() const { return failed.empty() && passed > 0; }
};

// One file's text. `file_name` is without folder. An unreadable text, an unknown family and an
// unknown kind are failures.
void run_text(std::string_view file_name, std::string_view text, Report& report, std::ostream& out);

// Every *.json of the folder, by name. Writes a line per failure and per file, then the waiting
// families, then, alone, `N passed, N failed`.
Report run_folder(const std::string& folder, std::ostream& out);

}  // namespace daozhang::vectors
