// The serial numbers by which Alipay names X.509 certificates (reference: Alipay open platform,
// certificate mode): lower-case hex MD5 of the issuer's name written backwards and the decimal
// serial number. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daozhang::crypto {

// Of the first certificate in the PEM text. Nothing if there is none.
std::optional<std::string> alipay_certificate_sn(std::string_view pem);
// Joined by `_` over every certificate of the bundle that is signed with RSA; others (SM2) are left
// out. Nothing if a certificate is broken or none is signed with RSA.
std::optional<std::string> alipay_root_certificate_sn(std::string_view pem);

}  // namespace daozhang::crypto
