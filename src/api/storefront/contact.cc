#include "api/storefront/contact.h"

#include "json/fields.h"
#include "text/email.h"
#include "text/phone.h"

namespace daozhang::api {

base::Result<Contact, std::vector<FieldProblem>> read_contact(const json::Value& value) {
  json::Fields fields(value, {"email", "phone"}, "contact");
  const auto email = fields.optional_text("email");
  const auto phone = fields.optional_text("phone");
  std::vector<FieldProblem> problems;
  if (fields.error()) {
    problems.push_back({fields.error()->field, std::string(json::name(fields.error()->refusal))});
    return base::refuse(std::move(problems));
  }
  Contact contact;
  if (email) {
    const auto parsed = text::parse_email(*email);
    if (parsed)
      contact.email = *parsed;
    else
      problems.push_back({"contact.email", std::string(base::name_of(parsed.error()))});
  }
  if (phone) {
    const auto parsed = text::parse_mobile(*phone, "CN");
    if (parsed)
      contact.phone = parsed->e164;
    else
      problems.push_back({"contact.phone", std::string(base::name_of(parsed.error()))});
  }
  if (!problems.empty()) return base::refuse(std::move(problems));
  return contact;
}

}  // namespace daozhang::api
