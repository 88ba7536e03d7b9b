#include "tests/architecture/lengths.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace daozhang::architecture {
namespace {

constexpr int file_lines_max = 600;
constexpr int function_lines_max = 70;

enum class Brace { enclosing, body, initializer };

bool has_word(std::string_view head, std::string_view word) {
  for (std::size_t at = head.find(word); at != std::string_view::npos;
       at = head.find(word, at + 1)) {
    const bool left = at == 0 || !is_word_character(head[at - 1]);
    const std::size_t end = at + word.size();
    if (left && (end == head.size() || !is_word_character(head[end]))) return true;
  }
  return false;
}

// What lies outside parentheses and angle-free; enough to see "=" and ":" of the declaration
// itself.
std::string outside_parentheses(std::string_view head) {
  std::string text;
  int depth = 0;
  for (const char character : head) {
    if (character == '(') ++depth;
    if (depth == 0) text += character;
    if (character == ')') {
      --depth;
      if (depth == 0) text += "()";
    }
  }
  return text;
}

// A colon that is not part of "::".
std::size_t lone_colon(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ':') continue;
    if (at + 1 < text.size() && text[at + 1] == ':') {
      ++at;
      continue;
    }
    return at;
  }
  return std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\n\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\n\r") - from + 1);
}

Brace classify(std::string_view head) {
  const std::string plain = outside_parentheses(head);
  const std::string_view text = trimmed(plain);
  const std::size_t call = text.find("()");
  if (call == std::string_view::npos) {
    for (const std::string_view word :
         {"namespace", "class", "struct", "union", "enum", "extern"}) {
      if (has_word(text, word))
        return text.find('=') == std::string_view::npos ? Brace::enclosing : Brace::initializer;
    }
    return Brace::initializer;
  }
  const std::size_t equals = text.find('=');
  const bool is_operator =
      has_word(text, "operator") || text.find("operator") != std::string_view::npos;
  if (equals != std::string_view::npos && !is_operator) return Brace::initializer;
  for (const std::string_view word : {"namespace", "class", "struct", "union", "enum"}) {
    if (text.starts_with(word) && has_word(text, word) && text.ends_with("()") == false)
      return Brace::enclosing;
  }
  // In a member initializer list a brace after a name opens that member's value.
  const std::size_t colon = lone_colon(text.substr(call));
  if (colon != std::string_view::npos && (is_word_character(text.back()) || text.back() == '>'))
    return Brace::initializer;
  return Brace::body;
}

std::string name_in(std::string_view head) {
  const std::size_t call = head.find('(');
  std::string_view before = trimmed(head.substr(0, call));
  const std::size_t blank = before.find_last_of(" \t\n*&");
  std::string name(blank == std::string_view::npos ? before : before.substr(blank + 1));
  if (name == "TEST" || name == "TEST_F" || name == "TEST_P" || name == "TYPED_TEST" ||
      name == "RC_GTEST_PROP") {
    name += std::string(head.substr(call, head.find(')', call) - call + 1));
  }
  return name;
}

// Code without preprocessor lines, whose braces need not balance.
std::string without_directives(const SourceFile& file) {
  std::string code = file.code;
  bool continued = false;
  for (int line = 1; line <= line_count(file); ++line) {
    const std::size_t from = file.line_start[static_cast<std::size_t>(line) - 1];
    const std::size_t end = std::min(code.find('\n', from), code.size());
    const std::string_view text = trimmed(std::string_view(code).substr(from, end - from));
    const bool directive = continued || text.starts_with("#");
    continued = directive && text.ends_with("\\");
    if (directive)
      std::fill(code.begin() + static_cast<long>(from), code.begin() + static_cast<long>(end), ' ');
  }
  return code;
}

class Scanner {
 public:
  explicit Scanner(const SourceFile& file) : file_(file), code_(without_directives(file)) {}

  std::vector<FunctionLength> run() {
    for (at_ = 0; at_ < code_.size(); ++at_) step(code_[at_]);
    return std::move(found_);
  }

 private:
  void step(char character) {
    switch (character) {
      case '{':
        open();
        break;
      case '}':
        head_.clear();
        break;
      case ';':
        head_.clear();
        break;
      case ':':
        head_ += character;
        drop_access_label();
        break;
      default:
        head_ += character;
    }
  }

  void open() {
    switch (classify(head_)) {
      case Brace::enclosing:
        head_.clear();
        break;
      case Brace::initializer:
        skip_block();
        head_ += "()";
        break;
      case Brace::body:
        const int first = line_at(file_, at_);
        skip_block();
        found_.push_back({name_in(head_), first, line_at(file_, at_) - first + 1});
        head_.clear();
        break;
    }
  }

  // Leaves `at_` on the closing brace.
  void skip_block() {
    int depth = 0;
    for (; at_ < code_.size(); ++at_) {
      if (code_[at_] == '{') ++depth;
      if (code_[at_] == '}' && --depth == 0) return;
    }
    at_ = code_.size() - 1;
  }

  void drop_access_label() {
    const std::string_view text = trimmed(head_);
    if (text == "public:" || text == "private:" || text == "protected:") head_.clear();
  }

