// What the store lacks of a commit, or has beside it, is named.
#include "sim/checkers/store_shadow.h"

#include <gtest/gtest.h>

#include "storage/memory/memory_store.h"

namespace daozhang::sim {
namespace {

constexpr base::Instant now{1'795'000'000'000'000};

class StoreShadowTest : public ::testing::Test {
 protected:
  StoreShadowTest() {
    ports::StockImport import;
    import.batch.batch_id = {1};
    import.batch.sku = "card";
    domain::StockItem item;
    item.item_id = {1};
    item.sku = "card";
    item.batch_id = {1};
    item.fingerprint = "f";
    import.items = {item};
    EXPECT_TRUE(store_.import_stock(import));
    shadow_.imported(import);
    order_.header.order_id = {1};
    order_.header.version = 1;
    ports::Commit commit = placed();
    EXPECT_TRUE(store_.commit(commit));
    shadow_.see(commit);
    EXPECT_EQ(broken(), "");
  }

  ports::Commit placed() {
    ports::Commit commit;
    ports::OrderChange change;
    change.after = &order_;
    change.event.order_id = {1};
    change.event.version = 1;
    change.event.at = now;
    change.event.leaf = "leaf";
    commit.orders = {change};
    domain::Effect effect;
    effect.order_id = {1};
    effect.effect_no = 1;
    effect.decided_at = now;
    commit.effects_added = {effect};
    commit.now = now;
    return commit;
  }
  static domain::InboxEntry message(std::string digest) {
    domain::InboxEntry entry;
    entry.digest = std::move(digest);
    entry.first_seen_at = entry.last_seen_at = now;
    return entry;
  }

  std::string broken() {
    Record record;
    shadow_.compare(store_, record);
    return record.violation() ? record.violation()->what : "";
  }
  // What only one of the two gets.
  std::string broken_by(const ports::Commit& seen, const ports::Commit& stored) {
    EXPECT_TRUE(store_.commit(stored));
    shadow_.see(seen);
    return broken();
  }

  storage::memory::MemoryStore store_;
  StoreShadow shadow_;
  domain::Order order_;
};

TEST_F(StoreShadowTest, AClaimThatTheStoreForgotIsNamed) {
  ports::Commit commit;
  domain::Claim claim;
  claim.name = "key";
  claim.order_id = {1};
  commit.claims = {claim};
  EXPECT_EQ(broken_by(commit, {}), "what the store holds is not what was committed: a claim");
}

TEST_F(StoreShadowTest, ACallThatStaysOpenIsNamed) {
  ports::Commit commit;
  commit.effects_ended = placed().effects_added;
  EXPECT_EQ(broken_by(commit, {}), "what the store holds is not what was committed: an open call");
}

TEST_F(StoreShadowTest, AMessageThatWasCountedOnceLessIsNamed) {
  ports::Commit commit;
  commit.inbox = {message("a")};
  EXPECT_EQ(broken_by(commit, commit), "");
  EXPECT_EQ(broken_by(commit, {}), "what the store holds is not what was committed: a message");
}

TEST_F(StoreShadowTest, ATransferThatNobodyCommittedIsNamed) {
  ports::Commit commit;
  domain::Transfer transfer;
  transfer.order_id = {1};
  transfer.transfer_no = 1;
  transfer.debit = "a";
  transfer.credit = "b";
  transfer.amount_minor = 1;
  commit.transfers = {transfer};
  EXPECT_EQ(broken_by({}, commit), "what the store holds is not what was committed: a transfer");
}

TEST_F(StoreShadowTest, AnItemThatDidNotMoveIsNamed) {
  ports::Commit commit;
  ports::ItemChange change;
  change.item = {{}, {1}};
  change.order = {{}, {1}};
  change.unit_no = 1;
  change.hold_expires_at = now;
  commit.items = {change};
  EXPECT_EQ(shadow_.available(), 1);
  EXPECT_EQ(broken_by(commit, {}), "what the store holds is not what was committed: an item");
  EXPECT_EQ(shadow_.available(), 0);
}

}  // namespace
}  // namespace daozhang::sim
