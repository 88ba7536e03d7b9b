#include "tests/architecture/source_file.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace daozhang::architecture {
namespace {

// Walks C++ text once and blanks what is not code.
class Blanker {
 public:
  explicit Blanker(SourceFile& file) : file_(file), text_(file.text) {}

  void run() {
    while (at_ < text_.size()) step();
    count_lines();
  }

 private:
  void step() {
    if (starts_with("//")) {
      comment(std::min(text_.find('\n', at_), text_.size()));
    } else if (starts_with("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      comment(end == std::string::npos ? text_.size() : end + 2);
    } else if (starts_with("R\"") && (at_ == 0 || !is_word_character(text_[at_ - 1]))) {
      raw_string();
    } else if (text_[at_] == '"' || (text_[at_] == '\'' && !is_digit_separator())) {
      literal(text_[at_]);
    } else {
      ++at_;
    }
  }

  [[nodiscard]] bool starts_with(std::string_view word) const {
    return std::string_view(text_).substr(at_, word.size()) == word;
  }

  [[nodiscard]] bool is_digit_separator() const {
    return at_ > 0 && at_ + 1 < text_.size() &&
           std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0 &&
           std::isxdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0 &&
           (at_ + 2 >= text_.size() || text_[at_ + 2] != '\'');
  }

  void comment(std::size_t end) {
    comments_.emplace_back(at_, end);
    blank(end);
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string::npos) return blank(text_.size());
    const std::string close = ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    const std::size_t end = text_.find(close, open);
    blank(end == std::string::npos ? text_.size() : end + close.size());
  }

  void literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    blank(std::min(end + 1, text_.size()));
  }

  void blank(std::size_t end) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') file_.code[at_] = ' ';
    }
  }

  void count_lines() {
    int last = 0;
    for (const auto& [from, to] : comments_) {
      const int first_line = std::max(line_at(file_, from), last + 1);
      const int last_line = line_at(file_, to - 1);
      file_.comment_lines += std::max(0, last_line - first_line + 1);
      last = std::max(last, last_line);
    }
  }

  SourceFile& file_;
  const std::string& text_;
  std::size_t at_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> comments_;
};

}  // namespace

SourceFile parse_source(std::string path, std::string text) {
  SourceFile file;
  file.path = std::move(path);
  file.text = std::move(text);
  file.code = file.text;
  std::size_t start = 0;
  while (start < file.text.size()) {
    file.line_start.push_back(start);
    const std::size_t end = std::min(file.text.find('\n', start), file.text.size());
    const auto line = std::string_view(file.text).substr(start, end - start);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) ++file.filled_lines;
    start = end + 1;
  }
  if (is_cpp(file.path)) Blanker(file).run();
  return file;
}

int line_at(const SourceFile& file, std::size_t offset) {
  const auto after = std::ranges::upper_bound(file.line_start, offset);
  return static_cast<int>(after - file.line_start.begin());
}

int line_count(const SourceFile& file) { return static_cast<int>(file.line_start.size()); }

std::string_view line_text(const SourceFile& file, int line) {
  const std::size_t start = file.line_start[static_cast<std::size_t>(line) - 1];
  const std::size_t end = std::min(file.text.find('\n', start), file.text.size());
  return std::string_view(file.text).substr(start, end - start);
}

bool is_cpp(std::string_view path) { return path.ends_with(".cc") || path.ends_with(".h"); }

bool is_test(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with("_test.cc") || name.starts_with("test_") || is_below(path, "tests") ||
         name.ends_with(".test.ts") || name.ends_with(".test.mjs");
}

bool is_below(std::string_view path, std::string_view folder) {
  return path == folder ||
         (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

bool is_word_character(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

}  // namespace daozhang::architecture
