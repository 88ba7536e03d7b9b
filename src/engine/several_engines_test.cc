// Engines over one store: whose work is whose, and what a stale or second act may not do.
#include "engine/test_nodes.h"

namespace daozhang::engine {
namespace {

using base::Instant;
using domain::AttemptState;
using domain::EffectKind;
using domain::OrderState;
using domain::Partitions;
using ports::Outcome;
using ports::SupplierWord;

constexpr Instant start{1'795'000'000'000'000};

class SeveralEngines : public ::testing::Test {
 protected:
  SeveralEngines() {
    settings_.shares_store = true;
    settings_.suppliers["telco"] = {};
  }

  std::unique_ptr<Node> node(Partitions owned) {
    return std::make_unique<Node>(memory_, numbers_, settings_, owned, ++nodes_);
  }
  domain::Order stored(const domain::Order& order) { return *memory_.find_order(order.key()); }

  // Placed and paid at `node`, with its submission decided there.
  domain::Order paid_topup(Node& node, const std::string& key) {
    const auto placed = node.ask(now_, order_of(domain::ProductKind::topup, key));
    const auto paid = node.ask(now_, notice_of(*placed.order, 990));
    EXPECT_EQ(node.calls.size(), 1U);
    return *paid.order;
  }
  Instant left_at() const { return now_ + settings_.call_left_after; }

  storage::memory::MemoryStore memory_;
  domain::OrderNumbers numbers_{"0123456789abcdef"};
  EngineSettings settings_;
  Instant now_ = start;
  std::uint64_t nodes_ = 0;
};

TEST_F(SeveralEngines, ADueOrderIsTheWorkOfTheOwnerOfItsPartition) {
  auto first = node(Partitions::all());
  const auto order = *first->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  const Partitions home{order.header.partition};
  first->engine.let_go(home);
  auto second = node(home);
  const auto due_at = order.header.due_at;
  EXPECT_FALSE(first->engine.wake_at().is_set());
  EXPECT_EQ(second->engine.wake_at(), due_at);
  EXPECT_EQ(first->step(due_at).commands, 0U);
  EXPECT_EQ(second->step(due_at).commands, 1U);
  EXPECT_GT(stored(order).header.version, order.header.version);
}

TEST_F(SeveralEngines, WhatAnotherDecidedForAnOwnedPartitionIsFoundByLooking) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = *other->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  EXPECT_FALSE(owner->engine.wake_at().is_set());
  EXPECT_EQ(owner->step(now_).commands, 0U);
  EXPECT_EQ(owner->engine.wake_at(), order.header.due_at);
  EXPECT_EQ(owner->step(order.header.due_at).commands, 1U);
}

TEST_F(SeveralEngines, AnOwnerThatIsToldNeedNotLook) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = *other->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  owner->engine.look_by(order.header.due_at);
  EXPECT_EQ(owner->engine.wake_at(), order.header.due_at);
  EXPECT_TRUE(owner->engine.has_work(order.header.due_at));
  EXPECT_EQ(owner->step(order.header.due_at).commands, 1U);
}

TEST_F(SeveralEngines, AnyEngineTakesCommandsForAnyOrder) {
  ASSERT_TRUE(memory_.import_stock(cards(1)));
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = *owner->ask(now_, order_of(domain::ProductKind::secret, "k1")).order;
  EXPECT_EQ(other->ask(now_, notice_of(order, 990)).verdict, domain::InboxVerdict::applied);
  // The owner's cache still has the order unpaid; what it says must not rest on that.
  const auto revealed = owner->ask(now_, Reveal{order.key()});
  EXPECT_EQ(revealed.refusal, Refusal::none);
  EXPECT_TRUE(stored(order).units[0].revealed_at.is_set());
}

TEST_F(SeveralEngines, AStaleCachedOrderCostsOneRetry) {
  auto one = node(Partitions::all());
  auto two = node({});
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  two->ask(now_, notice_of(order, 990, "T1"));
  one->store.commits_tried = 0;
  const auto answer = one->ask(now_, notice_of(order, 990, "T2"));
  EXPECT_EQ(answer.verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(one->store.commits_tried, 2);
  EXPECT_EQ(stored(order).payments.size(), 2U);
}

TEST_F(SeveralEngines, ANotificationIsNotRefusedByAStaleCache) {
  auto one = node(Partitions::all());
  auto two = node({});
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  EXPECT_EQ(two->ask(now_, OpenPayment{order.key(), "wechat", false}).number, 2);
  auto notice = notice_of(order, 990, "T1", 2);
  notice.channel = "wechat";
  EXPECT_EQ(one->ask(now_, notice).verdict, domain::InboxVerdict::applied);
}

// Its cache says that the first order still has the item that the second finds on the shelf.
TEST_F(SeveralEngines, AnItemThatAnOrderOutOfDateLetsGoOfInItsBatchGoesToWhoeverPaid) {
  ASSERT_TRUE(memory_.import_stock(cards(1)));
  auto one = node({});
  auto two = node(Partitions::all());
  const auto expire = [&](const domain::Order& order) {
    const auto over = order.header.pay_by + settings_.policy.hold_after_window;
    while (now_ < over) {
      now_ = std::min(std::max(now_ + base::seconds(1), two->engine.wake_at()), over);
      two->step(now_);
    }
    EXPECT_TRUE(stored(order).header.expired_at.is_set());
  };
  const auto late = *two->ask(now_, order_of(domain::ProductKind::secret, "late")).order;
  expire(late);
  const auto stale = *one->ask(now_, order_of(domain::ProductKind::secret, "stale")).order;
  expire(stale);
  one->store.commits_tried = 0;
  ASSERT_TRUE(one->engine.submit({0, notice_of(late, 990)}));
  one->ask(now_, AskPayments{stale.key()});
  EXPECT_EQ(one->store.commits_tried, 2) << "nothing was out of date";
  EXPECT_EQ(stored(late).header.state, OrderState::delivered);
  EXPECT_EQ(stored(stale).header.state, OrderState::expired);
}

TEST_F(SeveralEngines, OneNotificationOnTwoNodesIsOnePayment) {
  auto one = node(Partitions::all());
  auto two = node({});
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  Answer of_two;
  one->store.before_commit = [&] {
    one->store.before_commit = nullptr;
    of_two = two->ask(now_, notice_of(order, 990));
  };
  const auto of_one = one->ask(now_, notice_of(order, 990));
  EXPECT_EQ(of_two.verdict, domain::InboxVerdict::applied);
  EXPECT_EQ(of_one.verdict, domain::InboxVerdict::repeated);
  EXPECT_EQ(stored(order).payments.size(), 1U);
  EXPECT_EQ(one->calls.size() + two->calls.size(), 1U);
}

TEST_F(SeveralEngines, AYoungCallIsLeftToTheEngineThatDecidedIt) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = paid_topup(*other, "k1");
  owner->step(left_at() - base::milliseconds(1));
  EXPECT_TRUE(owner->calls.empty());
  other->ask(now_, SupplierAnswered{other->calls[0].effect,
                                    supplier_says(Outcome::done, SupplierWord::done)});
  owner->step(left_at());
  EXPECT_TRUE(owner->calls.empty());
  EXPECT_EQ(stored(order).header.state, OrderState::delivered);
}

TEST_F(SeveralEngines, ACallWhoseMakerIsGoneIsMadeByTheOwnerWithTheSameReference) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = paid_topup(*other, "k1");
  const auto first = other->calls[0];
  other.reset();
  owner->step(left_at());
  ASSERT_EQ(owner->calls.size(), 1U);
  const auto second = owner->calls[0];
  EXPECT_EQ(second.effect.kind, EffectKind::submit_attempt);
  EXPECT_NE(second.effect.effect_no, first.effect.effect_no);
  EXPECT_EQ(std::get<ports::SupplierCall>(second.request).reference,
            std::get<ports::SupplierCall>(first.request).reference);
  EXPECT_EQ(second.leave_by, left_at() + settings_.call_leaves_within);
  EXPECT_EQ(stored(order).attempts.size(), 1U);
}

