#include "api/vault.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/random.h"

namespace daozhang::api {
namespace {

std::string associated_data(const domain::StockItem& item) {
  return fmt::format("{}|{}|{}|{}|{}", item.shop_id.value, item.sku, item.partition.value,
                     item.item_id.value, item.batch_id.value);
}

}  // namespace

Vault::OpenBatch Vault::new_batch(domain::ShopId shop, std::string sku, base::Instant now) const {
  OpenBatch open;
  open.batch.batch_id = domain::BatchId{now.micros};
  open.batch.shop_id = shop;
  open.batch.sku = std::move(sku);
  open.batch.imported_at = now;
  open.key = crypto::new_data_key(open.batch.batch_id.value);
  open.batch.wrapped_key = crypto::wrap(open.key, keys_.kek.view());
  return open;
}

domain::ItemId Vault::item_id(domain::BatchId batch, std::int64_t place) {
  CHECK(place >= 0 && place < items_per_batch_max);
  return domain::ItemId{batch.value * items_per_batch_max + place};
}

domain::StockItem Vault::item_of(const domain::ImportBatch& batch, domain::ItemId item_id,
                                 std::string fingerprint) {
  const auto first = base::from_hex(std::string_view(fingerprint).substr(0, 2));
  CHECK(first && first->size() == 1);
  domain::StockItem item;
  item.partition =
      domain::Partition{static_cast<unsigned char>(first->front()) % domain::partition_count};
  item.item_id = item_id;
  item.shop_id = batch.shop_id;
  item.sku = batch.sku;
  item.batch_id = batch.batch_id;
  item.fingerprint = std::move(fingerprint);
  item.imported_at = batch.imported_at;
  return item;
}

std::string Vault::fingerprint_of(domain::ShopId shop, std::string_view secret) const {
  std::string named = fmt::format("{}\n", shop.value);
  named.reserve(named.size() + secret.size());
  named += secret;
  const auto digest = base::hmac_sha256(keys_.fingerprint.view(), named);
  crypto::wipe(named.data(), named.size());
  return base::to_hex(base::view(digest));
}

domain::StockItem Vault::seal(const OpenBatch& batch, domain::ItemId item_id,
                              std::string_view secret) const {
  auto item = item_of(batch.batch, item_id, fingerprint_of(batch.batch.shop_id, secret));
  item.sealed = crypto::seal(secret, batch.key, associated_data(item));
  return item;
}

bool Vault::is_sound(const domain::StockItem& item, const domain::ImportBatch& batch) const {
  const auto secret = open(item, batch);
  return secret && fingerprint_of(item.shop_id, secret->view()) == item.fingerprint;
}

base::Result<crypto::WipedBytes, crypto::OpenRefusal> Vault::open(
    const domain::StockItem& item, const domain::ImportBatch& batch) const {
  const auto key = crypto::unwrap(batch.wrapped_key, batch.batch_id.value, keys_.kek.view());
  if (!key) return base::refuse(key.error());
  return crypto::open(item.sealed, *key, associated_data(item));
}

}  // namespace daozhang::api
