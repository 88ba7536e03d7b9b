// Opens sealed secrets for their owner, and seals imported ones. The plaintext lives in wiped
// buffers; it is never logged. Any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/envelope.h"
#include "crypto/key_file.h"
#include "domain/inventory/stock_item.h"

namespace daozhang::api {

class Vault {
 public:
  // `keys` must outlive the vault.
  explicit Vault(const crypto::MasterKeys& keys) : keys_(keys) {}

  // A batch with a fresh data key, wrapped under the key file's key.
  struct OpenBatch {
    domain::ImportBatch batch;
    crypto::DataKey key;
  };
  OpenBatch new_batch(domain::ShopId shop, std::string sku, base::Instant now) const;

  // Ids rise within a batch and from batch to batch: the batch's microsecond, then the place in it.
  static constexpr std::int64_t items_per_batch_max = 1024;
  static domain::ItemId item_id(domain::BatchId batch, std::int64_t place);
  // An item of the batch without its secret; the partition follows from the fingerprint, 64
  // hexadecimal digits.
  static domain::StockItem item_of(const domain::ImportBatch& batch, domain::ItemId item_id,
                                   std::string fingerprint);

  // One item, sealed with its own identity as associated data, so that a ciphertext moved to
  // another row does not open (F47).
  domain::StockItem seal(const OpenBatch& batch, domain::ItemId item_id,
                         std::string_view secret) const;

  // Whether the item opens and its fingerprint is that of its secret: whether it can be sold.
  bool is_sound(const domain::StockItem& item, const domain::ImportBatch& batch) const;

  // Refuses as crypto::OpenRefusal says; then somebody changed rows or keys, and nothing is shown.
  base::Result<crypto::WipedBytes, crypto::OpenRefusal> open(
      const domain::StockItem& item, const domain::ImportBatch& batch) const;

 private:
  [[nodiscard]] std::string fingerprint_of(domain::ShopId shop, std::string_view secret) const;

  const crypto::MasterKeys& keys_;
};

}  // namespace daozhang::api
