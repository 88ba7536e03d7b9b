// One story each, named for what must be true. The script language is in decision_script.h.
#include <gtest/gtest.h>

#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

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

TEST(ChangedMinds, ALateSuccessOfUntoldCostThatIsReversedOwesNothing) {
  OrderUnderTest topup(ProductKind::topup, 1, 0, 60);
  const auto at = [](int minutes) { return script_start + base::minutes(minutes); };
  topup.tell(at(0), [](Decider& decider) {
    ASSERT_TRUE(decider.place());
    ASSERT_TRUE(decider.open_intent("page", false));
  });
  topup.tell(at(1), [&](Decider& decider) {
    decider.apply_payment({1, "T1", 990, at(1), FactSource::query});
  });
  topup.tell(at(3), [](Decider&) {});
  topup.tell(at(4), [](Decider& decider) { decider.attempt_done(1, "S1", "", 0); });
  EXPECT_EQ(topup.balances[account::late_supplier_loss], 900);
  topup.tell(at(5), [](Decider& decider) { decider.attempt_reversed(1, "undone"); });
  EXPECT_EQ(topup.balances[account::late_supplier_loss], 0);
  EXPECT_EQ(topup.balances[account::supplier_payable("telco")], 0);
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

// Of two that succeeded: whichever is taken back first, the goods of the other are there.
TEST(ChangedMinds, OfTwoSuccessesTheFirstTakenBackLeavesTheGoodsOfTheOther) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990      -> submit_attempt#1
    61s  failed 1 retry
    66s  tick            -> submit_attempt#2
    67s  hint 1          -> query_attempt#1
    68s  done 1          -> delivered
    69s  done 2          -> late_supplier_success
    2h   reversed 1      -> attempt_reversed, delivered, refunds=0, revenue=-990, cost_of_sales=0
    3h   reversed 2      -> attempt_reversed, delivered, refund#1, purpose1=reversal, late_supplier_loss=0, revenue=0
  )");
}

TEST(ChangedMinds, OfTwoSuccessesTheSecondTakenBackLeavesTheGoodsOfTheOther) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990      -> submit_attempt#1
    61s  failed 1 retry
    66s  tick            -> submit_attempt#2
    67s  hint 1          -> query_attempt#1
    68s  done 1          -> delivered
    69s  done 2          -> late_supplier_success
    2h   reversed 2      -> attempt_reversed, delivered, refunds=0, revenue=-990
    3h   reversed 1      -> attempt_reversed, delivered, refund#1, purpose1=reversal, revenue=0
  )");
}

TEST(ChangedMinds, WhatSucceedsAfterTheReversalIsNotGivenBackASecondTime) {
  play(R"(
    given topup
    0s   place
    60s  pays 1 990      -> submit_attempt#1
    61s  failed 1 retry
    66s  tick            -> submit_attempt#2
    67s  hint 1          -> query_attempt#1
    68s  done 1          -> delivered
    90s  reversed 1      -> refund#1, purpose1=reversal
    95s  done 2          -> late_supplier_success
    3h   reversed 2      -> attempt_reversed, refunds=1, late_supplier_loss=0
  )");
}

