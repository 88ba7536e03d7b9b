// Questions that go on until there is news: what is written for them, and when they are asked.
#include "engine/questions.h"

#include <gtest/gtest.h>

#include "engine/test_nodes.h"

namespace daozhang::engine {
namespace {

using base::Instant;
using domain::AttemptCall;
using domain::AttemptState;
using domain::EffectKind;
using domain::IntentState;
using domain::OrderState;
using domain::Partitions;
using ports::Outcome;
using ports::SupplierWord;

constexpr Instant start{1'795'000'000'000'000};

class QuestionsTest : public ::testing::Test {
 protected:
  QuestionsTest() {
    settings_.suppliers["telco"] = {};
    restart();
  }

  void restart() {
    node_.reset();
    node_ = std::make_unique<Node>(memory_, numbers_, settings_, Partitions::all(), ++seed_);
  }

  void step_at(Instant now) {
    now_ = now;
    node_->step(now_);
  }
  // Steps until a call leaves, jumping to whenever the engine wants to be woken.
  Call next_call() {
    for (int steps = 0; node_->calls.empty() && steps < 20; ++steps)
      step_at(std::max(now_, node_->engine.has_work(now_) ? now_ : node_->engine.wake_at()));
    EXPECT_FALSE(node_->calls.empty());
    Call call = node_->calls.front();
    node_->calls.erase(node_->calls.begin());
    return call;
  }
  void supplier_answers(const Call& call, Outcome outcome, SupplierWord word) {
    node_->ask(now_, SupplierAnswered{call.effect, supplier_says(outcome, word)});
  }
  void still_working(const Call& call) {
    supplier_answers(call, Outcome::accepted, SupplierWord::working);
  }

  // Paid and taken in by the supplier, and asked about for the first time.
  Call asked_topup() {
    const auto placed = node_->ask(now_, order_of(domain::ProductKind::topup, "k1"));
    order_ = placed.order->key();
    node_->ask(now_, notice_of(*placed.order, 990));
    still_working(next_call());
    const auto call = next_call();
    EXPECT_EQ(call.effect.kind, EffectKind::query_attempt);
    return call;
  }
  // Placed, and its payment asked about for the first time.
  Call asked_payment() {
    order_ = node_->ask(now_, order_of(domain::ProductKind::topup, "k1")).order->key();
    const auto call = next_call();
    EXPECT_EQ(call.effect.kind, EffectKind::query_payment);
    return call;
  }
  // At a payment so large that its channel is asked before a notification of it counts.
  Call last_look() {
    auto command = order_of(domain::ProductKind::topup, "k1");
    command.product.price_minor = settings_.policy.confirm_from_minor;
    order_ = node_->ask(now_, command).order->key();
    auto call = next_call();
    const auto is_last = [&] {
      const auto settled_at = stored().intents[0].settled_at;
      return settled_at.is_set() && now_ >= settled_at + settings_.policy.last_looks.back();
    };
    while (!is_last()) {
      channel_answers(call, ports::TradeStatus::not_exist);
      call = next_call();
    }
    return call;
  }
  void channel_answers(const Call& call, ports::TradeStatus trade) {
    PaymentAnswered answered{call.effect, {}};
    answered.answer.outcome = Outcome::done;
    answered.answer.trade = trade;
    answered.answer.raw = "said at " + std::to_string(now_.micros);
    node_->ask(now_, answered);
  }

  domain::Order stored() { return *memory_.find_order(order_); }
  std::size_t events() {
    std::size_t count = 0;
    memory_.each_order([&](const auto& story) { count += story.events.size(); });
    return count;
  }
  std::vector<domain::Effect> open_effects() { return memory_.open_effects(Partitions::all(), {}); }

  storage::memory::MemoryStore memory_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  EngineSettings settings_;
  std::uint64_t seed_ = 0;
  std::unique_ptr<Node> node_;
  Instant now_ = start;
  domain::OrderKey order_;
};

TEST_F(QuestionsTest, AnAnswerWithoutNewsWritesNothing) {
  const auto first = asked_topup();
  const auto before = stored();
  const auto events_before = events();
  node_->store.commits_tried = 0;
  still_working(first);
  const auto second = next_call();
  EXPECT_EQ(second.effect.effect_no, first.effect.effect_no);
  EXPECT_EQ(std::get<ports::SupplierCall>(second.request).reference,
            std::get<ports::SupplierCall>(first.request).reference);
  EXPECT_EQ(stored(), before);
  EXPECT_EQ(events(), events_before);
  EXPECT_EQ(node_->store.commits_tried, 0);
  EXPECT_EQ(open_effects().size(), 1U);
}

TEST_F(QuestionsTest, TheBackOffRunsOnToOneMinute) {
  std::vector<std::int64_t> waits;
  for (auto call = asked_topup(); waits.size() < 7; call = next_call()) {
    EXPECT_EQ(call.effect.decided_at, now_) << "asked then, not when the question began";
    EXPECT_GT(call.leave_by, now_);
    still_working(call);
    waits.push_back((node_->engine.wake_at() - now_).micros / 1'000'000);
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{4, 8, 16, 32, 60, 60, 60}));
}

TEST_F(QuestionsTest, NewsEndsAQuestion) {
  still_working(asked_topup());
  supplier_answers(next_call(), Outcome::done, SupplierWord::done);
  EXPECT_EQ(stored().header.state, OrderState::delivered);
  EXPECT_TRUE(open_effects().empty());
  EXPECT_EQ(node_->engine.open_calls(), 0U);
}

TEST_F(QuestionsTest, NewsThatEndsNothingIsWrittenAndTheQuestionGoesOn) {
  const auto call = asked_topup();
  const auto events_before = events();
  supplier_answers(call, Outcome::unknown, SupplierWord::not_found);
  EXPECT_EQ(stored().attempts[0].state, AttemptState::unknown);
  EXPECT_EQ(stored().attempts[0].call, AttemptCall::query);
  EXPECT_EQ(events(), events_before + 1);
  EXPECT_EQ(next_call().effect.effect_no, call.effect.effect_no);
}

TEST_F(QuestionsTest, AHintAsksAtOnce) {
  auto call = asked_topup();
  for (int i = 0; i < 5; ++i) {
    still_working(call);
    if (i < 4) call = next_call();
  }
  const auto events_before = events();
  node_->ask(now_, TakeHint{order_, stored().attempts[0].reference});
  const auto hinted_at = now_;
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_attempt);
  EXPECT_EQ(now_, hinted_at);
  EXPECT_EQ(events(), events_before);
}

TEST_F(QuestionsTest, AHintWhileItIsAskedAsksOnceMore) {
  const auto call = asked_topup();
  node_->ask(now_, TakeHint{order_, stored().attempts[0].reference});
  EXPECT_TRUE(node_->calls.empty()) << "one call at a time";
  const auto hinted_at = now_;
  still_working(call);
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_attempt);
  EXPECT_EQ(now_, hinted_at);
}

