// Money that the channel took back, refunds that a person ended, and orders that the shop has lost.
#include <gtest/gtest.h>

#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

base::Instant at(std::int64_t minutes) { return script_start + base::minutes(minutes); }

class Chargebacks : public ::testing::Test {
 protected:
  void place(OrderUnderTest& of) {
    of.tell(at(0), [&](Decider& decider) {
      ASSERT_TRUE(decider.place());
      ASSERT_TRUE(decider.open_intent("page", false));
    });
  }
  void pay(OrderUnderTest& of, std::int64_t amount, base::Instant now, std::string trade = "T1") {
    of.tell(now, [&](Decider& decider) {
      decider.apply_payment({1, std::move(trade), amount, now, FactSource::query});
    });
  }
  base::Result<bool, ChargebackRefusal> charge(OrderUnderTest& of, std::int64_t amount,
                                               const std::string& case_no = "C1") {
    base::Result<bool, ChargebackRefusal> told = false;
    of.tell(at(100), [&](Decider& decider) {
      told = decider.charge_back({{"T1", ""}, case_no, amount}, "the payer disputed it");
    });
    return told;
  }
  void be_reversed(OrderUnderTest& of, std::int64_t minute) {
    of.tell(at(minute), [](Decider& decider) { decider.attempt_reversed(1, "taken back"); });
  }

  OrderUnderTest card_{ProductKind::secret, 1, 1, 60};
  OrderUnderTest topup_{ProductKind::topup, 1, 0, 600};
};

TEST_F(Chargebacks, ACaseIsALossOnceHoweverOftenItIsTold) {
  place(card_);
  pay(card_, 990, at(1));
  EXPECT_EQ(charge(card_, 990), true);
  EXPECT_EQ(charge(card_, 990), false);
  EXPECT_EQ(card_.balances[account::chargeback_loss], 990);
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 0);
  EXPECT_EQ(card_.balances[account::revenue], -990) << "it was earned, and then it was lost";
  EXPECT_EQ(card_.order.header.state, OrderState::delivered);
  EXPECT_TRUE(card_.order.chargebacks.at(0).flags_buyer);
  EXPECT_TRUE(card_.order.header.closed_at.is_set());
}

TEST_F(Chargebacks, ACaseThatWasWonIsNotTakenForKnownWhenItIsToldAgain) {
  place(card_);
  pay(card_, 990, at(1));
  EXPECT_EQ(charge(card_, 990), true);
  card_.tell(at(130), [](Decider& decider) { decider.chargeback_returned("C1", {}, "won"); });
  EXPECT_EQ(charge(card_, 990).error(), ChargebackRefusal::case_returned);
  EXPECT_EQ(charge(card_, 990, "C1 again"), true);
  EXPECT_EQ(card_.balances[account::chargeback_loss], 990);
}

TEST_F(Chargebacks, AnotherSumUnderTheSameCaseIsRefused) {
  place(card_);
  pay(card_, 990, at(1));
  EXPECT_EQ(charge(card_, 500), true);
  EXPECT_EQ(charge(card_, 490).error(), ChargebackRefusal::case_differs);
  EXPECT_EQ(charge(card_, 490, "C2"), true);
  EXPECT_EQ(charge(card_, 1, "C3").error(), ChargebackRefusal::more_than_kept);
  EXPECT_EQ(card_.balances[account::chargeback_loss], 990);
}

TEST_F(Chargebacks, WhatWentBackCanNotBeTakenBack) {
  place(card_);
  pay(card_, 1000, at(1));
  EXPECT_EQ(charge(card_, 991).error(), ChargebackRefusal::more_than_kept) << "10 are a surplus";
  EXPECT_EQ(charge(card_, 0).error(), ChargebackRefusal::more_than_kept);
  EXPECT_EQ(charge(card_, -5).error(), ChargebackRefusal::more_than_kept);
  EXPECT_EQ(charge(card_, 990), true);
}

TEST_F(Chargebacks, AnotherPaymentOrAnOpenOrderIsRefused) {
  place(topup_);
  pay(topup_, 990, at(1));
  EXPECT_EQ(charge(card_, 1).error(), ChargebackRefusal::payment_unknown);
  base::Result<bool, ChargebackRefusal> told = true;
  topup_.tell(at(2), [&](Decider& decider) {
    told = decider.charge_back({{"T1", ""}, "C1", 990}, "too early");
  });
  EXPECT_EQ(told.error(), ChargebackRefusal::order_open);
  EXPECT_TRUE(topup_.order.chargebacks.empty());
}

