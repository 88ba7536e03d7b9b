// A claim makes something unique in the whole shop (SETTLED 6): the row lives in the partition of
// its own hash and stays for ever, also after the order is archived.
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class ClaimKind {
  idempotency_key,  // name: shop and key; owner: the order that the first submit made.
  trade_no,  // name: channel and the channel's trade number; owner: the order whose payment it is.
  // name: shop, contact and a number from 1 on; owner: an order of it of which a payment was
  // charged back. Whether that still counts is the order's word.
  flagged_contact,
};
constexpr auto names_of(std::type_identity<ClaimKind>) {
  return base::words("idempotency_key", "trade_no", "flagged_contact");
}

struct ClaimKey {
  Partition partition;
  ClaimKind kind = ClaimKind::idempotency_key;
  // Of an idempotency key and a contact the SHA-256, hex: the one opens the order, the other is a
  // person's. A trade number as it
  // is: channels number in the order of time, and neighbors in time share a page.
  std::string name;
  friend auto operator<=>(const ClaimKey&, const ClaimKey&) = default;
};

struct Claim {
  Partition partition;
  ClaimKind kind = ClaimKind::idempotency_key;
  std::string name;
  Partition order_partition;
  OrderId order_id;
  base::Instant claimed_at;

  [[nodiscard]] ClaimKey key() const { return {partition, kind, name}; }
  [[nodiscard]] OrderKey owner() const { return {order_partition, order_id}; }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("kind", self.kind);
    visit("name", self.name);
    visit("order_partition", self.order_partition);
    visit("order_id", self.order_id);
    visit("claimed_at", self.claimed_at);
  }
  friend bool operator==(const Claim&, const Claim&) = default;
};

}  // namespace daozhang::domain