TEST_F(QuestionsTest, ARestartAsksTheSupplierAtOnceAndWritesNothing) {
  still_working(asked_topup());
  const auto before = stored();
  restart();
  step_at(now_);
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_attempt);
  EXPECT_EQ(stored(), before);
}

TEST_F(QuestionsTest, ARestartAsksAChannelAboutEachPaymentSoon) {
  channel_answers(asked_payment(), ports::TradeStatus::waiting);
  const auto before = stored();
  restart();
  const auto restarted_at = now_;
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_payment);
  EXPECT_LE(now_, restarted_at + base::seconds(20));
  EXPECT_EQ(stored(), before);
}

TEST_F(QuestionsTest, ACallThatIsTooLateToLeaveIsMadeAnewWithoutACommit) {
  const auto call = asked_topup();
  const auto before = stored();
  now_ = call.leave_by + base::seconds(1);
  node_->step(now_);
  node_->engine.not_made(call.effect);
  EXPECT_EQ(next_call().effect.effect_no, call.effect.effect_no);
  EXPECT_EQ(stored(), before);
}

TEST_F(QuestionsTest, WhatIsCalledOffIsAskedAtOnceAndThenCanceled) {
  auto call = asked_topup();
  const auto order = stored();
  const auto stop_at =
      order.header.fulfill_by - settings_.policy.cancel_before(order.header.promise_seconds);
  while (now_ < stop_at - base::seconds(50)) {
    still_working(call);
    call = next_call();
  }
  still_working(call);
  ASSERT_EQ(node_->engine.wake_at(), stop_at) << "its own time is later";
  call = next_call();
  EXPECT_EQ(call.effect.kind, EffectKind::query_attempt);
  still_working(call);
  EXPECT_EQ(next_call().effect.kind, EffectKind::cancel_attempt);
  EXPECT_LE(now_, stop_at + base::seconds(1));
}

