// The live pages: who watches which order, and what they are told when it changes. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "domain/order/order.h"
#include "net/event_stream.h"

namespace daozhang::api {

class LiveOrders {
 public:
  // `render` gives the JSON of an event; pure.
  explicit LiveOrders(std::function<std::string(const domain::Order&)> render);

  // Adds a watcher. Whatever changes from now on is told to it until its stream ends. Must outlive
  // the server whose streams it is given.
  void watch(domain::OrderKey order, net::EventStream stream);

  // Called for every committed change. A slow reader gets only the newest state (SETTLED 9).
  void changed(const domain::Order& order);

  void close_all();
  [[nodiscard]] std::size_t count() const { return count_.load(); }

 private:
  void forget_ended(domain::OrderKey order);

  std::function<std::string(const domain::Order&)> render_;
  std::mutex mutex_;
  std::multimap<domain::OrderKey, net::EventStream> watchers_;
  std::atomic<std::size_t> count_{0};
};

// One `order` event: its id is the order's version.
void send_order_event(net::EventStream& stream, const domain::Order& order,
                      const std::string& json);

}  // namespace daozhang::api
