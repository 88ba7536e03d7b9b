// The name=value fields of messages whose fields are signed: decoded from the wire exactly once,
// and nothing accepted that two readers could understand differently. (The server's own queries are
// net/form.h, which keeps repeated names and knows no character set.) Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::form {

// In the order of arrival; names are unique.
using FormFields = std::vector<std::pair<std::string, std::string>>;

// Empty if absent.
std::string_view field(const FormFields& fields, std::string_view name);
bool has_field(const FormFields& fields, std::string_view name);

enum class FormRefusal {
  too_large,  // Over 64 KiB or 200 fields.
  bad_escape,
  bad_name,  // Empty, or with brackets (`amount[]`), which some readers make a list of.
  duplicate_field,
  not_utf8,
};
constexpr auto names_of(std::type_identity<FormRefusal>) {
  return base::words("too_large", "bad_escape", "bad_name", "duplicate_field", "not_utf8");
}

// application/x-www-form-urlencoded; also the query of a URL. `+` is a space.
base::Result<FormFields, FormRefusal> decode_form(std::string_view encoded);
std::string encode_form(const FormFields& fields);

using FieldView = std::pair<std::string_view, std::string_view>;
// `k=v` joined with `&`, sorted by name in byte order, values as they are: the text that is signed,
// of the fields that a protocol keeps.
std::string joined_text(std::vector<FieldView> kept);

}  // namespace daozhang::form
