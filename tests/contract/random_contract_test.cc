// Random commits, many of them stale or in conflict, on a store and on the model: the same answers
// and the same rows.
#include <algorithm>

#include "base/prng.h"
#include "tests/contract/model.h"
#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

template <class Kit>
class RandomContract : public StoreContract<Kit> {
 protected:
  void run(std::uint64_t seed, int steps) {
    base::Prng prng(seed, "contract");
    for (int step = 0; step < steps; ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " step " + std::to_string(step));
      if (prng.chance(1, 15)) import(prng);
      commit(prng);
      if (step % 10 == 9) compare(prng);
      if (prng.chance(1, 60)) this->reopen();
      if (this->HasFailure()) return;
    }
    compare(prng);
  }

 private:
  void import(base::Prng& prng) {
    auto batch =
        stock(next_batch_++, next_item_, prng.between(1, 6), prng.chance(1, 2) ? card : "topup");
    next_item_ += 6;
    for (auto& item : batch.items)
      if (prng.chance(1, 4))
        item.fingerprint = "print" + std::to_string(prng.between(1, next_item_));
    for (auto& item : batch.items)
      item.partition.value =
          static_cast<std::int32_t>(std::hash<char>{}(item.fingerprint.back()) % 64);
    const auto stored = this->store().import_stock(batch);
    ASSERT_TRUE(stored);
    EXPECT_EQ(*stored, model_.import_stock(batch));
  }

  void commit(base::Prng& prng) {
    Draft draft(at(prng.between(1, 10'000)));
    const auto count = prng.between(1, 4);
    for (std::int64_t i = 0; i < count; ++i) add_order(prng, draft);
    if (prng.chance(1, 2)) add_items(prng, draft);
    if (prng.chance(1, 3))
      draft.commit.inbox.push_back(message("m" + std::to_string(prng.below(20))));
    const auto expected = model_.commit(draft.commit);
    const auto stored = this->store().commit(draft.commit);
    ASSERT_EQ(stored.has_value(), expected.has_value());
    if (!expected) {
      EXPECT_EQ(stored.error(), expected.error());
    }
  }

  // New, changed as it is, or changed as it was some versions ago.
  void add_order(base::Prng& prng, Draft& draft) {
    const auto id = prng.between(1, 30);
    const auto known = versions_.find(id);
    if (known == versions_.end() || prng.chance(1, 30)) {
      const auto order = new_order(id);
      draft.add(order);
      if (prng.chance(1, 2))
        draft.commit.claims.push_back(claim("key" + std::to_string(prng.below(60)), order));
      versions_[id].push_back(order);
      return;
    }
    auto& history = known->second;
    const std::size_t back = prng.chance(1, 10) ? prng.below(history.size()) : 0;
    const auto before = current_or_past(id, back);
    auto after = before;
    mutate(prng, draft, after);
    draft.change(before, after);
    after.header.version += 1;
    history.push_back(after);
  }

  // What the model has now, or, for a stale commit, one that was tried before.
  domain::Order current_or_past(std::int64_t id, std::size_t back) {
    const auto stored = model_.stories.find(order_key(id));
    const auto& history = versions_[id];
    const auto& past = history[history.size() - 1 - back];
    if (stored == model_.stories.end()) return past;
    const auto& current = stored->second.order;
    return back > 0 && past.header.version < current.header.version ? past : current;
  }

  void mutate(base::Prng& prng, Draft& draft, domain::Order& order) {
    auto& header = order.header;
    header.due_at = prng.chance(1, 3) ? base::Instant{} : at(prng.between(1, 50));
    header.state = static_cast<domain::OrderState>(prng.below(9));
    if (prng.chance(1, 3)) order.units[0].proof = std::to_string(prng.below(1000));
    if (prng.chance(1, 5)) order.intents[0].ask_count += 1;
    if (prng.chance(1, 8)) {
      order.units.push_back(order.units[0]);
      order.units.back().unit_no = static_cast<std::int32_t>(order.units.size());
    }
    if (prng.chance(1, 3)) {
      header.transfer_count += 1;
      draft.commit.transfers.push_back(
          transfer(order, header.transfer_count, prng.between(1, 1000)));
    }
    if (prng.chance(1, 3)) {
      header.effect_count += 1;
      draft.commit.effects_added.push_back(effect(order, header.effect_count));
    } else if (is_open(order, header.effect_count) || prng.chance(1, 40)) {
      draft.commit.effects_ended.push_back(effect(order, header.effect_count));
    }
  }

  bool is_open(const domain::Order& order, std::int32_t effect_no) {
    const auto story = model_.stories.find(order.key());
    return story != model_.stories.end() &&
           std::ranges::any_of(story->second.effects, [&](const domain::Effect& open) {
             return open.effect_no == effect_no;
           });
  }

  void add_items(base::Prng& prng, Draft& draft) {
    const auto owner = new_order(prng.between(1, 5));
    const auto count = prng.between(1, 3);
    for (std::int64_t i = 0; i < count; ++i) {
      auto change = any_change(prng, owner);
      if (!model_.items.empty() && prng.chance(19, 20)) {
        auto item = model_.items.begin();
        std::advance(item, static_cast<std::ptrdiff_t>(prng.below(model_.items.size())));
        change.item = item->first;
        if (prng.chance(3, 4)) change = fitting_change(change, item->second);
      }
      draft.commit.items.push_back(change);
    }
  }

  static ports::ItemChange any_change(base::Prng& prng, const domain::Order& owner) {
    switch (prng.below(3)) {
      case 0:
        return hold(1, owner);
      case 1:
        return issue(1, owner);
      default:
        return release(1, owner);
    }
  }

  // One that the item allows as it is stored.
  static ports::ItemChange fitting_change(ports::ItemChange change, const domain::StockItem& item) {
    if (item.state == domain::ItemState::available) {
      change.from = item.state;
      change.to = domain::ItemState::held;
    } else if (item.state == domain::ItemState::held) {
      change.from = item.state;
      if (change.to == domain::ItemState::held) change.to = domain::ItemState::available;
      change.order = {item.order_partition, item.order_id};
      change.unit_no = item.unit_no;
    }
    return change;
  }

  void compare(base::Prng& prng) {
    ASSERT_EQ(difference(this->snapshot(), model_.snapshot()), "");
    const auto count = prng.below(8) + 1;
    EXPECT_EQ(this->store().available_items(domain::first_shop, card, count, {}),
              model_.available_items(card, count));
    domain::Partitions some;
    for (std::int32_t each = 0; each < domain::partition_count; ++each)
      if (prng.chance(1, 2)) some = some.with({domain::Partition{each}});
    for (const auto partitions : {domain::Partitions::all(), some}) {
      EXPECT_EQ(this->store().due_orders(partitions, at(25), count),
                model_.due_orders(partitions, at(25), count));
      const auto due = model_.due_orders(partitions, at(1'000'000), 1);
      EXPECT_EQ(this->store().earliest_due(partitions),
                due.empty() ? base::Instant{} : model_.stories.at(due[0]).order.header.due_at);
      EXPECT_EQ(this->store().open_effects(partitions, {}), model_.open_effects(partitions));
    }
    for (const auto& [key, story] : model_.stories)
      EXPECT_EQ(this->reader().find_order(key), story.order);
  }

  Model model_;
  std::map<std::int64_t, std::vector<domain::Order>> versions_;
  std::int64_t next_batch_ = 1;
  std::int64_t next_item_ = 1;
};
TYPED_TEST_SUITE(RandomContract, Kits);

TYPED_TEST(RandomContract, TheStoreAnswersAsTheModel) { this->run(1, 400); }
TYPED_TEST(RandomContract, TheStoreAnswersAsTheModelForAnotherSeed) { this->run(20261122, 400); }

}  // namespace
}  // namespace daozhang::contract
