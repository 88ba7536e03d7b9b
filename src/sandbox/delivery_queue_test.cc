#include "sandbox/delivery_queue.h"

#include <gtest/gtest.h>

namespace daozhang::sandbox {
namespace {

constexpr base::Instant start{1'000'000'000'000};

Delivery notify(std::string id, base::Instant due = start) {
  Delivery delivery;
  delivery.id = std::move(id);
  delivery.number = "O1";
  delivery.url = "http://shop/notify";
  delivery.due_at = due;
  return delivery;
}

DeliveryLog answer(std::string id, base::Instant at, bool acknowledged) {
  DeliveryLog entry;
  entry.id = std::move(id);
  entry.at = at;
  entry.acknowledged = acknowledged;
  return entry;
}

TEST(DeliveryQueue, RepeatsByAlipaysTableEightTimes) {
  DeliveryQueue queue(1);
  queue.add(notify("n1"));
  base::Instant now = start;
  std::vector<std::int64_t> waits_s;
  for (;;) {
    ASSERT_EQ(queue.take_due(now, 10).size(), 1u);
    queue.sent("n1", 1, now);
    queue.answered(answer("n1", now, false));
    if (!queue.next_due().is_set()) break;
    waits_s.push_back((queue.next_due() - now).micros / 1'000'000);
    now = queue.next_due();
  }
  EXPECT_EQ(waits_s, (std::vector<std::int64_t>{240, 600, 600, 3'600, 7'200, 21'600, 54'000}));
  EXPECT_EQ(queue.entries().size(), 8u);
  EXPECT_EQ(queue.open_count(), 0u);
}

TEST(DeliveryQueue, SpeedDividesTheWaits) {
  DeliveryQueue queue(120);
  queue.add(notify("n1"));
  queue.take_due(start, 1);
  queue.sent("n1", 1, start);
  queue.answered(answer("n1", start, false));
  EXPECT_EQ(queue.next_due() - start, base::seconds(2));
}

TEST(DeliveryQueue, AnyCopyThatIsAcknowledgedEndsIt) {
  DeliveryQueue queue(1);
  queue.add(notify("n1"));
  queue.take_due(start, 1);
  queue.sent("n1", 3, start);
  queue.answered(answer("n1", start, false));
  queue.answered(answer("n1", start, true));
  EXPECT_EQ(queue.open_count(), 1u);
  queue.answered(answer("n1", start, false));
  EXPECT_EQ(queue.open_count(), 0u);
  EXPECT_TRUE(queue.take_due(start + base::hours(48), 10).empty());
}

TEST(DeliveryQueue, ASwallowedSendingIsRepeatedToo) {
  DeliveryQueue queue(1);
  queue.add(notify("n1"));
  queue.take_due(start, 1);
  queue.sent("n1", 0, start);
  EXPECT_EQ(queue.next_due() - start, base::minutes(4));
}

TEST(DeliveryQueue, GivesWhatIsDueOldestFirstUpToTheLimit) {
  DeliveryQueue queue(1);
  queue.add(notify("late", start + base::seconds(2)));
  queue.add(notify("early", start + base::seconds(1)));
  EXPECT_TRUE(queue.take_due(start, 10).empty());
  const auto first = queue.take_due(start + base::seconds(5), 1);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].id, "early");
  EXPECT_EQ(first[0].attempts, 1u);
}

TEST(DeliveryQueue, WhatWasBeingSentAtACrashIsSentAgain) {
  DeliveryQueue before(1);
  before.add(notify("n1"));
  const auto taken = before.take_due(start, 1);
  DeliveryQueue after(1);
  after.restore(taken[0]);
  const auto again = after.take_due(start, 1);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].attempts, 2u);
}

TEST(DeliveryQueue, KeepsTheLogWithinItsLimitAndCutsAnswers) {
  DeliveryQueue queue(1);
  for (std::size_t i = 0; i < DeliveryQueue::log_max + 5; ++i) {
    DeliveryLog entry = answer("n", start, false);
    entry.answer.assign(10'000, 'x');
    queue.log(std::move(entry));
  }
  EXPECT_EQ(queue.entries().size(), DeliveryQueue::log_max);
  EXPECT_EQ(queue.entries().back().answer.size(), 256u);
}

}  // namespace
}  // namespace daozhang::sandbox
