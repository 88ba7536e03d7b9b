// From method and path to a handler, decided before the body is read.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"
#include "net/responder.h"

namespace daozhang::net {

// Called on the connection's io thread; must not block. It may answer at once or keep the
// Responder. An exception that leaves it is answered 500 `internal_error`.
using Handler = std::function<void(Request&&, Responder)>;

struct RouteOptions {
  std::size_t body_bytes_max = 64 * 1024;  // Over it: 413 and close, the body unread.
  // Asked when the header is complete and before the body is read; an answer refuses the request
  // and closes the connection if a body was to come. The request's body is empty.
  std::function<std::optional<Response>(const Request&)> admit;
};

struct Route {
  Method method;
  std::string pattern;
  Handler handler;
  RouteOptions options;
};

struct RouteMatch {
  const Route* route = nullptr;  // Null: nothing fits.
  std::vector<FormField> captures;
  std::string allow;  // When null and not empty: the path exists under these methods (405).
  bool bad_escape = false;
};

// Filled before the server starts, then only read, by every io thread.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // `pattern` is `/v1/orders/{order_no}/payments`: a `{name}` stands for one whole non-empty
  // segment, decoded once. A fixed segment goes before a `{name}`. HEAD is answered by the GET
  // route unless it has its own. The same method and shape twice is a bug and stops the process.
  void add(Method method, std::string_view pattern, Handler handler, RouteOptions options = {});
  // GET and HEAD of paths that no pattern fits; without it they are 404.
  void set_fallback(Handler handler);

  [[nodiscard]] RouteMatch find(Method method, std::string_view path) const;
  // "GET, HEAD": what the path may be asked with; empty if nothing fits.
  [[nodiscard]] std::string allowed(std::string_view path) const;
  // "GET /v1/orders/{order_no}", for the tests that walk every route (A18, A25).
  [[nodiscard]] std::vector<std::string> list() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::unique_ptr<Route> fallback_;
};

}  // namespace daozhang::net
