// The pipeline over the memory store: commands in, answers, calls and rows out.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "engine/calls.h"
#include "engine/test_nodes.h"

namespace daozhang::engine {
namespace {

using base::Instant;
using domain::EffectKind;
using domain::OrderState;
using storage::memory::CommitFault;

constexpr Instant start{1'795'000'000'000'000};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { restart(); }

  void restart() {
    EngineSettings settings;
    settings.batch_max = batch_max_;
    settings.suppliers["telco"] = terms_;
    engine_.emplace(store_, entropy_, numbers_, settings);
  }

  static ports::StockImport stock_of(int count) { return cards(count); }
  void import(int count) { ASSERT_TRUE(store_.import_stock(stock_of(count))); }

  Step run(CommandBody body) {
    EXPECT_TRUE(engine_->submit({++ticket_, std::move(body)}));
    return engine_->step(now_);
  }

  Answer answer_of(CommandBody body) {
    Step step = run(std::move(body));
    keep_calls(step);
    EXPECT_EQ(step.answers.size(), 1U);
    return step.answers.empty() ? Answer{} : step.answers.front();
  }

  void keep_calls(const Step& step) {
    for (const auto& call : step.calls) calls_.push_back(call);
  }

  void step_at(Instant now) {
    now_ = now;
    keep_calls(engine_->step(now_));
  }

  static TakeNotice paid(const domain::Order& order, std::int64_t amount_minor,
                         std::string trade_no = "T1") {
    return notice_of(order, amount_minor, std::move(trade_no));
  }

  domain::Order stored(domain::OrderKey key) { return *store_.find_order(key); }

  std::vector<CommitFault> faults_;
  void fail_next_commits(std::vector<CommitFault> faults) {
    faults_ = std::move(faults);
    store_.set_fault_hook([this] {
      if (faults_.empty()) return CommitFault::ok;
      const auto fault = faults_.front();
      faults_.erase(faults_.begin());
      return fault;
    });
  }

  storage::memory::MemoryStore store_;
  SeededEntropy entropy_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  std::size_t batch_max_ = EngineSettings{}.batch_max;
  domain::SupplierTerms terms_;
  std::optional<Engine> engine_;
  Instant now_ = start;
  Ticket ticket_ = 0;
  std::vector<Call> calls_;
};

TEST_F(EngineTest, ASecretPaidByNotificationIsDeliveredInTheSameCommit) {
  import(1);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  ASSERT_EQ(placed.refusal, Refusal::none);
  EXPECT_EQ(placed.order->header.state, OrderState::awaiting_payment);
  const auto answer = answer_of(paid(*placed.order, 990));
  EXPECT_EQ(answer.verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(answer.order->header.state, OrderState::delivered);
  EXPECT_TRUE(answer_of(Reveal{placed.order->key()}).order->units[0].revealed_at.is_set());
}

TEST_F(EngineTest, ANotificationSeenTwiceIsOnePayment) {
  import(2);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  answer_of(paid(*placed.order, 990));
  const auto again = answer_of(paid(*placed.order, 990));
  EXPECT_EQ(again.verdict, domain::InboxVerdict::repeated);
  EXPECT_EQ(stored(placed.order->key()).payments.size(), 1U);
}

TEST_F(EngineTest, TwoNotificationsOfOneTradeInOneBatchAreOnePayment) {
  import(2);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  engine_->submit({1, paid(*placed.order, 990)});
  engine_->submit({2, paid(*placed.order, 990)});
  const auto step = engine_->step(now_);
  EXPECT_EQ(step.answers[0].verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(step.answers[1].verdict, domain::InboxVerdict::repeated);
  EXPECT_EQ(stored(placed.order->key()).payments.size(), 1U);
}

TEST_F(EngineTest, ANotificationOfAnotherAmountChangesNothingAndAsks) {
  import(1);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  EXPECT_EQ(answer_of(paid(*placed.order, 1)).verdict, domain::InboxVerdict::asked);
  EXPECT_EQ(stored(placed.order->key()).header.state, OrderState::awaiting_payment);
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::query_payment);
}

TEST_F(EngineTest, TheInboxKeepsWhatAChannelAnswersToAQuestion) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(AskPayments{placed.order->key()});
  ASSERT_FALSE(calls_.empty());
  PaymentAnswered answered{calls_.back().effect, {}};
  answered.answer.outcome = ports::Outcome::done;
  answered.answer.trade = ports::TradeStatus::paid;
  answered.answer.trade_no = "T9";
  answered.answer.amount_minor = placed.order->price_minor();
  answered.answer.raw = "the channel's words";
  answer_of(answered);
  const auto kept = store_.find_messages({placed.order->key(), "", 10});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].source, domain::FactSource::query);
  EXPECT_EQ(kept[0].verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(kept[0].body, "the channel's words");
}

TEST_F(EngineTest, MoneyThatWentBackBeforeWeKnewOfItDeliversNothing) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(AskPayments{placed.order->key()});
  PaymentAnswered answered{calls_.back().effect, {}};
  answered.answer.outcome = ports::Outcome::done;
  answered.answer.trade = ports::TradeStatus::paid;
  answered.answer.trade_no = "T9";
  answered.answer.amount_minor = placed.order->price_minor();
  answered.answer.some_went_back = true;
  answer_of(answered);
  const auto order = stored(placed.order->key());
  EXPECT_TRUE(order.payments.empty());
  EXPECT_TRUE(order.header.quarantined);
  EXPECT_EQ(order.header.quarantine_reason, "payment_not_ours");
}

