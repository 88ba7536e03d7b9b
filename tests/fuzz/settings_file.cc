// The settings file. A comment `#env NAME=VALUE` is a variable of the environment and
// `#set SECTION.KEY=VALUE` a flag. What is taken is within the table's bounds, and every refusal
// says where and why in both languages.
#include "settings/settings_values.h"

#include <algorithm>

#include "settings/shop_settings.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

// Each may be compared with every setting's name, which is slow.
constexpr std::size_t override_count_max = 8;

settings::SettingsSources sources_of(std::string_view bytes) {
  settings::SettingsSources sources;
  sources.file_name = "shop.toml";
  sources.file_text = bytes;
  for (Input input(bytes); !input.rest().empty();) {
    const std::string line(input.line());
    if (line.starts_with("#set ") && sources.flags.size() < override_count_max)
      sources.flags.push_back(line.substr(5));
    if (!line.starts_with("#env ") || sources.environment.size() == override_count_max) continue;
    const std::size_t equals = std::min(line.find('='), line.size());
    sources.environment.emplace_back(line.substr(5, std::max<std::size_t>(equals, 5) - 5),
                                     equals < line.size() ? line.substr(equals + 1) : "");
  }
  return sources;
}

void check_value(const settings::SettingsValues& values, const settings::SettingRow& row,
                 const std::string& section) {
  using settings::SettingType;
  if (row.type == SettingType::integer) {
    const std::int64_t number = values.integer(section, row.key);
    CHECK(number >= row.least && number <= row.most);
  }
  if (row.type != SettingType::text) return;
  const std::string& text = values.text(section, row.key);
  const bool is_missed =
      row.is_required &&
      (row.kinds.empty() || std::ranges::count(row.kinds, values.text(section, "kind")) > 0);
  CHECK(!is_missed || !text.empty());
  CHECK(row.choices.empty() || std::ranges::find(row.choices, text) != row.choices.end());
}

void check_values(const settings::SettingsValues& values) {
  for (const settings::SettingRow& row : settings::shop_settings_table().rows) {
    if (!row.section.ends_with(".*")) {
      check_value(values, row, row.section);
      continue;
    }
    const std::string_view stem(row.section.data(), row.section.size() - 1);
    for (const std::string& name : values.names(stem.substr(0, stem.size() - 1))) {
      check_value(values, row, std::string(stem).append(name));
    }
  }
}

}  // namespace

void settings_file(std::string_view bytes) {
  const settings::SettingsSources sources = sources_of(bytes);
  const auto values = settings::load_settings(settings::shop_settings_table(), sources);
  const auto shop = settings::load_shop_settings(sources);
  if (values) {
    check_values(*values);
    CHECK(!shop || shop->policy.payment_window.micros > 0);
    return;
  }
  CHECK(!shop && !values.error().empty());
  for (const settings::SettingsProblem& problem : values.error()) {
    CHECK(!problem.where.empty() && !problem.en.empty() && !problem.zh.empty());
  }
}

}  // namespace daozhang::fuzz
