// One card secret in stock. The engine moves items by identity and never sees the secret: `sealed`
// is opened by the vault only when its owner reveals it.
//
//   available --hold--> held --issue--> issued        a retaken or unpaid-for item goes straight:
//   available --issue--> issued
//        ^---release------'
#pragma once

#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/machine.h"
#include "domain/identity/ids.h"

namespace daozhang::domain {

enum class ItemState { available, held, issued };
constexpr auto names_of(std::type_identity<ItemState>) {
  return base::words("available", "held", "issued");
}

inline constexpr auto item_machine = base::machine<ItemState>({
    {ItemState::available, ItemState::held},
    {ItemState::held, ItemState::available},
    {ItemState::held, ItemState::issued},
    {ItemState::available, ItemState::issued},
});
static_assert(item_machine.is_final(ItemState::issued));

struct StockItem {
  Partition partition;  // From the hash of its fingerprint, so that uniqueness is local.
  ItemId item_id;
  ShopId shop_id = first_shop;
  std::string sku;
  ItemState state = ItemState::available;
  std::int64_t version = 1;
  Partition order_partition;  // Who holds or owns it; zero while available.
  OrderId order_id;
  std::int32_t unit_no = 0;
  base::Instant hold_expires_at;  // Set while held.
  BatchId batch_id;
  std::string fingerprint;  // Keyed hash of the secret in hex; unique per shop.
  std::string sealed;       // Nonce, ciphertext and tag under the batch's data key.
  base::Instant imported_at;

  [[nodiscard]] ItemKey key() const { return {partition, item_id}; }

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("item_id", self.item_id);
    visit("shop_id", self.shop_id);
    visit("sku", self.sku);
    visit("state", self.state);
    visit("version", self.version);
    visit("order_partition", self.order_partition);
    visit("order_id", self.order_id);
    visit("unit_no", self.unit_no);
    visit("hold_expires_at", self.hold_expires_at);
    visit("batch_id", self.batch_id);
    visit("fingerprint", self.fingerprint);
    visit("sealed", self.sealed);
    visit("imported_at", self.imported_at);
  }
  friend bool operator==(const StockItem&, const StockItem&) = default;
};

// One import. `wrapped_key` is the batch's data key, itself sealed under the key file's key of
// version `key_version`.
struct ImportBatch {
  BatchId batch_id;
  ShopId shop_id = first_shop;
  std::string sku;
  std::int32_t key_version = 1;
  std::string wrapped_key;
  std::int64_t item_count = 0;
  base::Instant imported_at;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("batch_id", self.batch_id);
    visit("shop_id", self.shop_id);
    visit("sku", self.sku);
    visit("key_version", self.key_version);
    visit("wrapped_key", self.wrapped_key);
    visit("item_count", self.item_count);
    visit("imported_at", self.imported_at);
  }
  friend bool operator==(const ImportBatch&, const ImportBatch&) = default;
};

}  // namespace daozhang::domain
