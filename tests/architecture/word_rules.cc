#include "tests/architecture/word_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <string_view>

namespace daozhang::architecture {
namespace {

using Folders = std::vector<std::string_view>;

struct BannedWord {
  std::string_view word;  // "x*" also bans what begins with x, "*x" what ends with it.
  Folders folders;
  std::string_view instead;
};

// What must give the same answer for ever, and under any compiler.
const Folders& deterministic() {
  static const Folders folders = {"src/domain", "src/engine", "src/ports", "src/storage/memory",
                                  "src/sim"};
  return folders;
}

const std::vector<BannedWord>& banned_words() {
  static constexpr std::string_view clock = "take `now` (base/instant.h) as an argument";
  static constexpr std::string_view random =
      "draw from base/prng.h, or take the value as an argument";
  static constexpr std::string_view thread =
      "let a lane or apps/ own the thread; this code is driven";
  static constexpr std::string_view decimal = "count in int64 minor units (domain/money)";
  static constexpr std::string_view order =
      "use std::map, or a sorted vector: its order of iteration is the same everywhere";
  static const std::vector<BannedWord> words = {
      {"system_clock", deterministic(), clock},
      {"steady_clock", deterministic(), clock},
      {"high_resolution_clock", deterministic(), clock},
      {"clock_gettime", deterministic(), clock},
      {"gettimeofday", deterministic(), clock},
      {"random_device", deterministic(), random},
      {"rand(", deterministic(), random},
      {"mt19937*", deterministic(), random},
      {"*_distribution",
       {"src", "apps", "tests"},
       "use base/prng.h: libraries differ in what a distribution yields"},
      {"std::thread", deterministic(), thread},
      {"std::jthread", deterministic(), thread},
      {"std::async", deterministic(), thread},
      {"sleep_for", deterministic(), "set a timer row and return; nothing here waits"},
      {"sleep_until", deterministic(), "set a timer row and return; nothing here waits"},
      {"getenv",
       {"src/domain", "src/engine", "src/ports", "src/storage", "src/sim"},
       "read it in settings/ and pass it in"},
      {"float", {"src/domain/money", "src/domain/ledger"}, decimal},
      {"double", {"src/domain/money", "src/domain/ledger"}, decimal},
      {"unordered_*", {"src/domain", "src/engine"}, order},
      {"assert(", {"src", "apps"}, "use CHECK (base/check.h), which also holds in release builds"},
  };
  return words;
}

// Offsets at which the word stands by itself.
std::vector<std::size_t> find_word(std::string_view code, std::string_view word) {
  const bool open_left = word.starts_with("*");
  const bool open_right = word.ends_with("*") || word.ends_with("(");
  if (word.starts_with("*")) word.remove_prefix(1);
  if (word.ends_with("*")) word.remove_suffix(1);
  std::vector<std::size_t> found;
  for (std::size_t at = code.find(word); at != std::string_view::npos;
       at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (!open_left && at > 0 && is_word_character(code[at - 1])) continue;
    if (!open_right && end < code.size() && is_word_character(code[end])) continue;
    found.push_back(at);
  }
  return found;
}

bool applies(const Folders& folders, std::string_view path) {
  return std::ranges::any_of(folders,
                             [&](std::string_view folder) { return is_below(path, folder); });
}

// The offset of a brace inside the expression that begins at `from`, or npos. The expression ends
// at the first semicolon, comma or closing bracket that is not its own.
std::size_t brace_in_expression(std::string_view code, std::size_t from) {
  int depth = 0;
  for (std::size_t at = from; at < code.size(); ++at) {
    const char character = code[at];
    if (character == '{') return at;
    if (character == ';') return std::string_view::npos;
    if (character == '(' || character == '[') ++depth;
    if ((character == ')' || character == ']') && --depth < 0) return std::string_view::npos;
    if (character == ',' && depth == 0) return std::string_view::npos;
  }
  return std::string_view::npos;
}

// "https://host/x/" and "$DIR/x/" are no paths of a machine.
bool continues_a_path(char before) {
  return is_word_character(before) ||
         std::string_view(".-}~*:").find(before) != std::string_view::npos;
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("_-."), name.size());
    words.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return words;
}

}  // namespace

std::vector<Violation> check_banned_words(const SourceFile& file) {
  std::vector<Violation> violations;
  if (!is_cpp(file.path)) return violations;
  for (const auto& banned : banned_words()) {
    if (!applies(banned.folders, file.path)) continue;
    for (const std::size_t at : find_word(file.code, banned.word)) {
      violations.push_back(
          {file.path, line_at(file, at),
           "`" + std::string(banned.word) + "` is banned here: " + std::string(banned.instead)});
    }
  }
  return violations;
}

