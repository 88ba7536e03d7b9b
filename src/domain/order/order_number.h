// The public order number: a keyed permutation of the internal id with its partition, and a short
// MAC (SETTLED 5). It shows neither count nor time, tells which partition to look in, and a
// mistyped or foreign one is known as such.
//
// 20 characters of Crockford's base 32: 70 permuted bits (64 of the id, 6 of the partition), 30
// bits of MAC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/identity/ids.h"

namespace daozhang::domain {

// Thread-safe; the key is copied.
class OrderNumbers {
 public:
  // `key`: at least 16 secret bytes, for ever the same for a shop.
  explicit OrderNumbers(std::string_view key);

  [[nodiscard]] std::string number_of(OrderKey order) const;
  // Nothing if the text is not one of our numbers. Accepts lower case.
  [[nodiscard]] std::optional<OrderKey> order_of(std::string_view number) const;

  // The buyer's key to the order (SETTLED 23): recomputed when the same submit is repeated, stored
  // only as its hash.
  [[nodiscard]] std::string access_code(std::string_view order_no,
                                        std::string_view idempotency_key) const;

 private:
  std::string key_;
};

}  // namespace daozhang::domain
