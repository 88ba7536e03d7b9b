// One story each, named for what must be true. The script language is in decision_script.h.
#include <gtest/gtest.h>

#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

TEST(Paying, ASecretPaidInTimeArrivesInTheSameDecision) {
  play(R"(
    given secret stock=1 promise=60
    0s   place        -> order_placed, awaiting_payment, hold1=held, free=0, due=1m
    20s  pays 1 990   -> order_paid, unit_delivered, delivered, hold1=consumed, escrow=0, revenue=-990, due=none, closed_at=20s
    30s  reveal       -> secret_revealed
    31s  reveal       -> secret_revealed_again
  )");
}

// Found by the reference model (seed 100003864 of 8b52ae9): the shop stood still with the answer in
// hand.
TEST(Paying, UnpaidBeforeTheExpiryProvesNothingAfterIt) {
  play(R"(
    given topup
    channel page close=no
    0s      place
    14m     tick          -> query_payment#1
    15m     tick          -> payment_closing
    15m30s  unpaid 1 14m  -> awaiting_payment
    15m32s  tick          -> query_payment#1
    15m33s  unpaid 1      -> payment_let_go, expired
  )");
}

TEST(Paying, TheSameTradeTwiceIsOnePayment) {
  play(R"(
    given secret
    0s   place
    20s  pays 1 990 T1 -> delivered
    25s  pays 1 990 T1 -> delivered, refunds=0, revenue=-990
  )");
}

TEST(Paying, AfterClosingTheHoldIsRetakenIfStockIsLeft) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick         -> payment_closing, query_payment#1
    15m1s  not_exist 1  -> payment_closed, order_expired, expired, hold1=released, free=1, due=20m1s, closed_at=none
    40m    pays 1 990   -> stock_taken_again, delivered, free=0, escrow=0
  )");
}

TEST(Paying, AfterClosingWithoutStockEverythingGoesBack) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired
    20m    sold_elsewhere
    40m    pays 1 990   -> giving_back, unit1=failed, reason1=out_of_stock, refund#1, purpose1=unit, amount1=990
    41m    refund_accepted 1 -> given_back
  )");
}

TEST(Paying, AfterClosingWithOneItemLostTheOtherArrives) {
  play(R"(
    given secret quantity=2 stock=2
    0s     place        -> free=0
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired, free=2
    20m    sold_elsewhere
    40m    pays 1 1980  -> giving_back, unit1=delivered, unit2=failed, refund#1, amount1=990, number1=ORDER_r1u2
    41m    refund_accepted 1 -> partially_delivered
  )");
}

TEST(Paying, ShortThenTheRestDelivers) {
  play(R"(
    given secret
    0s   place
    1m   pays 1 400  -> payment_applied, awaiting_payment, due=15m
    2m   open page   -> payment_opened, asks2=590
    3m   pays 2 590  -> delivered, refunds=0, escrow=0
  )");
}

TEST(Paying, ShortUntilExpiryGoesBack) {
  play(R"(
    given secret stock=1
    0s      place
    1m      pays 1 400        -> awaiting_payment
    15m     tick              -> order_expired, giving_back, free=1, refund#1, purpose1=shortfall, amount1=400, number1=ORDER_r1f
    15m1s   refund_accepted 1 -> given_back, due=15m11s
    15m11s  tick              -> query_refund#1
    15m12s  refund_found 1    -> refund_settled, closed_at=15m12s, escrow=0
  )");
}

TEST(Paying, OverGivesTheSurplusBack) {
  play(R"(
    given secret
    0s   place
    1m   pays 1 1200 -> delivered, refund#1, purpose1=surplus, amount1=210, number1=ORDER_r1s, escrow=0
  )");
}

TEST(Paying, TwiceOnTwoWaysGivesTheSecondBack) {
  play(R"(
    given secret
    0s    place
    10s   open other qr -> create_payment#2, intent2=preparing
    11s   prepared 2    -> payment_prepared
    1m    pays 1 990    -> delivered, payment_closing, query_payment#2
    61s   pays 2 990    -> refund#1, purpose1=surplus, amount1=990, number1=ORDER_r2s, delivered
    62s   unpaid 2      -> delivered, intent2=paid
  )");
}

TEST(Paying, APartAfterExpiryGoesStraightBack) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired
    20m    pays 1 400   -> expired, refund#1, purpose1=surplus, amount1=400, hold1=released
  )");
}

