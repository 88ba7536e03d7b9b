#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/synthetic_store.h"

namespace daozhang::audit {
namespace {

using domain::ItemState;
using testing::ElementsAre;

class StoreRules : public testing::Test {
 protected:
  domain::StockItem& item_of(std::size_t story, std::size_t unit = 0) {
    const auto key = store_.stories[story].order.units[unit].item();
    for (auto& item : store_.items)
      if (item.key() == key) return item;
    ADD_FAILURE() << "no such item";
    return store_.items.front();
  }

  SyntheticStore store_ = SyntheticStore::healthy();
};

TEST_F(StoreRules, AnOrderWithoutIdempotencyKeyBreaksS20) {
  store_.claims.erase(store_.claims.begin());
  EXPECT_THAT(store_.violated(), ElementsAre("S20"));
}

TEST_F(StoreRules, TwoKeysOfOneOrderBreakS20) {
  auto second = store_.claims[0];
  second.name = "another";
  store_.claims.push_back(second);
  EXPECT_THAT(store_.violated(), ElementsAre("S20"));
}

TEST_F(StoreRules, AClaimOfNoOrderBreaksS20) {
  auto claim = store_.claims[0];
  claim.order_id.value = 999;
  store_.claims.push_back(claim);
  EXPECT_THAT(store_.violated(), ElementsAre("S20"));
}

TEST_F(StoreRules, ACardOfTwoUnitsBreaksS21) {
  store_.change(SyntheticStore::card, [](domain::Order& order) {
    order.units[1].item_id = order.units[0].item_id;
    order.units[1].item_partition = order.units[0].item_partition;
  });
  EXPECT_THAT(store_.violated(), ElementsAre("S21"));
}

TEST_F(StoreRules, ADeliveredCardBackOnTheShelfBreaksS21) {
  auto& item = item_of(SyntheticStore::card);
  item.state = ItemState::available;
  item.order_id = {};
  EXPECT_THAT(store_.violated(), ElementsAre("S21"));
}

TEST_F(StoreRules, AHeldItemThatNoUnitKnowsBreaksS21) {
  auto& item = store_.items.back();
  ASSERT_EQ(item.state, ItemState::available);
  item.state = ItemState::held;
  item.order_id = store_.stories[0].order.header.order_id;
  item.unit_no = 1;
  EXPECT_THAT(store_.violated(), ElementsAre("S21"));
}

TEST_F(StoreRules, AHeldItemThatWasIssuedBreaksS21) {
  item_of(SyntheticStore::waiting).state = ItemState::issued;
  EXPECT_THAT(store_.violated(), ElementsAre("S21"));
}

TEST_F(StoreRules, ASecretThatTheShopHasTwiceBreaksS22) {
  store_.items[1].fingerprint = store_.items[0].fingerprint;
  EXPECT_THAT(store_.violated(), ElementsAre("S22"));
}

TEST_F(StoreRules, TwoShopsMayHaveTheSameSecret) {
  store_.items[1].fingerprint = store_.items[0].fingerprint;
  store_.items[1].shop_id.value = 2;
  EXPECT_THAT(store_.violated(), ElementsAre());
}

TEST_F(StoreRules, AnItemOfNoBatchBreaksS25) {
  store_.items[0].batch_id.value = 77;
  EXPECT_THAT(store_.violated(), ElementsAre("S25"));
}

TEST_F(StoreRules, ANonceUsedTwiceBreaksS25) {
  store_.items[0].sealed = store_.items[1].sealed;
  EXPECT_THAT(store_.violated(), ElementsAre("S25"));
}

TEST_F(StoreRules, NoncesThatOnlyBeginAlikeAreTwo) {
  store_.items[0].sealed[20] = 'x';
  EXPECT_THAT(store_.violated(), ElementsAre());
}

TEST_F(StoreRules, ASealWithoutNonceBreaksS25) {
  store_.items[0].sealed = "short";
  EXPECT_THAT(store_.violated(), ElementsAre("S25"));
}

TEST_F(StoreRules, ABatchWithoutKeyBreaksS25) {
  store_.batches[0].wrapped_key.clear();
  EXPECT_THAT(store_.violated(), ElementsAre("S25"));
}

TEST_F(StoreRules, FeesThatAreNotInTheBalancesBreakS13) {
  store_.fees[0].amount_minor += 1;
  EXPECT_THAT(store_.violated(), ElementsAre("S13"));
}

TEST_F(StoreRules, AMissingOrDoubledPostingOfFeesIsNoticed) {
  store_.fees[0].posting_no = 2;
  EXPECT_THAT(store_.violated(), ElementsAre("fees"));
  store_.fees[0].posting_no = 1;
  store_.fees.push_back(store_.fees[0]);
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("fees"));
}

TEST_F(StoreRules, FeesBetweenOtherAccountsAreNoticed) {
  store_.fees[0].credit = domain::account::revenue;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre("fees"));
}

// A channel keeps its fee of what was given back, so its clearing may end below zero.
TEST_F(StoreRules, FeesMayBeMoreThanWhatIsLeftAtTheChannel) {
  store_.fees[0].amount_minor = 1'000'000'000;
  store_.add_up();
  EXPECT_THAT(store_.violated(), ElementsAre());
}

TEST_F(StoreRules, RowsOfNoOrderAreOrphans) {
  store_.orphans["events"] = 3;
  EXPECT_THAT(store_.violated(), ElementsAre("orphans"));
}

TEST_F(StoreRules, WhatTheStoreFindsIsReported) {
  store_.problems = {"row 3 missing from index orders_due"};
  EXPECT_THAT(store_.violated(), ElementsAre("integrity"));
}

TEST_F(StoreRules, ADamagedStoreIsNotReadAnyFurther) {
  store_.problems = {"Tree 5 page 7: invalid page number"};
  store_.orphans["events"] = 3;
  store_.items[0].sealed = "short";
  EXPECT_THAT(store_.violated(), ElementsAre("integrity"));
}

}  // namespace
}  // namespace daozhang::audit
