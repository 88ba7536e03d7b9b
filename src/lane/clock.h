// The time that decisions use (SETTLED 11). It begins where the store left it, goes on with the
// time that really passed, and never runs backwards. The wall clock is only a witness: when it is
// more than a minute away, or nobody can say how long the shop was down, time is doubtful and
// nothing ends by it until the witness comes back or somebody explains the difference.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "domain/policy/policy.h"
#include "lane/machine_time.h"
#include "ports/time_anchor.h"

namespace daozhang::lane {

// What somebody says of a difference between the wall clock and the shop's time.
enum class TimeExplanation {
  keep,   // The shop's time is right; the wall clock may stay as far away as it is now.
  adopt,  // The wall clock is right. A shop that is behind jumps ahead to it, and what is overdue
          // then is given back; one that is ahead can not go back, but signs by the wall clock.
};
constexpr auto names_of(std::type_identity<TimeExplanation>) {
  return base::words("keep", "adopt");
}

// Any thread, except where it says so. The machine outlives it.
class Clock {
 public:
  // `high_water`: the latest time in the store; `anchor`: what the store kept, if anything.
  explicit Clock(base::Instant high_water, std::optional<ports::TimeAnchor> anchor = std::nullopt,
                 const MachineTime& machine = machine_time());

  [[nodiscard]] base::Instant now() const;

  [[nodiscard]] domain::TimeTrust trust() const;
  // Why time is doubtful, as /readyz names it: wall_clock_moved, downtime_unconfirmed. Empty if it
  // is trusted.
  [[nodiscard]] std::vector<std::string_view> doubts() const;
  // Wall clock minus the shop's time, less what was explained.
  [[nodiscard]] base::Duration wall_offset() const;

  // Time as it is told to others, in signatures and expiries: ours, or the wall clock's if somebody
  // said that ours is ahead of it.
  [[nodiscard]] base::Instant outside(base::Instant ours) const;
  [[nodiscard]] base::Instant outside_now() const { return outside(now()); }

  // What the store has to keep: after the start, and after each explanation.
  [[nodiscard]] ports::TimeAnchor anchor() const;
  // One thread at a time.
  void explain(TimeExplanation explanation);

 private:
  [[nodiscard]] bool wall_is_away() const;

  const MachineTime& machine_;
  std::int64_t boot_;
  std::atomic<std::int64_t> origin_;  // The shop's time when the monotonic clock was zero, in µs.
  std::atomic<std::int64_t> explained_;  // In µs.
  std::atomic<bool> outside_by_wall_;
  mutable std::atomic<bool> downtime_unconfirmed_;  // Until the kernel vouches for the wall clock.
};

}  // namespace daozhang::lane
