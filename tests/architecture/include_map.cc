#include "tests/architecture/include_map.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace daozhang::architecture {
namespace {

constexpr std::string_view page_path = "src/README.md";

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  std::size_t at = 1;
  while (at < line.size()) {
    const std::size_t end = line.find('|', at);
    if (end == std::string_view::npos) break;
    cells.emplace_back(line.substr(at, end - at));
    at = end + 1;
  }
  return cells;
}

// The words between backticks.
std::vector<std::string> names_in(std::string_view cell) {
  std::vector<std::string> names;
  std::size_t at = cell.find('`');
  while (at != std::string_view::npos) {
    const std::size_t end = cell.find('`', at + 1);
    if (end == std::string_view::npos) break;
    names.emplace_back(cell.substr(at + 1, end - at - 1));
    at = cell.find('`', end + 1);
  }
  return names;
}

// How much of `path` (without "src/" and ending) the row names; nullopt when it does not name it.
std::optional<std::size_t> match_length(std::string_view folder, std::string_view path) {
  if (folder.ends_with("*")) {
    folder.remove_suffix(1);
    if (!path.starts_with(folder)) return std::nullopt;
    return folder.size() + 1;
  }
  if (!is_below(path, folder)) return std::nullopt;
  return folder.size();
}

// "a/*" also allows what stands in rows below a/.
bool names_row(const std::vector<std::string>& allowed, const MapRow& row) {
  return std::ranges::any_of(allowed, [&](const std::string& name) {
    return name == row.folder ||
           (name.ends_with("/*") && row.folder.starts_with(name.substr(0, name.size() - 1)));
  });
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

struct Include {
  std::string_view target;
  bool quoted = false;
};

std::optional<Include> include_in(std::string_view line) {
  constexpr std::string_view directive = "#include";
  const std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos || !line.substr(at).starts_with(directive)) return std::nullopt;
  const std::size_t open = line.find_first_of("<\"", at);
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = line.find_first_of(">\"", open + 1);
  if (close == std::string_view::npos) return std::nullopt;
  return Include{line.substr(open + 1, close - open - 1), line[open] == '"'};
}

bool is_standard(std::string_view header) {
  return header.find_first_of("./") == std::string_view::npos;
}

// The outside name whose longest prefix fits the header, or empty.
std::string outside_name(const IncludeMap& map, std::string_view header) {
  std::string best;
  std::size_t best_length = 0;
  for (const auto& [name, prefixes] : map.outside) {
    for (const auto& prefix : prefixes) {
      if (header.starts_with(prefix) && prefix.size() > best_length) {
        best = name;
        best_length = prefix.size();
      }
    }
  }
  return best;
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? "nothing" : text;
}

std::string own_violation(const IncludeMap& map, const SourceFile& file, const MapRow& row,
                          std::string_view target) {
  if (target.find('/') == std::string_view::npos)
    return "write the include from src/, as \"folder/name.h\"";
  const MapRow* const included = row_of(map, "src/" + std::string(target));
  if (included == nullptr) return "no row of src/README.md holds \"" + std::string(target) + "\"";
  if (included == &row || names_row(row.may_include, *included)) return {};
  if (is_test(file.path) && names_row(row.tests_also, *included)) return {};
  const std::string_view home =
      std::string_view(included->folder).substr(0, included->folder.rfind('/'));
  if (is_test(file.path) && included->folder.ends_with("*") && home == row.folder) return {};
  return row.folder + " may include " + list(row.may_include) + ", not " + included->folder +
         "; pass the value in, put an abstract class into ports, or move the code";
}

std::string outside_violation(const IncludeMap& map, const SourceFile& file, const MapRow& row,
                              std::string_view target) {
  if (is_standard(target)) return {};
  const std::string name = outside_name(map, target);
  if (name.empty())
    return "<" + std::string(target) +
           "> is in no row of \"From outside\" in src/README.md; add it there";
  if (contains(row.outside, name)) return {};
  if (is_test(file.path) && (contains(row.tests_also, name) || name == "test")) return {};
  std::string homes;
  for (const auto& other : map.rows) {
    if (contains(other.outside, name)) homes += (homes.empty() ? "" : " ") + other.folder;
  }
  return "<" + std::string(target) + "> (" + name + ") belongs to " +
         (homes.empty() ? "no folder" : homes) + "; use that folder's interface";
}

