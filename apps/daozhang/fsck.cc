#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "audit/audit.h"
#include "load.h"
#include "storage/sqlite/sqlite_audit.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

int check(const std::string& path) {
  auto source = storage::sqlite::SqliteAudit::open(path);
  if (!source) {
    tell(source.error().words);
    return source.error().refusal == storage::sqlite::OpenRefusal::damaged ? exit_status::failed
                                                                           : exit_status::usage;
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
    return exit_status::ok;
  }
  fmt::print("broken:");
  for (const auto& name : report.violated_rules()) fmt::print(" {}", name);
  fmt::print("\n");
  return exit_status::failed;
}

// What a damaged file does to its reader ends a process; here that is an answer and not a crash.
int check_in_a_child(const std::string& path) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) {
    tell("no process could be started for the check");
    return exit_status::usage;
  }
  if (child == 0) {
    const int status = check(path);
    std::fflush(nullptr);
    ::_exit(status);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  if (WTERMSIG(status) != SIGABRT) {
    tell(fmt::format("the check was ended by signal {}", WTERMSIG(status)));
    return exit_status::usage;
  }
  fmt::print("broken: unreadable\n");
  tell(fmt::format("{} can not be read to its end (see above). Restore a backup, then run fsck.",
                   path));
  return exit_status::failed;
}

}  // namespace

int fsck(const CommonOptions& options) {
  const auto settings = load_settings_or_tell(options);
  return settings ? check_in_a_child(settings->store_path) : exit_status::usage;
}

}  // namespace daozhang::app
