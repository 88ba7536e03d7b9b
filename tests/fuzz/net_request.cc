// One HTTP request as it stands on the wire: how it is cut into pieces changes nothing, and what is
// taken holds nothing that another reader could take differently.
#include <array>
#include <string>

#include "net/client_address.h"
#include "net/request_parser.h"
#include "net/router.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

constexpr std::size_t body_bytes_max = 1000;

using Verdict = net::HeadScanner::Verdict;

struct Head {
  Verdict verdict = Verdict::need_more;
  std::size_t size = 0;
};

Head scan_in_pieces(std::string_view bytes, std::size_t step) {
  net::HeadScanner scanner;
  Head head;
  for (std::size_t size = 0; head.verdict == Verdict::need_more && size < bytes.size();) {
    size = std::min(size + step, bytes.size());
    head.verdict = scanner.scan(bytes.substr(0, size));
  }
  head.size = scanner.head_size();
  return head;
}

void check_headers(const net::Request& request) {
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto field = request.headers.at(i);
    CHECK(!field.name.empty());
    CHECK(field.name.find_first_of(std::string_view(" \t:\r\n\0", 6)) == std::string_view::npos);
    CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    CHECK(request.headers.find(field.name).has_value());
  }
  const std::size_t lengths = request.headers.count("Content-Length");
  const std::size_t codings = request.headers.count("Transfer-Encoding");
  CHECK(lengths + codings <= 1);
  CHECK(request.headers.count("Host") <= 1);
  const auto cookie = request.cookie("order");
  if (cookie) CHECK(cookie->find(';') == std::string_view::npos);
}

void check_head(const net::Request& request) {
  CHECK(request.target.starts_with('/') || request.target == "*");
  CHECK(request.path == request.target.substr(0, request.target.find('?')));
  for (const char c : request.target) CHECK(c > ' ' && c != 127 && c != '#');
  const auto decoded = net::percent_decode(request.path);
  CHECK(decoded && decoded->find('\0') == std::string::npos);
  check_headers(request);
  const std::vector<std::string> proxies{"127.0.0.1", "::1"};
  const std::string client = net::client_address("127.0.0.1", request.headers, proxies);
  CHECK(client.find_first_not_of("0123456789abcdef.:") == std::string::npos || client[0] == 'f' ||
        client.find('%') != std::string::npos);
  CHECK(net::client_address("192.0.2.1", request.headers, proxies) == "192.0.2.1");
}

const net::Router& router() {
  static const net::Router routes = [] {
    net::Router made;
    const net::Handler nothing = [](net::Request&&, net::Responder) {};
    made.add(net::Method::get, "/", nothing);
    made.add(net::Method::post, "/v1/orders", nothing);
    made.add(net::Method::get, "/v1/orders/{order_no}", nothing);
    made.add(net::Method::post, "/v1/orders/{order_no}/payments", nothing);
    return made;
  }();
  return routes;
}

void check_route(const net::Request& request) {
  const net::RouteMatch match = router().find(request.method, request.path);
  if (match.route == nullptr) return;
  CHECK(!match.bad_escape);
  for (const net::FormField& capture : match.captures) {
    CHECK(!capture.value.empty() && capture.value.size() <= request.path.size());
  }
}

// The body in pieces of `step` bytes, as they may arrive; the head was taken already.
void read_body(net::RequestParser& parser, std::string_view bytes, std::size_t step) {
  std::string waiting;
  for (std::size_t at = 0; at < bytes.size() && !parser.complete() && !parser.failure();) {
    const std::string_view piece = bytes.substr(at, step);
    at += piece.size();
    waiting += piece;
    const std::size_t used = parser.read_body(waiting);
    CHECK(used <= waiting.size());
    waiting.erase(0, used);
  }
}

void check_body(std::string_view head, std::string_view rest) {
  struct Result {
    bool complete;
    int status;
    std::string body;
    bool operator==(const Result&) const = default;
  };
  std::array<Result, 3> results;
  const std::array<std::size_t, 3> steps{rest.size() + 1, 1, 7};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    net::RequestParser parser;
    parser.limit_body(body_bytes_max);
    parser.read_head(head);
    read_body(parser, rest, steps[i]);
    CHECK(parser.request.body.size() <= body_bytes_max);
    const int status = parser.failure() ? parser.failure()->status : 0;
    if (parser.complete() && status == 0 && parser.body_size()) {
      CHECK(parser.request.body.size() == *parser.body_size());
    }
    // Of a body that is not whole nothing is used, and how much is there depends on the pieces.
    const bool is_whole = parser.complete() && status == 0;
    results[i] = {parser.complete(), status, is_whole ? parser.request.body : ""};
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0] == results[2]);
}

}  // namespace

void net_request(std::string_view bytes) {
  const Head whole = scan_in_pieces(bytes, bytes.size() + 1);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const Head pieces = scan_in_pieces(bytes, step);
    CHECK(pieces.verdict == whole.verdict);
    if (whole.verdict == Verdict::complete) CHECK(pieces.size == whole.size);
  }
  if (whole.verdict != Verdict::complete) return;
  const std::string_view head = bytes.substr(0, whole.size);
  net::RequestParser parser;
  parser.limit_body(body_bytes_max);
  const std::size_t used = parser.read_head(head);
  if (const auto& failure = parser.failure()) {
    CHECK(failure->status >= 400 && failure->status < 600);
    return;
  }
  CHECK(used == head.size());
  check_head(parser.request);
  check_route(parser.request);
  if (!parser.complete()) check_body(head, bytes.substr(whole.size));
}

}  // namespace daozhang::fuzz
