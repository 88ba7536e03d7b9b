// Keys as operators paste them: PEM of several kinds, or the bare base64 of Alipay's console.
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "crypto/base64.h"
#include "crypto/rsa.h"
#include "crypto/wiped_bytes.h"

namespace daozhang::crypto {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// OpenSSL would otherwise ask for a pass phrase on the terminal.
int refuse_pass_phrase(char*, int, int, void*) { return -1; }

EVP_PKEY* decode(std::string_view bytes, int selection) {
  EVP_PKEY* key = nullptr;
  OSSL_DECODER_CTX* const decoder =
      OSSL_DECODER_CTX_new_for_pkey(&key, nullptr, nullptr, nullptr, selection, nullptr, nullptr);
  CHECK(decoder != nullptr);
  OSSL_DECODER_CTX_set_pem_password_cb(decoder, refuse_pass_phrase, nullptr);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = bytes.size();
  const int decoded = OSSL_DECODER_from_data(decoder, &data, &size);
  OSSL_DECODER_CTX_free(decoder);
  if (decoded == 1) return key;
  ERR_clear_error();
  EVP_PKEY_free(key);
  return nullptr;
}

EVP_PKEY* key_of_certificate(std::string_view pem) {
  BIO* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  CHECK(memory != nullptr);
  X509* const certificate = PEM_read_bio_X509(memory, nullptr, refuse_pass_phrase, nullptr);
  BIO_free(memory);
  EVP_PKEY* const key = certificate == nullptr ? nullptr : X509_get_pubkey(certificate);
  X509_free(certificate);
  ERR_clear_error();
  return key;
}

std::optional<WipedBytes> der_of_bare_base64(std::string_view text) {
  WipedBytes joined(text.size());
  std::size_t size = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    joined.data()[size++] = static_cast<unsigned char>(c);
  }
  joined.shrink_to(size);
  auto der = from_base64(joined.view());
  if (!der || der->empty()) return std::nullopt;
  WipedBytes wiped{std::string_view(*der)};
  wipe(der->data(), der->size());
  return wiped;
}

std::optional<KeyRefusal> refusal_of(EVP_PKEY* key) {
  if (key == nullptr) return KeyRefusal::not_a_key;
  if (EVP_PKEY_is_a(key, "RSA") != 1) return KeyRefusal::not_rsa;
  if (EVP_PKEY_get_bits(key) < 1024) return KeyRefusal::key_too_short;
  return std::nullopt;
}

constexpr std::size_t text_size_max = 64 * 1024;

struct Decoded {
  EVP_PKEY* wanted = nullptr;
  bool other_half = false;
};

Decoded decode_text(std::string_view text, int wanted, int other) {
  if (has(text, "-----BEGIN")) return {.wanted = decode(text, wanted)};
  const auto der = der_of_bare_base64(text);
  if (!der) return {};
  if (EVP_PKEY* const key = decode(der->view(), wanted)) return {.wanted = key};
  EVP_PKEY* const unwanted = decode(der->view(), other);
  EVP_PKEY_free(unwanted);
  return {.other_half = unwanted != nullptr};
}

}  // namespace

base::Result<RsaPublicKey, KeyRefusal> RsaPublicKey::from_text(std::string_view text) {
  if (text.size() > text_size_max) return base::refuse(KeyRefusal::not_a_key);
  if (has(text, "PRIVATE KEY-----")) return base::refuse(KeyRefusal::wrong_half);
  const Decoded decoded =
      has(text, "-----BEGIN CERTIFICATE-----")
          ? Decoded{.wanted = key_of_certificate(text)}
          : decode_text(text, EVP_PKEY_PUBLIC_KEY, OSSL_KEYMGMT_SELECT_PRIVATE_KEY);
  if (decoded.other_half) return base::refuse(KeyRefusal::wrong_half);
  if (const auto refusal = refusal_of(decoded.wanted)) {
    EVP_PKEY_free(decoded.wanted);
    return base::refuse(*refusal);
  }
  return RsaPublicKey(decoded.wanted);
}

base::Result<RsaPrivateKey, KeyRefusal> RsaPrivateKey::from_text(std::string_view text) {
  if (text.size() > text_size_max) return base::refuse(KeyRefusal::not_a_key);
  if (has(text, "ENCRYPTED")) return base::refuse(KeyRefusal::encrypted_key);
  if (has(text, "PUBLIC KEY-----")) return base::refuse(KeyRefusal::wrong_half);
  const Decoded decoded = decode_text(text, EVP_PKEY_KEYPAIR, EVP_PKEY_PUBLIC_KEY);
  if (decoded.other_half) return base::refuse(KeyRefusal::wrong_half);
  if (const auto refusal = refusal_of(decoded.wanted)) {
    EVP_PKEY_free(decoded.wanted);
    return base::refuse(*refusal);
  }
  return RsaPrivateKey(decoded.wanted);
}

}  // namespace daozhang::crypto
