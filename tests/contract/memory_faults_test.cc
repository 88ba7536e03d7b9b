// The answers that only the simulator's store can be made to give.
#include <gtest/gtest.h>

#include "storage/memory/memory_store.h"
#include "tests/contract/snapshot.h"
#include "tests/contract/stories.h"

namespace daozhang::contract {
namespace {

using ports::CommitRefusal;
using storage::memory::CommitFault;
using storage::memory::MemoryStore;

class MemoryFaults : public testing::Test {
 protected:
  void answer(CommitFault fault) {
    store_.set_fault_hook([this, fault] {
      ++asked_;
      return fault;
    });
  }
  base::Result<void, CommitRefusal> place(std::int64_t order_id) {
    Draft draft(at(10));
    draft.add(new_order(order_id));
    return store_.commit(draft.commit);
  }
  bool has(std::int64_t order_id) { return store_.find_order(order_key(order_id)).has_value(); }

  MemoryStore store_;
  int asked_ = 0;
};

TEST_F(MemoryFaults, UnavailableWritesNothing) {
  answer(CommitFault::refuse_unavailable);
  EXPECT_EQ(place(1).error(), CommitRefusal::unavailable);
  EXPECT_EQ(store_.import_stock(stock(1, 1, 1)).error(), CommitRefusal::unavailable);
  EXPECT_EQ(difference(take_snapshot(store_, store_), Snapshot{}), "");
  EXPECT_EQ(asked_, 2);
}

TEST_F(MemoryFaults, UnknownMayHaveBeenExecuted) {
  answer(CommitFault::execute_then_unknown);
  EXPECT_EQ(place(1).error(), CommitRefusal::unknown);
  EXPECT_TRUE(has(1));
  EXPECT_EQ(store_.time_high_water(), at(10));
  EXPECT_EQ(store_.import_stock(stock(1, 1, 1)).error(), CommitRefusal::unknown);
  EXPECT_EQ(store_.find_items(std::vector{item_key(1)}).size(), 1u);
  EXPECT_EQ(store_.executed_count(), 2);
}

TEST_F(MemoryFaults, UnknownMayHaveBeenLost) {
  answer(CommitFault::drop_then_unknown);
  EXPECT_EQ(place(1).error(), CommitRefusal::unknown);
  EXPECT_EQ(store_.import_stock(stock(1, 1, 1)).error(), CommitRefusal::unknown);
  EXPECT_EQ(difference(take_snapshot(store_, store_), Snapshot{}), "");
  EXPECT_EQ(store_.executed_count(), 0);
}

TEST_F(MemoryFaults, ARefusalIsKnownAlsoWhenAnswersAreLost) {
  ASSERT_TRUE(place(1));
  answer(CommitFault::execute_then_unknown);
  EXPECT_EQ(place(1).error(), CommitRefusal::version_moved);
}

TEST_F(MemoryFaults, AnImportWhoseAnswerWasLostIsRepeatedWithTheSameResult) {
  answer(CommitFault::execute_then_unknown);
  EXPECT_FALSE(store_.import_stock(stock(1, 1, 2)));
  answer(CommitFault::ok);
  const auto again = store_.import_stock(stock(1, 1, 2));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, (std::vector{true, true}));
  EXPECT_EQ(store_.find_batch(domain::BatchId{1})->item_count, 2);
}

TEST_F(MemoryFaults, AGapInTheVersionsIsABugAndStops) {
  ASSERT_TRUE(place(1));
  Draft draft;
  auto after = new_order(1);
  draft.change(new_order(1), after);
  draft.commit.orders[0].event.version = 5;
  EXPECT_DEATH(static_cast<void>(store_.commit(draft.commit)), "event.version");
}

}  // namespace
}  // namespace daozhang::contract
