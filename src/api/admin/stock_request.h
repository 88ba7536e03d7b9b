// A sealed batch of stock on its way from the program that imports into the running shop: both
// sides of its JSON, for the verb `stock`. No secret is in it in clear.
//
//   {"sku", "batch_id", "wrapped_key": base64, "items": [{"fingerprint", "sealed": base64}, …]}
//
// What follows from these (ids, partitions, the time) is not sent, so it can not be wrong.
// Pure; any thread.
#pragma once

#include <string>

#include "api/vault.h"
#include "base/result.h"
#include "json/fields.h"
#include "ports/order_store.h"

namespace daozhang::api {

// `import` was made by the vault: a batch of at most Vault::items_per_batch_max items whose ids are
// Vault::item_id of their places.
std::string stock_request_json(const ports::StockImport& import);

// The batch as it was, its items not opened yet. Refuses with the first field that is wrong.
base::Result<ports::StockImport, json::FieldError> read_stock_request(const json::Value& request);

}  // namespace daozhang::api
