// What waits: due orders, effects, messages, and the time and ids that only rise.
#include <set>

#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

constexpr auto every = domain::Partitions::all();

template <class Kit>
class QueueContract : public StoreContract<Kit> {
 protected:
  void place_due(std::int64_t order_id, base::Instant due_at) {
    auto order = new_order(order_id);
    order.header.due_at = due_at;
    Draft draft;
    draft.add(order);
    ASSERT_TRUE(this->store().commit(draft.commit));
  }
};
TYPED_TEST_SUITE(QueueContract, Kits);

TYPED_TEST(QueueContract, DueOrdersComeEarliestFirst) {
  this->place_due(1, at(30));
  this->place_due(2, at(10));
  this->place_due(3, at(20));
  this->place_due(4, {});
  this->place_due(5, at(31));
  const std::vector all{order_key(2), order_key(3), order_key(1)};
  EXPECT_EQ(this->store().due_orders(every, at(30), 10), all);
  EXPECT_EQ(this->store().due_orders(every, at(30), 2), std::vector(all.begin(), all.begin() + 2));
  EXPECT_TRUE(this->store().due_orders(every, at(9), 10).empty());
  EXPECT_EQ(this->store().earliest_due(every), at(10));
}

TYPED_TEST(QueueContract, WithoutADueOrderThereIsNoEarliestDue) {
  this->place_due(1, {});
  EXPECT_FALSE(this->store().earliest_due(every).is_set());
}

TYPED_TEST(QueueContract, AMovedDeadlineCountsAndTheOldOneDoesNot) {
  const auto order = this->place(1);
  auto after = order;
  after.header.due_at = at(5000);
  Draft later;
  later.change(order, after);
  ASSERT_TRUE(this->store().commit(later.commit));
  EXPECT_TRUE(this->store().due_orders(every, order.header.due_at, 10).empty());
  EXPECT_EQ(this->store().earliest_due(every), at(5000));
  after.header.version = 2;
  auto done = after;
  done.header.due_at = {};
  Draft never;
  never.change(after, done);
  ASSERT_TRUE(this->store().commit(never.commit));
  EXPECT_FALSE(this->store().earliest_due(every).is_set());
}

TYPED_TEST(QueueContract, TheHighWaterMarkOnlyRises) {
  Draft late(at(50));
  late.add(new_order(1));
  ASSERT_TRUE(this->store().commit(late.commit));
  Draft early(at(20));
  early.add(new_order(2));
  ASSERT_TRUE(this->store().commit(early.commit));
  EXPECT_EQ(this->store().time_high_water(), at(50));
  this->reopen();
  EXPECT_EQ(this->store().time_high_water(), at(50));
}

TYPED_TEST(QueueContract, TheLastOrderIdIsTheLargestOfAllPartitions) {
  this->place(7);
  this->place(900);
  this->place(13);
  EXPECT_EQ(this->store().last_order_id(), domain::OrderId{900});
}

TYPED_TEST(QueueContract, EffectsAreOpenUntilTheyAreEnded) {
  const auto order = this->place(1);
  Draft decided;
  decided.change(order, moved(order, domain::OrderState::paid));
  decided.commit.effects_added = {effect(order, 1), effect(order, 2)};
  ASSERT_TRUE(this->store().commit(decided.commit));
  this->reopen();
  EXPECT_EQ(this->store().open_effects(every, {}),
            (std::vector{effect(order, 1), effect(order, 2)}));
  Draft ended;
  const auto paid = moved(order, domain::OrderState::paid);
  ended.change(paid, moved(paid, domain::OrderState::delivered));
  ended.commit.effects_added = {effect(order, 3)};
  ended.commit.effects_ended = {effect(order, 1)};
  ASSERT_TRUE(this->store().commit(ended.commit));
  EXPECT_EQ(this->store().open_effects(every, {}),
            (std::vector{effect(order, 2), effect(order, 3)}));
}

TYPED_TEST(QueueContract, OnlyTheAskedPartitionsAreLookedAt) {
  this->place_due(1, at(10));
  this->place_due(2, at(20));
  this->place_due(9, at(30));  // In partition 63.
  ASSERT_EQ(order_key(9).partition.value, 63);
  const domain::Partitions of_two{order_key(2).partition};
  const domain::Partitions of_nine{order_key(9).partition};
  EXPECT_EQ(this->store().due_orders(of_two, at(30), 10), std::vector{order_key(2)});
  EXPECT_EQ(this->store().due_orders(of_two.with(of_nine), at(30), 10),
            (std::vector{order_key(2), order_key(9)}));
  EXPECT_EQ(this->store().due_orders(every.without(of_two), at(30), 1), std::vector{order_key(1)});
  EXPECT_EQ(this->store().earliest_due(of_nine), at(30));
  EXPECT_EQ(this->store().earliest_due(every.without({order_key(1).partition})), at(20));
  EXPECT_FALSE(this->store().earliest_due({}).is_set());
}

