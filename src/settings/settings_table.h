// Every setting of a program is described once, in a table; the loader, the refusals and the page
// in docs/operating/ all come from it. Each program has a table of its own.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daozhang::settings {

enum class SettingType {
  text,
  integer,
  boolean,
  text_list,  // In the environment and flags: separated by commas.
};

struct SettingRow {
  // `server`, or `channel.*` for a section that is there once per name: [channel.alipay].
  std::string section;
  std::string key;
  SettingType type = SettingType::text;
  // As written in the environment (`8080`, `true`, `a,b`). Empty for a text or list is empty.
  std::string fallback;
  std::string unit;  // `seconds`, `bytes`, … or empty.
  std::string en;
  std::string zh;
  bool is_required = false;          // Must be given and not empty (in each named section).
  std::vector<std::string> choices;  // When not empty: the only values.
  // In a section with a `kind`: the kinds that have this setting; empty: all. With another kind it
  // is refused, and not missed.
  std::vector<std::string> kinds;
  std::int64_t least = 0;  // Integers.
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct SettingsTable {
  std::string program;             // `daozhang`, for the page.
  std::string environment_prefix;  // `DAOZHANG_`
  std::vector<SettingRow> rows;    // In the page's order.

  // `section` as it stands in the file: `server`, `channel.alipay`. Null if there is no such row.
  [[nodiscard]] const SettingRow* find(std::string_view section, std::string_view key) const;
  [[nodiscard]] bool has_section(std::string_view section) const;
  // `section.key` of the row whose name is the least edits away from what was written.
  [[nodiscard]] std::string nearest(std::string_view dotted) const;
};

// `alipay` of `channel.alipay` when `pattern` is `channel.*`; nothing if it does not fit. A name is
// [a-z][a-z0-9_]*, 32 characters at most.
std::optional<std::string_view> name_in(std::string_view pattern, std::string_view section);

// The smallest number of inserted, removed or replaced characters between the two.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The page for operators, in Markdown: one table per section, English and Chinese.
std::string render_settings_page(const SettingsTable& table);

}  // namespace daozhang::settings
