// The supplier's side of docs/reference/supplier_protocol.md, below /supplier.
#include <algorithm>
#include <utility>

#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

namespace protocol = connectors::supplier::http;

net::Response error_response(SupplyRefusal refusal, std::string_view detail) {
  return net::json_response(protocol::http_status_of(refusal),
                            protocol::error_json(refusal, detail));
}

std::string_view detail_of(SupplyRefusal refusal) {
  switch (refusal) {
    case SupplyRefusal::insufficient_balance:
      return "the prepaid balance is too low";
    case SupplyRefusal::invalid_target:
      return "the goods can not go to this target";
    case SupplyRefusal::unknown_sku:
      return "no such goods in this currency";
    case SupplyRefusal::cost_exceeds_limit:
      return "the cost is above max_cost_minor";
    case SupplyRefusal::reference_conflict:
      return "the reference names an order with another body";
    case SupplyRefusal::not_found:
      return "no order has this reference";
    case SupplyRefusal::too_late:
      return "the order can not be canceled any more";
    case SupplyRefusal::bad_request:
      return "the request can not be read";
    case SupplyRefusal::unauthorized:
      return "the signature is wrong";
    case SupplyRefusal::rate_limited:
      return "the sandbox holds too many orders";
  }
  return {};
}

net::Response response_of(const SupplyAnswer& given) {
  if (!given.refusal && !given.view) return net::text_response(503, {});
  if (!given.refusal) return net::json_response(200, protocol::to_json(record_of(*given.view)));
  if (*given.refusal != SupplyRefusal::too_late || !given.view)
    return error_response(*given.refusal, detail_of(*given.refusal));
  std::string body = protocol::error_json(*given.refusal, detail_of(*given.refusal));
  body.pop_back();
  body += ",\"order\":" + protocol::to_json(record_of(*given.view)) + "}";
  return net::json_response(protocol::http_status_of(*given.refusal), std::move(body));
}

// Nothing if the request is signed by the shop and fresh.
std::optional<net::Response> objection(Service& service, const net::Request& request) {
  const protocol::SignedRequest given{net::to_string(request.method),
                                      request.path,
                                      request.body,
                                      request.header(protocol::key_header),
                                      request.header(protocol::timestamp_header),
                                      request.header(protocol::nonce_header),
                                      request.header(protocol::signature_header)};
  const base::Instant now = World::now();
  const auto verified = protocol::verify(service.supplier_credentials, given, now);
  if (!verified)
    return error_response(SupplyRefusal::unauthorized, base::name_of(verified.error()));
  if (!service.nonces.take(given.nonce, now))
    return error_response(SupplyRefusal::unauthorized, "nonce_used");
  return std::nullopt;
}

void submit(Service& service, const net::Request& request, net::Responder responder) {
  auto order = protocol::read_order(request.body);
  if (!order) {
    responder.send(error_response(SupplyRefusal::bad_request, order.error().why));
    return;
  }
  std::sort(order->target.begin(), order->target.end());
  const auto given = service.world.with(
      [&](World::Books& books) { return books.supplier.submit(*order, books.now); });
  answer(service, std::move(responder), response_of(given), given.manner);
}

void query(Service& service, const net::Request& request, net::Responder responder) {
  const auto given = service.world.with([&](World::Books& books) {
    return books.supplier.query(request.capture("reference"), books.now);
  });
  answer(service, std::move(responder), response_of(given), given.manner);
}

void cancel(Service& service, const net::Request& request, net::Responder responder) {
  const auto given = service.world.with([&](World::Books& books) {
    return books.supplier.cancel(request.capture("reference"), books.now);
  });
  answer(service, std::move(responder), response_of(given), given.manner);
}

void balance(Service& service, const net::Request&, net::Responder responder) {
  Manner manner;
  const auto held = service.world.with([&](World::Books& books) {
    manner = books.supplier.manner_of({});
    return protocol::Balance{books.supplier.balance_minor(), books.supplier.terms().currency};
  });
  answer(service, std::move(responder), net::json_response(200, protocol::to_json(held)), manner);
}

}  // namespace

void add_supplier_routes(net::Router& router, Service& service) {
  const auto add = [&](net::Method method, std::string_view pattern, auto handler) {
    net::RouteOptions options;
    options.body_bytes_max = protocol::body_bytes_max;
    router.add(
        method, pattern,
        [&service, handler](net::Request&& request, net::Responder responder) {
          if (auto refusal = objection(service, request)) {
            responder.send(*std::move(refusal));
            return;
          }
          handler(service, request, std::move(responder));
        },
        options);
  };
  add(net::Method::post, "/supplier/v1/orders", submit);
  add(net::Method::get, "/supplier/v1/orders/{reference}", query);
  add(net::Method::post, "/supplier/v1/orders/{reference}/cancel", cancel);
  add(net::Method::get, "/supplier/v1/balance", balance);
}

}  // namespace daozhang::sandbox