TYPED_TEST(QueueContract, OpenEffectsAreAskedForByPartitionByAgeAndByOrder) {
  const auto first = this->place(1);
  const auto ninth = this->place(9);
  auto young = effect(ninth, 2);
  young.decided_at = at(50);
  Draft decided;
  decided.change(first, moved(first, domain::OrderState::paid));
  decided.change(ninth, moved(ninth, domain::OrderState::paid));
  decided.commit.effects_added = {effect(first, 1), effect(ninth, 1), young};
  ASSERT_TRUE(this->store().commit(decided.commit));
  const domain::Partitions of_nine{order_key(9).partition};
  EXPECT_EQ(this->store().open_effects(of_nine, {}), (std::vector{effect(ninth, 1), young}));
  EXPECT_EQ(this->store().open_effects(every, at(49)),
            (std::vector{effect(first, 1), effect(ninth, 1)}));
  EXPECT_EQ(this->store().open_effects(of_nine, at(50)), (std::vector{effect(ninth, 1), young}));
  EXPECT_TRUE(this->store().open_effects({}, {}).empty());
  EXPECT_EQ(this->store().effects_of(std::vector{order_key(9), order_key(3)}),
            (std::vector{effect(ninth, 1), young}));
}

TYPED_TEST(QueueContract, AnEffectEndsOnce) {
  const auto order = this->place(1);
  Draft decided;
  decided.change(order, moved(order, domain::OrderState::paid));
  decided.commit.effects_added = {effect(order, 1)};
  ASSERT_TRUE(this->store().commit(decided.commit));
  Draft ended;
  ended.commit.effects_ended = {effect(order, 1)};
  ASSERT_TRUE(this->store().commit(ended.commit));
  Draft again(at(9));
  const auto paid = moved(order, domain::OrderState::paid);
  again.change(paid, moved(paid, domain::OrderState::delivered));
  again.commit.inbox = {message("digest")};
  again.commit.effects_ended = {effect(order, 1)};
  EXPECT_EQ(this->refusal_of(again), ports::CommitRefusal::effect_gone);
  Draft never;
  never.commit.effects_ended = {effect(order, 2)};
  EXPECT_EQ(this->refusal_of(never), ports::CommitRefusal::effect_gone);
}

TYPED_TEST(QueueContract, AnEffectEndsOnceWithinACommit) {
  const auto order = this->place(1);
  Draft decided;
  decided.change(order, moved(order, domain::OrderState::paid));
  decided.commit.effects_added = {effect(order, 1)};
  ASSERT_TRUE(this->store().commit(decided.commit));
  Draft twice;
  twice.commit.effects_ended = {effect(order, 1), effect(order, 1)};
  EXPECT_EQ(this->refusal_of(twice), ports::CommitRefusal::effect_gone);
}

TYPED_TEST(QueueContract, AnOrderThatDoesNotExistHasNoEffectToEnd) {
  Draft draft;
  draft.commit.effects_ended = {effect(new_order(5), 1)};
  EXPECT_EQ(this->refusal_of(draft), ports::CommitRefusal::effect_gone);
}

TYPED_TEST(QueueContract, AVersionThatMovedIsToldBeforeAnEffectThatIsGone) {
  const auto order = this->place(1);
  Draft stale;
  stale.change(moved(order, domain::OrderState::paid), order);
  stale.commit.effects_ended = {effect(order, 1)};
  EXPECT_EQ(this->refusal_of(stale), ports::CommitRefusal::version_moved);
}

TYPED_TEST(QueueContract, AnEventIsKnownByItsLeaf) {
  const auto order = new_order(1);
  Draft draft;
  draft.add(order);
  const auto leaf = draft.commit.orders[0].event.leaf;
  EXPECT_FALSE(this->store().has_event(order.key(), 1, leaf));
  ASSERT_TRUE(this->store().commit(draft.commit));
  EXPECT_TRUE(this->store().has_event(order.key(), 1, leaf));
  EXPECT_FALSE(this->store().has_event(order.key(), 2, leaf));
  EXPECT_FALSE(this->store().has_event(order.key(), 1, leaf + "0"));
  EXPECT_FALSE(this->store().has_event(order_key(2), 1, leaf));
}