TEST_F(EngineTest, ANotificationOnAnotherChannelIsRefused) {
  import(1);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  auto notice = paid(*placed.order, 990);
  notice.channel = "other";
  EXPECT_EQ(answer_of(notice).verdict, domain::InboxVerdict::refused);
}

TEST_F(EngineTest, ATradeNumberOfAnotherOrderIsRefused) {
  import(2);
  const auto first = answer_of(order_of(domain::ProductKind::secret, "k1"));
  const auto second = answer_of(order_of(domain::ProductKind::secret, "k2"));
  answer_of(paid(*first.order, 990, "T1"));
  EXPECT_EQ(answer_of(paid(*second.order, 990, "T1")).verdict, domain::InboxVerdict::refused);
}

TEST_F(EngineTest, TheSameKeyGivesTheSameOrderAndAnotherBodyIsAConflict) {
  import(2);
  const auto first = answer_of(order_of(domain::ProductKind::secret, "k1"));
  const auto again = answer_of(order_of(domain::ProductKind::secret, "k1"));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.order->header.order_no, first.order->header.order_no);
  auto other = order_of(domain::ProductKind::secret, "k1");
  other.request_hash = "other";
  EXPECT_EQ(answer_of(other).refusal, Refusal::idempotency_conflict);
}

TEST_F(EngineTest, WithoutStockNothingIsPlaced) {
  EXPECT_EQ(answer_of(order_of(domain::ProductKind::secret, "k1")).refusal, Refusal::out_of_stock);
}

TEST_F(EngineTest, ATopUpIsSubmittedOnceAndItsResultEndsTheEffect) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ASSERT_EQ(calls_.size(), 1U);
  ASSERT_EQ(calls_[0].effect.kind, EffectKind::submit_attempt);
  ports::SupplierAnswer done;
  done.outcome = ports::Outcome::done;
  done.cost_minor = 900;
  EXPECT_EQ(answer_of(SupplierAnswered{calls_[0].effect, done}).refusal, Refusal::none);
  EXPECT_EQ(stored(placed.order->key()).header.state, OrderState::delivered);
  EXPECT_EQ(engine_->open_calls(), 0U);
  // The same answer again ends nothing.
  EXPECT_EQ(answer_of(SupplierAnswered{calls_[0].effect, done}).refusal, Refusal::order_not_found);
}

