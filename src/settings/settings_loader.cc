#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "settings/settings_values.h"

namespace daozhang::settings {
namespace {

constexpr std::size_t typing_error_max = 2;

class Loader {
 public:
  explicit Loader(const SettingsTable& table) : table_(table), values_(table) {}

  void read_file(const std::string& name, const std::string& text);
  void read_environment(const std::vector<std::pair<std::string, std::string>>& variables);
  void read_flags(const std::vector<std::string>& flags);
  base::Result<SettingsValues, std::vector<SettingsProblem>> finish();

 private:
  [[nodiscard]] std::vector<std::string> sections_of(const SettingRow& row) const;
  void check_presence(const SettingRow& row, const std::string& section);
  void report(std::string where, std::string en, std::string zh) {
    problems_.push_back({std::move(where), std::move(en), std::move(zh)});
  }
  void report_unknown(std::string where, const std::string& dotted);
  void report_value(std::string where, const std::string& dotted, SettingsProblem problem);
  void read_top(std::string_view key, const toml::node& node);
  void read_section(const std::string& section, const toml::table& table);
  void read_key(const std::string& section, const std::string& key, const toml::node& node);
  void take_text(const std::string& where, const std::string& section, const std::string& key,
                 std::string_view text);
  bool take_variable(const std::string& variable, std::string_view rest, std::string_view text);
  [[nodiscard]] bool is_meant_for_us(const std::string& variable) const;
  [[nodiscard]] bool is_group(std::string_view name) const;
  [[nodiscard]] std::string place(const toml::node& node) const {
    return fmt::format("{}:{}", file_name_, node.source().begin.line);
  }

  const SettingsTable& table_;
  SettingsValues values_;
  std::vector<SettingsProblem> problems_;
  std::string file_name_;
};

// As a variable of the environment is called.
std::string variable_of(std::string_view dotted) {
  std::string out = base::upper(dotted);
  std::replace(out.begin(), out.end(), '.', '_');
  return out;
}

// Nothing if the node is of another type than the row wants.
std::optional<SettingValue> value_of(const SettingRow& row, const toml::node& node) {
  switch (row.type) {
    case SettingType::text:
      if (const auto* text = node.as_string()) return SettingValue(text->get());
      return std::nullopt;
    case SettingType::integer:
      if (const auto* number = node.as_integer()) return SettingValue(number->get());
      return std::nullopt;
    case SettingType::boolean:
      if (const auto* flag = node.as_boolean()) return SettingValue(flag->get());
      return std::nullopt;
    case SettingType::text_list:
      break;
  }
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    items.push_back(text->get());
  }
  return SettingValue(std::move(items));
}

SettingsProblem type_problem(SettingType type) {
  switch (type) {
    case SettingType::text:
      return {{}, "must be a string in quotes", "必须是带引号的字符串"};
    case SettingType::integer:
      return {{}, "must be a whole number", "必须是整数"};
    case SettingType::boolean:
      return {{}, "must be true or false", "只能是 true 或 false"};
    case SettingType::text_list:
      break;
  }
  return {{}, "must be a list of strings, [\"a\", \"b\"]", "必须是字符串列表，如 [\"a\", \"b\"]"};
}

void Loader::report_unknown(std::string where, const std::string& dotted) {
  const std::string nearest = table_.nearest(dotted);
  report(std::move(where), fmt::format("unknown setting {}; the nearest is {}", dotted, nearest),
         fmt::format("没有 {} 这个设置项，最接近的是 {}", dotted, nearest));
}

void Loader::report_value(std::string where, const std::string& dotted, SettingsProblem problem) {
  report(std::move(where), dotted + " " + problem.en, dotted + " " + problem.zh);
}

bool Loader::is_group(std::string_view name) const {
  return std::any_of(table_.rows.begin(), table_.rows.end(), [name](const SettingRow& row) {
    return row.section.ends_with(".*") &&
           std::string_view(row.section).substr(0, row.section.size() - 2) == name;
  });
}

void Loader::read_file(const std::string& name, const std::string& text) {
  file_name_ = name;
  try {
    const toml::table parsed = toml::parse(text);
    for (const auto& [key, node] : parsed) read_top(key.str(), node);
  } catch (const toml::parse_error& failure) {
    report(fmt::format("{}:{}", name, failure.source().begin.line),
           fmt::format("not valid TOML: {}", failure.description()),
           fmt::format("TOML 语法错误：{}", failure.description()));
  }
}

void Loader::read_top(std::string_view key, const toml::node& node) {
  const std::string section(key);
  const auto* table = node.as_table();
  if (table != nullptr && table_.has_section(section)) return read_section(section, *table);
  if (table == nullptr || !is_group(section)) return report_unknown(place(node), section);
  for (const auto& [name, inner] : *table) {
    const std::string named = section + "." + std::string(name.str());
    if (inner.as_table() != nullptr && table_.has_section(named)) {
      values_.add_section(named);
      read_section(named, *inner.as_table());
    } else {
      report(place(inner),
             fmt::format("{} must be a section [{}.NAME] whose name is a-z, 0-9 and _", named,
                         section),
             fmt::format("{} 必须是小节 [{}.NAME]，名称只能用 a-z、0-9 和 _", named, section));
    }
  }
}

void Loader::read_section(const std::string& section, const toml::table& table) {
  for (const auto& [key, node] : table) read_key(section, std::string(key.str()), node);
}

void Loader::read_key(const std::string& section, const std::string& key, const toml::node& node) {
  const std::string dotted = section + "." + key;
  const SettingRow* row = table_.find(section, key);
  if (row == nullptr) return report_unknown(place(node), dotted);
  auto value = value_of(*row, node);
  if (!value) return report_value(place(node), dotted, type_problem(row->type));
  if (auto checked = check_setting(*row, *value); !checked) {
    return report_value(place(node), dotted, checked.error());
  }
  values_.set(section, key, std::move(*value));
}

void Loader::take_text(const std::string& where, const std::string& section, const std::string& key,
                       std::string_view text) {
  const std::string dotted = section + "." + key;
  const SettingRow* row = table_.find(section, key);
  if (row == nullptr) return report_unknown(where, dotted);
  auto value = parse_setting(*row, text);
  if (!value) return report_value(where, dotted, value.error());
  if (auto checked = check_setting(*row, *value); !checked) {
    return report_value(where, dotted, checked.error());
  }
  values_.set(section, key, std::move(*value));
}

bool Loader::take_variable(const std::string& variable, std::string_view rest,
                           std::string_view text) {
  const SettingRow* best = nullptr;
  std::string best_section;
  for (const SettingRow& row : table_.rows) {
    const std::string tail = "_" + row.key;
    if (!rest.ends_with(tail)) continue;
    std::string section(rest.substr(0, rest.size() - tail.size()));
    const std::string stem = row.section.substr(0, row.section.find('.'));
    if (row.section.ends_with(".*") && section.starts_with(stem + "_")) section[stem.size()] = '.';
    const bool fits = section == row.section || name_in(row.section, section);
    // `app_id` and `id` may both be keys: the longer one is meant.
    if (!fits || (best != nullptr && best->key.size() >= row.key.size())) continue;
    best = &row;
    best_section = section;
  }
  if (best == nullptr) return false;
  take_text(variable, best_section, best->key, text);
  return true;
}

bool Loader::is_meant_for_us(const std::string& variable) const {
  return std::any_of(table_.rows.begin(), table_.rows.end(), [&](const SettingRow& row) {
    const std::string stem = row.section.substr(0, row.section.find('.'));
    if (variable.starts_with(table_.environment_prefix + variable_of(stem) + "_")) return true;
    const std::string whole = table_.environment_prefix + variable_of(row.section + "_" + row.key);
    const bool is_near = whole.size() <= variable.size() + typing_error_max &&
                         variable.size() <= whole.size() + typing_error_max;
    return is_near && edit_distance(whole, variable) <= typing_error_max;
  });
}

void Loader::read_environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  for (const auto& [variable, text] : variables) {
    if (!variable.starts_with(table_.environment_prefix)) continue;
    const std::string rest = base::lower(variable.substr(table_.environment_prefix.size()));
    if (take_variable(variable, rest, text) || !is_meant_for_us(variable)) continue;
    std::string dotted = rest;
    const std::size_t line = dotted.find('_');
    if (line != std::string::npos) dotted[line] = '.';
    report_unknown(variable, dotted);
  }
}

