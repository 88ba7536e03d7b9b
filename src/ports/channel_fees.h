// Books what a channel keeps, beside the engine: fees belong to no order.
//
// Thread: any; each call is whole. It waits until the posting is durable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "domain/ledger/fee_posting.h"
#include "ports/order_store.h"

namespace daozhang::ports {

// What the fees of a channel's day add up to.
struct DayFees {
  std::string channel;
  std::string day;
  std::int64_t fee_minor = 0;  // Below zero if more came back than was taken.
  domain::Currency currency = domain::Currency::CNY;
  base::Instant now;
};

class ChannelFees {
 public:
  virtual ~ChannelFees() = default;

  // Posts what the day's postings lack of the sum, and nothing if they lack nothing: the same again
  // books nothing, whatever happened in between. Gives the postings of the channel and day as they
  // are then, by number. Refuses: unavailable, unknown (then call again).
  virtual base::Result<std::vector<domain::FeePosting>, CommitRefusal> book_fees(
      const DayFees& fees) = 0;
};

}  // namespace daozhang::ports