TEST_F(EngineTest, ACrashLeavesTheCallToTheNextEngine) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  calls_.clear();
  restart();
  EXPECT_TRUE(engine_->has_work(now_));
  step_at(now_);
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(EngineTest, ACallThatComesTooLateToBeMadeIsDecidedAnewAndIsNoSecondSubmission) {
  terms_.idempotent = false;
  restart();
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ASSERT_EQ(calls_.size(), 1U);
  const auto late = calls_[0];
  EXPECT_EQ(late.leave_by, now_ + EngineSettings{}.call_leaves_within);
  calls_.clear();
  engine_->not_made(late.effect);
  EXPECT_TRUE(engine_->has_work(now_));
  step_at(late.leave_by + base::seconds(1));
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::submit_attempt);
  EXPECT_GT(calls_[0].leave_by, now_);
  // Nothing left before, so "not sent" means that the attempt failed.
  ports::SupplierAnswer not_sent;
  not_sent.outcome = ports::Outcome::failed;
  not_sent.retry_can_help = true;
  EXPECT_EQ(answer_of(SupplierAnswered{late.effect, not_sent}).refusal, Refusal::order_not_found);
  answer_of(SupplierAnswered{calls_[0].effect, not_sent});
  EXPECT_EQ(stored(placed.order->key()).attempts[0].state, domain::AttemptState::failed);
}

TEST_F(EngineTest, AfterACrashASupplierThatIsNotIdempotentIsAskedAndNeverSentTheOrderAgain) {
  terms_.idempotent = false;
  restart();
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  calls_.clear();
  restart();
  step_at(now_);
  step_at(now_ + base::minutes(1));
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::query_attempt);
}

TEST_F(EngineTest, NotSentAfterACrashSaysNothingAboutWhatWasSentBeforeIt) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  calls_.clear();
  restart();
  step_at(now_);
  ports::SupplierAnswer not_sent;
  not_sent.outcome = ports::Outcome::failed;
  not_sent.retry_can_help = true;
  answer_of(SupplierAnswered{calls_[0].effect, not_sent});
  EXPECT_EQ(stored(placed.order->key()).attempts[0].state, domain::AttemptState::unknown);
}

// The supplier may look at its price list before it looks whether it has the order already.
TEST_F(EngineTest, ARefusalAfterACrashSaysNothingAboutWhatWasSentBeforeIt) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  calls_.clear();
  restart();
  step_at(now_);
  ports::SupplierAnswer refused;
  refused.outcome = ports::Outcome::failed;
  answer_of(SupplierAnswered{calls_[0].effect, refused});
  const auto order = stored(placed.order->key());
  EXPECT_EQ(order.attempts[0].state, domain::AttemptState::unknown);
  EXPECT_TRUE(order.attempts[0].next_ask_at.is_set());
  EXPECT_TRUE(order.refunds.empty());
}

TEST_F(EngineTest, ARefundThatTheChannelOnlyTookInIsAskedAboutBeforeItCounts) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  calls_.clear();
  answer_of(paid(*placed.order, 990));
  ports::SupplierAnswer no;
  no.outcome = ports::Outcome::failed;
  const auto submit = calls_.at(0).effect;
  calls_.clear();
  answer_of(SupplierAnswered{submit, no});
  ASSERT_EQ(calls_.at(0).effect.kind, EffectKind::refund);
  ports::PaymentAnswer taken_in;
  taken_in.outcome = ports::Outcome::accepted;
  answer_of(PaymentAnswered{calls_[0].effect, taken_in});
  EXPECT_EQ(stored(placed.order->key()).refunds.at(0).state, domain::RefundState::unknown);
  EXPECT_EQ(stored(placed.order->key()).header.state, OrderState::giving_back);
}

