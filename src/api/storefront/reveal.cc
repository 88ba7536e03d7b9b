#include "api/storefront/body.h"
#include "api/storefront/storefront.h"

namespace daozhang::api {

void Storefront::reveal(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto order = authorize(request, responder, Scope::full);
  if (!order) return;
  auto waiting = std::make_shared<Responder>(std::move(responder));
  parts_.lane.submit(engine::Reveal{order->key()},
                     [this, waiting, language](engine::Answer answer) {
                       if (answer.refusal != engine::Refusal::none)
                         return waiting->send(problem_of(answer.refusal, language));
                       waiting->send(reveal_response(*answer.order, language));
                     });
}

net::Response Storefront::reveal_response(const domain::Order& order, Language language) {
  std::vector<domain::ItemKey> keys;
  for (const auto& unit : order.units)
    if (unit.hold == domain::HoldState::consumed) keys.push_back(unit.item());
  std::map<domain::ItemKey, domain::StockItem> items;
  for (auto& item : parts_.reader.find_items(keys)) items.emplace(item.key(), std::move(item));
  std::string body;
  json::Writer json(body);
  json.begin_object().key("units").begin_array();
  for (const auto& unit : order.units) {
    if (unit.hold != domain::HoldState::consumed) continue;
    const auto it = items.find(unit.item());
    // Whose the item is stands in the item too; both must agree before anything is opened.
    if (it == items.end() || it->second.order_id != order.header.order_id ||
        it->second.unit_no != unit.unit_no)
      return problem_of(engine::Refusal::store_unavailable, language);
    const auto batch = parts_.reader.find_batch(it->second.batch_id);
    if (!batch) return problem_of(engine::Refusal::store_unavailable, language);
    const auto secret = parts_.vault.open(it->second, *batch);
    if (!secret) return problem_of(engine::Refusal::store_unavailable, language);
    json.begin_object()
        .member("unit_no", unit.unit_no)
        .member("secret", secret->view())
        .end_object();
  }
  json.end_array().end_object();
  auto response = net::json_response(200, std::move(body));
  response.with("Cache-Control", "no-store").with("Pragma", "no-cache");
  return response;
}

}  // namespace daozhang::api
