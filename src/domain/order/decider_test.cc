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
    15m1s  not_exist 1  -> payment_closed, order_expired, expired, hold1=released, free=1, closed_at=15m1s
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
    15m1s  not_exist 2   -> payment_closed, intent2=closed, closed_at=15m1s
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

TEST(Closing, ACodeThatCanNotBeMadeLeavesTheOrderToOtherWays) {
  play(R"(
    given secret
    0s   place qr     -> create_payment#1, intent1=preparing
    1s   refused 1    -> payment_failed, intent1=failed, awaiting_payment, due=15m
    2s   open other   -> payment_opened
    3s   pays 2 990   -> delivered
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

TEST(TopUp, AcceptedThenDoneArrives) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990   -> fulfilling, submit_attempt#1, attempt1=submitting, fulfill_by=31m
    61s   accepted 1   -> attempt_accepted, due=1m3s
    63s   tick         -> query_attempt#1
    64s   accepted 1   -> due=1m8s
    68s   tick         -> query_attempt#1
    69s   done 1       -> delivered, unit1=delivered, cost_of_sales=900, supplier_payable:telco=-900, escrow=0, closed_at=1m9s
  )");
}

TEST(TopUp, ADefiniteFailureGivesBackAtOnce) {
  play(R"(
    given topup
    0s   place
    1m   pays 1 990         -> submit_attempt#1
    2m   failed 1           -> unit1=failed, reason1=supplier_refused, giving_back, refund#1, amount1=990
    3m   refund_accepted 1  -> given_back
  )");
}

TEST(TopUp, UnknownIsAskedWithBackOffAndNeverSentElsewhere) {
  play(R"(
    given topup
    0s     place
    1m     pays 1 990  -> submit_attempt#1
    1m10s  unknown 1   -> attempt_unknown, attempt1=unknown, due=1m12s
    1m12s  tick        -> query_attempt#1
    1m22s  unknown 1   -> due=1m26s, attempts=1
    1m26s  tick        -> query_attempt#1
    1m36s  unknown 1   -> due=1m44s, attempts=1
    1m44s  tick        -> query_attempt#1
    1m45s  done 1      -> delivered, attempts=1
  )");
}

TEST(TopUp, NotFoundIsUnknownUntilTheHorizonThenTheSameReferenceIsSent) {
  play(R"(
    given topup
    0s     place
    1m     pays 1 990   -> submit_attempt#1
    2m     unknown 1    -> due=2m2s
    2m2s   tick         -> query_attempt#1
    2m3s   not_found 1  -> attempt1=unknown, attempts=1
    13m    tick         -> query_attempt#1
    13m1s  not_found 1  -> submit_attempt#1, attempt1=submitting, attempts=1
  )");
}

TEST(TopUp, TheHorizonCountsFromTheLastSendingNotFromTheIntention) {
  // The process was away for half an hour between the intention and its second sending.
  play(R"(
    given topup promise=7200
    0s      place
    1m      pays 1 990   -> submit_attempt#1
    40m     unknown 1    -> attempt1=unknown
    40m2s   tick         -> query_attempt#1
    40m3s   not_found 1  -> attempt1=unknown
    50m1s   tick         -> query_attempt#1
    50m2s   not_found 1  -> submit_attempt#1
  )");
}

TEST(TopUp, ASupplierThatIsNotIdempotentIsNeverSentTheOrderAgain) {
  play(R"(
    given topup idempotent=no cancel=no
    0s     place
    1m     pays 1 990   -> submit_attempt#1
    2m     unknown 1
    13m    tick         -> query_attempt#1
    13m1s  not_found 1  -> quarantined=yes, attempt1=unknown, attempts=1
    31m    tick         -> attempt_disowned, refund#1, query_attempt#1
    32m    not_found 1  -> attempt1=failed, refunds=1
  )");
}

TEST(TopUp, NothingIsSentAgainWhenTimeIsNearlyUp) {
  play(R"(
    given topup promise=660
    0s      place
    1m      pays 1 990   -> submit_attempt#1, fulfill_by=12m
    1m10s   unknown 1
    11m30s  tick         -> cancel_attempt#1
    11m31s  not_found 1  -> attempt1=failed, unit1=failed, refund#1
  )");
}

