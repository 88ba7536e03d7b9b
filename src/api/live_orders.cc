#include "api/live_orders.h"

namespace daozhang::api {

LiveOrders::LiveOrders(std::function<std::string(const domain::Order&)> render)
    : render_(std::move(render)) {}

void LiveOrders::watch(domain::OrderKey order, net::EventStream stream) {
  {
    const std::lock_guard lock(mutex_);
    watchers_.emplace(order, stream);
    count_ = watchers_.size();
  }
  // Without it the pages of orders that never change again would take up all places.
  stream.on_close([this, order] { forget_ended(order); });
}

void LiveOrders::forget_ended(domain::OrderKey order) {
  const std::lock_guard lock(mutex_);
  for (auto it = watchers_.lower_bound(order); it != watchers_.end() && it->first == order;)
    it = it->second.is_open() ? std::next(it) : watchers_.erase(it);
  count_ = watchers_.size();
}

void LiveOrders::changed(const domain::Order& order) {
  if (count_.load() == 0) return;
  const std::lock_guard lock(mutex_);
  auto it = watchers_.lower_bound(order.key());
  if (it == watchers_.end() || it->first != order.key()) return;
  const std::string json = render_(order);
  while (it != watchers_.end() && it->first == order.key()) {
    if (it->second.is_open()) {
      send_order_event(it->second, order, json);
      ++it;
    } else {
      it = watchers_.erase(it);
    }
  }
  count_ = watchers_.size();
}

void LiveOrders::close_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, stream] : watchers_) stream.close();
  watchers_.clear();
  count_ = 0;
}

void send_order_event(net::EventStream& stream, const domain::Order& order,
                      const std::string& json) {
  stream.send_latest(std::to_string(order.header.version), "order", json);
}

}  // namespace daozhang::api
