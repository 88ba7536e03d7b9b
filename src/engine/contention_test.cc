// Two engines that want the same thing at the same moment: each thing is done once, and no command
// is lost.
#include <set>

#include "engine/batch.h"
#include "engine/test_nodes.h"

namespace daozhang::engine {
namespace {

using base::Instant;
using domain::Partitions;

constexpr Instant start{1'795'000'000'000'000};

class Contention : public ::testing::Test {
 protected:
  Contention() {
    settings_.shares_store = true;
    settings_.suppliers["telco"] = {};
  }
  std::unique_ptr<Node> node(std::uint64_t seed) {
    return std::make_unique<Node>(memory_, numbers_, settings_, Partitions::all(), seed);
  }
  // `one` and `two` in turn, so that every commit of one meets a step of the other, until both are
  // done.
  void hammer(Node& one, Node& two) {
    one.store.before_commit = [&] { two.step(now_); };
    for (int steps = 0; one.engine.waiting() + two.engine.waiting() > 0; ++steps) {
      ASSERT_LT(steps, 500) << "they keep each other from going on";
      one.step(now_);
    }
  }
  domain::Partition partition_of(const std::string& key) {
    return claim_key(domain::ClaimKind::idempotency_key, "1\n" + key).partition;
  }
  void submit(Node& node, CommandBody body) {
    ASSERT_TRUE(node.engine.submit({++node.last_ticket, std::move(body)}));
  }

  storage::memory::MemoryStore memory_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  EngineSettings settings_;
  Instant now_ = start;
};

TEST_F(Contention, TheSameKeyOnTwoEnginesIsOneOrder) {
  auto one = node(1);
  auto two = node(2);
  Answer of_two;
  one->store.before_commit = [&] {
    one->store.before_commit = nullptr;
    of_two = two->ask(now_, order_of(domain::ProductKind::topup, "k1"));
  };
  const auto of_one = one->ask(now_, order_of(domain::ProductKind::topup, "k1"));
  EXPECT_FALSE(of_two.repeated);
  EXPECT_TRUE(of_one.repeated);
  EXPECT_EQ(of_one.order->key(), of_two.order->key());
}

TEST_F(Contention, TheSameOrderIdInOnePartitionIsDrawnAnew) {
  std::string other = "k2";
  for (int i = 2; partition_of(other) != partition_of("k1"); ++i) other = "k" + std::to_string(i);
  auto one = node(1);
  auto two = node(1);  // The same draws, so the same ids.
  Answer of_two;
  one->store.before_commit = [&] {
    one->store.before_commit = nullptr;
    of_two = two->ask(now_, order_of(domain::ProductKind::topup, other));
  };
  const auto of_one = one->ask(now_, order_of(domain::ProductKind::topup, "k1"));
  EXPECT_EQ(one->store.commits_tried, 2) << "the two did not meet";
  EXPECT_NE(of_one.order->key(), of_two.order->key());
  EXPECT_FALSE(of_one.repeated);
  EXPECT_EQ(memory_.find_order(of_one.order->key())->header.order_no,
            of_one.order->header.order_no);
  EXPECT_EQ(memory_.find_order(of_two.order->key())->header.order_no,
            of_two.order->header.order_no);
}

TEST_F(Contention, EnginesThatShareAStoreDrawTheirIdsApart) {
  auto one = node(1);
  auto two = node(2);
  const auto of_one = one->ask(now_, order_of(domain::ProductKind::topup, "k1"));
  const auto of_two = two->ask(now_, order_of(domain::ProductKind::topup, "k2"));
  const auto distance = of_one.order->header.order_id.value - of_two.order->header.order_id.value;
  EXPECT_GT(std::abs(distance), 256);
}

TEST_F(Contention, TheLastItemIsSoldOnce) {
  ASSERT_TRUE(memory_.import_stock(cards(1)));
  auto one = node(1);
  auto two = node(2);
  Answer of_two;
  one->store.before_commit = [&] {
    one->store.before_commit = nullptr;
    of_two = two->ask(now_, order_of(domain::ProductKind::secret, "k2"));
  };
  const auto of_one = one->ask(now_, order_of(domain::ProductKind::secret, "k1"));
  EXPECT_EQ(of_two.refusal, Refusal::none);
  EXPECT_EQ(of_one.refusal, Refusal::out_of_stock);
}

TEST_F(Contention, HammeringOneProductSellsEachItemOnceAndLosesNoCommand) {
  constexpr int each = 60;
  settings_.batch_max = 8;
  ASSERT_TRUE(memory_.import_stock(cards(2 * each - 10)));
  auto one = node(1);
  auto two = node(2);
  for (int i = 0; i < each; ++i) {
    submit(*one, order_of(domain::ProductKind::secret, "a" + std::to_string(i)));
    submit(*two, order_of(domain::ProductKind::secret, "b" + std::to_string(i)));
  }
  hammer(*one, *two);
  std::set<domain::ItemKey> sold;
  int refused = 0;
  for (const auto* node : {one.get(), two.get()}) {
    EXPECT_EQ(node->answers.size(), static_cast<std::size_t>(each));
    for (const auto& answer : node->answers) {
      if (answer.refusal == Refusal::out_of_stock)
        ++refused;
      else
        EXPECT_TRUE(sold.insert(answer.order->units[0].item()).second);
    }
  }
  EXPECT_EQ(refused, 10);
  EXPECT_EQ(std::ssize(sold), 2 * each - 10);
}

TEST_F(Contention, HammeringTheSameKeysMakesEachOrderOnce) {
  constexpr int count = 40;
  settings_.batch_max = 4;
  auto one = node(1);
  auto two = node(2);
  for (int i = 0; i < count; ++i)
    for (auto* node : {one.get(), two.get()})
      submit(*node, order_of(domain::ProductKind::topup, "k" + std::to_string(i)));
  hammer(*one, *two);
  std::set<domain::OrderKey> orders;
  int first_times = 0;
  for (const auto* node : {one.get(), two.get()}) {
    EXPECT_EQ(node->answers.size(), static_cast<std::size_t>(count));
    for (const auto& answer : node->answers) {
      EXPECT_EQ(answer.refusal, Refusal::none);
      orders.insert(answer.order->key());
      first_times += !answer.repeated;
    }
  }
  EXPECT_EQ(std::ssize(orders), count);
  EXPECT_EQ(first_times, count);
}

TEST_F(Contention, HammeringOneOrderLosesNoCommand) {
  settings_.batch_max = 2;
  auto one = node(1);
  auto two = node(2);
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  one->answers.clear();
  for (int i = 0; i < 20; ++i) {
    submit(*one, notice_of(order, 990, "A" + std::to_string(i)));
    submit(*two, notice_of(order, 990, "B" + std::to_string(i)));
  }
  hammer(*one, *two);
  for (const auto* node : {one.get(), two.get()}) {
    EXPECT_EQ(node->answers.size(), 20U);
    for (const auto& answer : node->answers)
      EXPECT_EQ(answer.verdict, domain::InboxVerdict::applied);
  }
  const auto after = *memory_.find_order(order.key());
  EXPECT_EQ(after.payments.size(), 40U);
  EXPECT_EQ(after.refunds.size(), 39U) << "each payment but one is surplus";
}

TEST_F(Contention, AnEngineThatIsOutrunAtEveryTryKeepsItsCommandsForTheNextStep) {
  auto one = node(1);
  auto two = node(2);
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  int trades = 0;
  one->store.before_commit = [&] {
    two->ask(now_, notice_of(order, 990, "T" + std::to_string(++trades)));
  };
  one->answers.clear();
  submit(*one, notice_of(order, 990, "mine"));
  const auto outrun = one->step(now_);
  EXPECT_FALSE(outrun.store_unavailable);
  EXPECT_TRUE(one->answers.empty());
  EXPECT_EQ(one->engine.waiting(), 1U);
  EXPECT_TRUE(one->engine.has_work(now_));
  one->store.before_commit = nullptr;
  one->step(now_);
  ASSERT_EQ(one->answers.size(), 1U);
  EXPECT_EQ(one->answers[0].verdict, domain::InboxVerdict::applied);
}

}  // namespace
}  // namespace daozhang::engine
