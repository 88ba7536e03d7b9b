// What the model makes of money: facts, expiry, what goes back.
#include "sim/model/test_told.h"

namespace daozhang::sim {
namespace {

TEST(ReferenceModelMoney, OnlyAFactOfThisChannelOrderSumAndStatusCounts) {
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
  told.decide(engine::RecordRefusedNotice{"alipay", "signature_invalid", {}}, base::minutes(1));
  told.good();
  Order fooled = told.row;
  told.row_pays(price, price);
  told.bad(", not 1 units, 0 payments");
  told.row = fooled;
  told.pay_in_full();
  told.decide(Told::notice(price), base::minutes(2));  // The same trade number.
  told.good();
}

TEST(ReferenceModelMoney, PaidTwiceGoesBackAsSurplusInTheSameCommit) {
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

TEST(ReferenceModelMoney, ShortMayBeCompletedAndWhatIsOverGoesBack) {
  Told told(secret);
  told.answer_payment(EffectKind::query_payment, 1, Told::paid(40, "T1"), base::minutes(1));
  told.row_pays(40, 40, "T1", domain::FactSource::query);
  told.good();
  Told::add_intent(told.row, 60);
  told.decide(engine::OpenPayment{one, "alipay", false}, base::minutes(2));
  told.good();
  told.answer_payment(EffectKind::query_payment, 2, Told::paid(70, "T2"), base::minutes(3));
  told.row_pays(70, 60, "T2", domain::FactSource::query);
  told.row.payments[1].intent_no = 2;
  told.row_is_paid();
  told.bad("surplus 2");
  told.row_refunds(2, RefundPurpose::surplus, 0, 10);
  told.good();
}

TEST(ReferenceModelMoney, AnOrderExpiresWhenItsWindowIsOverAndTheChannelSaidSo) {
  Told told(secret);
  const ports::PaymentAnswer no_such_trade{.outcome = Outcome::done,
                                           .trade = TradeStatus::not_exist};
  told.answer_payment(EffectKind::query_payment, 1, no_such_trade, base::minutes(14));
  told.look(base::minutes(15));
  told.row.intents[0].state = domain::IntentState::closing;
  told.good();
  Order early = told.row;
  std::swap(told.row, early);
  told.row_expires();
  told.bad("expired_at");
  std::swap(told.row, early);
  told.answer_payment(EffectKind::close_payment, 1,
                      {.outcome = Outcome::failed, .trade = TradeStatus::not_exist},
                      base::minutes(16), false);
  told.good();  // Nothing expires while time is not trusted.
  told.look(base::minutes(17));
  told.good();  // Nor does what was said meanwhile count afterwards.
  told.answer_payment(EffectKind::query_payment, 1, no_such_trade, base::minutes(18));
  told.bad("expired");
  told.row_expires();
  told.good();
}

TEST(ReferenceModelMoney, WhatTheFirstAnswerOfACommitBeginsTheSecondFindsBegun) {
  Told told(secret);
  Told::add_intent(told.row, price);
  told.decide(engine::OpenPayment{one, "alipay", false}, base::minutes(2));
  told.good();
  // Both were asked after the window, and both answers came in one commit.
  const auto asked_at = base::minutes(16);
  told.answer_payment(EffectKind::query_payment, 2,
                      {.outcome = Outcome::done, .trade = TradeStatus::waiting}, asked_at);
  told.answer_payment(EffectKind::query_payment, 1,
                      {.outcome = Outcome::done, .trade = TradeStatus::not_exist}, asked_at);
  told.row.intents[0].state = domain::IntentState::closed;
  told.row.intents[1].state = domain::IntentState::closing;
  told.good();
  told.answer_payment(EffectKind::close_payment, 2, {.outcome = Outcome::done}, base::minutes(17));
  told.row_expires();
  told.good();
}

TEST(ReferenceModelMoney, ASilentChannelDoesNotKeepStockForever) {
  Told told(secret);
  told.look(base::minutes(44));
  told.good();
  told.look(base::minutes(45), false);
  told.good();
  told.look(base::minutes(45));
  told.row_expires();
  told.good();
}

TEST(ReferenceModelMoney, ShortMoneyGoesBackAtExpiryAndLaterMoneyBuysAnew) {
  Told told(secret);
  told.answer_payment(EffectKind::query_payment, 1, Told::paid(40, "T1"), base::minutes(1));
  told.row_pays(40, 40, "T1", domain::FactSource::query);
  told.good();
  told.look(base::minutes(15));
  told.row_expires();
  told.bad("shortfall 1");
  told.row_refunds(1, RefundPurpose::shortfall, 0, 40);
  told.row.header.state = OrderState::giving_back;
  told.good();
  told.answer_payment(EffectKind::refund, 1, {.outcome = Outcome::done}, base::minutes(16));
  told.row.refunds[0].state = RefundState::accepted;
  told.row.header.state = OrderState::given_back;
  told.good();
  told.decide(Told::notice(price, "T2"), base::minutes(30));
  told.row_pays(price, price, "T2");
  told.row_is_paid();  // The promise starts anew, and the hold is taken again.
  told.row.units[0].item_id = {};
  told.bad("no item");
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
  Told sold_out = told;
  sold_out.good(no_stock);
  told.good();
}

TEST(ReferenceModelMoney, ARefundIsFollowedUntilThePayerHasIt) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::no(), base::minutes(2));
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

TEST(ReferenceModelMoney, MoneyLearnedAtTheFrozenDeadlineOrAfterItStartsThePromiseAnew) {
  Told told(topup);
  told.look(base::minutes(45));
  told.row_expires();
  told.good();
  for (const auto at : {base::minutes(45), base::minutes(46)}) {  // 15 to pay, 30 promised.
    Told anew = told;
    anew.decide(Told::notice(price), at);
    anew.row_pays(price, price);
    anew.row_is_paid();
    anew.good();
  }
}

TEST(ReferenceModelMoney, NoPaymentGivesBackMoreThanCame) {
  Told told(topup, 2);
  told.pay_in_full();
  told.decide(Told::notice(2 * price, "T2"), base::minutes(2));
  told.row_pays(2 * price, 0, "T2");
  told.row_refunds(2, RefundPurpose::surplus, 0, 2 * price);
  told.good();
  told.answer_supplier(EffectKind::submit_attempt, 2, Told::no(), base::minutes(3));
  told.row.attempts[1].state = AttemptState::failed;
  told.row_fails(told.row.units[1], UnitReason::supplier_refused);
  Order wrong = told.row;
  wrong.refunds[1].payment_no = 2;
  told.bad(wrong, "did not come");
  wrong = told.row;
  wrong.refunds[1].amount_minor = 0;
  told.bad(wrong, "did not come");
  told.good();
}

TEST(ReferenceModelMoney, ALateShortPaymentPaysForNothing) {
  Told told(secret);
  told.look(base::minutes(45));
  told.row_expires();
  told.good();
  told.answer_payment(EffectKind::query_payment, 1, Told::paid(30, "T1"), base::minutes(50));
  told.row_pays(30, 0, "T1", domain::FactSource::query);
  told.bad("surplus 1");
  told.row_refunds(1, RefundPurpose::surplus, 0, 30);
  told.good();
  told.answer_payment(EffectKind::query_payment, 1, Told::paid(70, "T2"), base::minutes(51));
  told.row_pays(70, 0, "T2", domain::FactSource::query);
  told.row_refunds(2, RefundPurpose::surplus, 0, 70);
  told.good();  // What went back is not paid: 30 and 70 make no order.
}

TEST(ReferenceModelMoney, AnIntentThatTheChannelRefusedOrClosedIsOver) {
  for (const auto& [kind, answer] :
       {std::pair{EffectKind::create_payment, ports::PaymentAnswer{.outcome = Outcome::failed}},
        std::pair{EffectKind::close_payment, ports::PaymentAnswer{.outcome = Outcome::done}},
        std::pair{EffectKind::query_payment,
                  ports::PaymentAnswer{.outcome = Outcome::done, .trade = TradeStatus::closed}}}) {
    Told told(secret);
    told.row.intents[0].state = domain::IntentState::preparing;
    told.good();
    told.answer_payment(kind, 1, answer, base::minutes(14));
    told.good();
    told.look(base::minutes(15));
    told.row_expires();
    told.good();
  }
}

TEST(ReferenceModelMoney, ARefusedCreationDoesNotEndAnIntentThatIsBeingClosed) {
  Told told(secret);
  told.look(base::minutes(15));
  told.row.intents[0].state = domain::IntentState::closing;
  told.good();
  told.answer_payment(EffectKind::create_payment, 1, {.outcome = Outcome::failed},
                      base::minutes(16));
  told.good();
}

TEST(ReferenceModelMoney, AQueryThatNamesAnotherCurrencyOrNothingPaidDoesNotCount) {
  Told told(secret);
  auto answer = Told::paid(price, "T1");
  answer.currency = domain::Currency::EUR;
  told.answer_payment(EffectKind::query_payment, 1, answer, base::minutes(1));
  told.answer_payment(EffectKind::query_payment, 1, Told::paid(0, "T1"), base::minutes(1));
  answer = Told::paid(price, "T1");
  answer.outcome = Outcome::unknown;
  told.answer_payment(EffectKind::query_payment, 1, answer, base::minutes(1));
  told.answer_payment(EffectKind::close_payment, 1, Told::paid(price, "T1"), base::minutes(1));
  told.good();
}

}  // namespace
}  // namespace daozhang::sim
