#include "sim/model/reference_model.h"

#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/instant.h"
#include "engine/command.h"

namespace daozhang::sim {
namespace {

using domain::AttemptState;
using domain::EffectKind;
using domain::HoldState;
using domain::IntentState;
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
using testing::HasSubstr;

constexpr base::Instant noon{1'795'000'000'000'000};
constexpr OrderKey one{domain::Partition{7}, domain::OrderId{1}};
constexpr OrderKey two{domain::Partition{8}, domain::OrderId{2}};
constexpr std::int64_t price = 100;

// What the shop did, told to the model as commands, and its row, kept by hand beside it.
class Told {
 public:
  explicit Told(domain::ProductKind kind, std::int32_t quantity = 1, OrderKey key = one)
      : kind_(kind) {
    place(quantity, key);
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
    if (kind_ != domain::ProductKind::secret) asked.product.supplier = "carrier";
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
    EXPECT_THAT(copy.compare(order).value_or("nothing"), HasSubstr(word));
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

  void answer_payment(EffectKind kind, std::int32_t subject, ports::PaymentAnswer answer,
                      base::Duration after, bool trusted = true) {
    decide(engine::PaymentAnswered{effect(kind, subject), std::move(answer)}, after, trusted);
  }
  void answer_supplier(EffectKind kind, std::int32_t attempt, ports::SupplierAnswer answer,
                       base::Duration after, bool trusted = true) {
    decide(engine::SupplierAnswered{effect(kind, attempt), std::move(answer)}, after, trusted);
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
    row.intents[0].state = IntentState::paid;
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

  ReferenceModel model{
      domain::Policy{},
      {{"carrier", {.idempotent = false, .in_flight_horizon = base::minutes(10)}}}};
  Order row;
  Order other;
  base::Instant now = noon;

 private:
  domain::Effect effect(EffectKind kind, std::int32_t subject) {
    return {one.partition, one.order_id, ++effects_, kind, subject, now};
  }
  domain::ProductKind kind_;
  std::int32_t effects_ = 0;
};

constexpr auto secret = domain::ProductKind::secret;
constexpr auto topup = domain::ProductKind::topup;

TEST(ReferenceModel, ASecretIsDeliveredByTheCommitOfItsPayment) {
  Told told(secret);
  told.decide(Told::notice(price), base::minutes(1));
  told.bad("0 payments");
  told.row_pays(price, price);
  told.bad("paid_at");
  told.row_is_paid();
  Order wrong = told.row;
  wrong.units[0].state = UnitState::waiting;
  told.bad(wrong, "\"state\":\"delivered\"");
  wrong = told.row;
  wrong.units[0].item_id = {};
  told.bad(wrong, "\"item_id\":101");
  wrong = told.row;
  wrong.units[0].item_id = domain::ItemId{999};
  told.bad(wrong, "item_id");
  wrong = told.row;
  wrong.header.unit_price_minor = price - 1;
  told.bad(wrong, "unit_price_minor");
  wrong = told.row;
  wrong.header.quarantined = true;
  told.bad(wrong, "quarantined");
  wrong = told.row;
  wrong.header.fulfill_by = wrong.header.deadline;
  told.bad(wrong, "fulfill_by");
  told.good();
}

TEST(ReferenceModel, AnItemHasOneOwner) {
  Told told(secret);
  told.place(1, two);
  told.pay_in_full();
  auto second = Told::notice(price, "T2");
  second.notice.trade_ref = "N2_1";
  told.decide(second, base::minutes(1));
  std::swap(told.row, told.other);
  told.row_pays(price, price, "T2");
  told.row.payments[0].partition = two.partition;
  told.row.payments[0].order_id = two.order_id;
  told.row_is_paid();
  Order wrong = told.row;
  wrong.units[0].item_id = told.other.units[0].item_id;
  told.bad(wrong, "item");
  told.good();
}

TEST(ReferenceModel, OnlyAFactOfThisChannelOrderSumAndStatusCounts) {
  Told told(secret);
  auto wrong = Told::notice(price);
  wrong.channel = "wechatpay";
  told.decide(wrong, base::minutes(1));
  wrong = Told::notice(price);
  wrong.notice.trade_ref = "N9_1";
  told.decide(wrong, base::minutes(1));
  told.decide(Told::notice(price - 1), base::minutes(1));
  wrong = Told::notice(price);
  wrong.notice.trade = TradeStatus::waiting;
  told.decide(wrong, base::minutes(1));
  wrong = Told::notice(price);
  wrong.notice.about_refund = true;
  told.decide(wrong, base::minutes(1));
  wrong = Told::notice(price);
  wrong.notice.currency = domain::Currency::USD;
  told.decide(wrong, base::minutes(1));
  told.decide(engine::RecordRefusedNotice{"alipay", "signature_invalid", ""}, base::minutes(1));
  told.good();
  Order fooled = told.row;
  told.row_pays(price, price);
  told.bad("by the documents 1 units, 0 payments");
  told.row = fooled;
  told.pay_in_full();
  told.decide(Told::notice(price), base::minutes(2));  // The same trade number.
  told.good();
}

TEST(ReferenceModel, PaidTwiceGoesBackAsSurplusInTheSameCommit) {
  Told told(secret);
  told.pay_in_full();
  told.decide(Told::notice(price, "T2"), base::minutes(3));
  told.row_pays(price, 0, "T2");
  told.bad("surplus 2");
  told.row_refunds(2, RefundPurpose::surplus, 0, price);
  Order wrong = told.row;
  wrong.refunds[0].amount_minor = price - 1;
  told.bad(wrong, "surplus 2");
  told.row_refunds(1, RefundPurpose::surplus, 0, 1);
  told.bad("surplus 1");
  told.row.refunds.pop_back();
  told.good();
}

TEST(ReferenceModel, ShortMayBeCompletedAndWhatIsOverGoesBack) {
  Told told(secret);
  told.answer_payment(
      EffectKind::query_payment, 1,
      {.outcome = Outcome::done, .trade = TradeStatus::paid, .trade_no = "T1", .amount_minor = 40},
      base::minutes(1));
  told.row_pays(40, 40, "T1", domain::FactSource::query);
  told.good();
  Told::add_intent(told.row, 60);
  told.decide(engine::OpenPayment{one, "alipay", false}, base::minutes(2));
  told.good();
  told.answer_payment(
      EffectKind::query_payment, 2,
      {.outcome = Outcome::done, .trade = TradeStatus::paid, .trade_no = "T2", .amount_minor = 70},
      base::minutes(3));
  told.row_pays(70, 60, "T2", domain::FactSource::query);
  told.row.payments[1].intent_no = 2;
  told.row_is_paid();
  told.bad("surplus 2");
  told.row_refunds(2, RefundPurpose::surplus, 0, 10);
  told.good();
}

TEST(ReferenceModel, AnOrderExpiresWhenItsWindowIsOverAndTheChannelSaidSo) {
  Told told(secret);
  const ports::PaymentAnswer no_such_trade{.outcome = Outcome::done,
                                           .trade = TradeStatus::not_exist};
  told.answer_payment(EffectKind::query_payment, 1, no_such_trade, base::minutes(14));
  told.good();
  told.look(base::minutes(15));
  told.good();
  told.answer_payment(EffectKind::query_payment, 1, no_such_trade, base::minutes(15), false);
  told.good();
  Order early = told.row;
  std::swap(told.row, early);
  told.row_expires();
  told.bad("expired_at");
  std::swap(told.row, early);
  told.answer_payment(EffectKind::close_payment, 1,
                      {.outcome = Outcome::failed, .trade = TradeStatus::not_exist},
                      base::minutes(16));
  told.bad("expired");
  told.row_expires();
  told.good();
}

TEST(ReferenceModel, ASilentChannelDoesNotKeepStockForever) {
  Told told(secret);
  told.look(base::minutes(44));
  told.good();
  told.look(base::minutes(45), false);
  told.good();
  told.look(base::minutes(45));
  told.row_expires();
  told.good();
}

TEST(ReferenceModel, ShortMoneyGoesBackAtExpiryAndLaterMoneyBuysAnew) {
  Told told(secret);
  told.answer_payment(
      EffectKind::query_payment, 1,
      {.outcome = Outcome::done, .trade = TradeStatus::paid, .trade_no = "T1", .amount_minor = 40},
      base::minutes(1));
  told.row_pays(40, 40, "T1", domain::FactSource::query);
  told.good();
  told.look(base::minutes(15));
  told.row_expires();
  told.bad("shortfall 1");
  told.row_refunds(1, RefundPurpose::shortfall, 0, 40);
  told.good();
  told.decide(Told::notice(price, "T2"), base::minutes(30));
  told.row_pays(price, price, "T2");
  told.row_is_paid();  // The promise starts anew, and the hold is taken again.
  told.row.units[0].item_id = domain::ItemId{555};
  Order no_stock = told.row;
  auto& unit = no_stock.units[0];
  unit.hold = HoldState::released;
  unit.item_id = {};
  unit.state = UnitState::failed;
  unit.reason = UnitReason::out_of_stock;
  unit.failed_at = std::exchange(unit.delivered_at, {});
  no_stock.header.state = OrderState::giving_back;
  told.bad(no_stock, "unit 1");
  no_stock.refunds.push_back({.refund_no = 2, .payment_no = 2, .unit_no = 1});
  no_stock.refunds[1].amount_minor = price;
  ReferenceModel(told.model).compare(no_stock);
  Told sold_out = told;
  sold_out.good(no_stock);
  told.good();
}

TEST(ReferenceModel, ATopUpIsDeliveredOnTheSuppliersWord) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1,
                       {.outcome = Outcome::accepted, .word = SupplierWord::working},
                       base::minutes(2));
  told.row.attempts[0].state = AttemptState::accepted;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::done, .word = SupplierWord::done}, base::minutes(3));
  told.bad("\"state\":\"done\"");
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.bad("\"state\":\"delivered\"");
  told.row.header.state = OrderState::delivered;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::reversed},
                       base::hours(2));
  told.row.attempts[0].state = AttemptState::reversed;
  told.bad("reversal 1");
  told.row_refunds(1, RefundPurpose::reversal, 1, price);
  told.good();
}

