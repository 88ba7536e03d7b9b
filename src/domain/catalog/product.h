// What a shop sells. Products are configuration: an order copies what it was sold under (SETTLED
// S23) and never looks back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/money/money.h"

namespace daozhang::domain {

enum class ProductKind {
  secret,      // A card secret from the vault.
  topup,       // A supplier executes it on the buyer's target.
  membership,  // As topup, with a longer promise.
};
constexpr auto names_of(std::type_identity<ProductKind>) {
  return base::words("secret", "topup", "membership");
}

enum class TargetFieldKind { phone, account, choice };
constexpr auto names_of(std::type_identity<TargetFieldKind>) {
  return base::words("phone", "account", "choice");
}

struct TargetOption {
  std::string value;
  std::string label_zh;
  std::string label_en;
  std::string
      only_if;  // For a dependent choice: the value of the field it depends on; empty if none.
};

// One thing that the buyer must say about where it shall arrive.
struct TargetField {
  std::string name;
  TargetFieldKind kind = TargetFieldKind::account;
  std::string title_zh;
  std::string title_en;
  std::string phone_region;     // phone: ISO 3166 region, for example CN.
  std::string pattern;          // account: ECMAScript expression for the whole text.
  std::int32_t length_min = 1;  // account, in code points.
  std::int32_t length_max = 64;
  std::string depends_on;             // choice: another field of the same product; empty if none.
  std::vector<TargetOption> options;  // choice.
};

struct Product {
  ShopId shop_id = first_shop;
  std::string sku;
  std::int32_t product_version = 1;  // Rises with every change of what is sold.
  ProductKind kind = ProductKind::secret;
  std::string name_zh;
  std::string name_en;
  std::string description_zh;
  std::string description_en;
  std::int64_t price_minor = 0;
  Currency currency = Currency::CNY;
  std::int32_t quantity_max = 10;
  std::int32_t promise_seconds = 60;  // From payment to arrival.
  std::string supplier;               // Empty for the vault.
  std::string supplier_sku;
  std::int64_t face_minor =
      0;  // What the supplier shall deliver, for example 5000 for a 50 yuan top-up.
  std::int64_t cost_minor_max = 0;  // What the supplier may charge for one.
  std::vector<TargetField> target;
};

}  // namespace daozhang::domain
