// Reads the repository that the test program is started in (ctest starts it in the root).
#pragma once

#include <string>
#include <vector>

#include "tests/architecture/source_file.h"

namespace daozhang::architecture {

struct SourceTree {
  std::vector<SourceFile> files;          // Sorted by path; nothing built, generated or downloaded.
  std::vector<std::string> root_entries;  // What a newcomer sees first.
};

// Throws std::filesystem::filesystem_error when the folder can not be read.
[[nodiscard]] SourceTree read_tree(const std::string& root);

}  // namespace daozhang::architecture
