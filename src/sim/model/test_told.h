// An order told twice: to the model as commands, and to a row that the test keeps by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/instant.h"
#include "domain/order/order.h"
#include "engine/command.h"
#include "sim/model/reference_model.h"

namespace daozhang::sim {

using domain::AttemptState;
using domain::EffectKind;
using domain::HoldState;
using domain::Order;
using domain::OrderKey;
using domain::OrderState;
using domain::RefundPurpose;
using domain::RefundState;
using domain::UnitReason;
using domain::UnitState;
using ports::Outcome;
using ports::SupplierWord;
using ports::TradeStatus;

inline constexpr auto secret = domain::ProductKind::secret;
inline constexpr auto topup = domain::ProductKind::topup;
inline constexpr base::Instant noon{1'795'000'000'000'000};
inline constexpr OrderKey one{domain::Partition{7}, domain::OrderId{1}};
inline constexpr OrderKey two{domain::Partition{8}, domain::OrderId{2}};
inline constexpr std::int64_t price = 100;

class Told {
 public:
  explicit Told(domain::ProductKind kind, std::int32_t quantity = 1,
                std::string supplier = "carrier")
      : kind_(kind), supplier_(kind == secret ? "" : std::move(supplier)) {
    place(quantity, one);
  }

  // Decides at `after` from noon.
  void decide(engine::CommandBody body, base::Duration after, bool trusted = true,
              std::optional<OrderKey> placed = std::nullopt) {
    now = noon + after;
    model.decided({.body = std::move(body)}, now, trusted, placed);
  }

  void place(std::int32_t quantity, OrderKey key) {
    engine::PlaceOrder asked{.quantity = quantity, .channel = "alipay", .request_hash = "r"};
    asked.idempotency_key = std::to_string(key.order_id.value);
    asked.product.kind = kind_;
    asked.product.sku = "sku";
    asked.product.price_minor = price;
    asked.product.promise_seconds = kind_ == domain::ProductKind::secret ? 60 : 1800;
    asked.product.supplier = supplier_;
    decide(asked, {}, true, key);
    Order& placed = key == one ? row : other;
    auto& header = placed.header;
    header.partition = key.partition;
    header.order_id = key.order_id;
    header.version = 1;
    header.order_no = "N" + asked.idempotency_key;
    header.sku = "sku";
    header.kind = kind_;
    header.quantity = quantity;
    header.unit_price_minor = price;
    header.supplier = asked.product.supplier;
    header.request_hash = "r";
    header.placed_at = noon;
    header.pay_by = noon + base::minutes(15);
    header.promise_seconds = asked.product.promise_seconds;
    header.deadline = header.pay_by + base::seconds(header.promise_seconds);
    for (std::int32_t no = 1; no <= quantity; ++no) {
      auto& unit = placed.units.emplace_back();
      unit.partition = key.partition;
      unit.order_id = key.order_id;
      unit.unit_no = no;
      if (kind_ != domain::ProductKind::secret) continue;
      unit.hold = HoldState::held;
      unit.item_id = domain::ItemId{key.order_id.value * 100 + no};
    }
    add_intent(placed, price * quantity);
    good(placed);
  }

  static void add_intent(Order& order, std::int64_t sum) {
    auto& intent = order.intents.emplace_back();
    intent.intent_no = static_cast<std::int32_t>(order.intents.size());
    intent.channel = "alipay";
    intent.amount_minor = sum;
  }

  void good(const Order& order) { EXPECT_EQ(model.compare(order), std::nullopt); }
  void good() { good(row); }
  // The model is asked in a copy, because a row teaches it.
  void bad(const Order& order, std::string_view word) const {
    ReferenceModel copy = model;
    EXPECT_THAT(copy.compare(order).value_or("nothing"), testing::HasSubstr(word));
  }
  void bad(std::string_view word) const { bad(row, word); }

  static engine::TakeNotice notice(std::int64_t sum, std::string trade_no = "T1") {
    engine::TakeNotice told{.channel = "alipay"};
    told.notice = {.trade_ref = "N1_1",
                   .trade_no = std::move(trade_no),
                   .trade = TradeStatus::paid,
                   .amount_minor = sum};
    return told;
  }

  static ports::PaymentAnswer paid(std::int64_t sum, std::string trade_no) {
    return {.outcome = Outcome::done,
            .trade = TradeStatus::paid,
            .trade_no = std::move(trade_no),
            .amount_minor = sum};
  }
  static ports::SupplierAnswer yes() {
    return {.outcome = Outcome::done, .word = SupplierWord::done};
  }
  static ports::SupplierAnswer no() {
    return {.outcome = Outcome::failed, .word = SupplierWord::failed};
  }
  static ports::SupplierAnswer not_now() {
    return {.outcome = Outcome::failed, .word = SupplierWord::failed, .retry_can_help = true};
  }

  void answer_payment(EffectKind kind, std::int32_t subject, ports::PaymentAnswer answer,
                      base::Duration after, bool trusted = true) {
    auto asked = effect(kind, subject);
    asked.decided_at = noon + after;
    decide(engine::PaymentAnswered{asked, std::move(answer)}, after, trusted);
  }
  // `waited`: how long ago it was asked.
  void answer_supplier(EffectKind kind, std::int32_t attempt, ports::SupplierAnswer answer,
                       base::Duration after, bool trusted = true, base::Duration waited = {}) {
    auto asked = effect(kind, attempt);
    asked.decided_at = noon + after - waited;
    decide(engine::SupplierAnswered{asked, std::move(answer)}, after, trusted);
  }
  void call_again(EffectKind kind, std::int32_t subject, base::Duration after) {
    decide(engine::CallAgain{effect(kind, subject)}, after);
  }
  void look(base::Duration after, bool trusted = true) {
    decide(engine::Look{one}, after, trusted);
  }

  // What a row says after the named thing, written by hand from the documents.
  void row_pays(std::int64_t sum, std::int64_t applied, std::string trade_no = "T1",
                domain::FactSource source = domain::FactSource::notification) {
    auto& payment = row.payments.emplace_back();
    payment.partition = one.partition;
    payment.order_id = one.order_id;
    payment.payment_no = static_cast<std::int32_t>(row.payments.size());
    payment.intent_no = 1;
    payment.channel = "alipay";
    payment.trade_no = std::move(trade_no);
    payment.amount_minor = sum;
    payment.applied_minor = applied;
    payment.source = source;
    payment.learned_at = now;
    row.intents[0].state = domain::IntentState::paid;
  }
  void row_is_paid() {
    row.header.paid_at = now;
    row.header.fulfill_by = now + base::seconds(row.header.promise_seconds);
    for (auto& unit : row.units) {
      if (kind_ == domain::ProductKind::secret) {
        unit.hold = HoldState::consumed;
        row_delivers(unit);
        row.header.state = OrderState::delivered;
      } else {
        row_begins(unit);
      }
    }
  }
  void row_delivers(domain::Unit& unit) const {
    unit.state = UnitState::delivered;
    unit.delivered_at = now;
  }
  void row_begins(domain::Unit& unit) {
    unit.state = UnitState::fulfilling;
    row.header.state = OrderState::fulfilling;
    auto& attempt = row.attempts.emplace_back();
    attempt.attempt_no = static_cast<std::int32_t>(row.attempts.size());
    attempt.unit_no = unit.unit_no;
    attempt.intended_at = now;
  }
  void row_fails(domain::Unit& unit, UnitReason reason) {
    unit.state = UnitState::failed;
    unit.reason = reason;
    unit.failed_at = now;
    row_refunds(1, RefundPurpose::unit, unit.unit_no, price);
  }
  void row_refunds(std::int32_t payment, RefundPurpose purpose, std::int32_t unit,
                   std::int64_t sum) {
    auto& refund = row.refunds.emplace_back();
    refund.refund_no = static_cast<std::int32_t>(row.refunds.size());
    refund.payment_no = payment;
    refund.purpose = purpose;
    refund.unit_no = unit;
    refund.amount_minor = sum;
  }
  void row_expires() {
    row.header.expired_at = now;
    row.header.state = OrderState::expired;
    for (auto& unit : row.units)
      if (kind_ == domain::ProductKind::secret) unit.hold = HoldState::released;
  }
  // Paid by one notification after a minute; the rows agree.
  void pay_in_full() {
    const auto sum = row.price_minor();
    decide(notice(sum), base::minutes(1));
    row_pays(sum, sum);
    row_is_paid();
    good();
  }

  ReferenceModel model{domain::Policy{},
                       {{"carrier", {.idempotent = false, .in_flight_horizon = base::minutes(10)}},
                        {"steady", {.idempotent = true, .in_flight_horizon = base::minutes(10)}}}};
  Order row;
  Order other;
  base::Instant now = noon;

 private:
  domain::Effect effect(EffectKind kind, std::int32_t subject) {
    return {one.partition, one.order_id, ++effects_, kind, subject, now};
  }
  domain::ProductKind kind_;
  std::string supplier_;
  std::int32_t effects_ = 0;
};

}  // namespace daozhang::sim
