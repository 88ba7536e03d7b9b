// RSA keys: signatures with SHA-256 (RSASSA-PKCS1-v1_5, "RSA2" at Alipay) and OAEP decryption.
// A key object is immutable and cheap to copy; any thread may use it, also at the same time. It
// keeps prepared contexts for reuse, so that verifying costs no more than the arithmetic.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace daozhang::crypto {

enum class KeyRefusal {
  not_a_key,      // Not PEM, base64 DER or a certificate; or cut short.
  encrypted_key,  // Protected by a pass phrase.
  not_rsa,
  key_too_short,  // Below 1024 bits. Settings ask for 2048 by bits().
  wrong_half,     // A private key where a public one belongs, or the other way round.
};
std::string_view name(KeyRefusal refusal);

class RsaContexts;

class RsaPublicKey {
 public:
  // PEM (SubjectPublicKeyInfo, PKCS#1 or a certificate, of a chain the first), or base64 of the DER
  // as Alipay's console prints it; line breaks in the base64 are ignored.
  static base::Result<RsaPublicKey, KeyRefusal> from_text(std::string_view text);

  // `signature` is raw bytes; a wrong length is simply false.
  [[nodiscard]] bool verify_sha256(std::string_view message, std::string_view signature) const;
  // OAEP with SHA-1 and MGF1-SHA-1 (WeChat Pay's sensitive fields). Nothing for a text that is too
  // long for the key: more than its bytes less 42.
  [[nodiscard]] std::optional<std::string> encrypt_oaep(std::string_view plain) const;
  [[nodiscard]] int bits() const;

 private:
  friend class RsaPrivateKey;
  explicit RsaPublicKey(evp_pkey_st* owned);
  std::shared_ptr<RsaContexts> contexts_;
};

class RsaPrivateKey {
 public:
  // PEM (PKCS#8 or PKCS#1) or base64 of the DER of either.
  static base::Result<RsaPrivateKey, KeyRefusal> from_text(std::string_view text);
  // A new key for sandboxes and tests.
  static RsaPrivateKey generate(int bits);

  // Raw signature bytes.
  [[nodiscard]] std::string sign_sha256(std::string_view message) const;
  // OAEP with SHA-1 and MGF1-SHA-1 (WeChat Pay). Nothing if it does not decrypt.
  [[nodiscard]] std::optional<std::string> decrypt_oaep(std::string_view sealed) const;
  [[nodiscard]] RsaPublicKey public_key() const;
  [[nodiscard]] int bits() const;
  // PKCS#8, and SubjectPublicKeyInfo of the other half.
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] std::string public_key_pem() const;

 private:
  explicit RsaPrivateKey(evp_pkey_st* owned);
  std::shared_ptr<RsaContexts> contexts_;
};

}  // namespace daozhang::crypto
