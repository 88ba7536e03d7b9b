#include "api/storefront/body.h"
#include "api/storefront/contact.h"
#include "api/storefront/storefront.h"
#include "base/ascii.h"
#include "text/utf8.h"

namespace daozhang::api {
namespace {

// Phones begin an address with a capital by themselves, and no provider tells two people apart by
// it.
bool is_contact_of(const Contact& contact, const domain::OrderHeader& header) {
  return (!contact.email.empty() &&
          base::equal_without_case(contact.email, header.contact_email)) ||
         (!contact.phone.empty() && contact.phone == header.contact_phone);
}

struct FindBody {
  std::string_view number;
  std::optional<std::string_view> code;  // Exactly one of these two.
  const json::Value* contact = nullptr;
};

base::Result<FindBody, net::Response> read_find_body(const json::Value& document,
                                                     Language language) {
  json::Fields fields(document, {"order_no", "contact", "access_code"});
  FindBody body;
  body.number = text::trimmed(fields.text("order_no"));
  body.code = fields.optional_text("access_code");
  body.contact = fields.optional_object("contact");
  if (auto refusal = field_problem(fields, language)) return base::refuse(std::move(*refusal));
  if (body.code.has_value() == (body.contact != nullptr))
    return base::refuse(problem(400, "invalid_request", language,
                                {{"contact", body.code ? "code_or_contact" : "missing_field"}}));
  return body;
}

}  // namespace

void Storefront::find_order(Request&& request, Responder responder) {
  const Language language = language_of(request);
  const auto document = read_body(request, language);
  if (!document) return responder.send(document.error());
  const auto body = read_find_body(*document, language);
  if (!body) return responder.send(body.error());
  const auto now = parts_.clock.now();
  const bool is_over = wrong_codes_.is_over(request.client_address, now);
  const auto key = parts_.numbers.order_of(body->number);
  const auto order = key ? parts_.reader.find_order(*key) : std::nullopt;
  const domain::Order& compared = order ? *order : domain::Order{};
  // Who has the code is never locked out by others behind the same address; a contact can be
  // guessed, so there a right one opens nothing once there were too many wrong ones.
  bool matches = false;
  if (body->code) {
    matches = opens_by_code(text::trimmed(*body->code), compared);
  } else if (!is_over) {
    const auto contact = read_contact(*body->contact);
    matches = contact && is_contact_of(*contact, compared.header);
  }
  if (!order || !matches) {
    if (is_over)
      return responder.send(
          std::move(problem(429, "too_many_requests", language).with("Retry-After", "60")));
    wrong_codes_.admit(request.client_address, now);
    return responder.send(order_not_found(language));
  }
  const auto& order_no = order->header.order_no;
  const Scope scope = body->code ? Scope::full : Scope::view;
  std::string found;
  json::Writer(found)
      .begin_object()
      .member("order_no", order_no)
      .member("scope", base::name_of(scope))
      .end_object();
  responder.send(std::move(net::json_response(200, std::move(found))
                               .with("Cache-Control", "no-store")
                               .with("Set-Cookie", cookies_.set_cookie(order_no, scope))));
}

}  // namespace daozhang::api
