#include "api/admin/operator_routes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/admin/operator_key.h"
#include "api/problem.h"
#include "api/storefront/body.h"
#include "crypto/digest.h"

namespace daozhang::api {
namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::size_t reason_bytes_max = 500;

base::Result<OperatorRequest, net::Response> read_request(const net::Request& request) {
  const Language language = language_of(request);
  const auto document = read_body(request, language);
  if (!document) return base::refuse(document.error());
  json::Fields fields(*document, {"as", "reason", "request"});
  OperatorRequest out;
  out.acting.as = fields.text("as");
  out.acting.reason = fields.text("reason");
  out.request = fields.object("request");
  out.language = language;
  if (auto refusal = field_problem(fields, language)) return base::refuse(std::move(*refusal));
  for (const auto& [name, text, most] :
       {std::tuple{"as", &out.acting.as, acting_as_bytes_max},
        std::tuple{"reason", &out.acting.reason, reason_bytes_max}})
    if (!is_sentence(*text, most))
      return base::refuse(problem(400, "invalid_request", language, {{name, "not_said"}}));
  return out;
}

}  // namespace

bool is_sentence(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max &&
         text.find_first_not_of(' ') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

struct OperatorRoutes::Gate {
  std::string key;
  Log log;

  [[nodiscard]] bool opens(const net::Request& request) const {
    const std::string_view authorization = request.header("Authorization");
    return authorization.starts_with(bearer) &&
           crypto::equal_in_constant_time(authorization.substr(bearer.size()), key);
  }

  void tell(const net::Request& request, const std::string& verb, const Acting* acting) const {
    OperatorRecord record;
    record.is_admitted = acting != nullptr;
    record.verb = verb;
    if (acting != nullptr) record.acting = *acting;
    record.peer_address = request.peer_address;
    record.request_id = request.request_id;
    log(record);
  }
};

OperatorRoutes::OperatorRoutes(net::Router& router, const crypto::MasterKeys& keys, Log log)
    : router_(router),
      gate_(std::make_shared<const Gate>(Gate{operator_key(keys), std::move(log)})) {}

void OperatorRoutes::add(std::string_view verb, Handler handler, std::size_t body_bytes_max) {
  const std::string route = "/admin/v1/" + std::string(verb);
  net::RouteOptions options;
  options.body_bytes_max = body_bytes_max;
  options.admit = [gate = gate_, route](const net::Request& request) {
    std::optional<net::Response> refusal;
    if (gate->opens(request)) return refusal;
    gate->tell(request, route, nullptr);
    refusal = problem(401, "not_the_operator", language_of(request));
    refusal->with("WWW-Authenticate", "Bearer");
    return refusal;
  };
  router_.add(
      net::Method::post, route,
      [gate = gate_, route, handler = std::move(handler)](net::Request&& request,
                                                          net::Responder responder) {
        auto read = read_request(request);
        if (!read) return responder.send(std::move(read.error()));
        gate->tell(request, route, &read->acting);
        handler(*read, std::move(responder));
      },
      std::move(options));
}

}  // namespace daozhang::api
