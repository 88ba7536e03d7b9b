#include "lane/lane.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

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
    engine::EngineSettings settings;
    settings.queue_max = 100;
    lane_ = std::make_unique<Lane>(
        std::make_unique<engine::Engine>(store_, entropy_, numbers_, settings), clock_, Peers{},
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

  engine::Answer ask(engine::CommandBody body) {
    std::promise<engine::Answer> told;
    lane_->submit(std::move(body),
                  [&](engine::Answer answer) { told.set_value(std::move(answer)); });
    return told.get_future().get();
  }

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

TEST_F(LaneTest, WhatWasSubmittedBeforeTheStopIsAnswered) {
  std::vector<std::future<engine::Refusal>> answers;
  for (int i = 0; i < 50; ++i) {
    auto told = std::make_shared<std::promise<engine::Refusal>>();
    answers.push_back(told->get_future());
    lane_->submit(topup("key" + std::to_string(i)),
                  [told](engine::Answer answer) { told->set_value(answer.refusal); });
  }
  lane_->start();
  lane_->stop();
  for (auto& answer : answers) EXPECT_EQ(answer.get(), engine::Refusal::none);
  EXPECT_EQ(changed_.load(), 50);
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
  engine::TakeNotice paid;
  paid.channel = "gone";
  paid.notice.trade_ref = placed.order->header.order_no + "_1";
  paid.notice.trade_no = "T1";
  paid.notice.trade = ports::TradeStatus::paid;
  paid.notice.amount_minor = 990;
  EXPECT_EQ(ask(paid).verdict, domain::InboxVerdict::applied);
  // Its supplier is asked in vain; each further command lets the lane take in the result.
  domain::AttemptState state = domain::AttemptState::submitting;
  for (int i = 0; i < 1000 && state != domain::AttemptState::unknown; ++i) {
    ask(engine::Look{placed.order->key()});
    state = store_.find_order(placed.order->key())->attempts.at(0).state;
  }
  EXPECT_EQ(state, domain::AttemptState::unknown);
}

}  // namespace
}  // namespace daozhang::lane
