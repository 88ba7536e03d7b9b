#include "net/router.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/check.h"

namespace daozhang::net {
namespace {

constexpr std::array all_methods{Method::get,   Method::head,    Method::post,   Method::put,
                                 Method::patch, Method::delete_, Method::options};

// "/a/b" is "a", "b"; "/" is one empty segment.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_capture(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
  std::unique_ptr<Node> any;
  std::array<std::unique_ptr<Route>, all_methods.size()> routes;

  [[nodiscard]] const Route* route_for(Method method) const {
    const auto& own = routes.at(static_cast<std::size_t>(method));
    if (own == nullptr && method == Method::head) return route_for(Method::get);
    return own.get();
  }
  [[nodiscard]] bool is_end() const {
    return std::any_of(routes.begin(), routes.end(), [](const auto& r) { return r != nullptr; });
  }

  // Every node at which the path can end, fixed segments first.
  void collect(const std::vector<std::string_view>& segments, std::size_t depth,
               std::vector<const Node*>& found) const {
    if (depth == segments.size()) {
      if (is_end()) found.push_back(this);
      return;
    }
    const auto next = fixed.find(segments[depth]);
    if (next != fixed.end()) next->second->collect(segments, depth + 1, found);
    if (any != nullptr && !segments[depth].empty()) any->collect(segments, depth + 1, found);
  }

  void list(std::vector<std::string>& out) const {
    for (const auto& route : routes) {
      if (route != nullptr) {
        out.push_back(std::string(to_string(route->method)) + " " + route->pattern);
      }
    }
    for (const auto& [name, node] : fixed) node->list(out);
    if (any != nullptr) any->list(out);
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Handler handler, RouteOptions options) {
  CHECK(!pattern.empty() && pattern.front() == '/');
  Node* node = root_.get();
  for (const std::string_view segment : segments_of(pattern)) {
    auto& next = is_capture(segment) ? node->any : node->fixed[std::string(segment)];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  auto& place = node->routes.at(static_cast<std::size_t>(method));
  CHECK(place == nullptr);
  place = std::make_unique<Route>(
      Route{method, std::string(pattern), std::move(handler), std::move(options)});
}

void Router::set_fallback(Handler handler) {
  fallback_ = std::make_unique<Route>(Route{Method::get, "", std::move(handler), {}});
}

namespace {

bool fill_captures(const Route& route, const std::vector<std::string_view>& segments,
                   std::vector<FormField>& captures) {
  const auto names = segments_of(route.pattern);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_capture(names[i])) continue;
    auto value = percent_decode(segments[i]);
    if (!value) return false;
    captures.push_back({std::string(names[i].substr(1, names[i].size() - 2)), std::move(*value)});
  }
  return true;
}

}  // namespace

RouteMatch Router::find(Method method, std::string_view path) const {
  RouteMatch match;
  if (path.empty() || path.front() != '/') return match;
  const auto segments = segments_of(path);
  std::vector<const Node*> ends;
  root_->collect(segments, 0, ends);
  for (const Node* end : ends) {
    match.route = end->route_for(method);
    if (match.route == nullptr) continue;
    match.bad_escape = !fill_captures(*match.route, segments, match.captures);
    return match;
  }
  match.allow = allowed(path);
  const bool reads = method == Method::get || method == Method::head;
  if (ends.empty() && fallback_ != nullptr && reads) match.route = fallback_.get();
  return match;
}

std::string Router::allowed(std::string_view path) const {
  std::vector<const Node*> ends;
  if (!path.empty() && path.front() == '/') root_->collect(segments_of(path), 0, ends);
  std::string allow;
  for (const Method method : all_methods) {
    const bool known = std::any_of(ends.begin(), ends.end(), [method](const Node* end) {
      return end->route_for(method) != nullptr;
    });
    if (!known) continue;
    if (!allow.empty()) allow += ", ";
    allow += to_string(method);
  }
  return allow;
}

std::vector<std::string> Router::list() const {
  std::vector<std::string> out;
  root_->list(out);
  return out;
}

}  // namespace daozhang::net