TEST(ReferenceModel, NotKnowingChangesNothing) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, {}, base::minutes(2));
  told.answer_supplier(EffectKind::query_attempt, 1, {.word = SupplierWord::not_found},
                       base::minutes(3));
  told.row.attempts[0].state = AttemptState::unknown;
  told.good();
  Order wrong = told.row;
  wrong.attempts[0].state = AttemptState::failed;
  told.bad(wrong, "\"state\":\"unknown\"");
  wrong = told.row;
  std::swap(told.row, wrong);
  told.row_begins(told.row.units[0]);
  told.bad("by the documents 1 units, 1 payments, 1 attempts");
  std::swap(told.row, wrong);
  told.row.header.quarantined = true;
  told.bad("quarantined");
  told.answer_supplier(EffectKind::query_attempt, 1, {.word = SupplierWord::not_found},
                       base::minutes(12));
  told.good();  // Past the horizon, and the supplier is not idempotent: a person.
}

TEST(ReferenceModel, ADefiniteNoIsGivenBackAndOneWithHopeIsTriedAgain) {
  Told told(topup);
  told.pay_in_full();
  const ports::SupplierAnswer empty_balance{
      .outcome = Outcome::failed, .word = SupplierWord::failed, .retry_can_help = true};
  told.answer_supplier(EffectKind::submit_attempt, 1, empty_balance, base::minutes(2));
  told.row.attempts[0].state = AttemptState::failed;
  Order wrong = told.row;
  std::swap(told.row, wrong);
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.bad("unit 1");
  std::swap(told.row, wrong);
  told.row.units[0].state = UnitState::waiting;
  told.good();
  told.row_begins(told.row.units[0]);
  told.look(base::minutes(3));
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 2,
                       {.outcome = Outcome::failed, .word = SupplierWord::failed},
                       base::minutes(4));
  told.row.attempts[1].state = AttemptState::failed;
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.bad("giving_back");
  told.row.header.state = OrderState::giving_back;
  told.good();
}