void Loader::read_flags(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    const std::size_t equals = flag.find('=');
    const std::string dotted = flag.substr(0, equals);
    const std::size_t dot = dotted.rfind('.');
    const std::string where = "--set " + dotted;
    if (equals == std::string::npos || dot == std::string::npos) {
      report(where, "must be written section.key=value", "写法应为 section.key=value");
      continue;
    }
    take_text(where, dotted.substr(0, dot), dotted.substr(dot + 1), flag.substr(equals + 1));
  }
}

std::vector<std::string> Loader::sections_of(const SettingRow& row) const {
  if (!row.section.ends_with(".*")) return {row.section};
  const std::string group = row.section.substr(0, row.section.size() - 2);
  auto sections = values_.names(group);
  for (std::string& section : sections) section.insert(0, group + ".");
  return sections;
}

void Loader::check_presence(const SettingRow& row, const std::string& section) {
  const auto& kind = row.kinds.empty() ? std::string{} : values_.text(section, "kind");
  const bool belongs = row.kinds.empty() || std::ranges::count(row.kinds, kind) > 0;
  const std::string where = "[" + section + "]";
  if (!belongs && !kind.empty() && values_.is_given(section, row.key))
    report(where, row.key + " is no setting of the kind " + kind,
           "类型 " + kind + " 没有设置项 " + row.key);
  if (!belongs || !row.is_required || row.type != SettingType::text) return;
  if (values_.text(section, row.key).empty())
    report(where, row.key + " is missing", "缺少 " + row.key);
}

base::Result<SettingsValues, std::vector<SettingsProblem>> Loader::finish() {
  values_.fill_defaults();
  for (const SettingRow& row : table_.rows)
    for (const std::string& section : sections_of(row)) check_presence(row, section);
  if (!problems_.empty()) return base::refuse(std::move(problems_));
  return std::move(values_);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

base::Result<SettingsValues, std::vector<SettingsProblem>> load_settings(
    const SettingsTable& table, const SettingsSources& sources) {
  Loader loader(table);
  loader.read_file(sources.file_name, sources.file_text);
  loader.read_environment(sources.environment);
  loader.read_flags(sources.flags);
  return loader.finish();
}

}  // namespace daozhang::settings
