#include "api/vault.h"

#include <fmt/format.h>

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

domain::StockItem Vault::seal(const OpenBatch& batch, domain::ItemId item_id,
                              std::string_view secret) const {
  const std::string named = fmt::format("{}\n{}", batch.batch.shop_id.value, secret);
  const auto digest = base::hmac_sha256(keys_.fingerprint.view(), named);
  domain::StockItem item;
  item.partition = domain::Partition{digest[0] % domain::partition_count};
  item.item_id = item_id;
  item.shop_id = batch.batch.shop_id;
  item.sku = batch.batch.sku;
  item.batch_id = batch.batch.batch_id;
  item.fingerprint = base::to_hex(base::view(digest));
  item.imported_at = batch.batch.imported_at;
  item.sealed = crypto::seal(secret, batch.key, associated_data(item));
  return item;
}

base::Result<crypto::WipedBytes, crypto::OpenRefusal> Vault::open(
    const domain::StockItem& item, const domain::ImportBatch& batch) const {
  const auto key = crypto::unwrap(batch.wrapped_key, batch.batch_id.value, keys_.kek.view());
  if (!key) return base::refuse(key.error());
  return crypto::open(item.sealed, *key, associated_data(item));
}

}  // namespace daozhang::api