TEST(Paying, LearnedBeforeTheFrozenDeadlineKeepsIt) {
  play(R"(
    given topup
    0s   place
    15m  tick            -> query_payment#1
    16m  intent_unknown 1
    40m  pays 1 990      -> submit_attempt#1, fulfill_by=45m
  )");
}

TEST(Paying, LearnedAfterTheFrozenDeadlineBeginsThePromiseAnew) {
  play(R"(
    given topup
    0s     place
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired
    50m    pays 1 990   -> fulfilling, submit_attempt#1, fulfill_by=1h20m
  )");
}

TEST(Paying, NothingIsOpenedThatCanNotBePaid) {
  play(R"(
    given secret
    0s      place
    14m29s  open other         -> query_payment#1, payment_opened
    14m30s  open_refused third
    14m31s  pays 1 990         -> delivered, query_payment#2
    14m32s  open_refused other
  )");
}

TEST(Closing, AWaitingTradeIsClosedAtTheChannelFirst) {
  play(R"(
    given secret stock=1
    0s      place
    15m     tick              -> payment_closing, query_payment#1, hold1=held
    15m1s   unpaid 1          -> close_payment#1, awaiting_payment
    15m2s   intent_unknown 1  -> due=15m6s, hold1=held
    15m6s   tick              -> query_payment#1
    15m7s   closed 1          -> payment_closed, expired, hold1=released, free=1
  )");
}

TEST(Closing, NotExistBeforeTheExpiryOfTheLinkIsNoEnd) {
  play(R"(
    given secret
    0s     place
    10s    open other    -> payment_opened
    1m     pays 1 990    -> delivered, query_payment#2
    61s    not_exist 2   -> intent2=closing, due=15m
    15m    tick          -> query_payment#2
    15m1s  not_exist 2   -> payment_closed, intent2=closed, due=20m1s
  )");
}

TEST(Closing, NotExistThatWasAskedBeforeTheExpiryOfTheLinkIsNoEndHoweverLateItComes) {
  play(R"(
    given secret stock=1
    0s     place
    1m     tick             -> query_payment#1
    15m    tick             -> payment_closing, intent1=closing
    15m1s  not_exist 1 1m   -> intent1=closing, hold1=held, due=15m3s
    15m3s  tick             -> query_payment#1
    15m4s  pays 1 990       -> delivered
  )");
}

TEST(Closing, ASilentChannelKeepsTheStockHalfAnHourAndIsAskedOn) {
  play(R"(
    given secret stock=1
    0s      place
    15m     tick              -> query_payment#1
    15m10s  intent_unknown 1  -> awaiting_payment, due=15m12s
    45m     tick              -> order_expired, free=1, intent1=closing, query_payment#1
    46m     pays 1 990        -> stock_taken_again, delivered
  )");
}

TEST(Closing, WhatTheChannelDidNotKnowIsLookedAtThreeTimesMore) {
  play(R"(
    given secret stock=1
    0s        place
    15m       tick         -> query_payment#1
    15m1s     not_exist 1  -> expired, due=20m1s
    20m1s     tick         -> query_payment#1
    20m2s     not_exist 1  -> due=1h15m1s, closed_at=none
    1h15m1s   tick         -> query_payment#1
    1h15m9s   intent_unknown 1  -> due=1h19m9s
    1h19m9s   tick         -> query_payment#1
    1h19m10s  not_exist 1  -> due=24h15m1s
    24h15m1s  tick         -> query_payment#1
    24h15m2s  not_exist 1  -> due=none, closed_at=24h15m2s
  )");
}

TEST(Closing, MoneyThatCameUnseenAfterClosingIsFoundByALaterLook) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired, free=1
    20m1s  tick         -> query_payment#1
    20m2s  pays 1 990   -> stock_taken_again, delivered, closed_at=20m2s
  )");
}

TEST(Closing, WhatTheChannelKnowsAfterAllIsClosedThere) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick         -> query_payment#1
    15m1s  not_exist 1  -> expired
    20m1s  tick         -> query_payment#1
    20m2s  unpaid 1     -> close_payment#1, intent1=closed
    20m3s  closed 1     -> due=none, closed_at=20m3s
  )");
}

TEST(Closing, AnAnsweredCloseNeedsNoLaterLook) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick      -> query_payment#1
    15m1s  unpaid 1  -> close_payment#1
    15m2s  closed 1  -> expired, due=none, closed_at=15m2s
  )");
}

TEST(Closing, ACodeThatCanNotBeMadeLeavesTheOrderToOtherWays) {
  play(R"(
    given secret
    0s   place qr     -> create_payment#1, intent1=preparing
    1s   refused 1    -> payment_failed, intent1=failed, awaiting_payment, due=5m1s
    2s   open other   -> payment_opened
    3s   pays 2 990   -> delivered
  )");
}

