#include "lane/lane.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "lane/lane_upkeep.h"
#include "storage/memory/memory_store.h"

namespace daozhang::lane {
namespace {

class ZeroEntropy final : public ports::Entropy {
 public:
  std::string bytes(std::size_t count) override { return std::string(count, '\0'); }
};

class LaneTest : public ::testing::Test {
 protected:
  LaneTest() {
    settings_.queue_max = 100;
    make_lane();
  }

  void make_lane() {
    lane_ = std::make_unique<Lane>(
        std::make_unique<engine::Engine>(store_, entropy_, numbers_, settings_), clock_, Peers{},
        [this](const std::shared_ptr<const domain::Order>&) { ++changed_; });
  }

  static engine::PlaceOrder topup(const std::string& key) {
    engine::PlaceOrder order;
    order.product.sku = "t";
    order.product.kind = domain::ProductKind::topup;
    order.product.supplier = "gone";
    order.product.price_minor = 990;
    order.product.cost_minor_max = 900;
    order.channel = "gone";
    order.idempotency_key = key;
    order.request_hash = "h";
    return order;
  }

  static engine::TakeNotice paid(const domain::Order& order) {
    engine::TakeNotice notice;
    notice.channel = "gone";
    notice.notice.trade_ref = order.header.order_no + "_1";
    notice.notice.trade_no = "T1";
    notice.notice.trade = ports::TradeStatus::paid;
    notice.notice.amount_minor = 990;
    return notice;
  }

  std::vector<std::future<engine::Refusal>> submit_orders(int count) {
    std::vector<std::future<engine::Refusal>> answers;
    for (int i = 0; i < count; ++i) {
      auto told = std::make_shared<std::promise<engine::Refusal>>();
      answers.push_back(told->get_future());
      lane_->submit(topup("key" + std::to_string(i)),
                    [told](engine::Answer answer) { told->set_value(answer.refusal); });
    }
    return answers;
  }

  engine::Answer ask(engine::CommandBody body) {
    std::promise<engine::Answer> told;
    lane_->submit(std::move(body),
                  [&](engine::Answer answer) { told.set_value(std::move(answer)); });
    return told.get_future().get();
  }

  engine::EngineSettings settings_;
  storage::memory::MemoryStore store_;
  ZeroEntropy entropy_;
  domain::OrderNumbers numbers_{"0123456789abcdef0123456789abcdef"};
  Clock clock_{base::Instant{}};
  std::atomic<int> changed_{0};
  std::unique_ptr<Lane> lane_;
};

TEST_F(LaneTest, TellsTheAnswerOfACommandAfterItsCommit) {
  lane_->start();
  const auto answer = ask(topup("k1"));
  ASSERT_EQ(answer.refusal, engine::Refusal::none);
  EXPECT_TRUE(store_.find_order(answer.order->key()));
  EXPECT_GE(lane_->counts().commands, 0U);
}

// Else a page opened on the answer is told the same change twice.
TEST_F(LaneTest, AChangeIsToldBeforeTheAnswerOfItsCommit) {
  lane_->start();
  std::promise<int> told;
  lane_->submit(topup("k1"), [&](const engine::Answer&) { told.set_value(changed_.load()); });
  EXPECT_EQ(told.get_future().get(), 1);
}

TEST_F(LaneTest, WhatWasSubmittedBeforeTheStopIsAnswered) {
  auto answers = submit_orders(50);
  lane_->start();
  lane_->stop();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), engine::Refusal::none);
  EXPECT_EQ(changed_.load(), 50);
}

TEST_F(LaneTest, WhatWaitsForAStoreThatIsDownIsAnsweredAtTheStop) {
  settings_.batch_max = 1;
  make_lane();
  store_.set_fault_hook([] { return storage::memory::CommitFault::refuse_unavailable; });
  auto answers = submit_orders(10);
  lane_->start();
  lane_->stop();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), engine::Refusal::store_unavailable);
}

TEST_F(LaneTest, AfterTheStopACommandIsRefusedAndNothingIsStored) {
  lane_->start();
  lane_->stop();
  EXPECT_EQ(ask(topup("late")).refusal, engine::Refusal::store_unavailable);
  EXPECT_EQ(store_.executed_count(), 0);
}

TEST_F(LaneTest, APeerThatIsNoLongerConfiguredIsUnknownAndNotForgotten) {
  lane_->start();
  const auto placed = ask(topup("k1"));
  EXPECT_EQ(ask(paid(*placed.order)).verdict, domain::InboxVerdict::applied);
  // Its supplier is asked in vain; each further command lets the lane take in the result.
  domain::AttemptState state = domain::AttemptState::submitting;
  for (int i = 0; i < 1000 && state != domain::AttemptState::unknown; ++i) {
    ask(engine::Look{placed.order->key()});
    state = store_.find_order(placed.order->key())->attempts.at(0).state;
  }
  EXPECT_EQ(state, domain::AttemptState::unknown);
}

TEST_F(LaneTest, ACallThatTheLaneComesToTooLateIsNotMadeButDecidedAnew) {
  settings_.call_leaves_within = base::microseconds(-1);  // However soon, it is too late.
  make_lane();
  lane_->start();
  const auto order = *ask(topup("k1")).order;
  EXPECT_EQ(ask(paid(order)).verdict, domain::InboxVerdict::applied);
  std::int32_t decided = 0;
  for (int i = 0; i < 1000 && decided < 3; ++i) {
    ask(engine::Look{order.key()});
    decided = store_.find_order(order.key())->header.effect_count;
  }
  EXPECT_GE(decided, 3);
  EXPECT_EQ(store_.find_order(order.key())->attempts.at(0).state, domain::AttemptState::submitting)
      << "nobody was asked";
}

TEST_F(LaneTest, UpkeepIsDoneOnTheLanesThreadWhileOthersWait) {
  LaneUpkeep upkeep(*lane_, store_, store_);
  lane_->start();
  const ports::DayFees fees{"alipay", "2026-11-22", 6, domain::Currency::CNY, clock_.now()};
  for (int i = 0; i < 2; ++i) {
    const auto booked = upkeep.book_fees(fees);
    ASSERT_TRUE(booked);
    EXPECT_EQ(booked->size(), 1U);
  }
  EXPECT_EQ(upkeep.forget_refused(clock_.now(), 10).value(), 0);
  store_.set_fault_hook([] { return storage::memory::CommitFault::refuse_unavailable; });
  EXPECT_EQ(upkeep.book_fees(fees).error(), ports::CommitRefusal::unavailable);
}

}  // namespace
}  // namespace daozhang::lane
