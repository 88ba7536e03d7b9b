// The values of one start, merged from the defaults, the file, the environment and the flags.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "settings/settings_table.h"

namespace daozhang::settings {

using SettingValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

// Asking for a section and key that the table has not, or for another type, is a bug and stops the
// process. Immutable after loading; any thread.
class SettingsValues {
 public:
  explicit SettingsValues(SettingsTable table) : table_(std::move(table)) {}

  // `section` is `server` or `channel.alipay`.
  [[nodiscard]] const std::string& text(std::string_view section, std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view section, std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view section, std::string_view key) const;
  [[nodiscard]] const std::vector<std::string>& list(std::string_view section,
                                                     std::string_view key) const;
  // The names under `channel.*` for "channel", sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view group) const;
  // True if somebody wrote it; false for a default.
  [[nodiscard]] bool is_given(std::string_view section, std::string_view key) const;

  // For the loader.
  void set(const std::string& section, const std::string& key, SettingValue value);
  void add_section(const std::string& section) { sections_[section]; }
  void fill_defaults();
  [[nodiscard]] const SettingsTable& table() const { return table_; }

 private:
  struct Held {
    SettingValue value;
    bool is_given = true;
  };
  [[nodiscard]] const Held& held(std::string_view section, std::string_view key) const;

  SettingsTable table_;
  std::map<std::string, std::map<std::string, Held, std::less<>>, std::less<>> sections_;
};

// What is wrong and where, for the operator, in both languages.
struct SettingsProblem {
  std::string where;  // `shop.toml:12`, `DAOZHANG_SERVER_LISTEN`, `--set server.listen`
  std::string en;
  std::string zh;
};
std::string to_string(const SettingsProblem& problem);  // Two lines.

struct SettingsSources {
  std::string file_name;  // For messages; empty if there is no file.
  std::string file_text;
  // Name and value of environment variables; those without the table's prefix are passed over.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> flags;  // `section.key=value` of each --set.
};
// The process's environment as `environment` above.
std::vector<std::pair<std::string, std::string>> process_environment();

// Later sources win: defaults, file, environment (`DAOZHANG_SERVER_LISTEN`,
// `DAOZHANG_CHANNEL_ALIPAY_APP_ID`), flags. Refuses with every problem found: bad TOML, an unknown
// section or key (with its line and the nearest name), a wrong type, a value outside the choices
// or the range, a required value that is missing.
base::Result<SettingsValues, std::vector<SettingsProblem>> load_settings(
    const SettingsTable& table, const SettingsSources& sources);

// A string for text, a number, `true` or `false`, commas for a list. Refuses with the reason.
base::Result<SettingValue, SettingsProblem> parse_setting(const SettingRow& row,
                                                          std::string_view text);
// Choices and range of the row.
base::Result<void, SettingsProblem> check_setting(const SettingRow& row, const SettingValue& value);

}  // namespace daozhang::settings
