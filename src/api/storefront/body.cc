#include "api/storefront/body.h"

namespace daozhang::api {

Language language_of(const net::Request& request) {
  return language_of(request.header("Accept-Language"));
}

base::Result<json::Value, net::Response> read_body(const net::Request& request, Language language) {
  if (!request.has_content_type("application/json"))
    return base::refuse(problem(415, "unsupported_media_type", language));
  auto document = json::read(request.body);
  if (document) return std::move(*document);
  const auto& error = document.error();
  return base::refuse(
      problem(400, "invalid_json", language,
              {{error.member.empty() ? "byte " + std::to_string(error.position) : error.member,
                std::string(json::name(error.refusal))}}));
}

std::optional<net::Response> field_problem(const json::Fields& fields, Language language) {
  if (!fields.error()) return std::nullopt;
  const auto& [refusal, field] = *fields.error();
  return problem(400, "invalid_request", language,
                 {{field.empty() ? "body" : field, std::string(json::name(refusal))}});
}

}  // namespace daozhang::api
