// The texts that Alipay and its merchants sign, made of the fields of a message. Pure; any thread.
// Source: Alipay open platform, "string to sign" (requests; notify V1 and V2).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crypto/rsa.h"
#include "form/form_fields.h"

namespace daozhang::connectors::payment::alipay {

using form::decode_form;
using form::encode_form;
using form::field;
using form::FormFields;
using form::FormRefusal;
using form::has_field;

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
