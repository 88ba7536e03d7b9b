#include "api/admin/stock_request.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/hex.h"
#include "crypto/base64.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

constexpr std::size_t sku_bytes_max = 64;
constexpr std::size_t fingerprint_size = 64;
// The year 2112 in microseconds: with the places of a batch, ids stay within int64.
constexpr std::int64_t batch_id_max = std::int64_t{1} << 52;

tl::unexpected<json::FieldError> wrong(std::string field) {
  return base::refuse(json::FieldError{json::FieldRefusal::wrong_type, std::move(field)});
}

bool is_fingerprint(std::string_view text) {
  return text.size() == fingerprint_size && base::from_hex(text).has_value();
}

base::Result<void, json::FieldError> read_items(const json::Array& items,
                                                ports::StockImport& import) {
  std::int64_t place = 0;
  for (const auto& each : items) {
    const std::string path = fmt::format("request.items.{}", place);
    json::Fields fields(each, {"fingerprint", "sealed"}, path);
    const std::string_view fingerprint = fields.text("fingerprint");
    const auto sealed = crypto::from_base64(fields.text("sealed"));
    if (fields.error()) return base::refuse(*fields.error());
    if (!is_fingerprint(fingerprint)) return wrong(path + ".fingerprint");
    if (!sealed || sealed->empty()) return wrong(path + ".sealed");
    auto item = Vault::item_of(import.batch, Vault::item_id(import.batch.batch_id, place++),
                               std::string(fingerprint));
    item.sealed = *sealed;
    import.items.push_back(std::move(item));
  }
  return {};
}

}  // namespace

std::string stock_request_json(const ports::StockImport& import) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("sku", import.batch.sku);
  json.member("batch_id", import.batch.batch_id.value);
  json.member("wrapped_key", crypto::to_base64(import.batch.wrapped_key));
  json.key("items").begin_array();
  std::int64_t place = 0;
  for (const auto& item : import.items) {
    CHECK(item.item_id == Vault::item_id(import.batch.batch_id, place++));
    json.begin_object().member("fingerprint", item.fingerprint);
    json.member("sealed", crypto::to_base64(item.sealed)).end_object();
  }
  json.end_array().end_object();
  return body;
}

base::Result<ports::StockImport, json::FieldError> read_stock_request(const json::Value& request) {
  json::Fields fields(request, {"sku", "batch_id", "wrapped_key", "items"}, "request");
  ports::StockImport import;
  auto& batch = import.batch;
  batch.shop_id = domain::first_shop;
  batch.sku = fields.text("sku");
  batch.batch_id.value = fields.integer("batch_id");
  const auto wrapped_key = crypto::from_base64(fields.text("wrapped_key"));
  const json::Array& items = fields.array("items");
  if (fields.error()) return base::refuse(*fields.error());
  if (batch.sku.empty() || batch.sku.size() > sku_bytes_max) return wrong("request.sku");
  if (batch.batch_id.value < 1 || batch.batch_id.value > batch_id_max)
    return wrong("request.batch_id");
  if (!wrapped_key || wrapped_key->empty()) return wrong("request.wrapped_key");
  if (items.empty() || items.size() > static_cast<std::size_t>(Vault::items_per_batch_max))
    return wrong("request.items");
  batch.wrapped_key = *wrapped_key;
  batch.imported_at = base::Instant{batch.batch_id.value};
  batch.item_count = static_cast<std::int64_t>(items.size());
  import.items.reserve(items.size());
  if (auto read = read_items(items, import); !read) return base::refuse(read.error());
  return import;
}

}  // namespace daozhang::api
