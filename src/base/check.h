// Invariants that stop the process. A broken invariant is a bug of ours, never of the input: bad
// input is a refusal. CHECK stays in release builds (GUIDE: assert at every border).
#pragma once

namespace daozhang::base {

// Prints file, line and condition to stderr and aborts. Any thread.
[[noreturn]] void check_failed(const char* file, int line, const char* condition);

// Marks a place that no execution can reach, as after a switch over every enumerator.
[[noreturn]] void unreachable(const char* file, int line);

}  // namespace daozhang::base

#define CHECK(condition)                               \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::daozhang::base::check_failed(__FILE__, __LINE__, #condition))
#define UNREACHABLE() ::daozhang::base::unreachable(__FILE__, __LINE__)