TEST(ChangedMinds, TheProofIsThatOfTheGoodsThatAreThere) {
  OrderUnderTest topup(ProductKind::topup, 1, 0, 60);
  const auto at = [](int seconds) { return script_start + base::seconds(seconds); };
  topup.tell(at(0), [](Decider& decider) {
    ASSERT_TRUE(decider.place());
    ASSERT_TRUE(decider.open_intent("page", false));
  });
  topup.tell(at(1), [&](Decider& decider) {
    decider.apply_payment({1, "T1", 990, at(1), FactSource::query});
  });
  topup.tell(at(2), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
  topup.tell(at(8), [](Decider&) {});
  topup.tell(at(9), [](Decider& decider) { decider.attempt_done(1, "S1", "serial 1", 900); });
  topup.tell(at(10), [](Decider& decider) { decider.attempt_done(2, "S2", "serial 2", 900); });
  EXPECT_EQ(topup.order.units[0].proof, "serial 1");
  topup.tell(at(99), [](Decider& decider) { decider.attempt_reversed(1, "undone"); });
  EXPECT_EQ(topup.order.units[0].proof, "serial 2");
}

TEST(ChangedMinds, WhileTheDeliveredGoodsAreThereTheirProofStays) {
  OrderUnderTest topup(ProductKind::topup, 1, 0, 600);
  const auto at = [](int seconds) { return script_start + base::seconds(seconds); };
  topup.tell(at(0), [](Decider& decider) {
    ASSERT_TRUE(decider.place());
    ASSERT_TRUE(decider.open_intent("page", false));
  });
  topup.tell(at(1), [&](Decider& decider) {
    decider.apply_payment({1, "T1", 990, at(1), FactSource::query});
  });
  topup.tell(at(2), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
  topup.tell(at(20), [](Decider&) {});
  topup.tell(at(21), [](Decider& decider) { decider.attempt_failed(2, "no stock", true); });
  topup.tell(at(60), [](Decider&) {});
  topup.tell(at(61), [](Decider& decider) { decider.attempt_done(3, "S3", "serial 3", 900); });
  topup.tell(at(62), [](Decider& decider) { decider.attempt_done(1, "S1", "serial 1", 900); });
  topup.tell(at(63), [](Decider& decider) { decider.attempt_done(2, "S2", "serial 2", 900); });
  topup.tell(at(99), [](Decider& decider) { decider.attempt_reversed(2, "undone"); });
  EXPECT_EQ(topup.order.units[0].proof, "serial 3");
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

TEST(GivingBack, RefundsOfOnePaymentLeaveOneAfterTheOther) {
  play(R"(
    given topup quantity=3
    0s    place
    1m    pays 1 2970       -> submit_attempt#1, submit_attempt#2, submit_attempt#3
    2m    failed 1          -> refund#1
    2m    failed 2          -> refunds=2
    2m1s  refund_accepted 1 -> due=2m2s
    2m2s  tick              -> refund#2
    2m3s  failed 3          -> refunds=3, amount2=990
    2m9s  refund_unknown 2  -> refund#3
    3m    refund_accepted 3 -> query_refund#1, query_refund#2
  )");
}

// A channel takes few refunds of one payment (WeChat Pay 50), a minute apart.
TEST(GivingBack, UnitsThatFailBeforeTheirRefundIsSentGoBackWithIt) {
  play(R"(
    given topup quantity=4
    channel page spacing=1m
    0s     place
    1m     pays 1 3960        -> submit_attempt#1, submit_attempt#2, submit_attempt#3, submit_attempt#4
    2m     failed 4           -> refund#1, amount1=990, number1=ORDER_r1u4
    2m5s   failed 2           -> refunds=2, amount2=990, number2=ORDER_r1u2
    2m6s   failed 1           -> refunds=2, amount2=1980
    2m7s   failed 3           -> refunds=2, amount2=2970, escrow=0
    2m8s   refund_accepted 1
    3m8s   tick               -> refund#2, query_refund#1, amount2=2970
    3m9s   refund_accepted 2  -> given_back
  )");
}

TEST(GivingBack, UnitsThatMissTheirDeadlineTogetherAreOneRefund) {
  play(R"(
    given topup quantity=3 cancel=no
    0s   place
    1m   pays 1 2970       -> submit_attempt#1, submit_attempt#2, submit_attempt#3
    2m   unknown 1
    2m   unknown 2
    2m   unknown 3
    3h   tick              -> refund#1, refunds=1, amount1=2970, escrow=0, query_attempt#1, query_attempt#2, query_attempt#3
  )");
}

TEST(GivingBack, WhatFailedForAnotherReasonIsARefundOfItsOwn) {
  play(R"(
    given topup quantity=3
    channel page spacing=1h
    0s   place
    1m   pays 1 2970       -> submit_attempt#1, submit_attempt#2, submit_attempt#3
    2m   failed 1          -> refund#1
    3m   failed 2          -> refunds=2
    3h   tick              -> refunds=3, amount2=990, amount3=990
  )");
}

TEST(GivingBack, RefundsKeepTheirDistanceAlsoWhenTheAnswerToTheFirstIsLost) {
  play(R"(
    given topup quantity=2
    channel page spacing=1m
    0s     place
    1m     pays 1 1980       -> submit_attempt#1, submit_attempt#2
    2m     failed 1          -> refund#1
    2m     failed 2          -> refunds=2
    2m1s   refund_unknown 1  -> refund1=unknown, refund2=decided
    2m11s  tick              -> query_refund#1
    2m12s  refund_pending 1  -> refund1=accepted
    2m59s  tick              -> refund2=decided, query_refund#1
    3m12s  tick              -> refund#2
  )");
}

TEST(GivingBack, OneStrayWordThatItIsNotThereMakesNoLongRefundAPersons) {
  play(R"(
    given topup
    0s     place
    60s    pays 1 990          -> submit_attempt#1
    2m     failed 1            -> refund#1
    2m1s   refund_accepted 1   -> refund1=accepted
    2h     tick                -> query_refund#1
    2h1s   refund_pending 1
    4h     tick                -> query_refund#1
    4h1s   refund_pending 1
    6h     tick                -> query_refund#1
    6h1s   refund_pending 1
    8h     tick                -> query_refund#1
    8h1s   refund_pending 1
    10h    tick                -> query_refund#1
    10h1s  refund_pending 1
    12h    tick                -> query_refund#1
    12h1s  refund_pending 1
    14h    tick                -> query_refund#1
    14h1s  refund_pending 1
    16h    tick                -> query_refund#1
    16h1s  refund_not_found 1  -> refund1=accepted, quarantined=no
  )");
}

TEST(GivingBack, TheSpacingOfRefundsIsTheChannels) {
  play(R"(
    given topup quantity=2
    channel page spacing=1m
    0s    place
    1m    pays 1 1980       -> submit_attempt#1, submit_attempt#2
    2m    failed 1          -> refund#1
    2m1s  refund_accepted 1
    2m2s  failed 2          -> refunds=2, due=2m11s
    2m11s tick              -> query_refund#1
    2m12s refund_found 1    -> due=3m1s
    3m1s  tick              -> refund#2
  )");
}

TEST(GivingBack, AChannelThatGivesBackEachTimeIsToldOnceAndThenAPersonIsAsked) {
  play(R"(
    given topup
    channel page once=yes
    0s     place
    60s    pays 1 990          -> submit_attempt#1
    2m     failed 1            -> refund#1
    2m5s   refund_unknown 1    -> refund1=unknown, quarantined=no, due=2m15s
    2m15s  tick                -> query_refund#1
    2m16s  refund_unknown 1    -> due=2m26s
    2m26s  tick                -> query_refund#1
    2m27s  refund_unknown 1    -> refund1=unknown, quarantined=yes
    3h     send_again 1        -> refund_sent_again, refund1=decided, refund#1
    3h1s   refund_accepted 1   -> refund1=accepted, given_back
  )");
}

// epay V1 tells of whole orders only: whether a part of one went back a person reads in its
// console.
TEST(GivingBack, APersonSaysThatALostRefundIsInTheBooksOfAChannelThatCanNotBeAsked) {
  play(R"(
    given topup
    channel page once=yes refund_query=no
    0s     place
    60s    pays 1 990          -> submit_attempt#1
    2m     failed 1            -> refund#1
    2m5s   refund_unknown 1    -> refund1=unknown
    2m6s   found_refused 1
    2m15s  tick                -> query_refund#1
    2m16s  refund_unknown 1
    2m26s  tick                -> query_refund#1
    2m27s  refund_unknown 1    -> refund1=unknown, quarantined=yes
    3h     found_in_books 1    -> refund1=settled, given_back
  )");
}

TEST(GivingBack, WhereItIsSentOnceNotThereIsNoReasonToSendAgain) {
  play(R"(
    given topup
    channel page once=yes
    0s     place
    60s    pays 1 990            -> submit_attempt#1
    2m     failed 1              -> refund#1
    2m5s   refund_unknown 1
    2m15s  tick                  -> query_refund#1
    2m16s  send_again_refused 1
    2m16s  refund_not_found 1    -> refund1=unknown, quarantined=yes, due=2m56s
    2m56s  tick                  -> query_refund#1
    2m57s  refund_found 1        -> refund1=settled
    3m     send_again_refused 1
    3m     send_again_refused 7
  )");
}

TEST(GivingBack, WhereItIsSentOnceAPersonSendsItAgainOnlyAfterTheShopHasAskedInVain) {
  play(R"(
    given topup
    channel page once=yes
    0s     place
    60s    pays 1 990            -> submit_attempt#1
    2m     failed 1              -> refund#1
    2m5s   refund_unknown 1
    2m6s   send_again_refused 1
    2m15s  tick                  -> query_refund#1
    2m16s  refund_not_found 1    -> quarantined=yes
    2m17s  send_again 1          -> refund#1
    2m18s  refund_unknown 1      -> refund1=unknown
    2m19s  send_again_refused 1
  )");
}

TEST(GivingBack, RefusedSendingsAreNoQuestionsInVain) {
  play(R"(
    given topup
    channel page once=yes
    0s     place
    60s    pays 1 990                -> submit_attempt#1
    2m     failed 1                  -> refund#1
    2m1s   refund_refused 1 later
    2m10s  tick                      -> refund#1
    2m11s  refund_refused 1 later
    2m30s  tick                      -> refund#1
    2m31s  refund_refused 1 later
    3m     tick                      -> refund#1
    3m1s   refund_unknown 1          -> refund1=unknown, quarantined=no
    3m2s   send_again_refused 1
  )");
}

TEST(GivingBack, WhatTheChannelTookAndNeverSettlesIsEndedByAPersonWhoFoundIt) {
  play(R"(
    given topup
    0s      place
    1m      pays 1 990         -> submit_attempt#1
    2m      failed 1           -> refund#1
    3m      refund_accepted 1
    167h    tick               -> query_refund#1
    167h1s  refund_unknown 1   -> quarantined=no
    167h1s  found_refused 1
    169h    tick               -> query_refund#1
    169h1s  refund_unknown 1   -> quarantined=yes
    169h2s  found_in_books 1   -> refund1=settled, given_back
  )");
}

TEST(GivingBack, ASecondRefundThatNeedsAPersonIsToldOfByItsNumber) {
  play(R"(
    given topup quantity=2
    0s     place
    1m     pays 1 1980       -> submit_attempt#1, submit_attempt#2
    2m     failed 1          -> refund#1
    2m1s   refund_refused 1  -> quarantined, reason_for_person=refund_refused
    2m2s   failed 2          -> refund#2
    2m3s   refund_refused 2  -> quarantined, reason_for_person=refund_refused;refund_refused:2
  )");
}

TEST(GivingBack, WhatTheChannelHasTakenAndNotSettledForAWeekIsAPersons) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990         -> submit_attempt#1
    2m    failed 1           -> refund#1
    3m    refund_accepted 1  -> given_back
    167h  tick               -> query_refund#1
    167h  refund_pending 1   -> quarantined=no
    169h  tick               -> query_refund#1
    169h  refund_pending 1   -> quarantined=yes, reason_for_person=refund_not_settled
  )");
}

TEST(GivingBack, WithoutAQueryTheChannelsYesIsItsLastWord) {
  play(R"(
    given topup
    channel page refund_query=no
    0s     place
    60s    pays 1 990         -> submit_attempt#1
    2m     failed 1           -> refund#1
    2m1s   refund_accepted 1  -> refund_settled, refund1=settled, given_back, closed_at=2m1s
  )");
}

TEST(GivingBack, ARefundThatTheChannelCanNotEndIsAPersonsAndIsAskedOn) {
  play(R"(
    given topup
    0s     place
    60s    pays 1 990         -> submit_attempt#1
    2m     failed 1           -> refund#1
    2m1s   refund_accepted 1
    2m11s  tick               -> query_refund#1
    2m12s  refund_stuck 1     -> refund1=accepted, quarantined=yes, due=1h2m12s
    30m    ask_refund 1       -> query_refund#1
    31m    refund_found 1     -> refund_settled, given_back, closed_at=31m
  )");
}

TEST(GivingBack, AfterTheChannelsWindowNothingIsSentAndAPersonIsAsked) {
  play(R"(
    given topup
    channel page window=1h
    0s    place
    60s   pays 1 990     -> submit_attempt#1
    61s   done 1         -> delivered
    3h    hint 1         -> query_attempt#1
    3h1s  reversed 1     -> refund1=refused, quarantined=yes, due=3h30m1s
  )");
}

TEST(GivingBack, AtTheEndOfTheChannelsWindowOneThatLeftIsAskedAboutForAnHour) {
  const std::string left_in_time = R"(
    given topup
    channel page window=3m
    0s     place
    60s    pays 1 990          -> submit_attempt#1
    2m     failed 1            -> refund#1
    2m10s  refund_unknown 1
    2m20s  tick                -> query_refund#1
    4m     refund_not_found 1  -> refund_sent_again, refund1=decided, due=4m4s
    4m4s   tick                -> query_refund#1, refund1=decided
)";
  play(left_in_time + "5m refund_found 1 -> refund1=settled, quarantined=no");
  play(left_in_time + R"(
    5m     refund_not_found 1  -> refund1=decided, quarantined=no
    62m    tick                -> refund1=refused, quarantined=yes
)");
}

TEST(GivingBack, ARefundThatIsNotAcceptedInThePromisedTimeIsAPersons) {
  play(R"(
    given topup
    0s      place
    60s     pays 1 990              -> submit_attempt#1
    2m      failed 1                -> refund#1
    2m1s    refund_refused 1 later  -> refund1=decided, quarantined=no
    2m5s    tick                    -> refund#1
    2m6s    refund_unknown 1        -> refund1=unknown, due=2m16s
    2m16s   tick                    -> query_refund#1, due=32m
    32m     tick                    -> quarantined=yes, quarantined
    33m     refund_found 1          -> given_back
  )");
}

TEST(GivingBack, EachReasonForAPersonIsToldOnce) {
  play(R"(
    given topup
    0s    place
    60s   pays 1 990        -> submit_attempt#1
    2m    failed 1          -> refund#1
    121s  refund_refused 1  -> quarantined
    32m   tick              -> refund#1, quarantined, reason_for_person=refund_refused;refund_not_accepted
    33m   refund_refused 1  -> reason_for_person=refund_refused;refund_not_accepted
  )");
}

}  // namespace
}  // namespace daozhang::domain
