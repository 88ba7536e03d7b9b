#include <fmt/format.h>

#include "load.h"
#include "storage/sqlite/sqlite_audit.h"
#include "verbs.h"

namespace daozhang::app {

int fsck(const CommonOptions& options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return 2;
  auto source = storage::sqlite::SqliteAudit::open(settings->store_path);
  if (!source) {
    tell(source.error().words);
    return 1;
  }
  int problems = 0;
  for (const auto& problem : (*source)->integrity_problems()) {
    fmt::print("integrity: {}\n", problem);
    ++problems;
  }
  return problems == 0 ? 0 : 1;
}

}  // namespace daozhang::app