TEST(Closing, MoneyOnACodeThatWasRefusedIsFound) {
  play(R"(
    given topup
    0s    place qr     -> create_payment#1
    1s    refused 1    -> intent1=failed
    5m1s  tick         -> query_payment#1
    5m2s  pays 1 990   -> intent1=paid, submit_attempt#1
  )");
}

TEST(Paying, APaymentWaitsForItsPayerAndIsMadeOnceHeIsNamed) {
  play(R"(
    given secret
    0s   place
    1s   open_unnamed sheet   -> payment_opened, intent2=preparing, due=1m
    2s   open_unnamed sheet
    30s  says_paid            -> query_payment#1
    31s  unpaid 1
    40s  open_named sheet o1  -> payer_named, create_payment#2, payer2=o1
    41s  prepared 2           -> payment_prepared, intent2=ready, payer2=o1
    50s  open_unnamed sheet
    51s  open_named sheet o1
    60s  pays 2 990           -> delivered, intent2=paid, payer2=none, query_payment#1
  )");
}

TEST(Paying, AnotherPayerHasAPaymentOfHisOwn) {
  play(R"(
    given secret
    0s   place
    1s   open_named sheet o1  -> payment_opened, create_payment#2
    2s   open_named sheet o2  -> payment_opened, create_payment#3
  )");
}

TEST(Closing, WhatNeverHadAPayerWasNeverThereAndNobodyIsAsked) {
  play(R"(
    given secret stock=1
    0s     place
    1s     open_unnamed sheet
    15m    tick         -> query_payment#1, intent2=closed
    15m1s  not_exist 1  -> expired, free=1
  )");
}

TEST(Closing, ACodeWhoseAnswerIsLostIsMadeAgain) {
  play(R"(
    given secret
    0s   place qr          -> create_payment#1
    1s   intent_unknown 1  -> intent1=preparing, due=3s
    3s   tick              -> create_payment#1
    4s   prepared 1        -> intent1=ready, due=1m4s
  )");
}

TEST(Closing, AHintAboutASettledIntentIsFollowedUntilItIsAnswered) {
  play(R"(
    given secret stock=1
    0s      place
    15m     tick              -> query_payment#1
    15m1s   not_exist 1       -> expired
    16m     ask_intent 1      -> query_payment#1
    16m1s   intent_unknown 1  -> intent1=closed, due=20m1s
    20m1s   tick              -> query_payment#1
    20m2s   pays 1 400        -> refund#1, purpose1=surplus, amount1=400, intent1=paid
  )");
}

TEST(Revealing, NothingIsShownBeforeItIsDelivered) {
  play(R"(
    given secret
    0s   place
    1s   reveal_refused
  )");
}

TEST(Placing, IsRefusedWithoutStock) {
  OrderUnderTest subject(ProductKind::secret, 2, 1, 60);
  Decider decider(subject.order, subject.policy, subject.terms, subject.shelf, script_start,
                  "buyer");
  const auto placed = decider.place();
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error(), PlaceRefusal::out_of_stock);
}

TEST(Opening, IsRefusedWithItsReason) {
  OrderUnderTest subject(ProductKind::secret, 1, 1, 60);
  const auto open = [&](base::Duration after, const char* channel) {
    Decider decider(subject.order, subject.policy, subject.terms, subject.shelf,
                    script_start + after, "buyer");
    return decider.open_intent(channel, false);
  };
  subject.tell(script_start, [](Decider& d) { ASSERT_TRUE(d.place()); });
  for (int i = 1; i <= subject.policy.intents_max; ++i)
    EXPECT_TRUE(open({}, std::to_string(i).c_str()));
  EXPECT_EQ(open({}, "1").value_or(0), 1) << "the open one of the channel is given again";
  EXPECT_EQ(open({}, "more").error(), OpenRefusal::too_many_payments);
  EXPECT_EQ(open(base::minutes(15), "1").error(), OpenRefusal::payment_window_over);
}

TEST(Paying, WhoeverSaysThatHePaidHasEveryOpenPaymentAskedAbout) {
  play(R"(
    given topup
    0s   place
    10s  open code qr   -> create_payment#2
    20s  says_paid      -> query_payment#1
    21s  says_paid
    22s  unpaid 1
    23s  prepared 2
    30s  says_paid      -> query_payment#1, query_payment#2
    31s  pays 2 990     -> submit_attempt#1
  )");
}