TEST(ReferenceModel, AtTheDeadlineTheUnitIsGivenBackAndALateSuccessIsALoss) {
  Told told(topup);
  told.pay_in_full();
  told.look(base::minutes(30));
  told.good();
  told.look(base::minutes(31), false);
  told.good();
  told.look(base::minutes(31));
  told.bad("missing");
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.row.header.state = OrderState::giving_back;
  told.bad("disowned_at");
  told.row.attempts[0].disowned_at = told.now;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::done, .word = SupplierWord::done}, base::hours(1));
  told.row.attempts[0].state = AttemptState::done;
  told.bad("loss_booked");
  told.row.attempts[0].loss_booked = true;
  told.good();
  Order wrong = told.row;
  wrong.units[0].state = UnitState::delivered;
  told.bad(wrong, "\"state\":\"failed\"");
}

TEST(ReferenceModel, WhatIsKnownInTheSameMomentComesBeforeTheDeadline) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::done, .word = SupplierWord::done}, base::minutes(31));
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.row.header.state = OrderState::delivered;
  told.good();
}

TEST(ReferenceModel, ACancelThatWonEndsTheUnit) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::cancel_attempt, 1, {.word = SupplierWord::too_late},
                       base::minutes(30));
  told.good();
  told.answer_supplier(EffectKind::cancel_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::canceled},
                       base::minutes(30));
  told.row.attempts[0].state = AttemptState::canceled;
  told.row.header.state = OrderState::giving_back;
  told.bad("unit 1");
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.good();
}

