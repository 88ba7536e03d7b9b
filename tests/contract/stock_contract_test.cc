#include "tests/contract/store_contract.h"

namespace daozhang::contract {
namespace {

using domain::ItemState;
using ports::CommitRefusal;

template <class Kit>
class StockContract : public StoreContract<Kit> {
 protected:
  void SetUp() override {
    order_ = this->place(1);
    other_ = this->place(2);
    ASSERT_TRUE(this->store().import_stock(stock(1, 1, 3)));
  }
  void commit_items(const std::vector<ports::ItemChange>& changes) {
    Draft draft;
    draft.commit.items = changes;
    ASSERT_TRUE(this->store().commit(draft.commit));
  }
  CommitRefusal refusal_of_items(const std::vector<ports::ItemChange>& changes) {
    Draft draft;
    draft.add(new_order(50));
    draft.commit.items = changes;
    return this->refusal_of(draft);
  }
  domain::StockItem item(std::int64_t item_id) {
    const auto found = this->reader().find_items(std::vector{item_key(item_id)});
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? domain::StockItem{} : found[0];
  }
  std::vector<domain::ItemKey> on_shelf(std::size_t count = 100,
                                        std::vector<domain::ItemKey> except = {}) {
    return this->store().available_items(domain::first_shop, card, count, except);
  }

  domain::Order order_;
  domain::Order other_;
};
TYPED_TEST_SUITE(StockContract, Kits);

TYPED_TEST(StockContract, TheOldestImportIsSoldFirst) {
  ASSERT_TRUE(this->store().import_stock(stock(2, 4, 2)));
  EXPECT_EQ(this->on_shelf(),
            (std::vector{item_key(1), item_key(2), item_key(3), item_key(4), item_key(5)}));
  EXPECT_EQ(this->on_shelf(2), (std::vector{item_key(1), item_key(2)}));
  EXPECT_EQ(this->on_shelf(2, {item_key(1), item_key(3)}), (std::vector{item_key(2), item_key(4)}));
  EXPECT_TRUE(this->store().available_items(domain::first_shop, "other", 5, {}).empty());
  EXPECT_TRUE(this->store().available_items(domain::ShopId{2}, card, 5, {}).empty());
}

TYPED_TEST(StockContract, AHeldItemLeavesTheShelfAndComesBackToItsPlace) {
  this->commit_items({hold(2, this->order_)});
  EXPECT_EQ(this->on_shelf(), (std::vector{item_key(1), item_key(3)}));
  auto held = this->item(2);
  EXPECT_EQ(held.state, ItemState::held);
  EXPECT_EQ(held.version, 2);
  EXPECT_EQ(held.order_partition, this->order_.header.partition);
  EXPECT_EQ(held.order_id, this->order_.header.order_id);
  EXPECT_EQ(held.unit_no, 1);
  EXPECT_EQ(held.hold_expires_at, this->order_.header.pay_by);
  this->commit_items({release(2, this->order_)});
  EXPECT_EQ(this->on_shelf(), (std::vector{item_key(1), item_key(2), item_key(3)}));
  auto expected = stock(1, 2, 1).items[0];
  expected.version = 3;
  EXPECT_EQ(this->item(2), expected);
}

TYPED_TEST(StockContract, AnIssuedItemKeepsItsOwnerAndHasNoExpiry) {
  this->commit_items({hold(1, this->order_)});
  this->commit_items({issue(1, this->order_)});
  const auto issued = this->item(1);
  EXPECT_EQ(issued.state, ItemState::issued);
  EXPECT_EQ(issued.order_id, this->order_.header.order_id);
  EXPECT_FALSE(issued.hold_expires_at.is_set());
}

TYPED_TEST(StockContract, AnAvailableItemCanBeIssuedAtOnce) {
  auto change = hold(1, this->order_);
  change.to = ItemState::issued;
  this->commit_items({change});
  EXPECT_EQ(this->item(1).state, ItemState::issued);
}

TYPED_TEST(StockContract, AnItemIsHeldOnce) {
  this->commit_items({hold(1, this->order_)});
  EXPECT_EQ(this->refusal_of_items({hold(1, this->other_)}), CommitRefusal::item_moved);
  EXPECT_EQ(this->refusal_of_items({hold(2, this->order_), hold(2, this->other_)}),
            CommitRefusal::item_moved);
}

TYPED_TEST(StockContract, OnlyItsOwnerMovesAHeldItem) {
  this->commit_items({hold(1, this->order_)});
  EXPECT_EQ(this->refusal_of_items({issue(1, this->other_)}), CommitRefusal::item_moved);
  EXPECT_EQ(this->refusal_of_items({release(1, this->other_)}), CommitRefusal::item_moved);
  auto other_unit = issue(1, this->order_);
  other_unit.unit_no = 2;
  EXPECT_EQ(this->refusal_of_items({other_unit}), CommitRefusal::item_moved);
}

TYPED_TEST(StockContract, AnIssuedItemNeverMovesAgain) {
  this->commit_items({hold(1, this->order_), issue(1, this->order_)});
  EXPECT_EQ(this->refusal_of_items({release(1, this->order_)}), CommitRefusal::item_moved);
  EXPECT_EQ(this->refusal_of_items({hold(1, this->order_)}), CommitRefusal::item_moved);
}

TYPED_TEST(StockContract, AnItemThatDoesNotExistCanNotBeHeld) {
  EXPECT_EQ(this->refusal_of_items({hold(99, this->order_)}), CommitRefusal::item_moved);
}

TYPED_TEST(StockContract, AKnownFingerprintIsLeftOut) {
  auto import = stock(2, 4, 3);
  // The partition follows from the fingerprint.
  import.items[1].fingerprint = "print1";
  import.items[1].partition = item_key(1).partition;
  import.items[2].fingerprint = import.items[0].fingerprint;
  import.items[2].partition = import.items[0].partition;
  const auto are_new = this->store().import_stock(import);
  ASSERT_TRUE(are_new);
  EXPECT_EQ(*are_new, (std::vector{true, false, false}));
  EXPECT_EQ(this->on_shelf().size(), 4u);
  const auto batch = this->reader().find_batch(domain::BatchId{2});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->item_count, 1);
}

TYPED_TEST(StockContract, ARepeatedImportAnswersAsTheFirst) {
  const auto before = this->snapshot();
  const auto again = this->store().import_stock(stock(1, 1, 3));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, (std::vector{true, true, true}));
  EXPECT_EQ(difference(before, this->snapshot()), "");
}

