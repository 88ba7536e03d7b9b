// Lengths of files and functions, and the numbers that may only get better.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/source_file.h"

namespace daozhang::architecture {

struct FunctionLength {
  std::string name;
  int first_line = 0;
  int lines = 0;  // From the line of the opening brace to that of the closing one.
};

// A brace scanner, not a compiler: it knows namespaces, types, initializers and member initializer
// lists, and takes any other brace after a closing parenthesis outside a function for a body.
// Lambdas count with the function around them.
[[nodiscard]] std::vector<FunctionLength> function_lengths(const SourceFile& file);

struct Measure {
  std::string name;
  int value = 0;
};

// Every number that ratchet.txt holds, over the files of ours; all but the lengths of files count
// C++ only.
[[nodiscard]] std::vector<Measure> measure(const std::vector<SourceFile>& files);

// Files over 600 lines and functions over 70, one by one.
[[nodiscard]] std::vector<Violation> check_hard_limits(const std::vector<SourceFile>& files);

struct RatchetLine {
  std::string name;
  bool at_most = true;  // Else at least.
  int held = 0;         // Never worse than this.
  int goal = 0;
};

[[nodiscard]] std::vector<RatchetLine> parse_ratchet(std::string_view text);

// What got worse, what is held but not measured, and what is measured but not held.
[[nodiscard]] std::vector<Violation> check_ratchet(const std::vector<RatchetLine>& held,
                                                   const std::vector<Measure>& measures);

}  // namespace daozhang::architecture
