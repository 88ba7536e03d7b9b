// The operator's port: is it alive, can it work, and its numbers. Bound to its own address, never
// to the shop's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "api/live_orders.h"
#include "lane/clock.h"
#include "lane/lane.h"
#include "net/router.h"

namespace daozhang::api {

struct AdminParts {
  const lane::Lane& lane;
  const lane::Clock& clock;
  const LiveOrders& live;
  std::function<std::string()> render_metrics;      // Prometheus text.
  std::function<std::int64_t()> free_disk_percent;  // Of the store's file system.
  bool peers_missing = false;  // Started all the same, because the operator said so.
};

// /livez: the lane's loop turned in the last 5 s, nothing else. /readyz: the store can be written,
// disk is left, the clock is explained; 503 with the names of what is wrong. `peer_missing` is
// named too, and does not make it 503: the operator knows. /metrics.
void add_admin_routes(net::Router& router, AdminParts parts);

}  // namespace daozhang::api