std::vector<Violation> check_co_await(const SourceFile& file) {
  std::vector<Violation> violations;
  if (!is_cpp(file.path)) return violations;
  for (const std::size_t at : find_word(file.code, "co_await")) {
    if (brace_in_expression(file.code, at) == std::string_view::npos) continue;
    violations.push_back({file.path, line_at(file, at),
                          "braces inside a co_await expression are destroyed twice by GCC 12: name "
                          "the argument first"});
  }
  return violations;
}

std::vector<Violation> check_state_count(const SourceFile& file) {
  static constexpr long states_max = 9;
  static const std::regex state_enum(R"(enum\s+class\s+(\w*State)\b[^{;]*\{([^}]*)\})");
  std::vector<Violation> violations;
  if (!is_cpp(file.path)) return violations;
  for (std::sregex_iterator at(file.code.begin(), file.code.end(), state_enum), end; at != end;
       ++at) {
    const std::string values = (*at)[2];
    long count = std::ranges::count(values, ',');
    const std::size_t last = values.find_last_not_of(" \n\t");
    if (last != std::string::npos && values[last] != ',') ++count;
    if (count <= states_max) continue;
    violations.push_back(
        {file.path, line_at(file, static_cast<std::size_t>(at->position())),
         at->str(1) + " has " + std::to_string(count) +
             " states, at most 9: split it into machines that answer one question each"});
  }
  return violations;
}

std::vector<Violation> check_file_name(const SourceFile& file) {
  static constexpr auto empty_words =
      std::to_array<std::string_view>({"util", "utils", "utility", "utilities", "helper", "helpers",
                                       "common", "manager", "misc", "default"});
  const bool ours = is_below(file.path, "src") || is_below(file.path, "apps") ||
                    is_below(file.path, "tests") || is_below(file.path, "web") ||
                    is_below(file.path, "bench");
  if (!ours) return {};
  const std::size_t slash = file.path.rfind('/');
  std::string name = file.path.substr(slash == std::string::npos ? 0 : slash + 1);
  std::ranges::transform(name, name.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  for (const std::string_view word : words_of(name)) {
    if (std::ranges::find(empty_words, word) == empty_words.end()) continue;
    return {
        {file.path, 1,
         "`" + std::string(word) + "` says nothing: name the file by a noun of docs/glossary.md"}};
  }
  return {};
}

std::vector<Violation> check_leftovers(const SourceFile& file) {
  // Split, so that this file passes its own rule.
  static const std::array<std::string, 3> notes = {
      std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X"};
  static const std::array<std::string, 5> roots = {
      std::string("/wo") + "rk/", std::string("/ho") + "me/", std::string("/ro") + "ot/",
      std::string("/Us") + "ers/", std::string("/t") + "mp/"};
  std::vector<Violation> violations;
  if (file.path.ends_with("package-lock.json")) return violations;
  for (const auto& note : notes) {
    for (const std::size_t at : find_word(file.text, note)) {
      violations.push_back({file.path, line_at(file, at),
                            note + ": do it now, or write an issue and remove the note"});
    }
  }
  for (const auto& root : roots) {
    for (std::size_t at = file.text.find(root); at != std::string::npos;
         at = file.text.find(root, at + 1)) {
      if (at > 0 && continues_a_path(file.text[at - 1])) continue;
      violations.push_back({file.path, line_at(file, at),
                            root + " is a path of one machine: take it from a setting, or from the "
                                   "temporary directory that the test is given"});
    }
  }
  return violations;
}

std::vector<Violation> check_lock_file(const SourceFile& file) {
  std::vector<Violation> violations;
  if (!file.path.ends_with("package-lock.json")) return violations;
  for (const std::string_view word : {"\"resolved\": \"http", "\"resolved\":\"http"}) {
    const std::size_t at = file.text.find(word);
    if (at == std::string::npos) continue;
    violations.push_back(
        {file.path, line_at(file, at),
         "a lock file names a download host: put omit-lockfile-registry-resolved=true "
         "into .npmrc beside it and run npm install --package-lock-only"});
  }
  return violations;
}

std::vector<Violation> check_root_entries(const std::vector<std::string>& entries) {
  static constexpr std::size_t entries_max = 20;
  if (entries.size() <= entries_max) return {};
  return {{".", 1,
           std::to_string(entries.size()) + " entries in the root, at most " +
               std::to_string(entries_max) + ": move the newest into the folder that uses it"}};
}

}  // namespace daozhang::architecture
