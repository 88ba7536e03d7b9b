// An epay gateway below /epay/: V1 and V2 side by side, as far as their keys were given.
#include <array>
#include <functional>
#include <utility>

#include "sandbox/form_text.h"
#include "sandbox/page.h"
#include "sandbox/service.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t body_bytes_max = 64 * 1024;

base::Result<Fields, std::string> read(const Service& service, EpayVersion version,
                                       EpayWire::Proof proof, const net::Request& request) {
  const bool is_form = request.has_content_type("application/x-www-form-urlencoded");
  const std::string_view body = is_form ? std::string_view(request.body) : std::string_view{};
  return service.epay->read(version, proof, query_of(request.target), body, World::now());
}

void send(Service& service, EpayVersion version, const EpayAnswer& given,
          net::Responder responder) {
  net::Response response =
      net::json_response(200, service.epay->render(version, given, World::now()));
  answer(service, std::move(responder), std::move(response), given.manner);
}

void act(Service& service, EpayVersion version, EpayWire::Proof proof, std::string_view name,
         const net::Request& request, net::Responder responder) {
  const auto fields = read(service, version, proof, request);
  const EpayAnswer given = fields ? service.world.with([&](World::Books& books) {
    return books.epay.call(version, name, *fields, books.now);
  })
                                  : epay_no(fields.error());
  send(service, version, given, std::move(responder));
}

// The payer's browser comes with the signed link.
void submit(Service& service, EpayVersion version, const net::Request& request,
            net::Responder responder) {
  struct Opened {
    std::string trade_no;
    std::string refusal;
    Manner manner;
  };
  Opened opened;
  const auto fields = read(service, version, EpayWire::Proof::signature, request);
  if (fields) {
    opened = service.world.with([&](World::Books& books) {
      Opened result;
      result.manner = books.epay.manner_of({field(*fields, "out_trade_no"), {}, {}});
      if (result.manner.down) return result;
      const auto number = books.epay.open(version, *fields, books.now);
      if (number)
        result.trade_no = books.epay.find(*number)->trade_no;
      else
        result.refusal = number.error();
      return result;
    });
  } else {
    opened.refusal = fields.error();
  }
  net::Response response =
      message_page(400, language_of(request), "refused_title", opened.refusal, "code -1", {}, {});
  if (!opened.trade_no.empty()) {
    response = {};
    response.status = 302;
    response.with("Location", "/pay/" + opened.trade_no).with("Cache-Control", "no-store");
  }
  answer(service, std::move(responder), std::move(response), opened.manner);
}

// api.php names its call in the query.
void api(Service& service, const net::Request& request, net::Responder responder) {
  struct Act {
    std::string_view asked;
    std::string_view name;
  };
  constexpr auto acts = std::to_array<Act>(
      {{"order", "query"}, {"orders", "orders"}, {"refund", "refund"}, {"query", "merchant"}});
  const auto asked = request.query.once("act").value_or("");
  for (const auto& [word, name] : acts)
    if (word == asked)
      return act(service, EpayVersion::v1, EpayWire::Proof::key, name, request,
                 std::move(responder));
  send(service, EpayVersion::v1, epay_no("No Act!"), std::move(responder));
}

using Handler = std::function<void(const net::Request&, net::Responder)>;

void add(net::Router& router, std::string_view pattern, const Handler& handler) {
  net::RouteOptions options;
  options.body_bytes_max = body_bytes_max;
  for (const auto method : {net::Method::get, net::Method::post})
    router.add(
        method, pattern,
        [handler](net::Request&& request, net::Responder responder) {
          handler(request, std::move(responder));
        },
        options);
}

Handler acting(Service& service, EpayVersion version, std::string_view name) {
  return [&service, version, name](const net::Request& request, net::Responder responder) {
    act(service, version, EpayWire::Proof::signature, name, request, std::move(responder));
  };
}

Handler submitting(Service& service, EpayVersion version) {
  return [&service, version](const net::Request& request, net::Responder responder) {
    submit(service, version, request, std::move(responder));
  };
}

}  // namespace

void add_epay_routes(net::Router& router, Service& service) {
  if (service.epay->plays(EpayVersion::v1)) {
    add(router, "/epay/submit.php", submitting(service, EpayVersion::v1));
    add(router, "/epay/mapi.php", acting(service, EpayVersion::v1, "create"));
    add(router, "/epay/api.php", [&service](const net::Request& request, net::Responder responder) {
      api(service, request, std::move(responder));
    });
  }
  if (!service.epay->plays(EpayVersion::v2)) return;
  add(router, "/epay/api/pay/submit", submitting(service, EpayVersion::v2));
  for (const std::string_view name : {"create", "query", "close", "refund", "refundquery"})
    add(router, "/epay/api/pay/" + std::string(name), acting(service, EpayVersion::v2, name));
  add(router, "/epay/api/merchant/orders", acting(service, EpayVersion::v2, "orders"));
  add(router, "/epay/api/merchant/info", acting(service, EpayVersion::v2, "merchant"));
}

}  // namespace daozhang::sandbox
