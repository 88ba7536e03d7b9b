#include <algorithm>

#include "api/storefront/body.h"
#include "api/storefront/contact.h"
#include "api/storefront/storefront.h"
#include "api/target.h"
#include "base/canonical_json.h"
#include "base/hex.h"
#include "base/sha256.h"

namespace daozhang::api {
namespace {

bool is_key_shaped(std::string_view key) {
  return key.size() >= 22 && key.size() <= 128 && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

// What makes two submissions the same: what was asked for, in canonical form. The language of
// labels is not part of it.
std::string request_hash(const engine::PlaceOrder& order) {
  base::CanonicalWriter writer;
  writer.open_object();
  writer.key("sku");
  writer.value(std::string_view(order.product.sku));
  writer.key("quantity");
  writer.value(std::int64_t{order.quantity});
  writer.key("target");
  writer.value(std::string_view(order.target));
  writer.key("email");
  writer.value(std::string_view(order.contact_email));
  writer.key("phone");
  writer.value(std::string_view(order.contact_phone));
  writer.key("channel");
  writer.value(std::string_view(order.channel));
  writer.close_object();
  return base::to_hex(base::view(base::sha256(writer.take())));
}

const json::Value& empty_object() {
  static const json::Value value{json::Object{}};
  return value;
}

struct OrderBody {
  std::string_view sku;
  std::int64_t quantity = 0;
  const json::Value* target = nullptr;
  const json::Value* contact = nullptr;
  std::string_view channel;
  std::string_view payer_id;
};

OrderBody read_order_body(json::Fields& fields) {
  OrderBody body;
  body.sku = fields.text("sku");
  body.quantity = fields.integer("quantity");
  body.target = fields.optional_object("target");
  body.contact = fields.optional_object("contact");
  body.channel = fields.text("channel");
  body.payer_id = fields.optional_text("payer_id").value_or("");
  if (body.target == nullptr) body.target = &empty_object();
  if (body.contact == nullptr) body.contact = &empty_object();
  return body;
}

base::Result<engine::PlaceOrder, net::Response> command_of(const OrderBody& body,
                                                           const Catalog& catalog,
                                                           const ChannelEntry* channel,
                                                           Language language) {
  const domain::Product* product = catalog.find(body.sku);
  if (product == nullptr)
    return base::refuse(problem(422, "sku_unknown", language, {{"sku", "sku_unknown"}}));
  if (body.quantity < 1 || body.quantity > product->quantity_max)
    return base::refuse(
        problem(400, "invalid_request", language, {{"quantity", "quantity_out_of_range"}}));
  if (auto refusal =
          channel_refusal(channel, body.payer_id, product->price_minor * body.quantity, language))
    return base::refuse(std::move(*refusal));
  auto target = check_target(*product, *body.target, language);
  if (!target) return base::refuse(problem(422, "invalid_target", language, target.error()));
  auto contact = read_contact(*body.contact);
  if (!contact) return base::refuse(problem(400, "invalid_request", language, contact.error()));
  engine::PlaceOrder command;
  command.product = *product;
  command.product_name = product_name(*product, language);
  command.quantity = static_cast<std::int32_t>(body.quantity);
  command.target = std::move(target->canonical);
  command.target_display = std::move(target->display);
  command.contact_email = std::move(contact->email);
  command.contact_phone = std::move(contact->phone);
  command.channel = channel->code;
  command.needs_create = ports::begins_with_a_call(channel->channel->capabilities().way);
  return command;
}

}  // namespace

// In seconds; nothing if the order may be placed. Only stock can be kept from others by not paying.
std::optional<std::string> Storefront::wait_for_unpaid(std::string_view client,
                                                       std::string_view key,
                                                       const engine::PlaceOrder& command) {
  if (!command.product.supplier.empty()) return std::nullopt;
  const auto now = parts_.clock.now();
  const auto until =
      parts_.unpaid_units.hold(client, key, command.quantity, now + parts_.payment_window);
  if (!until) return std::nullopt;
  constexpr std::int64_t second = 1'000'000;
  return std::to_string(std::max<std::int64_t>(1, ((*until - now).micros + second - 1) / second));
}

void Storefront::place_order(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const std::string key(request.header("Idempotency-Key"));
  if (key.empty() || request.headers.count("Idempotency-Key") != 1)
    return responder.send(
        problem(400, "idempotency_key_missing", language, {{"Idempotency-Key", "missing_field"}}));
  if (!is_key_shaped(key))
    return responder.send(
        problem(400, "idempotency_key_malformed", language, {{"Idempotency-Key", "bad_form"}}));
  const auto document = read_body(request, language);
  if (!document) return responder.send(document.error());
  json::Fields fields(*document, {"sku", "quantity", "target", "contact", "channel", "payer_id"});
  const OrderBody body = read_order_body(fields);
  if (auto refusal = field_problem(fields, language)) return responder.send(std::move(*refusal));
  const ChannelEntry* channel = find_channel(body.channel);
  auto command = command_of(body, parts_.catalog, channel, language);
  if (!command) return responder.send(command.error());
  command->payer = payer_of(*channel, body.payer_id, request.client_address);
  if (!has_supplier(command->product))
    return responder.send(problem_of(engine::Refusal::out_of_stock, language));
  if (!orders_.admit(request.client_address, parts_.clock.now()))
    return responder.send(
        std::move(problem(429, "too_many_requests", language).with("Retry-After", "60")));
  if (const auto wait = wait_for_unpaid(request.client_address, key, *command))
    return responder.send(
        std::move(problem(429, "too_many_unpaid_units", language).with("Retry-After", *wait)));
  command->idempotency_key = key;
  command->request_hash = request_hash(*command);
  auto waiting = std::make_shared<Responder>(std::move(responder));
  parts_.lane.submit(
      std::move(*command), [this, waiting, key, language,
                            request_id = request.request_id](const engine::Answer& answer) {
        const bool is_placed = answer.refusal == engine::Refusal::none;
        parts_.unpaid_units.answered(key, is_placed ? answer.order.get() : nullptr);
        if (!is_placed) return waiting->send(problem_of(answer.refusal, language));
        if (!answer.repeated && parts_.on_placed) parts_.on_placed(*answer.order, request_id);
        const auto& order_no = answer.order->header.order_no;
        auto response = net::json_response(
            201, placed_order_json(*answer.order, parts_.numbers.access_code(order_no, key),
                                   parts_.view));
        response.with("Location", "/v1/orders/" + order_no)
            .with("Cache-Control", "no-store")
            .with("Set-Cookie", cookies_.set_cookie(order_no, Scope::full));
        waiting->send(std::move(response));
      });
}

}  // namespace daozhang::api
