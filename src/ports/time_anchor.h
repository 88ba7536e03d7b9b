// Where the shop's time stood at one moment of one boot of the machine. Kept in the store, so that
// a restart goes on with the time that really passed, whatever the wall clock says by then (SETTLED
// 11).
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "base/result.h"

namespace daozhang::ports {

struct TimeAnchor {
  std::int64_t boot = 0;  // Tells one boot of the machine from another; 0 is not known.
  base::Duration uptime;  // Of the machine, when the shop's time was `time`.
  base::Instant time;
  base::Duration explained;      // Wall clock minus the shop's time, as somebody has explained it.
  bool outside_by_wall = false;  // What we tell others goes by the wall clock, not by `time`.
  bool downtime_unconfirmed = false;  // Nobody vouches for `time`: it was read after a reboot.
  friend bool operator==(const TimeAnchor&, const TimeAnchor&) = default;
};

enum class AnchorRefusal { unavailable };

// One thread: the lane's.
class TimeStore {
 public:
  virtual ~TimeStore() = default;
  // Nothing in a store that never kept one.
  virtual std::optional<TimeAnchor> time_anchor() = 0;
  // Durable when it returns. Refuses: unavailable (disk full), the old one stays.
  virtual base::Result<void, AnchorRefusal> keep_time_anchor(const TimeAnchor& anchor) = 0;
};

}  // namespace daozhang::ports
