// The include rules, read from the two tables of src/README.md, so that the page and the check can
// not differ.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/source_file.h"

namespace daozhang::architecture {

// One row of "The map". A folder is "domain/money", or "base/sha256*" for files that have rules of
// their own.
struct MapRow {
  std::string folder;
  std::vector<std::string> may_include;  // Rows; "domain/*" stands for all below.
  std::vector<std::string> outside;      // Names of rows of "From outside".
  std::vector<std::string> tests_also;   // Of both kinds, for its _test.cc files only.
};

struct IncludeMap {
  std::vector<MapRow> rows;
  std::map<std::string, std::vector<std::string>> outside;  // Name to header prefixes.
};

// A page without the two tables yields an empty map, which every tree violates.
[[nodiscard]] IncludeMap parse_include_map(std::string_view page);

// The most specific row for a file below src/, or null. `path` is from the root of the repository.
[[nodiscard]] const MapRow* row_of(const IncludeMap& map, std::string_view path);

[[nodiscard]] std::vector<Violation> check_includes(const IncludeMap& map,
                                                    const std::vector<SourceFile>& files);

// Folders of the tree without a row, rows without a folder, and names in a row that no row
// explains.
[[nodiscard]] std::vector<Violation> check_map_is_true(const IncludeMap& map,
                                                       const std::vector<SourceFile>& files);

}  // namespace daozhang::architecture
