// The name=value fields of Alipay's requests and notifications: decoded from the wire exactly once,
// written to it, and joined to the text that is signed. Pure; any thread.
// Source: Alipay open platform, "string to sign" (requests; notify V1 and V2).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crypto/rsa.h"

namespace daozhang::connectors::payment::alipay {

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
std::string_view name(FormRefusal refusal);

// application/x-www-form-urlencoded; also the query of a URL. `+` is a space.
base::Result<FormFields, FormRefusal> decode_form(std::string_view body);
std::string encode_form(const FormFields& fields);

// Requests: all but `sign`, blank values left out, sorted by name, values as they are.
std::string request_text(const FormFields& fields);
// Trade notifications and the return address ("V1"): all but `sign` and `sign_type`, empty values
// kept.
std::string notice_text(const FormFields& fields);
// Service messages ("V2"): all but `sign`; a missing sign_type counts as RSA2. Never for trades.
std::string message_text(const FormFields& fields);

// Adds `sign` over request_text.
void sign_request(FormFields& fields, const crypto::RsaPrivateKey& key);
// Whether `sign_base64` is a signature over `text`; false if it is no base64.
bool is_signed(std::string_view text, std::string_view sign_base64,
               const crypto::RsaPublicKey& key);

}  // namespace daozhang::connectors::payment::alipay
