#include "api/storefront/order_cookie.h"

#include "base/hex.h"
#include "base/sha256.h"
#include "crypto/digest.h"

namespace daozhang::api {
namespace {

constexpr int cookie_seconds = 90 * 24 * 3600;

constexpr std::string_view cookie_name(Scope scope) {
  return scope == Scope::full ? "daozhang_order" : "daozhang_order_view";
}

}  // namespace

std::string OrderCookies::value_of(std::string_view order_no, Scope scope) const {
  std::string named = "cookie\n";
  named.append(base::name_of(scope)).append("\n").append(order_no);
  return base::to_hex(base::view(base::hmac_sha256(keys_.access_code.view(), named)));
}

std::string OrderCookies::set_cookie(std::string_view order_no, Scope scope) const {
  std::string cookie(cookie_name(scope));
  cookie += "=" + value_of(order_no, scope) + "; Path=/v1/orders/" + std::string(order_no) +
            "; Max-Age=" + std::to_string(cookie_seconds) + "; HttpOnly; SameSite=Lax";
  if (secure_) cookie += "; Secure";
  return cookie;
}

std::optional<Scope> OrderCookies::opened_by(const net::Request& request,
                                             std::string_view order_no) const {
  for (const Scope scope : {Scope::full, Scope::view}) {
    const auto cookie = request.cookie(cookie_name(scope));
    if (cookie && crypto::equal_in_constant_time(*cookie, value_of(order_no, scope))) return scope;
  }
  return std::nullopt;
}

}  // namespace daozhang::api