TEST(ReferenceModel, OneUnitArrivesAndTheOtherIsGivenBack) {
  Told told(topup, 2);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::done, .word = SupplierWord::done}, base::minutes(2));
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 2,
                       {.outcome = Outcome::failed, .word = SupplierWord::failed},
                       base::minutes(3));
  told.row.attempts[1].state = AttemptState::failed;
  told.row_fails(told.row.units[1], UnitReason::supplier_refused);
  told.row.header.state = OrderState::giving_back;
  Order wrong = told.row;
  wrong.refunds[0].amount_minor = 2 * price;  // A batch of which a part failed, refunded in full.
  told.bad(wrong, "unit 2");
  told.good();
  told.answer_payment(EffectKind::refund, 1, {.outcome = Outcome::accepted}, base::minutes(4));
  told.bad("accepted");
  told.row.refunds[0].state = RefundState::accepted;
  told.row.header.state = OrderState::partially_delivered;
  told.good();
}

TEST(ReferenceModel, ARefundIsFollowedUntilThePayerHasIt) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::failed},
                       base::minutes(2));
  told.row.attempts[0].state = AttemptState::failed;
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.row.header.state = OrderState::giving_back;
  told.good();
  told.answer_payment(EffectKind::refund, 1, {}, base::minutes(3));
  told.row.refunds[0].state = RefundState::unknown;
  told.good();
  told.answer_payment(EffectKind::refund, 1, {.outcome = Outcome::failed, .retry_later = true},
                      base::minutes(3));
  told.good();
  told.answer_payment(EffectKind::refund, 1, {.outcome = Outcome::failed}, base::minutes(3));
  told.row.refunds[0].state = RefundState::refused;
  told.bad("quarantined");
  told.row.header.quarantined = true;
  told.good();
  told.answer_payment(EffectKind::query_refund, 1, {.outcome = Outcome::done}, base::minutes(9));
  told.row.refunds[0].state = RefundState::accepted;
  told.row.header.state = OrderState::given_back;
  told.bad("settled");
  told.row.refunds[0].state = RefundState::settled;
  told.good();
  Order wrong = told.row;
  wrong.refunds[0].amount_minor = 1;
  told.bad(wrong, "amount_minor");
}

TEST(ReferenceModel, MoneyLearnedAfterTheFrozenDeadlineStartsThePromiseAnew) {
  Told told(topup);
  told.look(base::minutes(45));
  told.row_expires();
  told.good();
  Told anew = told;
  told.decide(Told::notice(price), base::minutes(45));  // 15 minutes to pay, 30 promised: just now.
  told.row_pays(price, price);
  told.row.header.paid_at = told.now;
  told.row.header.fulfill_by = told.now;
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.row.header.state = OrderState::giving_back;
  told.good();
  anew.decide(Told::notice(price), base::minutes(46));
  anew.row_pays(price, price);
  anew.row_is_paid();
  anew.good();
}

TEST(ReferenceModel, OneCallHasOneResultAndOnePlaceOneOrder) {
  Told told(topup);
  told.pay_in_full();
  const domain::Effect effect{one.partition, one.order_id, 77, EffectKind::submit_attempt, 1, noon};
  told.decide(engine::SupplierAnswered{effect, {}}, base::minutes(2));
  told.decide(engine::SupplierAnswered{effect, {.outcome = Outcome::done}}, base::minutes(3));
  told.good();
  engine::PlaceOrder again{.quantity = 5, .channel = "alipay", .idempotency_key = "1"};
  told.decide(again, base::minutes(3), true, one);
  told.decide(again, base::minutes(3), true, std::nullopt);
  told.good();
  told.bad(told.other, "no command placed this order");
}

}  // namespace
}  // namespace daozhang::sim