TEST_F(Chargebacks, AWonDisputeBringsTheMoneyBackAndLiftsTheFlag) {
  place(card_);
  pay(card_, 990, at(1));
  EXPECT_EQ(charge(card_, 990), true);
  const auto win = [&](Decider& decider) { return decider.chargeback_returned("C1", {}, "won"); };
  bool won = false;
  card_.tell(at(200), [&](Decider& decider) { won = win(decider); });
  EXPECT_TRUE(won);
  EXPECT_EQ(card_.balances[account::chargeback_loss], 0);
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 990);
  EXPECT_FALSE(card_.order.chargebacks.at(0).flags_buyer);
  card_.tell(at(201), [&](Decider& decider) { won = win(decider); });
  EXPECT_FALSE(won) << "once";
  EXPECT_EQ(charge(card_, 990, "C2"), true) << "what came back can be disputed anew";
}

TEST_F(Chargebacks, OfACaseAboutTwoPaymentsItIsSaidWhichOneWasWon) {
  place(card_);
  pay(card_, 500, at(1));
  card_.tell(at(2), [](Decider& decider) { ASSERT_TRUE(decider.open_intent("code", false)); });
  card_.tell(at(3), [](Decider& decider) {
    decider.apply_payment({2, "T2", 490, at(3), FactSource::query});
  });
  EXPECT_EQ(charge(card_, 500), true);
  card_.tell(at(101), [](Decider& decider) {
    EXPECT_EQ(decider.charge_back({{"T2", ""}, "C1", 490}, "disputed"), true);
  });
  const auto win = [&](const std::string& trade_no) {
    bool won = false;
    card_.tell(at(110), [&](Decider& decider) {
      won = decider.chargeback_returned("C1", {trade_no, ""}, "won");
    });
    return won;
  };
  EXPECT_FALSE(win("")) << "which?";
  EXPECT_TRUE(win("T2"));
  EXPECT_EQ(card_.balances[account::chargeback_loss], 500);
  EXPECT_TRUE(win("")) << "one is left";
  EXPECT_EQ(card_.balances[account::chargeback_loss], 0);
}

TEST_F(Chargebacks, OfTwoPaymentsWithOneNumberTheChannelSaysWhichIsMeant) {
  place(card_);
  pay(card_, 500, at(1));
  card_.tell(at(2), [](Decider& decider) { ASSERT_TRUE(decider.open_intent("code", false)); });
  card_.tell(at(3), [](Decider& decider) {
    decider.apply_payment({2, "T1", 490, at(3), FactSource::query});
  });
  ASSERT_EQ(card_.order.payments.size(), 2U);
  EXPECT_EQ(charge(card_, 490).error(), ChargebackRefusal::payment_unclear);
  card_.tell(at(101), [](Decider& decider) {
    EXPECT_EQ(decider.charge_back({{"T1", "code"}, "C1", 490}, "disputed"), true);
    EXPECT_EQ(decider.charge_back({{"T1", "page"}, "C1", 500}, "disputed"), true);
    EXPECT_FALSE(decider.chargeback_returned("C1", {"T1", ""}, "won")) << "which?";
    EXPECT_TRUE(decider.chargeback_returned("C1", {"T1", "page"}, "won"));
  });
  EXPECT_EQ(card_.balances[account::channel_clearing("code")], 0);
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 500);
}

TEST_F(Chargebacks, WhatTheSupplierTakesBackLaterIsNotGivenBackASecondTime) {
  place(topup_);
  pay(topup_, 990, at(1));
  topup_.tell(at(2), [](Decider& decider) { decider.attempt_done(1, "S1", "", 900); });
  EXPECT_EQ(charge(topup_, 600), true);
  be_reversed(topup_, 120);
  ASSERT_EQ(topup_.order.refunds.size(), 1U);
  EXPECT_EQ(topup_.order.refunds[0].amount_minor, 390) << "600 the channel gave him";
  topup_.tell(at(130), [](Decider& decider) { decider.chargeback_returned("C1", {}, "won"); });
  EXPECT_EQ(topup_.order.header.quarantine_reason, "reversed_unit_owed") << "600 are owed now";
}