TYPED_TEST(QueueContract, ARepeatedMessageRaisesItsCountAndKeepsItsVerdict) {
  Draft first;
  first.commit.inbox = {message("digest")};
  ASSERT_TRUE(this->store().commit(first.commit));
  auto again = message("digest");
  again.verdict = domain::InboxVerdict::repeated;
  again.reason = "again";
  again.seen_count = 2;
  again.last_seen_at = at(40);
  Draft second(at(40));
  second.commit.inbox = {again, message("other digest")};
  ASSERT_TRUE(this->store().commit(second.commit));
  auto expected = message("digest");
  expected.seen_count = 3;
  expected.last_seen_at = at(40);
  EXPECT_EQ(this->snapshot().inbox, (std::vector{expected, message("other digest")}));
}

TYPED_TEST(QueueContract, AMessageThatComesAgainWhenItsOrderIsKnownIsAnother) {
  Draft first;
  const auto unknown = message("digest");
  first.commit.inbox = {unknown};
  ASSERT_TRUE(this->store().commit(first.commit));
  auto known = unknown;
  known.order_id = {7};
  Draft second(at(40));
  second.commit.inbox = {known};
  ASSERT_TRUE(this->store().commit(second.commit));
  EXPECT_EQ(this->snapshot().inbox, (std::vector{unknown, known}));
}

TYPED_TEST(QueueContract, TransfersAddUpToBalances) {
  const auto order = this->place(1);
  Draft first;
  first.change(order, moved(order, domain::OrderState::paid));
  first.commit.transfers = {transfer(order, 1, 990), transfer(order, 2, 10)};
  ASSERT_TRUE(this->store().commit(first.commit));
  Draft second;
  const auto paid = moved(order, domain::OrderState::paid);
  second.change(paid, moved(paid, domain::OrderState::delivered));
  auto delivered = transfer(order, 3, 990);
  delivered.reason = domain::TransferReason::unit_delivered;
  delivered.debit = domain::account::escrow;
  delivered.credit = domain::account::revenue;
  second.commit.transfers = {delivered};
  ASSERT_TRUE(this->store().commit(second.commit));
  const auto row = [&](const std::string& account, std::int64_t debit, std::int64_t credit) {
    domain::Balance balance;
    balance.partition = order.header.partition;
    balance.account = account;
    balance.debit_minor = debit;
    balance.credit_minor = credit;
    return balance;
  };
  EXPECT_EQ(this->snapshot().balances,
            (std::vector{row("channel_clearing:alipay", 1000, 0), row("escrow", 990, 1000),
                         row("revenue", 0, 990)}));
}

TYPED_TEST(QueueContract, MessagesAreFoundByOrderByDigestAndByNotHavingCounted) {
  auto counted = message("aaaa1111");
  counted.verdict = domain::InboxVerdict::applied;
  counted.order_partition = domain::Partition{3};
  counted.order_id = domain::OrderId{7};
  auto refused = message("bbbb2222");
  refused.verdict = domain::InboxVerdict::refused;
  refused.first_seen_at = counted.first_seen_at + base::seconds(1);
  auto asked = counted;
  asked.digest = "bbbb3333";
  asked.verdict = domain::InboxVerdict::asked;
  asked.first_seen_at = counted.first_seen_at + base::seconds(2);
  ports::Commit commit;
  commit.now = start;
  commit.inbox = {counted, refused, asked};
  ASSERT_TRUE(this->store().commit(commit));
  const auto digests = [&](const ports::InboxQuery& query) {
    std::vector<std::string> found;
    for (const auto& entry : this->reader().find_messages(query)) found.push_back(entry.digest);
    return found;
  };
  using Digests = std::vector<std::string>;
  EXPECT_EQ(digests({}), (Digests{"bbbb3333", "bbbb2222"})) << "the newest first";
  EXPECT_EQ(digests({{}, "", 1}), (Digests{"bbbb3333"}));
  EXPECT_EQ(digests({domain::OrderKey{domain::Partition{3}, domain::OrderId{7}}, "", 10}),
            (Digests{"bbbb3333", "aaaa1111"}));
  EXPECT_EQ(digests({{}, "aaaa", 10}), (Digests{"aaaa1111"}));
  EXPECT_EQ(digests({{}, "bbbb", 10}), (Digests{"bbbb3333", "bbbb2222"}));
  EXPECT_EQ(digests({{}, "cccc", 10}), Digests{});
}

