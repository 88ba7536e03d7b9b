// Identities. Internal ids rise with time (SETTLED 5); what a buyer sees is the order number.
#pragma once

#include <cstdint>

#include "base/strong_id.h"

namespace daozhang::domain {

using OrderId = base::StrongId<struct OrderTag>;
using ItemId = base::StrongId<struct ItemTag>;
using BatchId = base::StrongId<struct BatchTag>;
using InboxId = base::StrongId<struct InboxTag>;
using ShopId = base::StrongId<struct ShopTag, std::int32_t>;
// 0 to 63; every key begins with it.
using Partition = base::StrongId<struct PartitionTag, std::int32_t>;

inline constexpr std::int32_t partition_count = 64;
inline constexpr ShopId first_shop{1};

struct OrderKey {
  Partition partition;
  OrderId order_id;
  friend constexpr auto operator<=>(const OrderKey&, const OrderKey&) = default;
};

struct ItemKey {
  Partition partition;
  ItemId item_id;
  friend constexpr auto operator<=>(const ItemKey&, const ItemKey&) = default;
};

}  // namespace daozhang::domain

template <>
struct std::hash<daozhang::domain::OrderKey> {
  std::size_t operator()(const daozhang::domain::OrderKey& key) const noexcept {
    return std::hash<std::int64_t>{}(key.order_id.value * 64 + key.partition.value);
  }
};
