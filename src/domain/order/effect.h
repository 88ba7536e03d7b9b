// A call to the outside that a commit has decided. Its row is written with the decision and deleted
// by the commit of its result (SETTLED 8); after a crash every row left is made again, with the
// same reference. A question is one effect until there is news (docs/decisions/0022).
#pragma once

#include <cstdint>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class EffectKind {
  create_payment,
  query_payment,
  close_payment,
  refund,
  query_refund,
  submit_attempt,
  query_attempt,
  cancel_attempt,
};
constexpr auto names_of(std::type_identity<EffectKind>) {
  return base::words("create_payment", "query_payment", "close_payment", "refund", "query_refund",
                     "submit_attempt", "query_attempt", "cancel_attempt");
}

// A question changes nothing outside, so it may be asked again and again until there is news.
constexpr bool is_open_question(EffectKind kind) {
  return kind == EffectKind::query_payment || kind == EffectKind::query_attempt;
}

struct Effect {
  Partition partition;
  OrderId order_id;
  std::int32_t effect_no = 0;  // From 1 within the order.
  EffectKind kind = EffectKind::query_payment;
  std::int32_t subject_no = 0;  // The intent, refund or attempt.
  base::Instant decided_at;

  [[nodiscard]] OrderKey order() const { return {partition, order_id}; }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("effect_no", self.effect_no);
    visit("kind", self.kind);
    visit("subject_no", self.subject_no);
    visit("decided_at", self.decided_at);
  }
  friend bool operator==(const Effect&, const Effect&) = default;
};

}  // namespace daozhang::domain
