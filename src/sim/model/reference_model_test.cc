#include "sim/model/reference_model.h"

#include "sim/model/test_told.h"

namespace daozhang::sim {
namespace {

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
  std::swap(told.row, told.other);
  told.decide(engine::Look{two}, base::minutes(45));
  told.row_expires();
  told.good();
  auto late = Told::notice(price, "T2");
  late.notice.trade_ref = "N2_1";
  told.decide(late, base::minutes(46));
  told.row_pays(price, price, "T2");
  told.row.payments[0].partition = two.partition;
  told.row.payments[0].order_id = two.order_id;
  told.row_is_paid();
  Order wrong = told.row;
  wrong.units[0].item_id = told.other.units[0].item_id;
  wrong.units[0].item_partition = told.other.units[0].item_partition;
  told.bad(wrong, "no item, or that of another unit");
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
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::minutes(3));
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

TEST(ReferenceModel, NothingIsOwedForAReversedUnitOfWhichTheShopHasLostMoreThanItsPrice) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::yes(), base::minutes(2));
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.row.header.state = OrderState::delivered;
  told.decide(Told::notice(price, "T2"), base::minutes(3));
  told.row_pays(price, 0, "T2");
  told.row_refunds(2, RefundPurpose::surplus, 0, price);
  told.good();
  for (std::int32_t no = 1; no <= 2; ++no) {
    const auto name = std::to_string(no);
    engine::ChargeBack charged;
    charged.order = one;
    const auto place = static_cast<std::size_t>(no - 1);
    charged.fact.payment = {"T" + name, told.row.payments[place].channel};
    charged.fact.case_no = "C" + name;
    charged.fact.amount_minor = price;
    told.decide(charged, base::hours(1));
    auto& lost = told.row.chargebacks.emplace_back();
    lost.partition = one.partition;
    lost.order_id = one.order_id;
    lost.chargeback_no = lost.payment_no = no;
    lost.case_no = "C" + name;
    lost.amount_minor = price;
    lost.learned_at = told.now;
  }
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::reversed},
                       base::hours(2));
  told.row.attempts[0].state = AttemptState::reversed;
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
  told.bad(", not 1 units, 1 payments, 1 attempts");
  std::swap(told.row, wrong);
  told.row.header.quarantined = true;
  told.bad("quarantined");
  told.answer_supplier(EffectKind::query_attempt, 1, {.word = SupplierWord::not_found},
                       base::minutes(12));
  told.good();  // Past the horizon, and the supplier is not idempotent: a person.
}

TEST(ReferenceModel, NotFoundThatWaitedPastTheHorizonIsNoAnswer) {
  Told told(topup, 1, "steady");
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1, {.word = SupplierWord::not_found},
                       base::minutes(31) - base::seconds(10), true, base::minutes(29));
  told.good();
}

TEST(ReferenceModel, NotFoundPastTheHorizonIsAnAnswerWhenNothingIsToBeSentAgain) {
  Told told(topup, 1, "steady");
  told.pay_in_full();
  const ports::SupplierAnswer not_found{.word = SupplierWord::not_found};
  told.answer_supplier(EffectKind::query_attempt, 1, not_found, base::minutes(20));
  told.good();  // The same reference goes out again.
  Told near_end = told;
  near_end.answer_supplier(EffectKind::query_attempt, 1, not_found,
                           base::minutes(31) - base::seconds(10));
  near_end.bad("unit 1");
  near_end.row.attempts[0].state = AttemptState::failed;
  near_end.row_fails(near_end.row.units[0], UnitReason::deadline_missed);
  near_end.row.header.state = OrderState::giving_back;
  near_end.good();
  told.look(base::minutes(31));
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.row.attempts[0].disowned_at = told.now;
  told.row.header.state = OrderState::giving_back;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1, not_found, base::minutes(32));
  told.row.attempts[0].state = AttemptState::failed;
  told.good();
}

TEST(ReferenceModel, NotFoundBeforeTheHorizonOrOfOneThatMayNotBeAskedTwiceProvesNothing) {
  const ports::SupplierAnswer not_found{.word = SupplierWord::not_found};
  Told soon(topup, 1, "steady");
  soon.decide(Told::notice(price), base::minutes(40));
  soon.row_pays(price, price);
  soon.row_is_paid();
  soon.row.header.fulfill_by = soon.row.header.deadline;
  soon.good();
  soon.answer_supplier(EffectKind::query_attempt, 1, not_found,
                       base::minutes(45) - base::seconds(1));
  soon.good();
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1, not_found,
                       base::minutes(31) - base::seconds(1));
  told.good();
  told.look(base::minutes(31));
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.row.attempts[0].disowned_at = told.now;
  told.row.header.state = OrderState::giving_back;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1, not_found, base::minutes(32));
  told.row.attempts[0].state = AttemptState::failed;  // Now it does: nobody wants it any more.
  told.good();
}

TEST(ReferenceModel, AnIdempotentSupplierNeedsNoPerson) {
  Told told(topup, 1, "steady");
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1, {.word = SupplierWord::not_found},
                       base::minutes(12));
  told.good();
  told.row.header.quarantined = true;
  told.bad("quarantined");
}

TEST(ReferenceModel, APersonMayLookAtTwoFinalAnswers) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::minutes(2));
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.row.header.state = OrderState::delivered;
  told.answer_supplier(EffectKind::query_attempt, 1, Told::no(), base::minutes(3));
  told.good();
  told.row.header.quarantined = true;
  told.good();
  told.row.header.quarantined = false;
  told.bad("quarantined");  // Only a person ends it.
}