TEST_F(EngineTest, ARefundThatMayHaveLeftBeforeACrashIsAskedAboutBeforeItIsSentAgain) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ports::SupplierAnswer no;
  no.outcome = ports::Outcome::failed;
  answer_of(SupplierAnswered{calls_.at(0).effect, no});
  ASSERT_EQ(calls_.at(1).effect.kind, EffectKind::refund);
  calls_.clear();
  restart();
  step_at(now_);
  EXPECT_EQ(stored(placed.order->key()).refunds.at(0).state, domain::RefundState::unknown);
  EXPECT_TRUE(calls_.empty());
  step_at(now_ + base::minutes(1));
  ASSERT_EQ(calls_.size(), 1U);
  ASSERT_EQ(calls_[0].effect.kind, EffectKind::query_refund);
  ports::PaymentAnswer none;
  none.outcome = ports::Outcome::failed;
  answer_of(PaymentAnswered{calls_[0].effect, none});
  step_at(now_ + base::minutes(1));
  ASSERT_EQ(calls_.size(), 2U);
  EXPECT_EQ(calls_[1].effect.kind, EffectKind::refund);
}

TEST_F(EngineTest, ARefusedCommitKeepsResultsAndRefusesBuyers) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ports::SupplierAnswer done;
  done.outcome = ports::Outcome::done;
  fail_next_commits({CommitFault::refuse_unavailable});
  engine_->submit({0, SupplierAnswered{calls_[0].effect, done}});
  const auto failed = run(order_of(domain::ProductKind::topup, "k2"));
  EXPECT_TRUE(failed.store_unavailable);
  ASSERT_EQ(failed.answers.size(), 1U);
  EXPECT_EQ(failed.answers[0].refusal, Refusal::store_unavailable);
  step_at(now_);
  EXPECT_EQ(stored(placed.order->key()).header.state, OrderState::delivered);
}

TEST_F(EngineTest, AStoreThatIsDownIsTriedAgainByEachStepAlsoWhenNothingWaits) {
  fail_next_commits({CommitFault::refuse_unavailable, CommitFault::refuse_unavailable});
  EXPECT_TRUE(run(order_of(domain::ProductKind::topup, "k1")).store_unavailable);
  EXPECT_TRUE(engine_->step(now_).store_unavailable);
  EXPECT_FALSE(engine_->step(now_).store_unavailable);
  const auto written = store_.executed_count();
  EXPECT_FALSE(engine_->step(now_).store_unavailable);
  EXPECT_EQ(store_.executed_count(), written);
}

TEST_F(EngineTest, HoweverManyResultsWaitForTheStoreABuyerIsAnswered) {
  batch_max_ = 1;
  restart();
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ports::SupplierAnswer done;
  done.outcome = ports::Outcome::done;
  engine_->submit({0, SupplierAnswered{calls_[0].effect, done}});
  fail_next_commits({CommitFault::refuse_unavailable, CommitFault::refuse_unavailable});
  EXPECT_TRUE(run(order_of(domain::ProductKind::topup, "k2")).answers.empty());
  const auto refused = engine_->step(now_);
  ASSERT_EQ(refused.answers.size(), 1U);
  EXPECT_EQ(refused.answers[0].refusal, Refusal::store_unavailable);
  step_at(now_);
  EXPECT_EQ(stored(placed.order->key()).header.state, OrderState::delivered);
}

TEST_F(EngineTest, CallsOfACommitWhoseAnswerWasLostAreMade) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  fail_next_commits({CommitFault::execute_then_unknown});
  EXPECT_EQ(answer_of(paid(*placed.order, 990)).verdict, domain::InboxVerdict::applied);
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(EngineTest, ACallOfALostCommitNeverLeftSoItIsNoSecondSubmission) {
  terms_.idempotent = false;
  restart();
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  fail_next_commits({CommitFault::execute_then_unknown});
  answer_of(paid(*placed.order, 990));
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(EngineTest, ALostCommitThatDidNotHappenIsDecidedAgain) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  fail_next_commits({CommitFault::drop_then_unknown});
  EXPECT_EQ(answer_of(paid(*placed.order, 990)).verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(stored(placed.order->key()).payments.size(), 1U);
  EXPECT_EQ(calls_.size(), 1U);
}

TEST_F(EngineTest, EveryEventSaysWhatHappened) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  const ports::SupplierAnswer unknown;
  answer_of(SupplierAnswered{calls_[0].effect, unknown});
  calls_.clear();
  step_at(now_ + base::seconds(3));
  answer_of(SupplierAnswered{calls_.at(0).effect, unknown});
  store_.each_order([](const ports::AuditSource::OrderStory& story) {
    EXPECT_EQ(story.events.size(), 4U);
    for (const auto& event : story.events)
      EXPECT_EQ(event.body.find(R"("what":[])"), std::string::npos) << event.body;
  });
}