TEST_F(Chargebacks, WhatIsOwedOnceTheGoodsOfTheOtherAttemptAreTakenBackTooIsAPersons) {
  place(topup_);
  pay(topup_, 990, at(1));
  topup_.tell(at(2), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
  topup_.tell(at(3), [](Decider&) {});
  topup_.tell(at(4), [](Decider& decider) { decider.attempt_done(1, "S1", "", 900); });
  EXPECT_EQ(charge(topup_, 600), true);
  be_reversed(topup_, 120);
  ASSERT_EQ(topup_.order.refunds.size(), 1U);
  topup_.tell(at(125), [](Decider& decider) { decider.attempt_done(2, "S2", "", 900); });
  topup_.tell(at(130), [](Decider& decider) { decider.chargeback_returned("C1", {}, "won"); });
  EXPECT_FALSE(topup_.order.header.quarantined) << "he has the goods of the second";
  topup_.tell(at(140), [](Decider& decider) { decider.attempt_reversed(2, "taken back"); });
  EXPECT_EQ(topup_.order.refunds.size(), 1U);
  EXPECT_EQ(topup_.order.header.quarantine_reason, "reversed_unit_owed") << "600 of 990";
}

TEST_F(Chargebacks, WhatWentBackTwiceOfOnePaymentIsNotGivenOnceMoreOfAnother) {
  OrderUnderTest two(ProductKind::topup, 2, 0, 600);
  place(two);
  pay(two, 990, at(1));
  two.tell(at(2), [](Decider& decider) { ASSERT_TRUE(decider.open_intent("code", true)); });
  two.tell(at(3), [](Decider& decider) {
    decider.apply_payment({2, "T2", 990, at(3), FactSource::query});
  });
  two.tell(at(4), [](Decider& decider) {
    decider.attempt_done(1, "S1", "", 900);
    decider.attempt_done(2, "S2", "", 900);
  });
  be_reversed(two, 120);
  ASSERT_EQ(two.order.refunds.size(), 1U);
  two.tell(at(121), [](Decider& decider) { decider.refund_refused(1, "disputed", false); });
  two.tell(at(122), [](Decider& decider) { EXPECT_TRUE(decider.refund_went_by_hand(1, "bank")); });
  two.tell(at(130), [](Decider& decider) {
    EXPECT_EQ(decider.charge_back({{"T1", ""}, "C1", 500}, "disputed"), true);
  });
  two.tell(at(140), [](Decider& decider) { decider.attempt_reversed(2, "taken back"); });
  ASSERT_EQ(two.order.refunds.size(), 2U);
  EXPECT_EQ(two.order.refunds[1].amount_minor, 490) << "he has 500 of the first payment twice";
}

TEST_F(Chargebacks, NothingIsGivenBackWhenTheChannelTookItAll) {
  place(topup_);
  pay(topup_, 990, at(1));
  topup_.tell(at(2), [](Decider& decider) { decider.attempt_done(1, "S1", "", 900); });
  EXPECT_EQ(charge(topup_, 990), true);
  be_reversed(topup_, 120);
  EXPECT_TRUE(topup_.order.refunds.empty());
  EXPECT_FALSE(topup_.order.header.quarantined);
}

class ByHand : public Chargebacks {
 protected:
  void SetUp() override {
    place(card_);
    pay(card_, 1000, at(1));
    ASSERT_EQ(card_.order.refunds.size(), 1U);
  }
  bool end_by_hand() {
    bool ended = false;
    card_.tell(at(50),
               [&](Decider& decider) { ended = decider.refund_went_by_hand(1, "sent by bank"); });
    return ended;
  }
};

TEST_F(ByHand, ARefundThatWaitsForNobodyIsNotEndedByAPerson) {
  EXPECT_FALSE(end_by_hand());
  EXPECT_FALSE(card_.order.refunds[0].settled_at.is_set());
}

TEST_F(ByHand, ARefundWhoseAnswerWasLostAndThatTheChannelCanNotEndIsEndedByAPerson) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_unknown(1, "timeout"); });
  card_.tell(at(3), [](Decider& decider) { decider.refund_stuck(1, "CLOSED"); });
  EXPECT_EQ(card_.order.refunds[0].state, RefundState::accepted);
  EXPECT_TRUE(end_by_hand());
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 1000);
}

TEST_F(ByHand, ALostAnswerAboutARefundThatIsOnItsWayMakesItNobodysMatter) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_accepted(1, false); });
  card_.tell(at(3), [](Decider& decider) { decider.refund_unknown(1, "timeout"); });
  for (int i = 0; i < 20; ++i)
    card_.tell(at(4 + i), [](Decider& decider) { decider.refund_pending(1); });
  card_.order.header.quarantined = true;
  EXPECT_FALSE(end_by_hand());
}

TEST_F(ByHand, ARefundThatTheChannelLacksTheMoneyForIsEndedByAPersonAfterItsTime) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_refused(1, "NOT_ENOUGH", true); });
  EXPECT_FALSE(end_by_hand());
  card_.tell(at(40), [](Decider&) {});
  card_.tell(at(41), [](Decider& decider) { decider.refund_refused(1, "NOT_ENOUGH", true); });
  EXPECT_TRUE(end_by_hand());
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 1000);
}

TEST_F(ByHand, ARefundThatIsOnItsWayIsNotEndedByAPersonThoughItsOrderIsInQuarantine) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_accepted(1, false); });
  card_.order.header.quarantined = true;
  EXPECT_FALSE(end_by_hand());
  EXPECT_TRUE(card_.order.refunds[0].accepted_at.is_set());
}

