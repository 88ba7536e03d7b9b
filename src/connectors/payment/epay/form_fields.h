// The text that epay signs, made of the fields of a message. Pure; any thread.
// Source: the epay fact sheet, "Signature"; V1 and V2 share the text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "form/form_fields.h"

namespace daozhang::connectors::payment::epay {

using form::decode_form;
using form::encode_form;
using form::field;
using form::FormFields;
using form::FormRefusal;
using form::has_field;

// All but `sign`, `sign_type` and empty values, sorted by name in byte order, joined as `k=v` with
// `&`, values as they are. `0` is kept, and so are blanks.
std::string text_to_sign(const FormFields& fields);

// Two different sets of fields can give one text, since values are not escaped: `a=1&b=2` may be
// one field or two. True for a value that could pass for the end of one field and the beginning of
// another: `&`, a name of [A-Za-z_][A-Za-z0-9_]*, `=`.
bool is_ambiguous(std::string_view value);

}  // namespace daozhang::connectors::payment::epay
