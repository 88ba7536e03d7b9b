// Small orders, items and commits for the suite.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::contract {

inline constexpr base::Instant start{1'700'000'000'000'000};
inline const std::string card = "card";

constexpr base::Instant at(std::int64_t seconds) { return start + base::seconds(seconds); }

// Spread over the partitions.
domain::OrderKey order_key(std::int64_t order_id);
domain::ItemKey item_key(std::int64_t item_id);

// An order of one unit and one intent, due after 15 minutes.
domain::Order new_order(std::int64_t order_id);

domain::Claim claim(const std::string& name, const domain::Order& owner,
                    domain::ClaimKind kind = domain::ClaimKind::idempotency_key);
ports::ItemChange hold(std::int64_t item_id, const domain::Order& order);
ports::ItemChange issue(std::int64_t item_id, const domain::Order& order);
ports::ItemChange release(std::int64_t item_id, const domain::Order& order);
domain::Transfer transfer(const domain::Order& order, std::int32_t transfer_no,
                          std::int64_t amount_minor);
domain::Effect effect(const domain::Order& order, std::int32_t effect_no);
domain::InboxEntry message(const std::string& digest);
ports::StockImport stock(std::int64_t batch_id, std::int64_t first_item, std::int64_t count,
                         const std::string& sku = card);

// A commit with the orders that it changes; they live as long as it does.
class Draft {
 public:
  explicit Draft(base::Instant now = start) { commit.now = now; }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Draft& add(const domain::Order& order);
  // `after` gets the version behind `before`'s, and an event that says what changed.
  Draft& change(const domain::Order& before, domain::Order after);

  ports::Commit commit;

 private:
  void push(const domain::Order* before, domain::Order after);

  std::deque<domain::Order> orders_;
};

// `before` with its next version and state.
domain::Order moved(domain::Order before, domain::OrderState state);

}  // namespace daozhang::contract
