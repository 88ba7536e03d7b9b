#include "lane/clock.h"

#include <algorithm>

namespace daozhang::lane {
namespace {

// Beyond this somebody has to explain it.
constexpr base::Duration offset_max = base::seconds(60);

bool is_large(base::Duration offset) {
  return offset > offset_max || base::Duration{-offset.micros} > offset_max;
}

}  // namespace

Clock::Clock(base::Instant high_water, std::optional<ports::TimeAnchor> anchor,
             const MachineTime& machine)
    : machine_(machine),
      boot_(machine.boot()),
      origin_(0),
      explained_(0),
      outside_by_wall_(false),
      downtime_unconfirmed_(false) {
  const base::Instant wall = machine.wall();
  base::Instant start = std::max(wall, high_water);
  const base::Duration uptime = machine.uptime();
  if (anchor && boot_ != 0 && anchor->boot == boot_ && uptime >= anchor->uptime) {
    start = std::max(anchor->time + (uptime - anchor->uptime), high_water);
    explained_ = anchor->explained.micros;
    outside_by_wall_ = anchor->outside_by_wall;
    downtime_unconfirmed_ = anchor->downtime_unconfirmed;
  } else if (high_water.is_set()) {
    // What was committed in doubt has raised the mark to a time that nobody vouches for either.
    const bool was_unconfirmed = anchor && anchor->downtime_unconfirmed;
    downtime_unconfirmed_ = was_unconfirmed || is_large(wall - high_water);
  }
  origin_ = (start - machine.monotonic()).micros;
}

base::Instant Clock::now() const { return base::Instant{origin_.load()} + machine_.monotonic(); }

base::Duration Clock::wall_offset() const {
  return base::Duration{(machine_.wall() - now()).micros - explained_.load()};
}

bool Clock::wall_is_away() const { return is_large(wall_offset()); }

domain::TimeTrust Clock::trust() const {
  return doubts().empty() ? domain::TimeTrust::trusted : domain::TimeTrust::doubtful;
}

std::vector<std::string_view> Clock::doubts() const {
  std::vector<std::string_view> doubts;
  if (wall_is_away()) doubts.emplace_back("wall_clock_moved");
  if (downtime_unconfirmed_ && machine_.is_synchronized()) downtime_unconfirmed_ = false;
  if (downtime_unconfirmed_) doubts.emplace_back("downtime_unconfirmed");
  return doubts;
}

base::Instant Clock::outside(base::Instant ours) const {
  return outside_by_wall_ ? ours + (machine_.wall() - now()) : ours;
}

ports::TimeAnchor Clock::anchor() const {
  ports::TimeAnchor anchor;
  anchor.boot = boot_;
  anchor.uptime = machine_.uptime();
  anchor.time = now();
  anchor.explained.micros = explained_;
  anchor.outside_by_wall = outside_by_wall_;
  anchor.downtime_unconfirmed = downtime_unconfirmed_;
  return anchor;
}

void Clock::explain(TimeExplanation explanation) {
  const base::Duration offset = machine_.wall() - now();
  const bool adopts = explanation == TimeExplanation::adopt;
  const bool jumps = adopts && offset.micros > 0;
  if (jumps) origin_ += offset.micros;
  outside_by_wall_ = adopts && !jumps;
  explained_ = jumps ? 0 : offset.micros;
  downtime_unconfirmed_ = false;
}

}  // namespace daozhang::lane