  const SourceFile& file_;
  std::string code_;
  std::string head_;
  std::size_t at_ = 0;
  std::vector<FunctionLength> found_;
};

int percentile(std::vector<int> values, int percent) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto last = static_cast<int>(values.size()) - 1;
  return values[static_cast<std::size_t>(last * percent / 100)];
}

int share(int part, int whole) { return whole == 0 ? 0 : part * 100 / whole; }

// What a program wrote says so in its first lines.
bool is_generated(const SourceFile& file) {
  return std::string_view(file.text).substr(0, 300).find("enerated") != std::string_view::npos &&
         !is_cpp(file.path);
}

bool has_our_length(const SourceFile& file) {
  const std::string_view path = file.path;
  const bool ours = is_below(path, "src") || is_below(path, "apps") || is_below(path, "tests") ||
                    is_below(path, "bench") || is_below(path, "web");
  return ours && !is_generated(file) &&
         (is_cpp(path) || path.ends_with(".ts") || path.ends_with(".vue") ||
          path.ends_with(".mjs"));
}

struct Totals {
  std::vector<int> file_lines;
  std::vector<int> function_lines;
  int functions_over = 0;
  int header_comments = 0;
  int header_lines = 0;
  int source_comments = 0;
  int source_lines = 0;
  int test_lines = 0;
};

void add(Totals& totals, const SourceFile& file) {
  totals.file_lines.push_back(line_count(file));
  if (!is_cpp(file.path)) return;
  for (const auto& function : function_lengths(file)) {
    totals.function_lines.push_back(function.lines);
    if (function.lines > function_lines_max) ++totals.functions_over;
  }
  if (is_test(file.path)) {
    totals.test_lines += file.filled_lines;
  } else if (file.path.ends_with(".h")) {
    totals.header_comments += file.comment_lines;
    totals.header_lines += file.filled_lines;
  } else {
    totals.source_comments += file.comment_lines;
    totals.source_lines += file.filled_lines;
  }
}

}  // namespace

std::vector<FunctionLength> function_lengths(const SourceFile& file) { return Scanner(file).run(); }

std::vector<Measure> measure(const std::vector<SourceFile>& files) {
  Totals totals;
  for (const auto& file : files) {
    if (has_our_length(file)) add(totals, file);
  }
  return {
      {"file_lines_median", percentile(totals.file_lines, 50)},
      {"file_lines_90_percent", percentile(totals.file_lines, 90)},
      {"file_lines_largest", percentile(totals.file_lines, 100)},
      {"function_lines_90_percent", percentile(totals.function_lines, 90)},
      {"functions_over_70", totals.functions_over},
      {"header_comment_percent", share(totals.header_comments, totals.header_lines)},
      {"source_comment_percent", share(totals.source_comments, totals.source_lines)},
      {"test_percent_of_production",
       share(totals.test_lines, totals.header_lines + totals.source_lines)},
  };
}

std::vector<Violation> check_hard_limits(const std::vector<SourceFile>& files) {
  std::vector<Violation> violations;
  for (const auto& file : files) {
    if (!has_our_length(file)) continue;
    if (line_count(file) > file_lines_max) {
      violations.push_back(
          {file.path, line_count(file), "over 600 lines: split it by the nouns that it holds"});
    }
    if (!is_cpp(file.path)) continue;
    for (const auto& function : function_lengths(file)) {
      if (function.lines <= function_lines_max) continue;
      violations.push_back({file.path, function.first_line,
                            function.name + " has " + std::to_string(function.lines) +
                                " lines, at most 70: give each step a function with a name"});
    }
  }
  return violations;
}

std::vector<RatchetLine> parse_ratchet(std::string_view text) {
  std::vector<RatchetLine> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    RatchetLine held;
    std::string direction;
    if (words >> held.name >> direction >> held.held >> held.goal) {
      held.at_most = direction == "at_most";
      lines.push_back(std::move(held));
    }
  }
  return lines;
}

std::vector<Violation> check_ratchet(const std::vector<RatchetLine>& held,
                                     const std::vector<Measure>& measures) {
  std::vector<Violation> violations;
  const auto report = [&](const std::string& message) {
    violations.push_back({"tests/architecture/ratchet.txt", 1, message});
  };
  for (const auto& line : held) {
    const auto found = std::ranges::find(measures, line.name, &Measure::name);
    if (found == measures.end()) {
      report(line.name + " is held but not measured; remove the line");
    } else if (line.at_most ? found->value > line.held : found->value < line.held) {
      report(line.name + " is " + std::to_string(found->value) + ", held at " +
             std::to_string(line.held) + " (goal " + std::to_string(line.goal) +
             "): shorten, split or test what was added; the number only gets better");
    }
  }
  for (const auto& measured : measures) {
    if (std::ranges::find(held, measured.name, &RatchetLine::name) == held.end()) {
      report(measured.name + " is measured but not held; add a line with " +
             std::to_string(measured.value));
    }
  }
  return violations;
}

}  // namespace daozhang::architecture
