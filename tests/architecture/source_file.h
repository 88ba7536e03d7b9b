// A source file as the rules of the tree see it. Pure: no file is read here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daozhang::architecture {

struct SourceFile {
  std::string path;  // From the root of the repository, with slashes.
  std::string text;  // As it stands.
  std::string code;  // C++ only: comments and literals blanked, same length and lines as `text`.
  std::vector<std::size_t> line_start;  // Offset of each line in both.
  int comment_lines = 0;                // C++ only: lines on which a comment stands.
  int filled_lines = 0;                 // Lines that are not blank.
};

struct Violation {
  std::string path;
  int line = 0;
  std::string message;  // Says what to write instead.
};

[[nodiscard]] SourceFile parse_source(std::string path, std::string text);

// 1 for the first line.
[[nodiscard]] int line_at(const SourceFile& file, std::size_t offset);
[[nodiscard]] int line_count(const SourceFile& file);
[[nodiscard]] std::string_view line_text(const SourceFile& file, int line);

[[nodiscard]] bool is_cpp(std::string_view path);
[[nodiscard]] bool is_test(
    std::string_view path);  // x_test.cc, test_x.h, x.test.ts, or anything in tests/.
[[nodiscard]] bool is_below(std::string_view path, std::string_view folder);
[[nodiscard]] bool is_word_character(char character);

}  // namespace daozhang::architecture
