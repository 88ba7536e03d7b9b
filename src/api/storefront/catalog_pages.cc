#include "api/storefront/body.h"
#include "api/storefront/storefront.h"
#include "api/target.h"

namespace daozhang::api {

void Storefront::list_products(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto levels = parts_.reader.stock_levels(domain::first_shop, 1);
  std::string body;
  json::Writer json(body);
  json.begin_object().key("products").begin_array();
  for (const auto& product : parts_.catalog.products()) {
    const auto level = levels.find(product.sku);
    const bool in_stock = product.kind == domain::ProductKind::secret
                              ? level != levels.end() && level->second > 0
                              : has_supplier(product);
    json.begin_object();
    json.member("sku", product.sku).member("name", product_name(product, language));
    json.member("description",
                language == Language::zh ? product.description_zh : product.description_en);
    json.member("kind", base::name_of(product.kind)).member("price_minor", product.price_minor);
    json.member("currency", base::name_of(product.currency));
    json.key("target_schema");
    write_target_schema(json, product, language);
    json.member("promise_seconds", product.promise_seconds).member("in_stock", in_stock);
    json.member("max_quantity", product.quantity_max).end_object();
  }
  json.end_array().end_object();
  responder.send(
      std::move(net::json_response(200, std::move(body)).with("Cache-Control", "no-cache")));
}

void Storefront::list_channels(Request&& request, Responder responder) {
  const Language language = language_of(request);
  std::string body;
  json::Writer json(body);
  json.begin_object().key("channels").begin_array();
  for (const auto& entry : parts_.channels)
    json.begin_object()
        .member("channel", entry.code)
        .member("name", language == Language::zh ? entry.name_zh : entry.name_en)
        .member("kind", entry.kind)
        .member("way", base::name_of(entry.channel->capabilities().way))
        .member("state", is_answering(entry) ? "answering" : "not_answering")
        .member("order_minor_max", entry.order_minor_max)
        .member("names_payer", entry.channel->capabilities().names_payer)
        .end_object();
  json.end_array().end_object();
  responder.send(net::json_response(200, std::move(body)));
}

void Storefront::quote(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto document = read_body(request, language);
  if (!document) return responder.send(document.error());
  json::Fields fields(*document, {"sku", "quantity", "target"});
  const std::string_view sku = fields.text("sku");
  const std::int64_t quantity = fields.integer("quantity");
  const json::Value& target = fields.object("target");
  if (auto refusal = field_problem(fields, language)) return responder.send(std::move(*refusal));
  const domain::Product* product = parts_.catalog.find(sku);
  if (product == nullptr)
    return responder.send(problem(422, "sku_unknown", language, {{"sku", "sku_unknown"}}));
  if (quantity < 1 || quantity > product->quantity_max)
    return responder.send(
        problem(400, "invalid_request", language, {{"quantity", "quantity_out_of_range"}}));
  const auto checked = check_target(*product, target, language);
  if (!checked) return responder.send(problem(422, "invalid_target", language, checked.error()));
  const auto pay_by = parts_.clock.now() + parts_.payment_window;
  std::string body;
  json::Writer json(body);
  json.begin_object().member("sku", sku).member("quantity", quantity);
  json.member("amount_minor", product->price_minor * quantity);
  json.member("currency", base::name_of(product->currency));
  json.key("target").raw(checked->canonical).key("target_display").raw(checked->display);
  json.key("promise").begin_object();
  json.member("deadline", base::to_rfc3339(pay_by + base::seconds(product->promise_seconds)));
  json.member("pay_by", base::to_rfc3339(pay_by)).member("seconds", product->promise_seconds);
  json.end_object().end_object();
  responder.send(net::json_response(200, std::move(body)));
}

}  // namespace daozhang::api
