// The time that decisions use (SETTLED 11): the wall clock's reading at start, never before what
// the store has seen, moved on by monotonic time. A wall clock that is set while the server runs
// changes nothing but an alarm.
#pragma once

#include <chrono>

#include "base/instant.h"

namespace daozhang::lane {

// Any thread.
class Clock {
 public:
  // `high_water`: the latest time in the store.
  explicit Clock(base::Instant high_water);

  [[nodiscard]] base::Instant now() const;
  // How far the wall clock has moved away from ours; beyond a minute somebody has to explain it.
  [[nodiscard]] base::Duration wall_offset() const;

 private:
  base::Instant origin_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace daozhang::lane
