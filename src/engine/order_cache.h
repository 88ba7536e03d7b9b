// Recently committed orders, so that a notification shortly after the order costs no load. Wrong
// entries are harmless: the store's version check refuses the commit and the entry is dropped.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>

#include "domain/identity/ids.h"
#include "domain/order/order.h"

namespace daozhang::engine {

// Least recently used goes first. One thread.
class OrderCache {
 public:
  explicit OrderCache(std::size_t capacity) : capacity_(capacity) {}

  std::shared_ptr<const domain::Order> find(domain::OrderKey key) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, it->second.place);
    return it->second.order;
  }

  void put(std::shared_ptr<const domain::Order> order) {
    if (capacity_ == 0) return;
    const auto key = order->key();
    const auto it = entries_.find(key);
    if (it != entries_.end()) {
      it->second.order = std::move(order);
      recent_.splice(recent_.begin(), recent_, it->second.place);
      return;
    }
    recent_.push_front(key);
    entries_.emplace(key, Entry{std::move(order), recent_.begin()});
    if (entries_.size() <= capacity_) return;
    entries_.erase(recent_.back());
    recent_.pop_back();
  }

  void drop(domain::OrderKey key) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return;
    recent_.erase(it->second.place);
    entries_.erase(it);
  }

 private:
  struct Entry {
    std::shared_ptr<const domain::Order> order;
    std::list<domain::OrderKey>::iterator place;
  };
  std::size_t capacity_;
  std::list<domain::OrderKey> recent_;
  std::map<domain::OrderKey, Entry> entries_;
};

}  // namespace daozhang::engine
