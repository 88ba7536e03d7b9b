// Tests only: engines over one store, each behind a handle at which others can be let act between
// its load and its commit.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "domain/order/references.h"
#include "engine/engine.h"
#include "storage/memory/memory_store.h"

namespace daozhang::engine {

class SeededEntropy final : public ports::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed = 7) : prng_(seed, "entropy") {}
  std::string bytes(std::size_t count) override {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(prng_.below(256));
    return text;
  }

 private:
  base::Prng prng_;
};

// One node's handle of the common store.
class NodeStore final : public ports::OrderStore {
 public:
  explicit NodeStore(storage::memory::MemoryStore& store) : store_(store) {}

  // Called before each commit reaches the store.
  std::function<void()> before_commit;
  // The next commit is answered `unknown` and reaches the store at the next but `late_after`th.
  std::optional<int> late_after;
  // That commit reaches the store behind the first look-up for it.
  bool arrives_after_look_up = false;
  int commits_tried = 0;
  std::size_t orders_loaded = 0;

  std::vector<domain::Order> load_orders(std::span<const domain::OrderKey> keys) override {
    orders_loaded += keys.size();
    return store_.load_orders(keys);
  }
  std::vector<domain::Claim> find_claims(std::span<const domain::ClaimKey> keys) override {
    return store_.find_claims(keys);
  }
  std::vector<domain::ItemKey> available_items(domain::ShopId shop, const std::string& sku,
                                               std::size_t count,
                                               std::span<const domain::ItemKey> except) override {
    return store_.available_items(shop, sku, count, except);
  }
  std::vector<domain::OrderKey> due_orders(domain::Partitions partitions, base::Instant now,
                                           std::size_t limit) override {
    return store_.due_orders(partitions, now, limit);
  }
  base::Instant earliest_due(domain::Partitions partitions) override {
    return store_.earliest_due(partitions);
  }
  std::vector<domain::Effect> open_effects(domain::Partitions partitions,
                                           base::Instant decided_until) override {
    return store_.open_effects(partitions, decided_until);
  }
  std::vector<domain::Effect> effects_of(std::span<const domain::OrderKey> keys) override {
    return store_.effects_of(keys);
  }
  bool has_event(domain::OrderKey order, std::int64_t version, const std::string& leaf) override {
    const bool has = store_.has_event(order, version, leaf);
    if (std::exchange(arrives_after_look_up, false)) {
      late_after.reset();
      arrive();
    }
    return has;
  }
  std::vector<ports::OpenPeer> open_peers() override { return store_.open_peers(); }
  base::Instant time_high_water() override { return store_.time_high_water(); }
  domain::OrderId last_order_id() override { return store_.last_order_id(); }
  base::Result<std::vector<bool>, ports::CommitRefusal> import_stock(
      const ports::StockImport& import) override {
    return store_.import_stock(import);
  }
  base::Result<void, ports::CommitRefusal> commit(const ports::Commit& changes) override {
    ++commits_tried;
    if (const auto act = before_commit) act();  // A copy: it may take itself away.
    if (late_after) {
      if (!late_) return keep(changes);
      if ((*late_after)-- > 0) return base::refuse(ports::CommitRefusal::unavailable);
      late_after.reset();
      arrive();
    }
    return store_.commit(changes);
  }
  // The commit that was on its way reaches the store.
  void arrive() {
    const auto late = std::exchange(late_, std::nullopt);
    ASSERT_TRUE(late);
    EXPECT_TRUE(store_.commit(late->commit));
  }

 private:
  struct Late {
    ports::Commit commit;
    std::deque<domain::Order> orders;
  };
  base::Result<void, ports::CommitRefusal> keep(const ports::Commit& changes) {
    late_.emplace(Late{changes, {}});
    for (auto& change : late_->commit.orders) {
      if (change.before) change.before = &late_->orders.emplace_back(*change.before);
      change.after = &late_->orders.emplace_back(*change.after);
    }
    return base::refuse(ports::CommitRefusal::unknown);
  }

  storage::memory::MemoryStore& store_;
  std::optional<Late> late_;
};

// An engine with its handle, and what it gave out.
struct Node {
  Node(storage::memory::MemoryStore& memory, const domain::OrderNumbers& numbers,
       const EngineSettings& settings, domain::Partitions owned, std::uint64_t seed)
      : store(memory), entropy(seed), engine(store, entropy, numbers, settings, owned) {}

  Step step(base::Instant now) {
    auto done = engine.step(now);
    for (const auto& call : done.calls) calls.push_back(call);
    for (const auto& answer : done.answers)
      if (answer.ticket != 0) answers.push_back(answer);
    return done;
  }
  // The answer to a command that nothing stands in the way of.
  Answer ask(base::Instant now, CommandBody body) {
    const Ticket ticket = ++last_ticket;
    EXPECT_TRUE(engine.submit({ticket, std::move(body)}));
    step(now);
    for (const auto& answer : answers)
      if (answer.ticket == ticket) return answer;
    ADD_FAILURE() << "a command has no answer";
    return {};
  }

  NodeStore store;
  SeededEntropy entropy;
  Engine engine;
  std::vector<Call> calls;
  std::vector<Answer> answers;
  Ticket last_ticket = 0;
};

inline ports::StockImport cards(int count) {
  ports::StockImport stock;
  stock.batch.batch_id = {1};
  stock.batch.sku = "card";
  for (int i = 1; i <= count; ++i) {
    domain::StockItem item;
    item.item_id = {i};
    item.partition = {i % domain::partition_count};
    item.sku = "card";
    item.batch_id = {1};
    item.fingerprint = std::to_string(i);
    stock.items.push_back(item);
  }
  return stock;
}

inline PlaceOrder order_of(domain::ProductKind kind, std::string key) {
  PlaceOrder command;
  command.product.sku = kind == domain::ProductKind::secret ? "card" : "phone";
  command.product.kind = kind;
  command.product.price_minor = 990;
  command.product.promise_seconds = kind == domain::ProductKind::secret ? 60 : 1800;
  if (kind != domain::ProductKind::secret) command.product.supplier = "telco";
  command.product_name = "goods";
  command.channel = "alipay";
  command.idempotency_key = std::move(key);
  command.request_hash = "hash";
  return command;
}

inline TakeNotice notice_of(const domain::Order& order, std::int64_t amount_minor,
                            std::string trade_no = "T1", std::int32_t intent_no = 1) {
  TakeNotice notice;
  notice.channel = order.intents.empty() ? "alipay" : order.intents.front().channel;
  notice.notice.trade_ref = domain::trade_ref(order.header.order_no, intent_no);
  notice.notice.trade_no = std::move(trade_no);
  notice.notice.trade = ports::TradeStatus::paid;
  notice.notice.amount_minor = amount_minor;
  notice.message.body = "body of " + notice.notice.trade_ref + notice.notice.trade_no;
  return notice;
}

inline ports::SupplierAnswer supplier_says(ports::Outcome outcome, ports::SupplierWord word,
                                           bool retry_can_help = false) {
  ports::SupplierAnswer answer;
  answer.outcome = outcome;
  answer.word = word;
  answer.retry_can_help = retry_can_help;
  return answer;
}

}  // namespace daozhang::engine
