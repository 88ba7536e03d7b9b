// A payment fact: money that the channel says it took. Never changed after it is written (FAULTS
// S6, S7).
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class FactSource { notification, query };
constexpr auto names_of(std::type_identity<FactSource>) {
  return base::words("notification", "query");
}

struct Payment {
  Partition partition;
  OrderId order_id;
  std::int32_t payment_no = 0;  // From 1 within the order.
  std::int32_t intent_no = 0;
  std::string channel;
  std::string trade_no;  // The channel's number; with the channel it is unique in the whole shop (a
                         // claim row).
  std::int64_t amount_minor = 0;   // What was really paid.
  std::int64_t applied_minor = 0;  // What of it pays for the order; the rest has its refund.
  FactSource source = FactSource::notification;
  base::Instant paid_at;     // By the channel's clock; unset if it did not say.
  base::Instant learned_at;  // By ours.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("payment_no", self.payment_no);
    visit("intent_no", self.intent_no);
    visit("channel", self.channel);
    visit("trade_no", self.trade_no);
    visit("amount_minor", self.amount_minor);
    visit("applied_minor", self.applied_minor);
    visit("source", self.source);
    visit("paid_at", self.paid_at);
    visit("learned_at", self.learned_at);
  }
  friend bool operator==(const Payment&, const Payment&) = default;
};

}  // namespace daozhang::domain
