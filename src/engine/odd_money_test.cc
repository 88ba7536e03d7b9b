// Money that no order of the shop waits for, and money that is taken from it again.
#include <gtest/gtest.h>

#include "engine/calls.h"
#include "engine/test_nodes.h"

namespace daozhang::engine {
namespace {

using domain::EffectKind;
using domain::InboxVerdict;
using domain::OrderState;

constexpr base::Instant start{1'795'000'000'000'000};

class OddMoney : public ::testing::Test {
 protected:
  OddMoney() {
    EngineSettings settings;
    settings.suppliers["telco"] = {};
    engine_.emplace(store_, entropy_, numbers_, settings);
  }

  Answer answer_of(CommandBody body) {
    EXPECT_TRUE(engine_->submit({++ticket_, std::move(body)}));
    Step step = engine_->step(now_);
    for (const auto& call : step.calls) calls_.push_back(call);
    EXPECT_EQ(step.answers.size(), 1U);
    return step.answers.empty() ? Answer{} : step.answers.front();
  }

  // The answer to the call that was decided last.
  void channel_says(ports::TradeStatus trade, std::int64_t amount_minor, std::string trade_no,
                    bool some_went_back = false) {
    ASSERT_FALSE(calls_.empty());
    PaymentAnswered answered{calls_.back().effect, {}};
    answered.answer.outcome = ports::Outcome::done;
    answered.answer.trade = trade;
    answered.answer.trade_no = std::move(trade_no);
    answered.answer.amount_minor = amount_minor;
    answered.answer.some_went_back = some_went_back;
    answer_of(answered);
  }

  domain::Order stored(domain::OrderKey key) { return *store_.find_order(key); }

  storage::memory::MemoryStore store_;
  SeededEntropy entropy_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  std::optional<Engine> engine_;
  base::Instant now_ = start;
  Ticket ticket_ = 0;
  std::vector<Call> calls_;
};

class LostOrder : public OddMoney {
 protected:
  LostOrder() { lost_.header.order_no = numbers_.number_of(key_); }
  TakeNotice told(std::int64_t amount_minor, const std::string& trade_no = "T1") {
    return notice_of(lost_, amount_minor, trade_no);
  }
  const domain::OrderKey key_{domain::Partition{3}, domain::OrderId{77}};
  domain::Order lost_;
};

TEST_F(LostOrder, ItsMoneyIsAskedForBeforeItIsBelieved) {
  const auto answer = answer_of(told(990));
  EXPECT_EQ(answer.refusal, Refusal::none);
  EXPECT_EQ(answer.verdict, InboxVerdict::asked);
  EXPECT_EQ(answer.reason, "order_lost");
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::query_payment);
  EXPECT_TRUE(stored(key_).payments.empty());
  EXPECT_EQ(answer_of(told(990)).reason, "to_be_confirmed") << "told twice, and no more believed";
  EXPECT_TRUE(stored(key_).payments.empty());
}

TEST_F(LostOrder, WhatTheChannelHasOfItGoesBack) {
  answer_of(told(990));
  channel_says(ports::TradeStatus::paid, 990, "T1");
  const auto order = stored(key_);
  EXPECT_EQ(order.header.state, OrderState::giving_back);
  EXPECT_EQ(order.header.order_no, lost_.header.order_no);
  ASSERT_EQ(order.refunds.size(), 1U);
  EXPECT_EQ(order.refunds[0].amount_minor, 990);
  EXPECT_EQ(calls_.back().effect.kind, EffectKind::refund);
}

TEST_F(LostOrder, MoneyThatWentBackBeforeTheStoreWasRestoredIsAPersons) {
  answer_of(told(990));
  channel_says(ports::TradeStatus::paid, 990, "T1", true);
  const auto order = stored(key_);
  EXPECT_TRUE(order.refunds.empty()) << "it may have had its goods or its refund";
  EXPECT_EQ(order.header.quarantine_reason, "payment_not_ours");
}

// The answer that is on its way may be older than the word.
TEST_F(LostOrder, AWordOfItsRefundWhileThatIsAskedAboutIsFollowedBehindTheAnswer) {
  answer_of(told(990));
  channel_says(ports::TradeStatus::paid, 990, "T1");
  ASSERT_EQ(calls_.back().effect.kind, EffectKind::refund);
  channel_says(ports::TradeStatus::waiting, 0, "");
  now_ = now_ + base::seconds(10);
  for (const auto& call : engine_->step(now_).calls) calls_.push_back(call);
  const auto question = calls_.back().effect;
  ASSERT_EQ(question.kind, EffectKind::query_refund);
  auto done = told(990);
  done.notice.about_refund = true;
  done.notice.refund_ref = stored(key_).refunds.at(0).refund_ref;
  done.message.body += "&refunded";
  EXPECT_EQ(answer_of(done).verdict, InboxVerdict::asked);
  EXPECT_EQ(calls_.back().effect, question) << "one question at a time";
  PaymentAnswered in_progress{question, {}};
  in_progress.answer.outcome = ports::Outcome::accepted;
  answer_of(in_progress);
  EXPECT_EQ(calls_.back().effect.kind, EffectKind::query_refund);
  EXPECT_NE(calls_.back().effect.effect_no, question.effect_no) << "at once, not in an hour";
}

TEST_F(LostOrder, NothingIsMadeOfWhatIsNoMoneyOrNoNumberOfOurs) {
  auto closed = told(990);
  closed.notice.trade = ports::TradeStatus::closed;
  EXPECT_EQ(answer_of(closed).reason, "order_unknown");
  auto refunded = told(990);
  refunded.notice.about_refund = true;
  EXPECT_EQ(answer_of(refunded).reason, "order_unknown");
  EXPECT_FALSE(store_.find_order(key_));
  lost_.header.order_no = "00000000000000000000";
  EXPECT_EQ(answer_of(told(990)).reason, "order_unknown") << "anybody can make up a number";
}

TEST_F(LostOrder, WhatNoOrderCanHaveStaysAPersons) {
  EXPECT_EQ(answer_of(told(0)).refusal, Refusal::notice_refused);
  EXPECT_EQ(answer_of(told(domain::amount_minor_max + 1)).reason, "order_lost");
  auto far = told(990);
  far.notice.trade_ref = lost_.header.order_no + "_9";
  EXPECT_EQ(answer_of(far).refusal, Refusal::notice_refused) << "an order opens eight at most";
  EXPECT_FALSE(store_.find_order(key_));
}

TEST_F(LostOrder, AnotherPaymentOfItGoesBackToo) {
  answer_of(told(990));
  channel_says(ports::TradeStatus::paid, 990, "T1");
  auto second = told(500, "T2");
  second.notice.trade_ref = lost_.header.order_no + "_2";
  EXPECT_EQ(answer_of(second).reason, "order_lost");
  channel_says(ports::TradeStatus::paid, 500, "T2");
  ASSERT_EQ(stored(key_).refunds.size(), 2U);
  EXPECT_EQ(stored(key_).refunds[1].amount_minor, 500);
}

TEST_F(LostOrder, APaymentOnAnotherChannelIsAskedForThere) {
  auto second = told(990, "T2");
  second.notice.trade_ref = lost_.header.order_no + "_2";
  answer_of(second);
  for (std::size_t i = 0; i < calls_.size() && i < 4; ++i) {
    const auto effect = calls_[i].effect;
    if (effect.kind != EffectKind::query_payment) continue;
    const bool is_second = effect.subject_no == 2;
    PaymentAnswered answered{effect, {}};
    answered.answer.outcome = ports::Outcome::done;
    answered.answer.trade = is_second ? ports::TradeStatus::paid : ports::TradeStatus::not_exist;
    answered.answer.trade_no = is_second ? "T2" : "";
    answered.answer.amount_minor = is_second ? 990 : 0;
    answer_of(answered);
  }
  auto first = told(990, "T1");
  first.channel = "wechatpay";
  const auto answer = answer_of(first);
  EXPECT_EQ(answer.reason, "order_lost");
  EXPECT_EQ(calls_.back().peer, "wechatpay");
  channel_says(ports::TradeStatus::paid, 990, "T1");
  std::int64_t back = 0;
  for (const auto& refund : stored(key_).refunds) back += refund.amount_minor;
  EXPECT_EQ(back, 1980);
}

TEST_F(LostOrder, OnlyALaterPaymentOfItMayBeLost) {
  ASSERT_TRUE(store_.import_stock(cards(2)));
  const auto order = *answer_of(order_of(domain::ProductKind::secret, "k1")).order;
  answer_of(notice_of(order, 990, "T1"));
  auto second = notice_of(order, 990, "T2");
  second.channel = "wechatpay";
  second.notice.trade_ref = order.header.order_no + "_2";
  EXPECT_EQ(answer_of(second).refusal, Refusal::notice_refused) << "nobody says that it was lost";
  AskByHand asked{order.key(), "li", "it stands in the bill", "wechatpay", 2, 990};
  EXPECT_EQ(answer_of(asked).refusal, Refusal::none);
  EXPECT_EQ(calls_.back().peer, "wechatpay");
  channel_says(ports::TradeStatus::paid, 990, "T2");
  ASSERT_EQ(stored(order.key()).refunds.size(), 1U) << "paid twice";
}

TEST_F(LostOrder, AChannelWhoseNoticesThePayerHoldsIsAPersons) {
  EngineSettings settings;
  settings.policy.channels["alipay"].confirm_by_query = true;
  engine_.emplace(store_, entropy_, numbers_, settings);
  EXPECT_EQ(answer_of(told(990)).refusal, Refusal::notice_refused);
  EXPECT_FALSE(store_.find_order(key_));
  AskByHand asked{key_, "li", "it stands in the bill", "alipay"};
  asked.amount_minor = 990;
  EXPECT_EQ(answer_of(asked).refusal, Refusal::none);
  EXPECT_TRUE(store_.find_order(key_));
}

class ChargedBack : public OddMoney {
 protected:
  ChargedBack() {
    EXPECT_TRUE(store_.import_stock(cards(4)));
    first_ = *buy("k1", "ann@example.com").order;
  }
  Answer place(const std::string& key, const std::string& email) {
    auto command = order_of(domain::ProductKind::secret, key);
    command.contact_email = email;
    return answer_of(command);
  }
  Answer buy(const std::string& key, const std::string& email) {
    const auto placed = place(key, email);
    return answer_of(notice_of(*placed.order, 990, "T" + key));
  }
  Answer charge(const domain::Order& order, const std::string& trade_no, std::int64_t amount,
                const std::string& case_no = "C1") {
    return answer_of(
        ChargeBack{order.key(), {{trade_no, ""}, case_no, amount}, "wang", "disputed"});
  }
  domain::Order first_;
};

TEST_F(ChargedBack, ACaseThatIsToldTwiceIsPostedOnce) {
  EXPECT_FALSE(charge(first_, "Tk1", 990).repeated);
  EXPECT_TRUE(charge(first_, "Tk1", 990).repeated);
  EXPECT_EQ(stored(first_.key()).chargebacks.size(), 1U);
  EXPECT_EQ(charge(first_, "Tk1", 1, "C2").refusal, Refusal::charged_more_than_kept);
  EXPECT_EQ(charge(first_, "T9", 1, "C2").refusal, Refusal::charged_payment_unknown);
  EXPECT_EQ(charge(first_, "Tk1", 5).refusal, Refusal::charged_case_differs);
}

TEST_F(ChargedBack, ThatAWholePaymentWasGivenBackBySomebodyElseIsAskedAboutAndToldToAPerson) {
  auto told = notice_of(first_, 990, "Tk1");
  told.notice.about_refund = true;
  told.notice.refund_ref = "made-at-the-console";
  EXPECT_EQ(answer_of(told).verdict, InboxVerdict::ignored) << "a part of it: the bill tells";
  told.notice.trade = ports::TradeStatus::closed;
  told.message.body += "&closed";
  EXPECT_EQ(answer_of(told).verdict, InboxVerdict::asked);
  channel_says(ports::TradeStatus::closed, 990, "Tk1");
  EXPECT_EQ(stored(first_.key()).header.quarantine_reason, "paid_then_closed");
}

TEST_F(ChargedBack, ItsBuyerBuysNothingMoreUntilHeIsForgiven) {
  charge(first_, "Tk1", 990);
  EXPECT_EQ(place("k2", "Ann@Example.com").refusal, Refusal::buyer_flagged) << "in any letters";
  EXPECT_EQ(place("k3", "bob@example.com").refusal, Refusal::none);
  EXPECT_EQ(answer_of(order_of(domain::ProductKind::secret, "k4")).refusal, Refusal::none);
  EXPECT_EQ(answer_of(ForgiveBuyer{first_.key(), "li", "paid again"}).refusal, Refusal::none);
  EXPECT_EQ(place("k5", "ann@example.com").refusal, Refusal::none);
  EXPECT_EQ(answer_of(ForgiveBuyer{first_.key(), "li", "again"}).refusal,
            Refusal::buyer_not_flagged);
}

TEST_F(ChargedBack, ABuyerIsKnownByHisPhoneToo) {
  const auto by_phone = [](const std::string& key) {
    auto command = order_of(domain::ProductKind::secret, key);
    command.contact_phone = "+8613800000000";
    return command;
  };
  const auto placed = answer_of(by_phone("k2"));
  const auto paid = *answer_of(notice_of(*placed.order, 990, "Tk2")).order;
  charge(paid, "Tk2", 990);
  EXPECT_EQ(answer_of(by_phone("k3")).refusal, Refusal::buyer_flagged);
}

TEST_F(ChargedBack, ASubmitThatMadeAnOrderBeforeIsAnsweredWithIt) {
  charge(first_, "Tk1", 990);
  const auto again = place("k1", "ann@example.com");
  EXPECT_TRUE(again.repeated);
}

TEST_F(ChargedBack, EachOpenCaseOfABuyerCountsAndNoOther) {
  const auto second = *buy("k2", "ann@example.com").order;
  charge(first_, "Tk1", 990);
  charge(second, "Tk2", 990, "C2");
  answer_of(ReturnChargeback{first_.key(), "C1", "wang", "won"});
  EXPECT_EQ(place("k3", "ann@example.com").refusal, Refusal::buyer_flagged) << "C2 is open";
  answer_of(ReturnChargeback{second.key(), "C2", "wang", "won"});
  EXPECT_EQ(place("k4", "ann@example.com").refusal, Refusal::none);
}

TEST_F(ChargedBack, AForgivenBuyerIsFlaggedAgainByAnotherOrder) {
  const auto second = *buy("k2", "ann@example.com").order;
  charge(first_, "Tk1", 990);
  answer_of(ForgiveBuyer{first_.key(), "li", "a mistake"});
  EXPECT_EQ(charge(second, "Tk2", 990, "C2").refusal, Refusal::none);
  EXPECT_EQ(place("k3", "ann@example.com").refusal, Refusal::buyer_flagged);
  EXPECT_EQ(answer_of(ForgiveBuyer{second.key(), "li", "again"}).refusal, Refusal::none);
  EXPECT_EQ(place("k4", "ann@example.com").refusal, Refusal::none);
}

TEST_F(ChargedBack, AWonDisputeLiftsTheFlagAndIsTakenOnce) {
  charge(first_, "Tk1", 990);
  const auto win = [&] { return answer_of(ReturnChargeback{first_.key(), "C1", "wang", "won"}); };
  EXPECT_EQ(win().refusal, Refusal::none);
  EXPECT_EQ(win().refusal, Refusal::charged_case_unknown);
  EXPECT_EQ(place("k2", "ann@example.com").refusal, Refusal::none);
}

TEST_F(ChargedBack, OfAnOrderThatIsNotThereNothingIsTold) {
  domain::Order absent;
  absent.header.order_id = {5};
  const auto none = absent.key();
  EXPECT_EQ(charge(absent, "T1", 1).refusal, Refusal::order_not_found);
  EXPECT_EQ(answer_of(ReturnChargeback{none, "C1", "wang", "?"}).refusal, Refusal::order_not_found);
  EXPECT_EQ(answer_of(ForgiveBuyer{none, "li", "?"}).refusal, Refusal::order_not_found);
  EXPECT_EQ(answer_of(RefundWentByHand{none, 1, "li", "?"}).refusal, Refusal::order_not_found);
  EXPECT_EQ(answer_of(RefundWentByHand{first_.key(), 1, "li", "?"}).refusal,
            Refusal::refund_not_stuck);
  EXPECT_EQ(answer_of(RefundWentByHand{first_.key(), 1, "li", "?", true}).refusal,
            Refusal::refund_not_stuck);
}

}  // namespace
}  // namespace daozhang::engine