TEST_F(EngineTest, AnAnswerThatALostCommitTookIsNotTakenTwice) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  ports::SupplierAnswer unknown;
  fail_next_commits({CommitFault::execute_then_unknown});
  answer_of(SupplierAnswered{calls_[0].effect, unknown});
  const auto order = stored(placed.order->key());
  EXPECT_EQ(order.attempts[0].ask_count, 1);
  EXPECT_EQ(order.header.version, 3);
}

TEST_F(EngineTest, ADeadlineOfALostCommitIsNotForgotten) {
  import(1);
  fail_next_commits({CommitFault::execute_then_unknown});
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  EXPECT_EQ(engine_->wake_at(), placed.order->header.due_at);
}

TEST_F(EngineTest, StockThatCameInIsSoldByTheNextCommand) {
  EXPECT_EQ(answer_of(order_of(domain::ProductKind::secret, "k1")).refusal, Refusal::out_of_stock);
  engine_->submit({1, ImportStock{stock_of(2)}});
  engine_->submit({2, order_of(domain::ProductKind::secret, "k2")});
  const auto imported = engine_->step(now_);
  ASSERT_EQ(imported.answers.size(), 1U) << "an import stands alone in its step";
  EXPECT_EQ(imported.answers[0].are_new, (std::vector{true, true}));
  const auto sold = engine_->step(now_);
  ASSERT_EQ(sold.answers.size(), 1U);
  EXPECT_EQ(sold.answers[0].refusal, Refusal::none);
}

TEST_F(EngineTest, CommandsBeforeAnImportAreDecidedBeforeIt) {
  engine_->submit({1, order_of(domain::ProductKind::secret, "k1")});
  engine_->submit({2, ImportStock{stock_of(1)}});
  const auto first = engine_->step(now_);
  ASSERT_EQ(first.answers.size(), 1U);
  EXPECT_EQ(first.answers[0].refusal, Refusal::out_of_stock);
  EXPECT_TRUE(engine_->has_work(now_));
}

TEST_F(EngineTest, ImportsHoldUpNoDeadline) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  const auto key = placed.order->key();
  now_ = engine_->wake_at();
  engine_->submit({7, ImportStock{stock_of(1)}});
  const auto step = engine_->step(now_);
  EXPECT_EQ(step.commands, 2U);
  ASSERT_EQ(step.answers.size(), 2U) << "the import's and the due order's";
  EXPECT_EQ(step.answers[0].ticket, 7U);
  EXPECT_EQ(step.answers[0].are_new, std::vector{true});
  ASSERT_EQ(step.changed.size(), 1U);
  EXPECT_EQ(step.changed[0]->key(), key);
}

TEST_F(EngineTest, AnImportWhoseAnswerIsLostIsAskedAgainAndDoublesNothing) {
  fail_next_commits({CommitFault::execute_then_unknown, CommitFault::drop_then_unknown});
  const auto answer = answer_of(ImportStock{stock_of(3)});
  EXPECT_EQ(answer.refusal, Refusal::none);
  EXPECT_EQ(answer.are_new, (std::vector{true, true, true}));
  EXPECT_EQ(store_.stock_levels(domain::first_shop, 10)["card"], 3);
}

