#include "api/storefront/waiting_browsers.h"

#include <utility>

namespace daozhang::api {

bool WaitingBrowsers::join(const std::string& question, net::Responder responder) {
  const std::lock_guard lock(mutex_);
  auto& browsers = waiting_[question];
  browsers.push_back(std::move(responder));
  return browsers.size() == 1;
}

void WaitingBrowsers::answer(const std::string& question, const net::Response& response) {
  std::vector<net::Responder> browsers;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(question);
    if (found == waiting_.end()) return;
    browsers = std::move(found->second);
    waiting_.erase(found);
  }
  for (auto& browser : browsers) browser.send(net::Response(response));
}

}  // namespace daozhang::api