TEST(TopUp, WhatMayBeTriedAnewIsTriedAnewUnderANewReference) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990      -> submit_attempt#1
    61s   failed 1 retry  -> attempt_failed, unit1=waiting, due=1m6s, fulfilling
    66s   tick            -> submit_attempt#2, attempts=2
    67s   failed 2 retry  -> due=1m17s
    77s   tick            -> submit_attempt#3
    78s   done 3          -> delivered
  )");
}

TEST(TopUp, OneUnitFailsAndTheOtherArrives) {
  play(R"(
    given topup quantity=2
    0s   place
    1m   pays 1 1980        -> submit_attempt#1, submit_attempt#2
    2m   done 1             -> fulfilling, unit1=delivered
    3m   failed 2           -> giving_back, unit2=failed, refund#1, number1=ORDER_r1u2
    4m   refund_accepted 1  -> partially_delivered
  )");
}

TEST(Deadline, ACancelThatWinsGivesBack) {
  play(R"(
    given topup
    0s      place
    1m      pays 1 990   -> submit_attempt#1
    2m      accepted 1
    30m30s  tick         -> cancel_attempt#1
    30m31s  canceled 1   -> attempt1=canceled, unit1=failed, reason1=deadline_missed, refund#1, giving_back
  )");
}

TEST(Deadline, ACancelThatLosesMayStillArriveInTime) {
  play(R"(
    given topup
    0s      place
    1m      pays 1 990   -> submit_attempt#1
    2m      accepted 1
    30m30s  tick         -> cancel_attempt#1
    30m31s  accepted 1   -> due=30m35s
    30m35s  tick         -> query_attempt#1
    30m36s  done 1       -> delivered, refunds=0
  )");
}

TEST(Deadline, SilenceIsDisownedAtTheMomentAndALateSuccessIsBookedOnce) {
  play(R"(
    given topup cancel=no
    0s     place
    1m     pays 1 990   -> submit_attempt#1
    2m     accepted 1
    31m    tick         -> attempt_disowned, giving_back, unit1=failed, reason1=deadline_missed, refund#1, query_attempt#1
    31m5s  done 1       -> late_supplier_success, late_supplier_loss=900, unit1=failed, refunds=1
    31m6s  hint 1       -> query_attempt#1
    31m7s  done 1       -> late_supplier_loss=900, supplier_payable:telco=-900
  )");
}

TEST(Deadline, ALateFailureAfterDisowningCostsNobodyAnything) {
  play(R"(
    given topup cancel=no
    0s   place
    1m   pays 1 990  -> submit_attempt#1
    2m   accepted 1
    31m  tick        -> attempt_disowned, refund#1, query_attempt#1
    40m  failed 1    -> attempt1=failed, refunds=1, late_supplier_loss=0
  )");
}

TEST(Deadline, ASupplierSilentForDaysIsLeftToAPerson) {
  play(R"(
    given topup cancel=no
    0s      place
    1m      pays 1 990  -> submit_attempt#1
    2m      accepted 1
    31m     tick        -> attempt_disowned, refund#1, query_attempt#1
    72h31m  unknown 1   -> quarantined=yes, refunds=1
  )");
}

TEST(ChangedMinds, FailedThenDoneIsALossOnceTheMoneyIsBack) {
  play(R"(
    given topup
    0s   place
    1m   pays 1 990  -> submit_attempt#1
    2m   failed 1    -> giving_back, refund#1
    9m   hint 1      -> query_attempt#1
    10m  done 1      -> late_supplier_success, late_supplier_loss=900, unit1=failed, refunds=1
  )");
}

TEST(ChangedMinds, FailedThenDoneDeliversAndTheNewerAttemptIsCanceled) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990      -> submit_attempt#1
    61s  failed 1 retry  -> unit1=waiting
    66s  tick            -> submit_attempt#2
    67s  hint 1          -> query_attempt#1
    68s  done 1          -> delivered, attempt2=submitting
    69s  accepted 2      -> cancel_attempt#2
    70s  canceled 2      -> attempt2=canceled, delivered, refunds=0, closed_at=1m10s
  )");
}

