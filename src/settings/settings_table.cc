#include "settings/settings_table.h"

#include <algorithm>
#include <numeric>

namespace daozhang::settings {
namespace {

constexpr std::size_t name_size_max = 32;

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > name_size_max) return false;
  if (text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// What stands between the first and the last dot, for `channel.NAME.key`.
std::string middle_of(std::string_view dotted) {
  const std::size_t first = dotted.find('.');
  const std::size_t last = dotted.rfind('.');
  if (first == std::string_view::npos || first == last) return "NAME";
  return std::string(dotted.substr(first + 1, last - first - 1));
}

std::size_t length_difference(std::string_view a, std::string_view b) {
  return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

std::optional<std::string_view> name_in(std::string_view pattern, std::string_view section) {
  if (!pattern.ends_with(".*")) return std::nullopt;
  const std::string_view stem = pattern.substr(0, pattern.size() - 1);
  if (!section.starts_with(stem)) return std::nullopt;
  const std::string_view name = section.substr(stem.size());
  if (!is_name(name)) return std::nullopt;
  return name;
}

const SettingRow* SettingsTable::find(std::string_view section, std::string_view key) const {
  for (const SettingRow& row : rows) {
    if (row.key == key && (row.section == section || name_in(row.section, section))) return &row;
  }
  return nullptr;
}

bool SettingsTable::has_section(std::string_view section) const {
  return std::any_of(rows.begin(), rows.end(), [section](const SettingRow& row) {
    return row.section == section || name_in(row.section, section);
  });
}

std::string SettingsTable::nearest(std::string_view dotted) const {
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const SettingRow& row : rows) {
    std::string section = row.section;
    if (section.ends_with(".*")) section.replace(section.size() - 1, 1, middle_of(dotted));
    const std::string candidate = section + "." + row.key;
    // Each missing character is an edit, so a name of another length needs no comparing.
    if (length_difference(candidate, dotted) >= least) continue;
    const std::size_t distance = edit_distance(candidate, dotted);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace daozhang::settings