TEST_F(EngineTest, AnImportThatCanNotBeConfirmedSaysSoAndCanBeRepeated) {
  fail_next_commits(std::vector(8, CommitFault::execute_then_unknown));
  EXPECT_EQ(answer_of(ImportStock{stock_of(1)}).refusal, Refusal::store_unknown);
  fail_next_commits({CommitFault::refuse_unavailable});
  engine_->submit({7, ImportStock{stock_of(2)}});
  const auto step = engine_->step(now_);
  EXPECT_TRUE(step.store_unavailable);
  EXPECT_EQ(step.answers.at(0).refusal, Refusal::store_unavailable);
  EXPECT_EQ(answer_of(ImportStock{stock_of(2)}).are_new, (std::vector{true, true}));
  EXPECT_EQ(store_.stock_levels(domain::first_shop, 10)["card"], 2);
}

TEST_F(EngineTest, AnImportUnderTheNumberOfAnotherBatchIsRefused) {
  import(1);
  auto other = stock_of(2);
  other.batch.wrapped_key = "another data key";
  EXPECT_EQ(answer_of(ImportStock{other}).refusal, Refusal::batch_taken);
  EXPECT_EQ(store_.stock_levels(domain::first_shop, 10)["card"], 1);
}

TEST_F(EngineTest, AnUnpaidOrderExpiresAndItsStockReturns) {
  import(1);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  const auto key = placed.order->key();
  while (!stored(key).header.expired_at.is_set()) {
    ASSERT_TRUE(engine_->wake_at().is_set() || !calls_.empty());
    if (calls_.empty()) {
      step_at(std::max(now_, engine_->wake_at()));
      continue;
    }
    ports::PaymentAnswer answer;
    answer.outcome = ports::Outcome::done;
    answer.trade = ports::TradeStatus::not_exist;
    const auto effect = calls_.back().effect;
    calls_.clear();
    answer_of(PaymentAnswered{effect, answer});
  }
  EXPECT_EQ(now_, start + base::minutes(15));
  EXPECT_EQ(store_.stock_levels(domain::first_shop, 10)["card"], 1);
  EXPECT_EQ(engine_->wake_at(), now_ + base::minutes(5)) << "a last look is planned";
}

// The last of its kind: it was let go of and is wanted again before anybody could see that.
TEST_F(EngineTest, AnOrderThatExpiresAndIsPaidInOneBatchKeepsItsItem) {
  import(1);
  const auto placed = answer_of(order_of(domain::ProductKind::secret, "k1"));
  const auto key = placed.order->key();
  ports::PaymentAnswer none;
  none.outcome = ports::Outcome::done;
  none.trade = ports::TradeStatus::not_exist;
  while (now_ < placed.order->header.pay_by) {
    step_at(engine_->wake_at());
    if (calls_.empty()) continue;
    const auto effect = std::exchange(calls_, {}).back().effect;
    if (now_ < placed.order->header.pay_by) {
      answer_of(PaymentAnswered{effect, none});
      continue;
    }
    engine_->submit({0, PaymentAnswered{effect, none}});
    engine_->submit({0, paid(*placed.order, 990)});
    step_at(now_);
  }
  ASSERT_FALSE(stored(key).payments.empty());
  EXPECT_EQ(stored(key).header.state, OrderState::delivered);
  EXPECT_TRUE(stored(key).header.expired_at.is_set()) << "it never expired";
}

TEST_F(EngineTest, WhileTimeIsDoubtfulNothingIsGivenBackForBeingLate) {
  const auto placed = answer_of(order_of(domain::ProductKind::topup, "k1"));
  answer_of(paid(*placed.order, 990));
  const auto key = placed.order->key();
  now_ = now_ + base::hours(2);
  keep_calls(engine_->step(now_, domain::TimeTrust::doubtful));
  EXPECT_TRUE(stored(key).refunds.empty());
  EXPECT_EQ(stored(key).header.state, OrderState::fulfilling);
  step_at(now_ + base::minutes(1));
  EXPECT_EQ(stored(key).units.at(0).reason, domain::UnitReason::deadline_missed);
  EXPECT_EQ(stored(key).refunds.size(), 1U);
}

}  // namespace
}  // namespace daozhang::engine
