// The answer to GET /v3/certificates: platform certificates, encrypted for the merchant and signed
// by one of themselves. Pure; any thread. Reference: protocols/wechatpay.md 9.
#pragma once

#include <string>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/answer.h"

namespace daozhang::connectors::payment::wechatpay {

enum class CertificatesRefusal {
  refused,               // Another status than 200.
  unreadable,            // Not the JSON that it should be, or without a certificate.
  decryption_failed,     // Not for this account's API v3 key.
  certificate_unusable,  // No certificate, another serial than it was announced with, below 2048
                         // bits, or the merchant's own key.
  not_proven,  // Signed by none of the new certificates and none of the known keys, or too old.
};
constexpr auto names_of(std::type_identity<CertificatesRefusal>) {
  return base::words("refused", "unreadable", "decryption_failed", "certificate_unusable",
                     "not_proven");
}

// The known keys and the new certificates together; those that have ended are gone.
base::Result<PlatformKeys, CertificatesRefusal> read_certificates(const Account& account,
                                                                  const PlatformKeys& known,
                                                                  const Reply& reply,
                                                                  base::Instant now);

}  // namespace daozhang::connectors::payment::wechatpay