// A second question would take of the little time that is left to call it off.
TEST_F(QuestionsTest, BehindAHintWhatIsToBeCalledOffIsNotAskedOnceMore) {
  auto call = asked_topup();
  const auto order = stored();
  const auto stop_at =
      order.header.fulfill_by - settings_.policy.cancel_before(order.header.promise_seconds);
  while (now_ < stop_at) {
    still_working(call);
    call = next_call();
  }
  node_->ask(now_, TakeHint{order_, order.attempts[0].reference});
  still_working(call);
  EXPECT_EQ(next_call().effect.kind, EffectKind::cancel_attempt);
}

TEST_F(QuestionsTest, AnUnpaidAnswerIsKeptInTheInboxAndNowhereElse) {
  const auto first = asked_payment();
  const auto before = stored();
  channel_answers(first, ports::TradeStatus::waiting);
  const auto second = next_call();
  EXPECT_EQ(second.effect.effect_no, first.effect.effect_no);
  EXPECT_EQ(now_ - start, base::minutes(1) + base::minutes(2));
  EXPECT_EQ(stored(), before);
  EXPECT_EQ(memory_.find_messages({order_, "", 10}).size(), 1U);
}

// Of a payment that nobody began a channel says the same whatever the order.
TEST_F(QuestionsTest, TheSameAnswerAboutTwoOrdersIsKeptOfEach) {
  const auto first = asked_payment();
  const auto one = order_;
  order_ = node_->ask(now_, order_of(domain::ProductKind::topup, "k2")).order->key();
  const auto second = next_call();
  ASSERT_EQ(second.effect.order(), order_);
  for (const auto& call : {first, second}) {
    PaymentAnswered answered{call.effect, {}};
    answered.answer.outcome = Outcome::done;
    answered.answer.trade = ports::TradeStatus::not_exist;
    answered.answer.raw = "ACQ.TRADE_NOT_EXIST";
    node_->ask(now_, answered);
  }
  for (const auto& order : {one, order_}) {
    const auto kept = memory_.find_messages({order, "", 10});
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().seen_count, 1);
  }
}

TEST_F(QuestionsTest, ABuyerWhoSaysThatHePaidIsAnsweredAtOnce) {
  channel_answers(asked_payment(), ports::TradeStatus::waiting);
  const auto said_at = now_;
  node_->ask(now_, AskPayments{order_});
  auto call = next_call();
  EXPECT_EQ(now_, said_at);
  PaymentAnswered paid{call.effect, {}};
  paid.answer.outcome = Outcome::done;
  paid.answer.trade = ports::TradeStatus::paid;
  paid.answer.trade_no = "T9";
  paid.answer.amount_minor = 990;
  node_->ask(now_, paid);
  EXPECT_TRUE(stored().is_paid());
}

TEST_F(QuestionsTest, AfterABuyersWordItIsAskedAfterTwoMinutesAndThenEveryFour) {
  auto call = asked_payment();
  for (int i = 0; i < 2; ++i) {
    channel_answers(call, ports::TradeStatus::waiting);
    call = next_call();
  }
  channel_answers(call, ports::TradeStatus::waiting);
  node_->ask(now_, AskPayments{order_});
  call = next_call();
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 2; ++i) {
    const auto answered_at = now_;
    channel_answers(call, ports::TradeStatus::waiting);
    call = next_call();
    waits.push_back((now_ - answered_at).micros / 60'000'000);
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{2, 4}));  // As the page says.
}

