#include <csignal>

#include "load.h"
#include "running_shop.h"
#include "verbs.h"

namespace daozhang::app {

int serve(const CommonOptions& options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return 2;
  // Blocked before any thread starts, so that all threads inherit it and this one waits for it.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const auto shop = RunningShop::start(*settings);
  if (!shop) return 1;
  int received = 0;
  sigwait(&stops, &received);
  shop->log().info("stopping", {{"signal", received}});
  shop->stop();
  return 0;
}

}  // namespace daozhang::app