TEST(Paying, WhereNothingCanBeClosedStillUnpaidAfterTheWindowLetsGoAndIsLookedAtAgain) {
  play(R"(
    given secret stock=1
    channel page close=no
    0s      place
    1m      tick      -> query_payment#1
    1m1s    unpaid 1
    15m     tick      -> query_payment#1, payment_closing
    15m1s   unpaid 1  -> payment_let_go, expired, intent1=closed, free=1, due=20m1s
    20m1s   tick      -> query_payment#1
    20m2s   unpaid 1  -> intent1=closed, due=1h15m1s
    1h15m1s tick      -> query_payment#1
    1h15m2s pays 1 990 -> delivered, intent1=paid
  )");
}

TEST(Paying, PaidAndThenToldAsClosedIsAPersonsAndChangesNothing) {
  play(R"(
    given topup
    0s   place
    1m   pays 1 990   -> submit_attempt#1
    61s  done 1       -> delivered
    5m   ask_intent 1 -> query_payment#1
    5m1s closed 1     -> delivered, intent1=paid, quarantined=yes, revenue=-990
  )");
}

TEST(Paying, ATradeThatWasGivenBackInFullMayBeToldAsClosed) {
  play(R"(
    given topup
    0s   place
    1m   pays 1 990         -> submit_attempt#1
    61s  failed 1           -> refund#1
    62s  refund_found 1     -> given_back
    5m   ask_intent 1       -> query_payment#1
    5m1s closed 1           -> quarantined=no
  )");
}

TEST(Paying, MoneyInAnotherCurrencyPaysForNothingAndIsAPersons) {
  play(R"(
    given topup
    0s   place
    1m   tick         -> query_payment#1
    61s  not_ours 1   -> awaiting_payment, quarantined=yes, escrow=0
  )");
}

TEST(Paying, MoneyThatIsToldOfWhileItsPaymentIsBeingClosedIsAskedAbout) {
  play(R"(
    given secret stock=1
    0s      place
    15m     tick          -> payment_closing, query_payment#1
    15m1s   unpaid 1      -> close_payment#1
    15m2s   ask_intent 1
    15m3s   closed 1      -> intent1=closed, query_payment#1
    15m4s   pays 1 990    -> intent1=paid
  )");
}

TEST(Paying, MoneyThatIsNotOursIsAskedAboutNoMoreOnceNobodyCanPayThere) {
  play(R"(
    given secret stock=1
    0s     place
    1m     tick         -> query_payment#1
    61s    not_ours 1   -> awaiting_payment, quarantined=yes, intent1=ready
    15m    tick         -> query_payment#1, payment_closing
    15m5s  not_ours 1   -> intent1=closed, payment_let_go
    20m5s  tick         -> query_payment#1
    20m6s  not_ours 1   -> due=1h15m5s
    75m5s  tick         -> query_payment#1
    75m6s  pays 1 990   -> intent1=paid
  )");
}

TEST(Paying, AChannelThatNeverSaysWhatBecameOfAPaymentIsAPersonsAfterADayAndAskedRarely) {
  play(R"(
    given secret stock=1
    0s     place
    15m    tick              -> query_payment#1, payment_closing
    15m5s  intent_unknown 1  -> due=15m7s
    25h    tick              -> query_payment#1, expired
    25h1s  intent_unknown 1  -> quarantined=yes, due=26h1s
    26h1s  tick              -> query_payment#1
    26h2s  pays 1 990        -> intent1=paid
  )");
}

TEST(Closing, AHintThatComesBeforeARefusedCloseIsFollowedAtOnce) {
  OrderUnderTest topup(ProductKind::topup, 1, 0, 60);
  const auto at = [](int seconds) { return script_start + base::seconds(seconds); };
  topup.tell(at(0), [](Decider& decider) {
    ASSERT_TRUE(decider.place());
    ASSERT_TRUE(decider.open_intent("page", false));
  });
  topup.tell(at(900), [](Decider&) {});
  topup.tell(at(901), [&](Decider& decider) { decider.intent_unpaid(1, at(900)); });
  ASSERT_EQ(topup.order.intents[0].call, IntentCall::close);
  topup.tell(at(902), [](Decider& decider) { decider.ask_intent(1); });
  topup.tell(at(903), [](Decider& decider) { decider.intent_unknown(1, "trade_status_error"); });
  EXPECT_EQ(topup.order.intents[0].call, IntentCall::query);
}

}  // namespace
}  // namespace daozhang::domain