TEST_F(SeveralEngines, ACallIsTakenOverFromTheStoredOrderAndNotFromACachedOne) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = *owner->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  other->ask(now_, notice_of(order, 990));
  other.reset();
  owner->step(left_at());
  ASSERT_EQ(owner->calls.size(), 1U);
  EXPECT_EQ(owner->calls[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(SeveralEngines, TakingOverAPartitionTakesOverItsCalls) {
  auto dead = node(Partitions::all());
  const auto order = paid_topup(*dead, "k1");
  dead.reset();
  auto heir = node({});
  EXPECT_FALSE(heir->engine.wake_at().is_set());
  heir->engine.take_over({order.header.partition});
  EXPECT_EQ(heir->engine.owned(), Partitions{order.header.partition});
  EXPECT_TRUE(heir->engine.wake_at().is_set());
  EXPECT_LE(heir->engine.wake_at(), left_at());
  heir->step(left_at());
  ASSERT_EQ(heir->calls.size(), 1U);
  EXPECT_EQ(heir->calls[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(SeveralEngines, WhatIsLetGoIsLookedAfterNoMore) {
  auto one = node(Partitions::all());
  auto dead = node({});
  const auto order = paid_topup(*dead, "k1");
  dead.reset();
  one->engine.let_go(Partitions::all());
  one->step(left_at());
  one->step(order.header.fulfill_by);
  EXPECT_TRUE(one->calls.empty());
  EXPECT_EQ(stored(order), order);
}

TEST_F(SeveralEngines, ALateAnswerToACallThatWasTakenOverDecidesNothing) {
  settings_.cache_orders = 0;  // So that not even the version tells it that somebody was there.
  auto owner = node(Partitions::all());
  auto paused = node({});
  const auto order = paid_topup(*paused, "k1");
  owner->step(left_at());
  // The owner's copy is on its way and will be executed; the other learned that its own was not.
  const auto not_sent = supplier_says(Outcome::failed, SupplierWord::failed, true);
  const auto late = paused->ask(left_at(), SupplierAnswered{paused->calls[0].effect, not_sent});
  EXPECT_EQ(late.refusal, Refusal::order_not_found);
  EXPECT_EQ(stored(order).attempts[0].state, AttemptState::submitting);
  EXPECT_EQ(paused->engine.open_calls(), 0U);
  owner->ask(left_at(), SupplierAnswered{owner->calls[0].effect,
                                         supplier_says(Outcome::done, SupplierWord::done)});
  EXPECT_EQ(stored(order).header.state, OrderState::delivered);
  EXPECT_EQ(stored(order).attempts.size(), 1U);
}

TEST_F(SeveralEngines, AnAnswerDecidedBetweenLookingAndTakingOverWins) {
  auto owner = node(Partitions::all());
  auto other = node({});
  const auto order = paid_topup(*other, "k1");
  owner->store.before_commit = [&] {
    owner->store.before_commit = nullptr;
    other->ask(left_at(), SupplierAnswered{other->calls[0].effect,
                                           supplier_says(Outcome::done, SupplierWord::done)});
  };
  owner->step(left_at());
  EXPECT_TRUE(owner->calls.empty());
  EXPECT_EQ(stored(order).header.state, OrderState::delivered);
  EXPECT_TRUE(memory_.open_effects(Partitions::all(), {}).empty());
}

TEST_F(SeveralEngines, TwoOwnersOfOnePartitionTakeACallOverOnce) {
  auto one = node(Partitions::all());
  auto two = node(Partitions::all());
  auto dead = node({});
  paid_topup(*dead, "k1");
  dead.reset();
  one->store.before_commit = [&] {
    one->store.before_commit = nullptr;
    two->step(left_at());
  };
  one->step(left_at());
  EXPECT_EQ(one->calls.size(), 0U);
  EXPECT_EQ(two->calls.size(), 1U);
}

TEST_F(SeveralEngines, NotSentByTheSecondSaysNothingOfTheFirst) {
  auto owner = node(Partitions::all());
  auto dead = node({});
  const auto order = paid_topup(*dead, "k1");
  dead.reset();
  owner->step(left_at());
  owner->ask(left_at(),
             SupplierAnswered{owner->calls[0].effect,
                              supplier_says(Outcome::failed, SupplierWord::failed, true)});
  EXPECT_EQ(stored(order).attempts.size(), 1U);
  EXPECT_EQ(stored(order).attempts[0].state, AttemptState::unknown);
}

TEST_F(SeveralEngines, ASupplierThatIsNotIdempotentIsAskedAboutACallWhoseMakerIsGone) {
  settings_.suppliers["telco"].idempotent = false;
  auto owner = node(Partitions::all());
  auto dead = node({});
  const auto order = paid_topup(*dead, "k1");
  dead.reset();
  owner->step(left_at());
  EXPECT_TRUE(owner->calls.empty());
  EXPECT_EQ(stored(order).attempts[0].state, AttemptState::unknown);
  owner->step(owner->engine.wake_at());
  ASSERT_EQ(owner->calls.size(), 1U);
  EXPECT_EQ(owner->calls[0].effect.kind, EffectKind::query_attempt);
}

TEST_F(SeveralEngines, AnEngineThatWasPausedDoesNotMakeACallThatAnotherTookOver) {
  auto owner = node(Partitions::all());
  auto paused = node({});
  const auto order = paid_topup(*paused, "k1");
  const auto call = paused->calls[0];
  paused->calls.clear();
  owner->step(left_at());
  EXPECT_EQ(owner->calls.size(), 1U);
  ASSERT_GT(left_at(), call.leave_by);
  paused->engine.not_made(call.effect);
  paused->step(left_at());
  EXPECT_TRUE(paused->calls.empty());
  EXPECT_FALSE(paused->engine.has_work(left_at()));
}

TEST_F(SeveralEngines, APausedEnginesCommitFailsAndIsDecidedAnew) {
  auto owner = node(Partitions::all());
  auto paused = node({});
  const auto order = paid_topup(*paused, "k1");
  const auto effect = paused->calls[0].effect;
  const auto gone_by = order.header.fulfill_by;
  // It has "failed" in its hands and is about to commit when it is stopped until after the
  // deadline.
  paused->store.before_commit = [&] {
    paused->store.before_commit = nullptr;
    owner->step(left_at());
    owner->step(gone_by);
  };
  paused->ask(now_, SupplierAnswered{effect, supplier_says(Outcome::failed, SupplierWord::failed)});
  const auto after = stored(order);
  EXPECT_EQ(after.units[0].reason, domain::UnitReason::deadline_missed);
  EXPECT_EQ(after.refunds.size(), 1U);
  EXPECT_TRUE(after.attempts[0].is_open()) << "the owner's copy is still under way";
}

TEST_F(SeveralEngines, ACommitThatArrivesAfterItsAnswerWasLostIsFoundOut) {
  settings_.suppliers["telco"].idempotent = false;
  auto one = node(Partitions::all());
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  one->store.late_after = 0;
  const auto answer = one->ask(now_, notice_of(order, 990));
  EXPECT_EQ(answer.verdict, domain::InboxVerdict::applied);
  ASSERT_EQ(one->calls.size(), 1U) << "it never left, so it is no second submission";
  EXPECT_EQ(one->calls[0].effect.kind, EffectKind::submit_attempt);
  EXPECT_EQ(stored(order).payments.size(), 1U);
}

TEST_F(SeveralEngines, ACommitThatArrivesRightAfterItWasLookedForIsFoundOut) {
  settings_.suppliers["telco"].idempotent = false;
  auto one = node(Partitions::all());
  const auto order = *one->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  one->store.late_after = 9;
  one->store.arrives_after_look_up = true;
  EXPECT_EQ(one->ask(now_, notice_of(order, 990)).verdict, domain::InboxVerdict::applied);
  ASSERT_EQ(one->calls.size(), 1U) << "it never left, so it is no second submission";
  EXPECT_EQ(one->calls[0].effect.kind, EffectKind::submit_attempt);
}

TEST_F(SeveralEngines, CallsOfACommitThatArrivesWhenNobodyWaitsForItAreFound) {
  settings_.shares_store = false;
  auto alone = node(Partitions::all());
  const auto order = *alone->ask(now_, order_of(domain::ProductKind::topup, "k1")).order;
  alone->store.late_after = 1;
  EXPECT_EQ(alone->ask(now_, notice_of(order, 990)).refusal, Refusal::store_unavailable);
  alone->store.late_after.reset();
  alone->store.arrive();
  EXPECT_TRUE(alone->calls.empty());
  EXPECT_LE(alone->engine.wake_at(), left_at());
  alone->step(left_at());
  ASSERT_EQ(alone->calls.size(), 1U);
  EXPECT_EQ(alone->calls[0].effect.kind, EffectKind::submit_attempt);
}

}  // namespace
}  // namespace daozhang::engine
