// What payment channels name X.509 certificates by. Pure; any thread.
//
// Alipay (open platform, certificate mode): lower-case hex MD5 of the issuer's name written
// backwards and the decimal serial number. WeChat Pay: the serial number itself in upper-case hex.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "crypto/rsa.h"

namespace daozhang::crypto {

// Of the first certificate in the PEM text. Nothing if there is none.
std::optional<std::string> alipay_certificate_sn(std::string_view pem);
// Joined by `_` over every certificate of the bundle that is signed with RSA; others (SM2) are left
// out. Nothing if a certificate is broken or none is signed with RSA.
std::optional<std::string> alipay_root_certificate_sn(std::string_view pem);

struct CertificateFacts {
  std::string serial;  // Upper-case hexadecimal, two digits a byte, as WeChat Pay writes it.
  base::Instant valid_from;
  base::Instant valid_until;
  RsaPublicKey key;
};
// Of each certificate in the PEM text, in its order. Nothing if there is none, or one is broken or
// has no RSA key. Who signed them is not looked at.
std::optional<std::vector<CertificateFacts>> certificate_facts(std::string_view pem);

// A self-signed certificate as PEM, for sandboxes and tests. `serial` is hexadecimal, over zero.
std::string make_certificate(const RsaPrivateKey& key, std::string_view serial,
                             base::Instant valid_from, base::Instant valid_until);

}  // namespace daozhang::crypto
