#include "connectors/payment/epay/signature.h"

#include "base/check.h"
#include "crypto/base64.h"
#include "crypto/digest.h"

namespace daozhang::connectors::payment::epay {

std::string md5_signature(const FormFields& fields, std::string_view key,
                          std::string_view key_prefix) {
  return crypto::md5_hex(text_to_sign(fields).append(key_prefix).append(key));
}

std::string rsa_signature(const FormFields& fields, const crypto::RsaPrivateKey& key) {
  return crypto::to_base64(key.sign_sha256(text_to_sign(fields)));
}

bool has_md5_signature(const FormFields& fields, std::string_view key,
                       std::string_view key_prefix) {
  return crypto::equal_in_constant_time(field(fields, "sign"),
                                        md5_signature(fields, key, key_prefix));
}

bool has_rsa_signature(const FormFields& fields, const crypto::RsaPublicKey& key) {
  const auto signature = crypto::from_base64(field(fields, "sign"));
  return signature && key.verify_sha256(text_to_sign(fields), *signature);
}

std::string_view sign_type_of(Version version) { return version == Version::v1 ? "MD5" : "RSA"; }

void sign_request(const Account& account, FormFields& fields) {
  CHECK(!has_field(fields, "sign") && !has_field(fields, "sign_type"));
  CHECK(!has_field(fields, "trade_no") && !has_field(fields, "trade_status"));
  std::string sign = account.version == Version::v1
                         ? md5_signature(fields, account.merchant_key, account.dialect.key_prefix)
                         : rsa_signature(fields, account.own_key.value());
  fields.emplace_back("sign_type", sign_type_of(account.version));
  fields.emplace_back("sign", std::move(sign));
}

bool is_signed_by_gateway(const Account& account, const FormFields& fields) {
  if (account.version == Version::v1) {
    return has_md5_signature(fields, account.merchant_key, account.dialect.key_prefix);
  }
  return account.platform_key && has_rsa_signature(fields, *account.platform_key);
}

}  // namespace daozhang::connectors::payment::epay
