#include "api/admin/stock_verb.h"

#include <algorithm>
#include <memory>

#include "api/admin/stock_request.h"
#include "api/problem.h"
#include "json/writer.h"

namespace daozhang::api {
namespace {

// 1024 secrets of 1024 characters, four bytes each, with their envelope and in base64.
constexpr std::size_t body_bytes_max = 8 * 1024 * 1024;

net::Response imported(const engine::Answer& answer, bool on_sale) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("on_sale", on_sale).key("are_new").begin_array();
  for (const bool is_new : answer.are_new) json.boolean(is_new);
  json.end_array().end_object();
  return net::json_response(200, std::move(body));
}

void take_stock(const StockVerbParts& parts, const OperatorRequest& asked,
                net::Responder responder) {
  const Language language = asked.language;
  auto import = read_stock_request(asked.request);
  if (!import)
    return responder.send(
        problem(400, "invalid_request", language,
                {{import.error().field, std::string(json::name(import.error().refusal))}}));
  // Sealed by another program: what would not open for its buyer is not sold.
  if (!std::ranges::all_of(import->items, [&](const domain::StockItem& item) {
        return parts.vault.is_sound(item, import->batch);
      }))
    return responder.send(problem(422, "sealed_wrong", language));
  const bool on_sale = parts.catalog.find(import->batch.sku) != nullptr;
  auto waiting = std::make_shared<net::Responder>(std::move(responder));
  parts.lane.submit(engine::ImportStock{std::move(*import)},
                    [waiting, language, on_sale](engine::Answer answer) {
                      if (answer.refusal != engine::Refusal::none)
                        return waiting->send(problem_of(answer.refusal, language));
                      waiting->send(imported(answer, on_sale));
                    });
}

}  // namespace

void add_stock_verb(OperatorRoutes& routes, StockVerbParts parts) {
  routes.add(
      "stock",
      [parts](const OperatorRequest& asked, net::Responder responder) {
        take_stock(parts, asked, std::move(responder));
      },
      body_bytes_max);
}

}  // namespace daozhang::api
