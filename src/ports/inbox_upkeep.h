// Lets go of old messages that never counted, so that what strangers send does not stay for ever.
//
// Thread: any; each call is whole.
#pragma once

#include <cstdint>

#include "base/instant.h"
#include "base/result.h"
#include "ports/order_store.h"

namespace daozhang::ports {

class InboxUpkeep {
 public:
  virtual ~InboxUpkeep() = default;

  // Deletes at most `limit` messages with the verdict `refused` that name no order, tell of no lost
  // one (tells_of_lost_order) and were last seen before `before`, the oldest first, and gives how
  // many; fewer than `limit` means that none is left. What counted, was asked about, or was refused
  // and later judged anew for an order, stays for ever. Refuses: unavailable, unknown.
  virtual base::Result<std::int64_t, CommitRefusal> forget_refused(base::Instant before,
                                                                   std::int64_t limit) = 0;
};

}  // namespace daozhang::ports
