// Orders as the engine makes them, for measuring a store: placed with a held item and one intent,
// paid by a notification, delivered from stock. One unit an order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::bench {

inline const std::string story_sku = "steam-50";

// Everything that one commit's pointers need, kept alive beside it.
struct Batch {
  std::vector<domain::Order> before;
  std::vector<domain::Order> after;
  ports::Commit commit;
};

// Points the commit's changes at `before` and `after` and writes their events.
void finish(Batch& batch, const std::string& actor, const std::vector<std::string>& what);

ports::StockImport stock(std::int64_t batch_id, std::int64_t first_item, std::int64_t count);
domain::Order placed(std::int64_t order_id, domain::ItemKey item, base::Instant now);
domain::Claim claim(domain::ClaimKind kind, std::string_view what, const domain::Order& order,
                    base::Instant now);
void pay(domain::Order& order, ports::Commit& commit, base::Instant now);
void deliver(domain::Order& order, ports::Commit& commit, base::Instant now);

}  // namespace daozhang::bench
