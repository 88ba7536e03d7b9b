#include <cstdlib>

#include <fmt/format.h>

#include "audit/audit.h"
#include "load.h"
#include "storage/sqlite/sqlite_audit.h"
#include "verbs.h"

namespace daozhang::app {

int fsck(const CommonOptions& options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return 2;
  storage::sqlite::FileSystem files;
  files.fatal = [](const std::string& reason) {
    tell(reason);
    std::_Exit(1);
  };
  auto source = storage::sqlite::SqliteAudit::open(settings->store_path, files);
  if (!source) {
    tell(source.error().words);
    return 1;
  }
  const auto report = audit::audit(**source);
  for (const auto& rule : report.rules) {
    fmt::print("{:<10} {:>10} checked  {:>5} broken  {}\n", rule.name, rule.checked,
               rule.violation_count, rule.meaning);
    for (const auto& violation : rule.violations)
      fmt::print("    {}: {}\n", violation.subject, violation.sentence);
  }
  if (report.is_clean()) {
    fmt::print("clean\n");
    return 0;
  }
  fmt::print("broken:");
  for (const auto& name : report.violated_rules()) fmt::print(" {}", name);
  fmt::print("\n");
  return 1;
}

}  // namespace daozhang::app