TEST_F(QuestionsTest, ThePaymentWindowEndsWithAQuestionThatIsAskedAtOnce) {
  auto call = asked_payment();
  const auto pay_by = stored().header.pay_by;
  while (stored().intents[0].state != IntentState::closing) {
    channel_answers(call, ports::TradeStatus::waiting);
    call = next_call();
  }
  EXPECT_EQ(now_, pay_by);
  channel_answers(call, ports::TradeStatus::waiting);
  EXPECT_EQ(next_call().effect.kind, EffectKind::close_payment);
  EXPECT_EQ(now_, pay_by);
}

TEST_F(QuestionsTest, AQuestionThatWaitsForLongIsTheOrdersOwn) {
  auto call = asked_payment();
  while (!stored().intents[0].settled_at.is_set()) {
    channel_answers(call, ports::TradeStatus::not_exist);
    if (!stored().intents[0].settled_at.is_set()) call = next_call();
  }
  EXPECT_TRUE(open_effects().empty());
  EXPECT_EQ(node_->engine.open_calls(), 0U);
  EXPECT_EQ(stored().header.due_at, stored().intents[0].next_ask_at);
}

TEST_F(QuestionsTest, AHintDuringTheLastLookIsFollowedBeforeTheOrderIsClosed) {
  const auto call = last_look();
  const auto notice = notice_of(stored(), settings_.policy.confirm_from_minor);
  EXPECT_EQ(node_->ask(now_, notice).verdict, domain::InboxVerdict::asked);
  const auto hinted_at = now_;
  channel_answers(call, ports::TradeStatus::not_exist);
  EXPECT_FALSE(stored().header.closed_at.is_set());
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_payment);
  EXPECT_EQ(now_, hinted_at);
}

TEST_F(QuestionsTest, ABuyersWordDuringTheLastLookIsFollowedBeforeTheOrderIsClosed) {
  const auto call = last_look();
  node_->ask(now_, AskPayments{order_});
  const auto said_at = now_;
  channel_answers(call, ports::TradeStatus::not_exist);
  EXPECT_FALSE(stored().header.closed_at.is_set());
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_payment);
  EXPECT_EQ(now_, said_at);
}

TEST_F(QuestionsTest, AHintInTheBatchOfTheAnswerIsFollowedToo) {
  const auto call = last_look();
  PaymentAnswered answered{call.effect, {}};
  answered.answer.outcome = Outcome::done;
  answered.answer.trade = ports::TradeStatus::not_exist;
  node_->engine.submit({0, notice_of(stored(), settings_.policy.confirm_from_minor)});
  node_->engine.submit({0, answered});
  const auto hinted_at = now_;
  step_at(now_);
  EXPECT_FALSE(stored().header.closed_at.is_set());
  EXPECT_EQ(next_call().effect.kind, EffectKind::query_payment);
  EXPECT_EQ(now_, hinted_at);
}

TEST_F(QuestionsTest, OneThatNobodyWaitsForIsAskedNoMore) {
  channel_answers(asked_payment(), ports::TradeStatus::waiting);
  node_->ask(now_, notice_of(stored(), 990));
  supplier_answers(next_call(), Outcome::done, SupplierWord::done);
  const auto delivered = stored();
  EXPECT_TRUE(delivered.header.closed_at.is_set());
  EXPECT_TRUE(open_effects().empty());
  for (int i = 0; i < 20; ++i) step_at(now_ + base::seconds(20));
  EXPECT_TRUE(node_->calls.empty());
  EXPECT_EQ(stored(), delivered);
}

TEST_F(QuestionsTest, OneThatIsOnItsWayWhenItsPaymentIsLearnedEndsWithItsAnswer) {
  const auto call = asked_payment();
  node_->ask(now_, notice_of(stored(), 990));
  EXPECT_EQ(open_effects().size(), 2U) << "and the submission";
  supplier_answers(next_call(), Outcome::done, SupplierWord::done);
  EXPECT_TRUE(stored().header.closed_at.is_set());
  const auto closed = stored();
  channel_answers(call, ports::TradeStatus::waiting);
  EXPECT_TRUE(open_effects().empty());
  EXPECT_EQ(stored(), closed) << "nothing new about a payment that is known";
}

