#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.h"
#include "settings/settings_table.h"

namespace daozhang::settings {
namespace {

std::string_view type_name(SettingType type) {
  switch (type) {
    case SettingType::text:
      return "text";
    case SettingType::integer:
      return "integer";
    case SettingType::boolean:
      return "boolean";
    case SettingType::text_list:
      return "list of texts";
  }
  UNREACHABLE();
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    out.push_back(c == '\n' ? ' ' : c);
  }
  return out;
}

std::string fallback_cell(const SettingRow& row) {
  if (row.is_required && row.kinds.empty()) return "required";
  if (row.is_required) return "required for " + fmt::format("{}", fmt::join(row.kinds, ", "));
  const bool is_quoted = row.type == SettingType::text;
  if (row.type == SettingType::text_list)
    return row.fallback.empty() ? "`[]`" : "`" + row.fallback + "`";
  return is_quoted ? fmt::format("`\"{}\"`", row.fallback) : fmt::format("`{}`", row.fallback);
}

std::string kind_cell(const SettingRow& row) {
  std::string out(type_name(row.type));
  if (!row.unit.empty()) out += ", " + row.unit;
  for (std::size_t i = 0; i < row.choices.size(); ++i) {
    out += (i == 0 ? ": `" : ", `") + row.choices[i] + "`";
  }
  if (!row.kinds.empty() && !row.is_required)
    out += fmt::format(", for {}", fmt::join(row.kinds, ", "));
  return out;
}

std::string title_of(const std::string& section) {
  if (!section.ends_with(".*")) return "[" + section + "]";
  return "[" + section.substr(0, section.size() - 1) + "NAME]";
}

constexpr std::string_view intro = R"(# Settings of {program} / {program} 的设置

Generated from the table in the source; a test fails when this page is stale. Do not edit by hand.
本页由源码中的设置表生成，页面过期时测试会失败，请勿手工修改。

A setting is read from the TOML file, then from the environment (`{prefix}<SECTION>_<KEY>`, for example
`{prefix}{example}`), then from the flags (`--set section.key=value`); the later one wins.
Lists are separated by commas in the environment and in flags. Relative paths start at the working
directory. An unknown key, a wrong type or a value out of range stops the start and is named with its line.

设置依次取自 TOML 文件、环境变量（`{prefix}<小节>_<键>`，例如 `{prefix}{example}`）和命令行（`--set 小节.键=值`），
后者优先。环境变量和命令行中的列表用逗号分隔。相对路径从工作目录算起。未知的键、类型错误或超出范围的值会使程序拒绝启动，并指出所在行。
)";

std::string example_of(const SettingRow& row) {
  std::string out = row.section.substr(0, row.section.find('.')) + "_" + row.key;
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  return out;
}

}  // namespace

std::string render_settings_page(const SettingsTable& table) {
  CHECK(!table.rows.empty());
  std::string page = fmt::format(fmt::runtime(intro), fmt::arg("program", table.program),
                                 fmt::arg("prefix", table.environment_prefix),
                                 fmt::arg("example", example_of(table.rows.front())));
  std::string_view section;
  for (const SettingRow& row : table.rows) {
    if (row.section != section) {
      section = row.section;
      page += fmt::format("\n## {}\n\n", title_of(row.section));
      page += "| key | type | default | meaning | 说明 |\n|---|---|---|---|---|\n";
    }
    page += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.key, kind_cell(row),
                        fallback_cell(row), cell(row.en), cell(row.zh));
  }
  return page;
}

}  // namespace daozhang::settings
