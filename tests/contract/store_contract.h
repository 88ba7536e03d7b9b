// The fixture of the suite: one store, asked through all its faces.
#pragma once

#include <gtest/gtest.h>

#include "tests/contract/kits.h"
#include "tests/contract/snapshot.h"
#include "tests/contract/stories.h"

namespace daozhang::contract {

template <class Kit>
class StoreContract : public testing::Test {
 protected:
  ports::OrderStore& store() { return kit_.store(); }
  ports::OrderReader& reader() { return kit_.reader(); }
  ports::LedgerReader& ledger() { return kit_.ledger(); }
  ports::ChannelFees& fees() { return kit_.fees(); }
  ports::InboxUpkeep& upkeep() { return kit_.upkeep(); }
  void reopen() { kit_.reopen(); }

  Snapshot snapshot() {
    const auto audit = kit_.audit();
    return take_snapshot(store(), *audit);
  }

  domain::Order place(std::int64_t order_id) {
    Draft draft;
    const auto order = new_order(order_id);
    draft.add(order);
    EXPECT_TRUE(store().commit(draft.commit));
    return order;
  }

  // What the commit was refused with, having changed nothing.
  ports::CommitRefusal refusal_of(const Draft& draft) {
    const Snapshot before = snapshot();
    const auto result = store().commit(draft.commit);
    EXPECT_EQ(difference(before, snapshot()), "") << "a refused commit left something";
    EXPECT_FALSE(result);
    return result ? ports::CommitRefusal::unavailable : result.error();
  }

  std::unique_ptr<ports::AuditSource> audit() { return kit_.audit(); }

 private:
  Kit kit_;
};

}  // namespace daozhang::contract
