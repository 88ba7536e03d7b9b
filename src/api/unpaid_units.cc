#include "api/unpaid_units.h"

#include <algorithm>

namespace daozhang::api {
namespace {

bool holds_stock(const domain::Order& order) {
  return !order.is_paid() && !order.header.expired_at.is_set();
}

}  // namespace

std::optional<base::Instant> UnpaidUnits::hold(std::string_view client, std::string_view key,
                                               std::int64_t units, base::Instant window_end) {
  if (units_max_ == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (open_.size() >= orders_max) {
    open_.clear();
    keys_.clear();
    clients_.clear();
  }
  const auto known = open_.find(key);
  OpenOrder open;
  if (known != open_.end()) {
    // Whatever is under way with this key, at most one order comes of it: the larger one counts.
    open = known->second;
    if (units <= open.units) {
      ++known->second.under_way;
      return std::nullopt;
    }
    discount(known->second);
  } else {
    open.client = client;
    open.window_end = window_end;
  }
  const auto others = clients_.find(open.client);
  if (others != clients_.end() && others->second.units + units > units_max_) {
    if (known != open_.end()) count(known->second);
    return *others->second.window_ends.begin();
  }
  open.units = units;
  ++open.under_way;
  count(open);
  open_.insert_or_assign(std::string(key), std::move(open));
  count_ = open_.size();
  return std::nullopt;
}

void UnpaidUnits::answered(std::string_view key, const domain::Order* order) {
  if (units_max_ == 0) return;
  const std::lock_guard lock(mutex_);
  const auto it = open_.find(key);
  if (it == open_.end()) return;
  --it->second.under_way;
  if (order != nullptr && !holds_stock(*order)) return forget(it);
  if (order == nullptr) {
    if (it->second.under_way <= 0 && !it->second.order) forget(it);
    return;
  }
  discount(it->second);
  it->second.units = order->header.quantity;
  it->second.window_end = order->header.pay_by;
  it->second.order = order->key();
  keys_.insert_or_assign(order->key(), it->first);
  count(it->second);
}

void UnpaidUnits::changed(const domain::Order& order) {
  if (count_.load() == 0 || holds_stock(order)) return;
  const std::lock_guard lock(mutex_);
  const auto key = keys_.find(order.key());
  if (key == keys_.end()) return;
  if (const auto it = open_.find(key->second); it != open_.end()) forget(it);
}

void UnpaidUnits::count(const OpenOrder& open) {
  auto& client = clients_[open.client];
  client.units += open.units;
  client.window_ends.insert(open.window_end);
}

void UnpaidUnits::discount(const OpenOrder& open) {
  const auto client = clients_.find(open.client);
  client->second.units -= open.units;
  client->second.window_ends.extract(open.window_end);
  if (client->second.window_ends.empty()) clients_.erase(client);
}

void UnpaidUnits::forget(OpenOrders::iterator it) {
  discount(it->second);
  if (it->second.order) keys_.erase(*it->second.order);
  open_.erase(it);
  count_ = open_.size();
}

}  // namespace daozhang::api
