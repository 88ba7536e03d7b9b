// Browsers that wait for the outcome of one question: a page that is loaded twice at once asks
// once, because what it brought works once. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "net/responder.h"

namespace daozhang::api {

class WaitingBrowsers {
 public:
  // Whether it is the first; then whoever asked must `answer` the question exactly once.
  bool join(const std::string& question, net::Responder responder);
  void answer(const std::string& question, const net::Response& response);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<net::Responder>> waiting_;
};

}  // namespace daozhang::api
