#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace daozhang::base {

void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

void unreachable(const char* file, int line) { check_failed(file, line, "unreachable"); }

}  // namespace daozhang::base
