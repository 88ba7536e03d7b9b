// The order aggregate: what was sold (frozen), and the units, intents, payments, attempts and
// refunds that came of it, and what was taken back. Loaded and committed as a whole under one
// version (FAULTS D8).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/catalog/product.h"
#include "domain/fulfillment/attempt.h"
#include "domain/fulfillment/unit.h"
#include "domain/identity/ids.h"
#include "domain/money/money.h"
#include "domain/payment/chargeback.h"
#include "domain/payment/intent.h"
#include "domain/payment/payment.h"
#include "domain/payment/refund.h"

namespace daozhang::domain {

// Derived by derive_state (SETTLED 15); stored so that it can be searched.
enum class OrderState {
  awaiting_payment,
  paid,
  in_review,
  fulfilling,
  delivered,
  partially_delivered,
  giving_back,
  given_back,
  expired,
};
constexpr auto names_of(std::type_identity<OrderState>) {
  return base::words("awaiting_payment", "paid", "in_review", "fulfilling", "delivered",
                     "partially_delivered", "giving_back", "given_back", "expired");
}

struct OrderHeader {
  Partition partition;
  OrderId order_id;
  std::int64_t version = 0;  // Of the last commit; the first is 1. Also the id of the live event.
  OrderState state = OrderState::awaiting_payment;

  // Frozen at creation (S23).
  ShopId shop_id = first_shop;
  std::string order_no;
  std::string sku;
  std::int32_t product_version = 1;
  ProductKind kind = ProductKind::secret;
  std::string product_name;
  std::int32_t quantity = 1;
  std::int64_t unit_price_minor = 0;
  Currency currency = Currency::CNY;
  std::string supplier;  // Empty for the vault.
  std::string supplier_sku;
  std::int64_t face_minor = 0;
  std::int64_t cost_minor_max = 0;
  std::string contact_email;
  std::string contact_phone;
  std::string access_hash;   // SHA-256 of the access code, hex.
  std::string request_hash;  // SHA-256 of the canonical request, hex; a replay must match it.
  base::Instant placed_at;
  base::Instant pay_by;
  std::int32_t promise_seconds = 60;
  base::Instant deadline;  // The promised arrival: pay_by + promise.

  // Changes until an attempt commits (SETTLED 19).
  std::string target;          // Canonical JSON object of strings.
  std::string target_display;  // What the buyer confirmed, masked where it is personal.

  // What happened.
  base::Instant paid_at;
  base::Instant fulfill_by;  // When units still open are given back; set when paid.
  base::Instant expired_at;
  base::Instant closed_at;  // When the last open question of the order ended.
  bool quarantined = false;
  std::string quarantine_reason;
  std::int32_t transfer_count = 0;
  std::int32_t effect_count = 0;
  base::Instant due_at;  // The next moment at which time alone changes something; unset if none.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("version", self.version);
    visit("state", self.state);
    visit("shop_id", self.shop_id);
    visit("order_no", self.order_no);
    visit("sku", self.sku);
    visit("product_version", self.product_version);
    visit("kind", self.kind);
    visit("product_name", self.product_name);
    visit("quantity", self.quantity);
    visit("unit_price_minor", self.unit_price_minor);
    visit("currency", self.currency);
    visit("supplier", self.supplier);
    visit("supplier_sku", self.supplier_sku);
    visit("face_minor", self.face_minor);
    visit("cost_minor_max", self.cost_minor_max);
    visit("contact_email", self.contact_email);
    visit("contact_phone", self.contact_phone);
    visit("access_hash", self.access_hash);
    visit("request_hash", self.request_hash);
    visit("placed_at", self.placed_at);
    visit("pay_by", self.pay_by);
    visit("promise_seconds", self.promise_seconds);
    visit("deadline", self.deadline);
    visit("target", self.target);
    visit("target_display", self.target_display);
    visit("paid_at", self.paid_at);
    visit("fulfill_by", self.fulfill_by);
    visit("expired_at", self.expired_at);
    visit("closed_at", self.closed_at);
    visit("quarantined", self.quarantined);
    visit("quarantine_reason", self.quarantine_reason);
    visit("transfer_count", self.transfer_count);
    visit("effect_count", self.effect_count);
    visit("due_at", self.due_at);
  }
  friend bool operator==(const OrderHeader&, const OrderHeader&) = default;
};

// What stands for a product that nobody knows any more: the order is made anew from the number that
// money came for, and can only be given back. No catalogue can have such an SKU.
inline constexpr std::string_view lost_order_sku = "(lost)";

struct Order {
  OrderHeader header;
  std::vector<Unit> units;  // unit_no - 1 is the index; the same for the others.
  std::vector<Intent> intents;
  std::vector<Payment> payments;
  std::vector<Attempt> attempts;
  std::vector<Refund> refunds;
  std::vector<Chargeback> chargebacks;

  [[nodiscard]] OrderKey key() const { return {header.partition, header.order_id}; }
  [[nodiscard]] std::int64_t price_minor() const {
    return header.unit_price_minor * header.quantity;
  }
  [[nodiscard]] bool is_paid() const { return header.paid_at.is_set(); }
  [[nodiscard]] bool is_lost() const { return header.sku == lost_order_sku; }
  [[nodiscard]] bool is_expired() const { return header.expired_at.is_set() && !is_paid(); }

  friend bool operator==(const Order&, const Order&) = default;
};

// Calls `visit(list_name, list)` for each list of child records.
template <class Self, class Visitor>
void visit_children(Self& order, Visitor&& visit) {
  visit("units", order.units);
  visit("intents", order.intents);
  visit("payments", order.payments);
  visit("attempts", order.attempts);
  visit("refunds", order.refunds);
  visit("chargebacks", order.chargebacks);
}

}  // namespace daozhang::domain
