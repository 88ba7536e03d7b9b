// Every message of a payment channel as it came, with what was made of it: notifications, and the
// channel's answers to our questions that proved themselves. A repeat raises `seen_count` and
// nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/payment/payment.h"

namespace daozhang::domain {

inline constexpr std::size_t inbox_body_max = 8192;  // More is cut.

enum class InboxVerdict {
  applied,   // A payment fact of ours.
  repeated,  // The fact was known.
  asked,     // Plausible but not enough: the channel was asked.
  ignored,   // True and of no consequence (not paid, about a refund).
  refused,   // Not from the channel, or not for us; `reason` names why.
};
constexpr auto names_of(std::type_identity<InboxVerdict>) {
  return base::words("applied", "repeated", "asked", "ignored", "refused");
}

// Whether a refused message tells of money that the channel took for an order which the shop has
// lost: nobody forged it, and somebody has to give that money back.
constexpr bool tells_of_lost_order(std::string_view reason) {
  return reason == "order_lost" || reason == "payment_unknown";
}

struct InboxEntry {
  Partition partition;
  std::string digest;  // SHA-256 of channel, source, of an answer the order that it is about, and
                       // what it says, hex: the same message again meets its row.
  std::string channel;
  FactSource source = FactSource::notification;
  InboxVerdict verdict = InboxVerdict::refused;
  std::string reason;
  Partition order_partition;  // Zero with order_id when it names no order of ours.
  OrderId order_id;
  std::string body;  // ports::text_of a notification, an answer as it came; cut at 8 KiB.
  std::int64_t seen_count = 1;
  base::Instant first_seen_at;
  base::Instant last_seen_at;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("digest", self.digest);
    visit("channel", self.channel);
    visit("source", self.source);
    visit("verdict", self.verdict);
    visit("reason", self.reason);
    visit("order_partition", self.order_partition);
    visit("order_id", self.order_id);
    visit("body", self.body);
    visit("seen_count", self.seen_count);
    visit("first_seen_at", self.first_seen_at);
    visit("last_seen_at", self.last_seen_at);
  }
  friend bool operator==(const InboxEntry&, const InboxEntry&) = default;

  // What makes it one message: a repeat that came when its order was known is another.
  using Key = std::tuple<Partition, std::string, OrderId>;
  [[nodiscard]] Key key() const { return {partition, digest, order_id}; }
};

}  // namespace daozhang::domain
