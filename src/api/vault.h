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

  // One item, sealed with its own identity as associated data, so that a ciphertext moved to
  // another row does not open (F47).
  domain::StockItem seal(const OpenBatch& batch, domain::ItemId item_id,
                         std::string_view secret) const;

  // Refuses as crypto::OpenRefusal says; then somebody changed rows or keys, and nothing is shown.
  base::Result<crypto::WipedBytes, crypto::OpenRefusal> open(
      const domain::StockItem& item, const domain::ImportBatch& batch) const;

 private:
  const crypto::MasterKeys& keys_;
};

}  // namespace daozhang::api
