#include "api/storefront/storefront.h"

#include <algorithm>

#include "api/problem.h"
#include "api/storefront/body.h"
#include "base/ascii.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/digest.h"

namespace daozhang::api {
namespace {

constexpr std::string_view bearer = "Bearer ";
// About one order; channels bear no more for long.
constexpr std::size_t questions_per_minute = 6;

// The scheme's case means nothing (RFC 9110, 11.1).
bool is_bearer(std::string_view authorization) {
  return base::upper(authorization.substr(0, bearer.size())) == "BEARER ";
}

// A page of another site may make the browser send our cookie, but not hide where the request comes
// from.
bool is_cross_site(const net::Request& request) {
  if (request.header("Sec-Fetch-Site") == "cross-site") return true;
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return false;
  const auto scheme_end = origin.find("://");
  return scheme_end == std::string_view::npos ||
         origin.substr(scheme_end + 3) != request.header("Host");
}

}  // namespace

Storefront::Storefront(StorefrontParts parts)
    : parts_(std::move(parts)),
      cookies_(parts_.keys, parts_.secure_cookies),
      payer_states_(parts_.keys),
      wrong_codes_(parts_.limits.lookups_per_minute, base::minutes(1)),
      asked_payments_(questions_per_minute, base::minutes(1)),
      asked_payers_(questions_per_minute, base::minutes(1)),
      orders_(parts_.limits.orders_per_minute, base::minutes(1)) {}

void Storefront::add_routes(net::Router& router) {
  const auto on = [this](void (Storefront::*handler)(Request&&, Responder)) {
    return [this, handler](Request&& request, Responder responder) {
      (this->*handler)(std::move(request), std::move(responder));
    };
  };
  using net::Method;
  net::RouteOptions body;
  body.body_bytes_max = parts_.limits.order_body_bytes;
  net::RouteOptions notice;
  notice.body_bytes_max = parts_.limits.notify_body_bytes;
  router.add(Method::get, "/v1/products", on(&Storefront::list_products));
  router.add(Method::get, "/v1/channels", on(&Storefront::list_channels));
  router.add(Method::post, "/v1/quotes", on(&Storefront::quote), body);
  router.add(Method::post, "/v1/orders", on(&Storefront::place_order), body);
  router.add(Method::post, "/v1/orders/find", on(&Storefront::find_order), body);
  router.add(Method::get, "/v1/orders/{order_no}", on(&Storefront::get_order));
  router.add(Method::get, "/v1/orders/{order_no}/stream", on(&Storefront::stream_order));
  router.add(Method::post, "/v1/orders/{order_no}/reveal", on(&Storefront::reveal), body);
  router.add(Method::post, "/v1/orders/{order_no}/payments", on(&Storefront::open_payment), body);
  router.add(Method::post, "/v1/orders/{order_no}/payments/ask", on(&Storefront::ask_payments),
             body);
  router.add(Method::get, "/v1/orders/{order_no}/payments/{payment_no}/payer",
             on(&Storefront::ask_payer));
  router.add(Method::get, "/v1/orders/{order_no}/payments/{payment_no}/payer/named",
             on(&Storefront::take_payer));
  router.add(Method::get, "/pay/{order_no}/{payment_no}", on(&Storefront::pay));
  router.add(Method::post, "/v1/notify/{channel}", on(&Storefront::take_notice), notice);
  router.add(Method::get, "/v1/notify/{channel}", on(&Storefront::take_notice));
  router.add(Method::post, "/v1/supplier-callbacks/{supplier}",
             on(&Storefront::take_supplier_callback), notice);
}

const ChannelEntry* Storefront::find_channel(std::string_view code) const {
  for (const auto& entry : parts_.channels) {
    if (entry.code == code) return &entry;
    if (std::find(entry.aliases.begin(), entry.aliases.end(), code) != entry.aliases.end())
      return &entry;
  }
  return nullptr;
}

bool Storefront::opens_by_code(std::string_view code, const domain::Order& order) const {
  // Typed by hand it may come in lower case, as the order number may.
  return crypto::equal_in_constant_time(base::to_hex(base::view(base::sha256(base::upper(code)))),
                                        order.header.access_hash);
}

std::optional<Scope> Storefront::opens(const Request& request, const domain::Order& order) const {
  const std::string_view authorization = request.header("Authorization");
  if (is_bearer(authorization)) {
    const bool open = opens_by_code(authorization.substr(bearer.size()), order);
    return open ? std::optional(Scope::full) : std::nullopt;
  }
  return cookies_.opened_by(request, order.header.order_no);
}

std::optional<domain::Order> Storefront::authorize(const Request& request, Responder& responder,
                                                   Scope needed) {
  const Language language = language_of(request);
  const auto now = parts_.clock.now();
  const bool by_cookie = request.header("Authorization").empty();
  if (by_cookie && request.method != net::Method::get && is_cross_site(request)) {
    responder.send(problem(403, "cross_site", language));
    return std::nullopt;
  }
  const auto key = parts_.numbers.order_of(request.capture("order_no"));
  auto order = key ? parts_.reader.find_order(*key) : std::nullopt;
  // A missing order costs the same comparison as a wrong code.
  const auto open = opens(request, order ? *order : domain::Order{});
  // Who has the code is never locked out by others behind the same address.
  if (order && open) {
    if (*open >= needed) return order;
    responder.send(problem(403, "access_code_needed", language));
    return std::nullopt;
  }
  if (wrong_codes_.is_over(request.client_address, now)) {
    responder.send(
        std::move(problem(429, "too_many_requests", language).with("Retry-After", "60")));
    return std::nullopt;
  }
  wrong_codes_.admit(request.client_address, now);
  responder.send(order_not_found(language));
  return std::nullopt;
}

}  // namespace daozhang::api