TYPED_TEST(QueueContract, MessagesAreFoundByWhatTheyAre) {
  auto forged = message("aaaa1111");
  forged.verdict = domain::InboxVerdict::refused;
  forged.channel = "alipay";
  forged.reason = "signature_invalid";
  auto late = forged;
  late.digest = "aaaa2222";
  late.reason = "timestamp_differs";
  late.channel = "wechat";
  late.first_seen_at = late.last_seen_at = forged.first_seen_at + base::seconds(10);
  auto asked = forged;
  asked.digest = "aaaa3333";
  asked.verdict = domain::InboxVerdict::asked;
  asked.reason = "";
  ports::Commit commit;
  commit.now = start;
  commit.inbox = {forged, late, asked};
  ASSERT_TRUE(this->store().commit(commit));
  const auto digests = [&](const ports::InboxQuery& query) {
    std::string found;
    for (const auto& entry : this->reader().find_messages(query)) found += entry.digest + " ";
    return found;
  };
  ports::InboxQuery query;
  query.channel = "wechat";
  EXPECT_EQ(digests(query), "aaaa2222 ");
  query = {};
  query.reason = "signature_invalid";
  EXPECT_EQ(digests(query), "aaaa1111 ");
  query.channel = "wechat";
  EXPECT_EQ(digests(query), "");
  query = {};
  query.verdict = domain::InboxVerdict::asked;
  EXPECT_EQ(digests(query), "aaaa3333 ");
  query = {};
  query.since = forged.first_seen_at + base::seconds(1);
  EXPECT_EQ(digests(query), "aaaa2222 ");
  query.since = forged.first_seen_at;
  EXPECT_EQ(digests(query), "aaaa2222 aaaa1111 aaaa3333 ");
}

TYPED_TEST(QueueContract, OldRefusedMessagesAreLetGoOfInBatchesAndNothingThatCounted) {
  ports::Commit commit;
  commit.now = start;
  for (int i = 0; i < 5; ++i) {
    auto refused = message("refused" + std::to_string(i));
    refused.verdict = domain::InboxVerdict::refused;
    refused.first_seen_at = refused.last_seen_at = start + base::seconds(i);
    refused.seen_count = i + 1;
    commit.inbox.push_back(refused);
  }
  for (const auto verdict : {domain::InboxVerdict::applied, domain::InboxVerdict::repeated,
                             domain::InboxVerdict::asked, domain::InboxVerdict::ignored}) {
    auto kept = message("kept" + std::string(base::name_of(verdict)));
    kept.verdict = verdict;
    commit.inbox.push_back(kept);
  }
  auto of_an_order = message("ours");
  of_an_order.verdict = domain::InboxVerdict::refused;
  of_an_order.order_id = domain::OrderId{7};
  commit.inbox.push_back(of_an_order);
  for (const char* reason : {"order_lost", "payment_unknown"}) {
    auto lost = message(reason);
    lost.verdict = domain::InboxVerdict::refused;
    lost.reason = reason;
    commit.inbox.push_back(lost);
  }
  auto seen_again = message("again");
  seen_again.verdict = domain::InboxVerdict::refused;
  seen_again.last_seen_at = start + base::hours(1);
  commit.inbox.push_back(seen_again);
  ASSERT_TRUE(this->store().commit(commit));
  const base::Instant before = start + base::seconds(4);
  EXPECT_EQ(this->upkeep().forget_refused(before, 3).value(), 3);
  EXPECT_EQ(this->upkeep().forget_refused(before, 3).value(), 1);
  EXPECT_EQ(this->upkeep().forget_refused(before, 3).value(), 0);
  std::set<std::string> left;
  const auto audit = this->audit();
  audit->each_inbox_entry([&](const domain::InboxEntry& entry) { left.insert(entry.digest); });
  EXPECT_EQ(left, (std::set<std::string>{"again", "keptapplied", "keptasked", "keptignored",
                                         "keptrepeated", "order_lost", "ours", "payment_unknown",
                                         "refused4"}));
  EXPECT_TRUE(audit->integrity_problems().empty()) << "the store counts its messages";
}

}  // namespace
}  // namespace daozhang::contract
