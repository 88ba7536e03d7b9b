// How many units of stock the unpaid orders of one client address hold, so that nobody keeps the
// goods from others by ordering without paying (SECURITY.md A20). In memory: what was placed
// before the start is not counted. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "domain/order/order.h"

namespace daozhang::api {

class UnpaidUnits {
 public:
  // At most `units_max` of one client; 0: no limit. An order alone is never too large: how much one
  // order may have is the product's own rule.
  explicit UnpaidUnits(std::size_t units_max) : units_max_(static_cast<std::int64_t>(units_max)) {}

  // Before an order is placed. Nothing if it may be: from now on it counts, and `answered` must
  // follow. Else when the window of the client's earliest open order ends; nothing was counted. A
  // repeat under the key of an order that counts is that order and takes no more.
  std::optional<base::Instant> hold(std::string_view client, std::string_view key,
                                    std::int64_t units, base::Instant window_end);

  // Once for each order that was let through: what came of it, or null if nothing did. Told before
  // any later change of that order.
  void answered(std::string_view key, const domain::Order* order);

  // Called for every committed change. Counts the order no more once it is paid or expired.
  void changed(const domain::Order& order);

  [[nodiscard]] std::size_t order_count() const { return count_.load(); }

 private:
  // With more open orders than this all are forgotten: to be a little too generous is better than
  // to grow without end.
  static constexpr std::size_t orders_max = 100'000;

  struct OpenOrder {
    std::string client;
    std::int64_t units = 0;
    base::Instant window_end;
    int under_way = 0;                      // Requests without answer yet.
    std::optional<domain::OrderKey> order;  // Once it is placed.
  };
  struct Client {
    std::int64_t units = 0;
    std::multiset<base::Instant> window_ends;  // One an open order.
  };
  using OpenOrders = std::map<std::string, OpenOrder, std::less<>>;

  void count(const OpenOrder& open);
  void discount(const OpenOrder& open);
  void forget(OpenOrders::iterator it);

  std::int64_t units_max_;
  std::mutex mutex_;
  OpenOrders open_;  // By idempotency key.
  std::map<domain::OrderKey, std::string> keys_;
  std::map<std::string, Client, std::less<>> clients_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace daozhang::api
