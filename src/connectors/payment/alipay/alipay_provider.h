// The other side of the protocol, for sandbox, simulator and load program: reads a merchant's
// request as Alipay does, signs replies and notifications as Alipay does. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/result.h"
#include "connectors/payment/alipay/form_fields.h"
#include "crypto/rsa.h"
#include "json/value.h"

namespace daozhang::connectors::payment::alipay {

// `sub_code_of` gives the word that Alipay answers with 40001 or 40002.
enum class RequestRefusal {
  sign_missing,
  sign_type_unsupported,
  signature_invalid,
  content_unreadable,  // biz_content is no object of JSON, or does not decrypt.
};
constexpr auto names_of(std::type_identity<RequestRefusal>) {
  return base::words("sign_missing", "sign_type_unsupported", "signature_invalid",
                     "content_unreadable");
}
// isv.missing-signature, isv.invalid-signature-type, isv.invalid-signature, isv.invalid-parameter.
std::string_view sub_code_of(RequestRefusal refusal);

// `fields`: query and body together, decoded once. `content_key`: 16 bytes, for requests with
// encrypt_type AES; otherwise empty. Returns biz_content.
base::Result<json::Value, RequestRefusal> verify_request(const FormFields& fields,
                                                         const crypto::RsaPublicKey& app_key,
                                                         std::string_view content_key = {});

struct ReplySigning {
  const crypto::RsaPrivateKey& alipay_key;
  std::string_view alipay_cert_sn = {};  // Certificate mode.
  std::string_view content_key = {};     // The content is encrypted before it is signed.
};
// {"alipay_trade_query_response":{…},"sign":"…"}; all values of `content` are JSON strings, code
// and msg among them.
std::string render_reply(std::string_view method, const FormFields& content,
                         const ReplySigning& signing);
// {"error_response":{…}}, without signature.
std::string render_error(const FormFields& content);

// The form body of a notification: `fields` with sign_type RSA2 and the V1 signature added.
std::string render_notice(FormFields fields, const crypto::RsaPrivateKey& alipay_key);
// The query for return_url, signed in the same way.
std::string render_return(FormFields fields, const crypto::RsaPrivateKey& alipay_key);

}  // namespace daozhang::connectors::payment::alipay