TYPED_TEST(StockContract, ABatchIdOfAnotherBatchIsRefusedAndNothingIsStored) {
  auto import = stock(1, 10, 2);
  import.batch.wrapped_key = "another data key";
  const auto before = this->snapshot();
  const auto refused = this->store().import_stock(import);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), CommitRefusal::claim_taken);
  EXPECT_EQ(difference(before, this->snapshot()), "");
}

TYPED_TEST(StockContract, ImportsAreThereAfterOpeningAgain) {
  const auto before = this->snapshot();
  this->reopen();
  EXPECT_EQ(difference(before, this->snapshot()), "");
  EXPECT_EQ(this->item(3), stock(1, 3, 1).items[0]);
  const auto batch = this->reader().find_batch(domain::BatchId{1});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->wrapped_key, stock(1, 1, 1).batch.wrapped_key);
  EXPECT_FALSE(this->reader().find_batch(domain::BatchId{9}));
}

TYPED_TEST(StockContract, LevelsCountWhatIsAvailableUpToTheLimit) {
  ASSERT_TRUE(this->store().import_stock(stock(2, 10, 5, "topup")));
  ASSERT_TRUE(this->store().import_stock(stock(3, 20, 1, "zero")));
  this->commit_items({hold(1, this->order_), hold(20, this->order_)});
  EXPECT_EQ(this->reader().stock_levels(domain::first_shop, 100),
            (std::map<std::string, std::int64_t>{{card, 2}, {"topup", 5}}));
  EXPECT_EQ(this->reader().stock_levels(domain::first_shop, 3),
            (std::map<std::string, std::int64_t>{{card, 2}, {"topup", 3}}));
  EXPECT_TRUE(this->reader().stock_levels(domain::ShopId{2}, 3).empty());
}

}  // namespace
}  // namespace daozhang::contract