TEST_F(ByHand, ARefusedRefundThatWentAnotherWayLeavesTheChannelsBalanceAlone) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_refused(1, "no rights", false); });
  EXPECT_TRUE(end_by_hand());
  const auto& refund = card_.order.refunds[0];
  EXPECT_EQ(refund.state, RefundState::settled);
  EXPECT_TRUE(refund.went_by_hand());
  EXPECT_EQ(card_.balances[account::refund_payable("page")], 0);
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 1000);
  EXPECT_EQ(card_.balances[account::given_back_by_hand], -10);
  EXPECT_FALSE(end_by_hand()) << "once";
  EXPECT_TRUE(card_.order.header.closed_at.is_set());
}

TEST_F(ByHand, ARefundThatTheChannelAcceptedAndCanNotEndComesBackIntoItsBalance) {
  card_.tell(at(2), [](Decider& decider) { decider.refund_accepted(1, false); });
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 990);
  card_.tell(at(3), [](Decider& decider) { decider.refund_stuck(1, "ABNORMAL"); });
  EXPECT_TRUE(end_by_hand());
  EXPECT_EQ(card_.balances[account::channel_clearing("page")], 1000);
  EXPECT_EQ(card_.balances[account::refund_payable("page")], 0);
  EXPECT_EQ(card_.balances[account::given_back_by_hand], -10);
}

TEST_F(ByHand, WhatWentAnotherWayDoesNotExplainThatTheChannelHasThePaymentNoMore) {
  OrderUnderTest late{ProductKind::secret, 1, 1, 60};
  place(late);
  late.tell(at(20), [](Decider& decider) { decider.intent_closed(1); });
  pay(late, 500, at(30));
  ASSERT_EQ(late.order.refunds.at(0).amount_minor, 500) << "a part that came too late";
  late.tell(at(31), [](Decider& decider) { decider.refund_refused(1, "no rights", false); });
  late.tell(at(50), [](Decider& decider) { decider.refund_went_by_hand(1, "sent by bank"); });
  late.tell(at(60), [](Decider& decider) { decider.intent_closed(1); });
  EXPECT_EQ(late.order.header.quarantine_reason, "refund_refused,paid_then_closed");
}

class LostOrder : public Chargebacks {
 protected:
  void adopt(std::int32_t intent_no, base::Instant now) {
    lost_.tell(now, [&](Decider& decider) { decider.adopt(intent_no, "page", 990, true); });
  }
  // What the order knows of itself: its number.
  OrderUnderTest lost_{ProductKind::secret, 1, 1, 60};
};

TEST_F(LostOrder, MoneyForItIsAskedForAndGivenBackOnce) {
  adopt(1, at(0));
  EXPECT_EQ(lost_.order.header.state, OrderState::awaiting_payment);
  EXPECT_EQ(lost_.order.intents.at(0).call, IntentCall::query) << "a notice alone is not enough";
  pay(lost_, 990, at(0));
  EXPECT_EQ(lost_.order.header.state, OrderState::giving_back);
  EXPECT_EQ(lost_.order.units.at(0).reason, UnitReason::order_lost);
  ASSERT_EQ(lost_.order.refunds.size(), 1U);
  EXPECT_EQ(lost_.order.refunds[0].amount_minor, 990);
  EXPECT_EQ(lost_.shelf.count(ItemState::available), 1) << "nothing is delivered for it";
  lost_.tell(at(1), [](Decider& decider) { decider.refund_accepted(1, true); });
  EXPECT_EQ(lost_.order.header.state, OrderState::given_back);
}

TEST_F(LostOrder, WhenTheChannelHasNoMoneyTheOrderExpires) {
  adopt(1, at(0));
  lost_.tell(at(1), [](Decider& decider) { decider.intent_closed(1); });
  lost_.tell(at(16), [](Decider&) {});
  EXPECT_EQ(lost_.order.header.state, OrderState::expired);
}

TEST_F(LostOrder, EveryPaymentOfItThatMayHaveBeenOpenedIsAsked) {
  adopt(3, at(0));
  ASSERT_EQ(lost_.order.intents.size(), 3U);
  for (const auto& intent : lost_.order.intents) EXPECT_EQ(intent.call, IntentCall::query);
}

TEST_F(LostOrder, MoneyOnAnotherPaymentOfItGoesBackToo) {
  adopt(1, at(0));
  pay(lost_, 990, at(0));
  adopt(2, at(5));
  lost_.tell(at(6), [](Decider& decider) {
    decider.apply_payment({2, "T2", 500, at(5), FactSource::query});
  });
  ASSERT_EQ(lost_.order.refunds.size(), 2U);
  EXPECT_EQ(lost_.order.refunds[1].purpose, RefundPurpose::surplus);
  EXPECT_EQ(lost_.order.refunds[1].amount_minor, 500);
}

}  // namespace
}  // namespace daozhang::domain
