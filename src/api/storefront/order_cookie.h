// The cookies that open one order, and how much of it. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "crypto/key_file.h"
#include "net/http_message.h"

namespace daozhang::api {

// How much of an order is open. Only the access code and placing the order open it in `full`. The
// contact is known to others too, so whoever finds an order by it may `view` it and no more.
enum class Scope { view, full };
constexpr auto names_of(std::type_identity<Scope>) { return base::words("view", "full"); }

class OrderCookies {
 public:
  // `keys` must outlive this. `secure`: the browser sends them over TLS only.
  OrderCookies(const crypto::MasterKeys& keys, bool secure) : keys_(keys), secure_(secure) {}

  // The value of a Set-Cookie header. Each scope has a cookie name of its own, so that finding an
  // order by its contact takes nothing from the browser that placed it.
  [[nodiscard]] std::string set_cookie(std::string_view order_no, Scope scope) const;

  // The larger scope of which the request has the cookie; nothing if it has neither.
  [[nodiscard]] std::optional<Scope> opened_by(const net::Request& request,
                                               std::string_view order_no) const;

 private:
  // A MAC over scope and order number: neither can be exchanged.
  [[nodiscard]] std::string value_of(std::string_view order_no, Scope scope) const;

  const crypto::MasterKeys& keys_;
  bool secure_;
};

}  // namespace daozhang::api
