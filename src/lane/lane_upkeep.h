// What is written beside the orders, done by the one writer of a running shop: on the lane's
// thread, between two of its turns. Whoever asks waits for it.
//
// Threads: any but the lane's. The lane must run while a call waits, and outlive it.
#pragma once

#include "lane/lane.h"
#include "ports/channel_fees.h"
#include "ports/inbox_upkeep.h"

namespace daozhang::lane {

class LaneUpkeep final : public ports::ChannelFees, public ports::InboxUpkeep {
 public:
  // Both are the store's own faces, which belong to the lane's thread.
  LaneUpkeep(Lane& lane, ports::ChannelFees& fees, ports::InboxUpkeep& inbox)
      : lane_(lane), fees_(fees), inbox_(inbox) {}

  base::Result<std::vector<domain::FeePosting>, ports::CommitRefusal> book_fees(
      const ports::DayFees& fees) override;
  base::Result<std::int64_t, ports::CommitRefusal> forget_refused(base::Instant before,
                                                                  std::int64_t limit) override;

 private:
  Lane& lane_;
  ports::ChannelFees& fees_;
  ports::InboxUpkeep& inbox_;
};

}  // namespace daozhang::lane