bool folder_exists(const MapRow& row, const std::vector<SourceFile>& files) {
  return std::ranges::any_of(files, [&](const SourceFile& file) {
    return file.path.starts_with("src/") &&
           match_length(row.folder, std::string_view(file.path).substr(4));
  });
}

// True when following the rows from `at` leads back to `start`.
bool leads_back(const IncludeMap& map, const MapRow& start, const MapRow& at,
                std::set<std::string>& seen) {
  return std::ranges::any_of(map.rows, [&](const MapRow& next) {
    if (!names_row(at.may_include, next) || &next == &at) return false;
    if (&next == &start) return true;
    return seen.insert(next.folder).second && leads_back(map, start, next, seen);
  });
}

}  // namespace

IncludeMap parse_include_map(std::string_view page) {
  IncludeMap map;
  std::string_view heading;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = std::min(page.find('\n', at), page.size());
    const std::string_view line = page.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("#")) heading = line;
    if (!line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    if (heading.ends_with("The map") && cells.size() >= 5) {
      map.rows.push_back(
          {names_in(cells[0]).front(), names_in(cells[2]), names_in(cells[3]), names_in(cells[4])});
    } else if (heading.ends_with("From outside") && cells.size() >= 2) {
      map.outside[names_in(cells[0]).front()] = names_in(cells[1]);
    }
  }
  return map;
}

const MapRow* row_of(const IncludeMap& map, std::string_view path) {
  if (!path.starts_with("src/")) return nullptr;
  path.remove_prefix(4);
  const MapRow* best = nullptr;
  std::size_t best_length = 0;
  for (const auto& row : map.rows) {
    const auto length = match_length(row.folder, path);
    if (length && *length > best_length) {
      best = &row;
      best_length = *length;
    }
  }
  return best;
}

std::vector<Violation> check_includes(const IncludeMap& map, const std::vector<SourceFile>& files) {
  std::vector<Violation> violations;
  for (const auto& file : files) {
    if (!is_cpp(file.path) || !is_below(file.path, "src")) continue;
    const MapRow* const row = row_of(map, file.path);
    if (row == nullptr) {
      violations.push_back({file.path, 1, "its folder has no row in src/README.md; add one"});
      continue;
    }
    for (int line = 1; line <= line_count(file); ++line) {
      const auto include = include_in(line_text(file, line));
      if (!include) continue;
      std::string message = include->quoted ? own_violation(map, file, *row, include->target)
                                            : outside_violation(map, file, *row, include->target);
      if (!message.empty()) violations.push_back({file.path, line, std::move(message)});
    }
  }
  return violations;
}

std::vector<Violation> check_map_is_true(const IncludeMap& map,
                                         const std::vector<SourceFile>& files) {
  std::vector<Violation> violations;
  const auto report = [&](std::string message) {
    violations.push_back({std::string(page_path), 1, std::move(message)});
  };
  if (map.rows.empty() || map.outside.empty())
    report("the tables \"The map\" and \"From outside\" are missing");
  std::set<std::string> known;
  for (const auto& row : map.rows) {
    if (!known.insert(row.folder).second) report("two rows for " + row.folder + "; join them");
    if (!folder_exists(row, files))
      report("the row " + row.folder + " has no folder; remove it or write the folder");
    std::set<std::string> seen;
    if (leads_back(map, row, row, seen))
      report("following the row " + row.folder + " leads back to it; cut one arrow");
  }
  for (const auto& row : map.rows) {
    for (const auto* const names : {&row.may_include, &row.outside, &row.tests_also}) {
      for (const auto& name : *names) {
        if (name.ends_with("/*") || known.contains(name) || map.outside.contains(name)) continue;
        report("row " + row.folder + " names " + name + ", which neither table explains");
      }
    }
  }
  return violations;
}

}  // namespace daozhang::architecture
