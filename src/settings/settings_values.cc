#include "settings/settings_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"

namespace daozhang::settings {
namespace {

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const std::size_t begin = item.find_first_not_of(' ');
    if (begin == std::string_view::npos) continue;
    items.emplace_back(item.substr(begin, item.find_last_not_of(' ') - begin + 1));
  }
  return items;
}

tl::unexpected<SettingsProblem> problem(std::string en, std::string zh) {
  return base::refuse(SettingsProblem{{}, std::move(en), std::move(zh)});
}

}  // namespace

const SettingsValues::Held& SettingsValues::held(std::string_view section,
                                                 std::string_view key) const {
  const auto found = sections_.find(section);
  CHECK(found != sections_.end());
  const auto value = found->second.find(key);
  CHECK(value != found->second.end());
  return value->second;
}

const std::string& SettingsValues::text(std::string_view section, std::string_view key) const {
  const auto* value = std::get_if<std::string>(&held(section, key).value);
  CHECK(value != nullptr);
  return *value;
}

std::int64_t SettingsValues::integer(std::string_view section, std::string_view key) const {
  const auto* value = std::get_if<std::int64_t>(&held(section, key).value);
  CHECK(value != nullptr);
  return *value;
}

bool SettingsValues::boolean(std::string_view section, std::string_view key) const {
  const auto* value = std::get_if<bool>(&held(section, key).value);
  CHECK(value != nullptr);
  return *value;
}

const std::vector<std::string>& SettingsValues::list(std::string_view section,
                                                     std::string_view key) const {
  const auto* value = std::get_if<std::vector<std::string>>(&held(section, key).value);
  CHECK(value != nullptr);
  return *value;
}

std::vector<std::string> SettingsValues::names(std::string_view group) const {
  const std::string pattern = std::string(group) + ".*";
  std::vector<std::string> out;
  for (const auto& [section, values] : sections_) {
    if (const auto name = name_in(pattern, section)) out.emplace_back(*name);
  }
  return out;
}

bool SettingsValues::is_given(std::string_view section, std::string_view key) const {
  return held(section, key).is_given;
}

void SettingsValues::set(const std::string& section, const std::string& key, SettingValue value) {
  CHECK(table_.find(section, key) != nullptr);
  sections_[section][key] = Held{std::move(value), true};
}

void SettingsValues::fill_defaults() {
  for (const SettingRow& row : table_.rows) {
    if (!row.section.ends_with(".*")) sections_[row.section];
    for (auto& [section, values] : sections_) {
      if (row.section != section && !name_in(row.section, section)) continue;
      if (values.contains(row.key)) continue;
      auto value = parse_setting(row, row.fallback);
      CHECK(value.has_value());
      values[row.key] = Held{std::move(*value), false};
    }
  }
}

base::Result<SettingValue, SettingsProblem> parse_setting(const SettingRow& row,
                                                          std::string_view text) {
  switch (row.type) {
    case SettingType::text:
      return SettingValue(std::string(text));
    case SettingType::text_list:
      return SettingValue(split_list(text));
    case SettingType::boolean:
      if (text == "true" || text == "false") return SettingValue(text == "true");
      return problem("must be true or false", "只能是 true 或 false");
    case SettingType::integer: {
      std::int64_t number = 0;
      const char* const end = text.data() + text.size();
      const auto parsed = std::from_chars(text.data(), end, number);
      if (parsed.ec == std::errc() && parsed.ptr == end) return SettingValue(number);
      return problem("must be a whole number", "必须是整数");
    }
  }
  UNREACHABLE();
}

base::Result<void, SettingsProblem> check_setting(const SettingRow& row,
                                                  const SettingValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number >= row.least && *number <= row.most) return {};
    return problem(fmt::format("must be between {} and {}", row.least, row.most),
                   fmt::format("必须在 {} 到 {} 之间", row.least, row.most));
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || row.choices.empty()) return {};
  if (std::find(row.choices.begin(), row.choices.end(), *text) != row.choices.end()) return {};
  if (text->empty() && row.is_required) return {};  // Reported as missing.
  const std::string all = fmt::format("{}", fmt::join(row.choices, ", "));
  return problem("must be one of " + all, "只能是 " + all + " 之一");
}

std::string to_string(const SettingsProblem& problem) {
  return problem.where + ": " + problem.en + "\n" + problem.where + "：" + problem.zh;
}

}  // namespace daozhang::settings
