#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "load.h"
#include "running_shop.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

// A connection is a file; live pages keep theirs. The soft limit is often 1024.
void allow_connections(std::size_t count) {
  rlimit limit{};
  const rlim_t wanted = count + 512;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Every batch takes and gives back about a megabyte. Given back to the system each time, it would
// have to be mapped and cleared anew for the next.
void keep_memory_between_batches() {
  mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
  mallopt(M_TOP_PAD, 1024 * 1024);
  mallopt(M_MMAP_THRESHOLD, 16 * 1024 * 1024);
}

}  // namespace

int serve(const CommonOptions& options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return 2;
  keep_memory_between_batches();
  // Blocked before any thread starts, so that all threads inherit it and this one waits for it.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  allow_connections(settings->server.max_connections);
  const auto shop = RunningShop::start(*settings);
  if (!shop) return 1;
  int received = 0;
  sigwait(&stops, &received);
  shop->log().info("stopping", {{"signal", received}});
  shop->stop();
  return 0;
}

}  // namespace daozhang::app
