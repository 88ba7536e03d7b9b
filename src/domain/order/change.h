// The canonical body of an event: every field that a commit changed. It is computed from the order
// before and after, so no change can escape it, and `replay` puts it back, so rows can be rebuilt
// from events alone (FAULTS S26).
//
//   {"v":1,"actor":"channel:alipay","what":["payment_applied","unit_delivered"],
//    "order":{"state":"delivered",…},"units":{"1":{"state":"delivered",…}},"payments":{"1":{…}}}
//
// Fields that a record calls private (Intent::is_private) stand in no event.
// `"reason":"…"` follows `what` where a person acted. Fields equal to a new record's are left out;
// `version` is the event's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "domain/order/event.h"
#include "domain/order/order.h"

namespace daozhang::domain {

struct Cause {
  std::string actor;              // Who: buyer, channel:NAME, supplier:NAME, timer, staff:NAME.
  std::vector<std::string> what;  // What happened, in the words of happening.h.
  std::string reason;             // Why, in the words of whoever did it; for acts of people.
};

// `before` is nullptr for a new order.
std::string change_body(const Order* before, const Order& after, const Cause& cause);

// SHA-256(0x00 || salt || body) in hex, as RFC 6962 separates leaves.
std::string leaf_hash(std::string_view salt, std::string_view body);

// Applies one event to what the earlier ones left. False if the body is not one of ours. Events
// from before a field became private may tell it.
[[nodiscard]] bool replay(Order& order, const Event& event);

// Whether the rows are what replaying all their events gave, but for what is private.
bool is_told_by_events(const Order& rows, const Order& replayed);

}  // namespace daozhang::domain
