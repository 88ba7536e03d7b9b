// Counts tries by client in fixed windows, in bounded memory. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace daozhang::api {

class RateLimit {
 public:
  // At most `count_max` tries of one client in each `window`; 0: no limit.
  RateLimit(std::size_t count_max, base::Duration window)
      : count_max_(count_max), window_(window) {}

  // Counts one try. False if it is one too many.
  bool admit(std::string_view client, base::Instant now) {
    if (count_max_ == 0) return true;
    const std::lock_guard lock(mutex_);
    turn_over(now);
    auto it = counts_.find(client);
    if (it == counts_.end()) it = counts_.emplace(std::string(client), 0).first;
    return ++it->second <= count_max_;
  }

  // Whether a try now would be one too many; counts nothing.
  bool is_over(std::string_view client, base::Instant now) {
    if (count_max_ == 0) return false;
    const std::lock_guard lock(mutex_);
    turn_over(now);
    const auto it = counts_.find(client);
    return it != counts_.end() && it->second >= count_max_;
  }

 private:
  static constexpr std::size_t clients_max = 100'000;

  void turn_over(base::Instant now) {
    if (now - window_began_ < window_ && counts_.size() < clients_max) return;
    counts_.clear();
    window_began_ = now;
  }

  std::size_t count_max_;
  base::Duration window_;
  std::mutex mutex_;
  base::Instant window_began_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

}  // namespace daozhang::api