TEST(ChangedMinds, FailedThenDoneAndTheNewerAttemptAsWellIsOneLoss) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990      -> submit_attempt#1
    61s  failed 1 retry
    66s  tick            -> submit_attempt#2
    67s  hint 1          -> query_attempt#1
    68s  done 1          -> delivered
    69s  done 2          -> late_supplier_success, late_supplier_loss=900, cost_of_sales=900, delivered
  )");
}

TEST(ChangedMinds, AReversalMakesTheBuyerWholeAndStaysDelivered) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990  -> submit_attempt#1
    61s  done 1      -> delivered, revenue=-990
    2h   hint 1      -> query_attempt#1
    3h   reversed 1  -> attempt_reversed, delivered, refund#1, purpose1=reversal, number1=ORDER_r1v1, revenue=0, cost_of_sales=0, supplier_payable:telco=0
  )");
}

TEST(ChangedMinds, DoneAndUndoneUnseenIsAFailure) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990  -> submit_attempt#1
    61s  accepted 1
    70s  reversed 1  -> unit1=failed, refund#1, purpose1=unit
  )");
}

TEST(GivingBack, ALostReplyIsAskedAndFound) {
  play(R"(
    given topup
    0s     place
    60s    pays 1 990        -> submit_attempt#1
    2m     failed 1          -> refund#1
    2m10s  refund_unknown 1  -> refund1=unknown, due=2m20s, giving_back
    2m20s  tick              -> query_refund#1
    2m21s  refund_found 1    -> refund_accepted, refund_settled, given_back, closed_at=2m21s
  )");
}

TEST(GivingBack, ALostReplyThatIsNotFoundIsSentAgainUnderTheSameNumber) {
  play(R"(
    given topup
    0s     place
    60s    pays 1 990          -> submit_attempt#1
    2m     failed 1            -> refund#1, number1=ORDER_r1u1
    2m10s  refund_unknown 1
    2m20s  tick                -> query_refund#1
    2m21s  refund_not_found 1  -> refund_sent_again, refund1=decided, due=2m25s
    2m25s  tick                -> refund#1, number1=ORDER_r1u1, refunds=1
    2m26s  refund_pending 1    -> refund1=accepted, given_back
  )");
}

TEST(GivingBack, RefusedForNowIsTriedAgainWithoutAPerson) {
  play(R"(
    given topup
    0s    place
    60s   pays 1 990               -> submit_attempt#1
    2m    failed 1                 -> refund#1
    121s  refund_refused 1 later   -> refund1=decided, due=2m5s, quarantined=no
    125s  tick                     -> refund#1
    126s  refund_accepted 1        -> given_back
  )");
}

TEST(GivingBack, RefusedForGoodIsAPersonsAndMayStillBeAccepted) {
  play(R"(
    given topup
    0s    place
    60s   pays 1 990          -> submit_attempt#1
    2m    failed 1            -> refund#1
    121s  refund_refused 1    -> refund_refused, refund1=refused, quarantined=yes, due=2m5s, giving_back
    125s  tick                -> refund#1
    126s  refund_accepted 1   -> refund1=accepted, given_back
  )");
}

TEST(GivingBack, RefusedThenAskedAgainWithoutAnAnswerIsLookedUp) {
  play(R"(
    given topup
    0s    place
    60s   pays 1 990          -> submit_attempt#1
    2m    failed 1            -> refund#1
    121s  refund_refused 1    -> refund1=refused, due=2m5s
    125s  tick                -> refund#1
    130s  refund_unknown 1    -> refund1=unknown, due=2m20s
    140s  tick                -> query_refund#1
    141s  refund_found 1      -> refund_settled, given_back
  )");
}

TEST(GivingBack, AUnitPaidByTwoPaymentsGoesBackToBoth) {
  play(R"(
    given topup
    0s    place
    60s   pays 1 400   -> awaiting_payment
    70s   open page    -> asks2=590
    80s   pays 2 590   -> submit_attempt#1
    2m    failed 1     -> refund#1, refund#2, amount1=400, amount2=590, escrow=0
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

}  // namespace
}  // namespace daozhang::domain
