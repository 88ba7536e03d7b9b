#include "inbox_keeper.h"

#include <chrono>

namespace daozhang::app {
namespace {

constexpr std::int64_t batch_size = 200;  // A few milliseconds of the lane.
constexpr base::Duration between_batches = base::seconds(1);
constexpr base::Duration between_rounds = base::hours(1);

}  // namespace

InboxKeeper::InboxKeeper(InboxKeeperParts parts) : parts_(parts), thread_([this] { run(); }) {}

InboxKeeper::~InboxKeeper() {
  {
    const std::lock_guard guard(lock_);
    is_ending_ = true;
  }
  ending_.notify_all();
  thread_.join();
}

bool InboxKeeper::wait(base::Duration pause) {
  std::unique_lock guard(lock_);
  return !ending_.wait_for(guard, std::chrono::microseconds(pause.micros),
                           [this] { return is_ending_; });
}

void InboxKeeper::run() {
  bool may_have_more = false;
  do may_have_more = forget_some();
  while (wait(may_have_more ? between_batches : between_rounds));
}

// While time is doubtful nothing is old.
bool InboxKeeper::forget_some() {
  if (parts_.clock.trust() != domain::TimeTrust::trusted) return false;
  const auto forgotten = parts_.upkeep.forget_refused(parts_.clock.now() - parts_.kept, batch_size);
  if (!forgotten) {
    parts_.log.warn("inbox_not_cleaned", {{"why", base::name_of(forgotten.error())},
                                          {"next", "it is tried again in an hour"}});
    return false;
  }
  if (*forgotten > 0)
    parts_.log.info("inbox_cleaned", {{"messages", *forgotten},
                                      {"kept_days", parts_.kept.micros / base::hours(24).micros}});
  return *forgotten == batch_size;
}

}  // namespace daozhang::app
