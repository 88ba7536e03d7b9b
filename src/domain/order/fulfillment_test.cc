// One story each, named for what must be true. The script language is in decision_script.h.
#include <gtest/gtest.h>

#include "domain/order/decision_script.h"

namespace daozhang::domain {
namespace {

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

TEST(TopUp, TheHorizonCountsFromTheAnswerWhenTheSendingCameLateAfterACrash) {
  play(R"(
    given topup promise=60 cancel=no
    0s      place
    1m      pays 1 990   -> submit_attempt#1
    20m     tick         -> attempt_disowned, refund#1
    20m1s   accepted 1   -> attempt1=accepted
    20m5s   tick         -> query_attempt#1
    20m6s   not_found 1  -> attempt1=unknown
    20m20s  tick         -> query_attempt#1
    20m21s  done 1       -> attempt1=done, late_supplier_success
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

TEST(TopUp, AnAnswerThatWaitedPastTheHorizonSaysNothingOfTheTimeSince) {
  // The process was paused with "not found" in its hands.
  play(R"(
    given topup promise=7200
    0s     place
    1m     pays 1 990        -> submit_attempt#1
    2m     unknown 1
    2m2s   tick              -> query_attempt#1
    20m    not_found 1 2m2s  -> attempt1=unknown, attempts=1
    20m9s  tick              -> query_attempt#1
    20m10s not_found 1 20m9s -> submit_attempt#1, attempts=1
  )");
}

TEST(TopUp, ACallWhoseMakerIsGoneIsDecidedAnewForTheSameAttempt) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990             -> submit_attempt#1
    3m    left submit_attempt 1  -> call_taken_over, submit_attempt#1, attempts=1
    3m1s  unknown 1
    3m3s  tick                   -> query_attempt#1
    5m    left query_attempt 1   -> call_taken_over, query_attempt#1
  )");
}

TEST(TopUp, ACallThatNobodyWaitsForIsNotMadeAgain) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990             -> submit_attempt#1
    2m    done 1                 -> delivered
    3m    left submit_attempt 1  -> delivered
    3m    left query_payment 1   -> delivered
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

TEST(TopUp, ALostAnswerToAQuestionTakesNothingBackAndHurriesNothing) {
  play(R"(
    given topup promise=7200 cancel=no
    0s    place
    1m    pays 1 990    -> submit_attempt#1
    61s   accepted 1    -> attempt_accepted, due=1m3s
    63s   tick          -> query_attempt#1
    64s   unknown 1     -> attempt1=accepted, due=1m8s
    68s   tick          -> query_attempt#1
    69s   accepted 1    -> due=1m17s
  )");
}

TEST(TopUp, NothingIsSentAgainForAUnitThatHasItsGoods) {
  // A failed attempt turned out to be done while the next one was open.
  for (const std::string idempotent : {"yes", "no"})
    play("given topup promise=7200 cancel=no idempotent=" + idempotent + R"(
    0s     place
    1m     pays 1 990      -> submit_attempt#1
    61s    failed 1 retry  -> unit1=waiting
    66s    tick            -> submit_attempt#2
    67s    hint 1          -> query_attempt#1
    68s    done 1          -> delivered
    76s    unknown 2       -> attempt2=unknown
    20m    tick            -> query_attempt#2
    20m1s  not_found 2     -> attempt2=failed, delivered
  )");
}

TEST(TopUp, ASubmissionThatLostItsMakerIsNotSentAgainWhenTimeIsOver) {
  play(R"(
    given topup promise=60 cancel=no
    0s  place
    1m  pays 1 990             -> submit_attempt#1, fulfill_by=2m
    5m  left submit_attempt 1  -> attempt_unknown, attempt_disowned, giving_back, refund#1
  )");
}

TEST(TopUp, ASubmissionThatLostItsMakerIsNotSentAgainForAUnitThatHasItsGoods) {
  play(R"(
    given topup promise=7200 cancel=no
    0s   place
    1m   pays 1 990             -> submit_attempt#1
    61s  failed 1 retry
    66s  tick                   -> submit_attempt#2
    67s  hint 1                 -> query_attempt#1
    68s  done 1                 -> delivered
    3m   left submit_attempt 2  -> attempt2=unknown, delivered
  )");
}

TEST(TopUp, NothingIsSentAnewWhileAnOlderOneIsBeingAskedAbout) {
  play(R"(
    given topup promise=7200 cancel=no
    0s     place
    1m     pays 1 990      -> submit_attempt#1
    61s    failed 1 retry
    66s    tick            -> submit_attempt#2
    76s    unknown 2       -> attempt2=unknown
    20m    tick            -> query_attempt#2
    20m1s  hint 1          -> query_attempt#1
    20m2s  not_found 2     -> attempt2=unknown
    20m3s  done 1          -> delivered
    21m    tick            -> query_attempt#2
    21m1s  not_found 2     -> attempt2=failed, delivered
  )");
}

TEST(TopUp, AnAttemptThatNobodyNeedsIsAPersonsWhenItsSupplierIsSilentForDays) {
  play(R"(
    given topup promise=7200 cancel=no
    0s     place
    1m     pays 1 990      -> submit_attempt#1
    61s    failed 1 retry
    66s    tick            -> submit_attempt#2
    67s    hint 1          -> query_attempt#1
    68s    done 1          -> delivered
    69s    accepted 2      -> attempt2=accepted
    73h    tick            -> query_attempt#2
    73h1s  unknown 2       -> quarantined=yes, due=97h1s
    97h1s  tick            -> query_attempt#2
    97h2s  done 2          -> late_supplier_success
  )");
}

TEST(TopUp, ASupplierThatCancelsUnaskedHasRefusedAndMissedNoDeadline) {
  play(R"(
    given topup
    0s   place
    1m   pays 1 990  -> submit_attempt#1
    2m   canceled 1  -> attempt1=canceled, unit1=failed, reason1=supplier_refused, refund#1
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

TEST(TopUp, NothingNewBeginsWhileAnyFailedOneIsBeingAskedAbout) {
  play(R"(
    given topup
    0s    place
    1m    pays 1 990      -> submit_attempt#1
    61s   failed 1 retry
    66s   tick            -> submit_attempt#2
    67s   failed 2 retry  -> due=1m17s
    76s   hint 1          -> query_attempt#1
    80s   tick            -> attempts=2
    81s   done 1          -> delivered, attempts=2
  )");
}

TEST(TopUp, AUnitIsNotGivenUpBeforeItsDeadlineWhileAFailedAttemptIsBeingAskedAbout) {
  play(R"(
    given topup
    0s      place
    1m      pays 1 990      -> submit_attempt#1
    61s     failed 1 retry
    30m25s  hint 1          -> query_attempt#1
    30m30s  tick            -> unit1=waiting, refunds=0, due=31m
    30m31s  done 1          -> delivered, refunds=0
  )");
  play(R"(
    given topup
    0s      place
    1m      pays 1 990      -> submit_attempt#1
    61s     failed 1 retry
    30m25s  hint 1          -> query_attempt#1
    31m     tick            -> unit1=failed, refund#1
    31m1s   done 1          -> late_supplier_success
  )");
}

TEST(TopUp, EachUnitHasItsOwnTriesAndItsOwnPatience) {
  // The fourth unit's first failure is a first failure.
  play(R"(
    given topup quantity=4
    0s    place
    1m    pays 1 3960      -> submit_attempt#1, submit_attempt#2, submit_attempt#3, submit_attempt#4
    61s   failed 4 retry   -> attempt_failed, due=1m6s
    66s   tick             -> submit_attempt#5
    67s   failed 5 retry   -> due=1m17s
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

// Found by the simulator (seed 53000426): the node that took it over asked anew, for ten seconds.
TEST(Deadline, AQuestionThatLostItsMakerIsNotAskedAnewInsteadOfCallingOff) {
  play(R"(
    given topup promise=60
    0s    place
    60s   pays 1 990            -> submit_attempt#1
    61s   unknown 1
    63s   tick                  -> query_attempt#1
    90s   left query_attempt 1  -> query_attempt#1
    108s  tick                  -> due=2m
    109s  left query_attempt 1  -> cancel_attempt#1
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

TEST(DoubtfulTime, NothingIsDisownedUntilTimeIsTrustedAgain) {
  play(R"(
    given topup promise=600
    0s      place
    1m      pays 1 990   -> submit_attempt#1
    1m1s    accepted 1   -> fulfilling
    1m2s    doubt
    2h      tick         -> fulfilling, unit1=fulfilling, query_attempt#1, refunds=0
    2h1s    accepted 1   -> unit1=fulfilling, refunds=0
    2h2m    tick         -> query_attempt#1, unit1=fulfilling, refunds=0
    2h2m1s  trust        -> giving_back, attempt_disowned, unit1=failed, reason1=deadline_missed, refund#1
  )");
}

TEST(DoubtfulTime, GoodsThatArriveMeanwhileCount) {
  play(R"(
    given topup promise=600
    0s    place
    1m    pays 1 990   -> submit_attempt#1
    1m1s  doubt
    2h    done 1       -> delivered
    3h    trust        -> delivered, refunds=0
  )");
}

TEST(DoubtfulTime, ADefiniteFailureStillGivesBack) {
  play(R"(
    given topup promise=600
    0s    place
    1m    pays 1 990   -> submit_attempt#1
    1m1s  doubt
    2h    failed 1     -> giving_back, refund#1
  )");
}

TEST(DoubtfulTime, ARefusalOfTheLastTryStillGivesBack) {
  play(R"(
    given topup promise=600 tries=2
    0s    place
    1m    pays 1 990      -> submit_attempt#1
    61s   failed 1 retry  -> unit1=waiting
    66s   tick            -> submit_attempt#2
    67s   doubt
    2h    failed 2 retry  -> giving_back, reason1=supplier_refused, refund#1
  )");
}

TEST(DoubtfulTime, NothingIsBoughtOnceTheDeadlineMayBeOver) {
  play(R"(
    given topup promise=600
    0s    place
    1m    pays 1 990      -> submit_attempt#1
    1m1s  failed 1 retry  -> unit1=waiting
    1m2s  doubt
    2h    tick            -> unit1=waiting, attempts=1, due=2h1m
    3h    trust           -> giving_back, reason1=deadline_missed, refund#1
  )");
}

TEST(DoubtfulTime, TheHorizonOfASupplierIsNotOver) {
  play(R"(
    given topup idempotent=no
    0s    place
    1m    pays 1 990   -> submit_attempt#1
    1m1s  unknown 1    -> attempt1=unknown
    1m2s  doubt
    20m   tick         -> query_attempt#1
    20m1s not_found 1  -> attempt1=unknown, quarantined=no
  )");
}

TEST(DoubtfulTime, NoOrderExpiresAndNoWayToPayIsClosed) {
  play(R"(
    given secret stock=1
    0s      place
    1s      doubt
    2h      tick         -> query_payment#1, awaiting_payment, intent1=ready, hold1=held
    2h1s    not_exist 1  -> awaiting_payment, intent1=ready, hold1=held
    2h1m    pays 1 990   -> delivered
  )");
}

TEST(DoubtfulTime, AnOrderThatMayHaveExpiredIsLookedAtEachMinute) {
  play(R"(
    given secret stock=1
    0s      place qr     -> create_payment#1
    1s      refused 1    -> intent1=failed
    2s      doubt
    20m     tick         -> query_payment#1, awaiting_payment, due=21m
    21m     trust        -> expired, free=1
  )");
}

TEST(DoubtfulTime, AnIntentThatWasBeingClosedIsAskedOn) {
  play(R"(
    given secret stock=1
    0s      place
    15m     tick         -> query_payment#1, intent1=closing
    15m1s   doubt
    2h      not_exist 1  -> intent1=closing, due=2h1m
    2h2m    tick         -> query_payment#1
    2h2m1s  trust
    2h2m2s  not_exist 1  -> expired, free=1
  )");
}

// The last attempt that the shop makes fails while an earlier one, which had failed, is being asked
// about: it may be done (F32).
class LastAttempt : public ::testing::Test {
 protected:
  void SetUp() override {
    topup_.policy.attempts_max = 2;
    topup_.tell(at(0), [](Decider& decider) {
      ASSERT_TRUE(decider.place());
      ASSERT_TRUE(decider.open_intent("page", false));
    });
    topup_.tell(at(1), [&](Decider& decider) {
      decider.apply_payment({1, "T1", 990, at(1), FactSource::query});
    });
    topup_.tell(at(2), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
    topup_.tell(at(8), [](Decider& decider) { decider.ask_attempt(1); });
    ASSERT_EQ(topup_.order.attempts.size(), 1U) << "asked about before the next begins";
    topup_.tell(at(9), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
    topup_.tell(at(20), [](Decider&) {});
    ASSERT_EQ(topup_.order.attempts.size(), 2U);
    topup_.tell(at(21), [](Decider& decider) { decider.ask_attempt(1); });
    topup_.tell(at(22), [](Decider& decider) { decider.attempt_failed(2, "no stock", true); });
  }
  static base::Instant at(int seconds) { return script_start + base::seconds(seconds); }

  OrderUnderTest topup_{ProductKind::topup, 1, 0, 600};
};

TEST_F(LastAttempt, IsNotTheEndWhileAnEarlierOneIsBeingAskedAbout) {
  EXPECT_EQ(topup_.order.units[0].state, UnitState::waiting);
  topup_.tell(at(23), [](Decider& decider) { decider.attempt_done(1, "S1", "", 900); });
  EXPECT_EQ(topup_.order.units[0].state, UnitState::delivered);
  EXPECT_TRUE(topup_.order.refunds.empty());
}

TEST_F(LastAttempt, IsTheEndOnceTheEarlierOneHasFailedAgain) {
  topup_.tell(at(23), [](Decider& decider) { decider.attempt_failed(1, "no stock", true); });
  EXPECT_EQ(topup_.order.units[0].state, UnitState::failed);
  EXPECT_EQ(topup_.order.units[0].reason, UnitReason::supplier_refused);
  EXPECT_EQ(topup_.order.refunds.size(), 1U);
}

TEST_F(LastAttempt, IsTheEndAtTheDeadlineThoughNobodyAnswersAboutTheEarlierOne) {
  EXPECT_EQ(topup_.order.header.due_at, topup_.order.header.fulfill_by - base::seconds(30));
  topup_.tell(topup_.order.header.due_at, [](Decider&) {});
  EXPECT_EQ(topup_.order.units[0].state, UnitState::waiting);
  topup_.tell(topup_.order.header.due_at, [](Decider&) {});
  EXPECT_EQ(topup_.order.units[0].reason, UnitReason::deadline_missed);
  EXPECT_EQ(topup_.order.header.fulfill_by, topup_.order.units[0].failed_at);
}

}  // namespace
}  // namespace daozhang::domain
