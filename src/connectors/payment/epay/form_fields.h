// The name=value fields of epay's requests and notifications: decoded from the wire exactly once,
// written to it, and joined to the text that is signed. Pure; any thread.
// Source: the epay fact sheet, "Signature"; V1 and V2 share the text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::connectors::payment::epay {

// In the order of arrival; names are unique.
using FormFields = std::vector<std::pair<std::string, std::string>>;

// Empty if absent.
std::string_view field(const FormFields& fields, std::string_view name);
bool has_field(const FormFields& fields, std::string_view name);

enum class FormRefusal {
  too_large,  // Over 64 KiB or 100 fields.
  bad_escape,
  bad_name,  // Empty, or with brackets (`money[]`), which PHP makes an array of.
  duplicate_field,
  not_utf8,
};
constexpr auto names_of(std::type_identity<FormRefusal>) {
  return base::words("too_large", "bad_escape", "bad_name", "duplicate_field", "not_utf8");
}

// application/x-www-form-urlencoded; also the query of a URL. `+` is a space.
base::Result<FormFields, FormRefusal> decode_form(std::string_view encoded);
std::string encode_form(const FormFields& fields);

// All but `sign`, `sign_type` and empty values, sorted by name in byte order, joined as `k=v` with
// `&`, values as they are. `0` is kept, and so are blanks.
std::string text_to_sign(const FormFields& fields);

// Two different sets of fields can give one text, since values are not escaped: `a=1&b=2` may be
// one field or two. True for a value that could pass for the end of one field and the beginning of
// another: `&`, a name of [A-Za-z_][A-Za-z0-9_]*, `=`.
bool is_ambiguous(std::string_view value);

}  // namespace daozhang::connectors::payment::epay
