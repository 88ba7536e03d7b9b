// What one commit did to one order: which version, who caused it, what happened in words, and every
// field it changed, as canonical JSON. Replaying all events of an order from nothing gives its rows
// (FAULTS S26).
#pragma once

#include <cstdint>
#include <string>

#include "base/instant.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

struct Event {
  Partition partition;
  OrderId order_id;
  std::int64_t version = 0;
  base::Instant at;
  std::string body;  // Canonical JSON, see change.h.
  std::string salt;  // 16 random bytes; erasing it makes the leaf mute.
  std::string leaf;  // SHA-256(0x00 || salt || body), the hash that the log's tree will hold.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("version", self.version);
    visit("at", self.at);
    visit("body", self.body);
    visit("salt", self.salt);
    visit("leaf", self.leaf);
  }
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace daozhang::domain