TEST_F(QuestionsTest, WordsThatVaryAreNoNews) {
  auto call = asked_topup();
  const auto events_before = events();
  for (int i = 0; i < 10; ++i) {
    auto answer = supplier_says(Outcome::unknown, SupplierWord::not_found);
    answer.reason = "rate_limited: request " + std::to_string(i);
    node_->ask(now_, SupplierAnswered{call.effect, answer});
    call = next_call();
  }
  EXPECT_EQ(events(), events_before + 1);
  EXPECT_EQ(stored().attempts[0].reason, "rate_limited: request 0");
}

TEST_F(QuestionsTest, AfterARestartAnOrderIsReadOnceHoweverOftenItIsAskedAbout) {
  still_working(asked_topup());
  restart();
  step_at(now_);
  still_working(next_call());
  const auto loads_before = node_->store.orders_loaded;
  for (int i = 0; i < 10; ++i) still_working(next_call());
  EXPECT_EQ(node_->store.orders_loaded, loads_before);
}

TEST_F(QuestionsTest, TheStoreKnowsTheTimeAlsoWhenThereIsNoNews) {
  auto call = asked_topup();
  const auto began = now_;
  while (now_ < began + base::minutes(5)) {
    still_working(call);
    EXPECT_GE(memory_.time_high_water(), now_ - base::seconds(90)) << "asked once a minute";
    call = next_call();
  }
}

class SharedQuestions : public QuestionsTest {
 protected:
  SharedQuestions() {
    settings_.shares_store = true;
    restart();
  }
  std::unique_ptr<Node> other(Partitions owned) {
    return std::make_unique<Node>(memory_, numbers_, settings_, owned, ++seed_);
  }
};

TEST_F(SharedQuestions, OneThatAnotherEngineTookOverIsAskedNoMore) {
  const auto call = asked_topup();
  still_working(call);
  node_->engine.let_go(Partitions::all());
  auto owner = other(Partitions::all());
  now_ = now_ + settings_.call_left_after + base::seconds(1);
  owner->step(now_);
  ASSERT_EQ(owner->calls.size(), 1U);
  const auto stale = next_call();
  EXPECT_EQ(stale.effect.effect_no, call.effect.effect_no);
  const auto before = stored();
  supplier_answers(stale, Outcome::done, SupplierWord::done);
  EXPECT_EQ(stored(), before) << "the owner asks now, and hears it";
  EXPECT_EQ(node_->engine.open_calls(), 0U);
  owner->ask(now_, SupplierAnswered{owner->calls[0].effect,
                                    supplier_says(Outcome::done, SupplierWord::done)});
  EXPECT_EQ(stored().header.state, OrderState::delivered);
}

TEST_F(SharedQuestions, AHintThatComesToOneThatAsksNoMoreTakesTheQuestionBack) {
  still_working(asked_topup());
  node_->engine.let_go(Partitions::all());
  auto owner = other(Partitions::all());
  now_ = now_ + settings_.call_left_after + base::seconds(1);
  owner->step(now_);
  ASSERT_EQ(owner->calls.size(), 1U);
  owner->ask(now_, SupplierAnswered{owner->calls[0].effect,
                                    supplier_says(Outcome::accepted, SupplierWord::working)});
  node_->calls.clear();
  node_->ask(now_, TakeHint{order_, stored().attempts[0].reference});
  ASSERT_FALSE(node_->calls.empty());
  const auto call = node_->calls.back();  // Behind the one that was due and counts no more.
  supplier_answers(call, Outcome::done, SupplierWord::done);
  EXPECT_EQ(stored().header.state, OrderState::delivered);
  EXPECT_TRUE(open_effects().empty());
}

TEST_F(SharedQuestions, AHintThatComesToAnotherEngineIsFollowedThere) {
  still_working(asked_topup());
  auto elsewhere = other({});
  elsewhere->ask(now_, TakeHint{order_, stored().attempts[0].reference});
  ASSERT_EQ(elsewhere->calls.size(), 1U);
  EXPECT_EQ(elsewhere->calls[0].effect.kind, EffectKind::query_attempt);
  elsewhere->ask(now_, SupplierAnswered{elsewhere->calls[0].effect,
                                        supplier_says(Outcome::done, SupplierWord::done)});
  EXPECT_EQ(stored().header.state, OrderState::delivered);
  EXPECT_TRUE(open_effects().empty());
}

}  // namespace
}  // namespace daozhang::engine