TEST(ReferenceModel, ADefiniteNoIsGivenBackAndOneWithHopeIsTriedAgain) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::not_now(), base::minutes(2));
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
  told.answer_supplier(EffectKind::query_attempt, 2, Told::no(), base::minutes(4));
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.bad("\"attempts\":{\"2\":{\"state\":\"failed\"");
  told.row.attempts[1].state = AttemptState::failed;
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
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::hours(1));
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
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::minutes(31));
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
  told.row.attempts[0].cancel_asked = true;
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
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::minutes(2));
  told.row.attempts[0].state = AttemptState::done;
  told.row_delivers(told.row.units[0]);
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 2, Told::no(), base::minutes(3));
  told.row.attempts[1].state = AttemptState::failed;
  told.row_fails(told.row.units[1], UnitReason::supplier_refused);
  told.row.header.state = OrderState::giving_back;
  Order wrong = told.row;
  wrong.refunds[0].amount_minor = 2 * price;  // A batch of which a part failed, refunded in full.
  told.bad(wrong, "unit 2");
  told.good();
  told.answer_payment(EffectKind::refund, 1, {.outcome = Outcome::accepted}, base::minutes(4));
  told.row.refunds[0].state = RefundState::unknown;  // Taken; a query confirms it.
  told.good();
  told.answer_payment(EffectKind::query_refund, 1, {.outcome = Outcome::accepted},
                      base::minutes(5));
  told.bad("accepted");
  told.row.refunds[0].state = RefundState::accepted;
  told.row.header.state = OrderState::partially_delivered;
  told.good();
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

TEST(ReferenceModel, ASuccessAfterAnotherOneIsALoss) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::not_now(), base::minutes(2));
  told.row.attempts[0].state = AttemptState::failed;
  told.row_begins(told.row.units[0]);
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1, Told::yes(), base::minutes(3));
  told.row.attempts[0].state = AttemptState::done;  // The supplier had called it failed.
  told.row_delivers(told.row.units[0]);
  told.row.header.state = OrderState::delivered;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 2, Told::yes(), base::minutes(4));
  told.row.attempts[1].state = AttemptState::done;
  told.bad("loss_booked");
  told.row.attempts[1].loss_booked = true;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 2,
                       {.outcome = Outcome::failed, .word = SupplierWord::reversed},
                       base::minutes(5));
  told.row.attempts[1].state = AttemptState::reversed;
  told.good();  // The buyer has what was paid for: nothing goes back.
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::reversed},
                       base::minutes(6));
  told.row.attempts[0].state = AttemptState::reversed;
  told.bad("reversal 1");  // Now he has nothing.
  told.row_refunds(1, RefundPurpose::reversal, 1, price);
  told.good();
}

TEST(ReferenceModel, AfterTheLastAttemptThereIsNoHope) {
  Told told(topup);
  told.pay_in_full();
  const auto max = domain::Policy{}.attempts_max;
  for (std::int32_t no = 1; no <= max; ++no) {
    told.answer_supplier(EffectKind::submit_attempt, no, Told::not_now(), base::minutes(2));
    told.row.attempts[no - 1].state = AttemptState::failed;
    if (no < max) {
      told.row_begins(told.row.units[0]);
      told.good();
    }
  }
  told.bad("unit 1");
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.row.header.state = OrderState::giving_back;
  told.good();
}

TEST(ReferenceModel, AQuestionThatWasNotSentSaysNothingAboutTheAttempt) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1, Told::not_now(), base::minutes(2));
  told.good();
  told.row.attempts[0].state = AttemptState::failed;
  told.bad("attempts");
}

TEST(ReferenceModel, WithHardlyTimeForAnotherAttemptTheUnitMayEndAtOnceOrWait) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::not_now(), base::minutes(30));
  told.row.attempts[0].state = AttemptState::failed;
  Told waits = told;
  waits.row.units[0].state = UnitState::waiting;
  waits.good();
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.row.header.state = OrderState::giving_back;
  told.good();
}

TEST(ReferenceModel, ASupplierThatCancelsUnaskedHasRefused) {
  Told told(topup);
  told.pay_in_full();
  told.answer_supplier(EffectKind::query_attempt, 1,
                       {.outcome = Outcome::failed, .word = SupplierWord::canceled},
                       base::minutes(2));
  told.row.attempts[0].state = AttemptState::canceled;
  told.row.header.state = OrderState::giving_back;
  told.row_fails(told.row.units[0], UnitReason::supplier_refused);
  told.good();
}

TEST(ReferenceModel, ANoToACopySaysNothingAboutAnEarlierOne) {
  Told told(topup);
  told.pay_in_full();
  told.call_again(EffectKind::submit_attempt, 1, base::minutes(2));
  told.answer_supplier(EffectKind::submit_attempt, 1, Told::no(), base::minutes(2));
  told.row.attempts[0].state = AttemptState::unknown;
  told.good();
  told.answer_supplier(EffectKind::query_attempt, 1, Told::no(), base::minutes(3));
  told.bad("unit 1");
}

TEST(ReferenceModel, PaidTooNearTheEndMayBeginNothing) {
  Told told(topup);
  told.decide(Told::notice(price), base::minutes(45) - base::seconds(20));
  told.row_pays(price, price);
  told.row.header.paid_at = told.now;
  told.row.header.fulfill_by = told.row.header.deadline;
  told.row.header.state = OrderState::paid;
  told.good();
  told.look(base::minutes(45));
  told.row_fails(told.row.units[0], UnitReason::deadline_missed);
  told.row.header.state = OrderState::giving_back;
  told.good();
}

}  // namespace
}  // namespace daozhang::sim
