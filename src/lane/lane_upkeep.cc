#include "lane/lane_upkeep.h"

#include <future>

namespace daozhang::lane {
namespace {

template <class Result, class Work>
Result on_lane(Lane& lane, Work work) {
  std::promise<Result> done;
  lane.run_between_turns([&done, &work] { done.set_value(work()); });
  return done.get_future().get();
}

}  // namespace

base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal> LaneUpkeep::book_fees(
    const ports::DayFees& fees) {
  using Booked = base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal>;
  return on_lane<Booked>(lane_, [&] { return fees_.book_fees(fees); });
}

base::Result<std::int64_t, ports::CommitRefusal> LaneUpkeep::forget_refused(base::Instant before,
                                                                            std::int64_t limit) {
  using Forgotten = base::Result<std::int64_t, ports::CommitRefusal>;
  return on_lane<Forgotten>(lane_, [&] { return inbox_.forget_refused(before, limit); });
}

}  // namespace daozhang::lane
