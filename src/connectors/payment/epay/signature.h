// Signatures of epay, both versions. Pure; any thread.
// V1: lower-case hex MD5 over the text with the merchant key behind it; the same key signs requests
// and notifications. V2: base64 SHA256withRSA over the text; the merchant's key signs requests, the
// gateway's answers and notifications.
#pragma once

#include <string>
#include <string_view>

#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/form_fields.h"
#include "crypto/rsa.h"

namespace daozhang::connectors::payment::epay {

std::string md5_signature(const FormFields& fields, std::string_view key,
                          std::string_view key_prefix);
std::string rsa_signature(const FormFields& fields, const crypto::RsaPrivateKey& key);

// Whether `sign` is the signature over the other fields. MD5 is compared in constant time.
bool has_md5_signature(const FormFields& fields, std::string_view key, std::string_view key_prefix);
bool has_rsa_signature(const FormFields& fields, const crypto::RsaPublicKey& key);

// `MD5` or `RSA`.
std::string_view sign_type_of(Version version);

// Adds sign_type and sign as the merchant. Stops the process for fields that would make the request
// pass for a notification: a request never has trade_no and trade_status, which closes the weakness
// of V1 that a signed link can be sent to notify_url.
void sign_request(const Account& account, FormFields& fields);
// Whether a message of the gateway (answer or notification) is signed by it.
bool is_signed_by_gateway(const Account& account, const FormFields& fields);

}  // namespace daozhang::connectors::payment::epay
