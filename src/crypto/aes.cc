#include "crypto/aes.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>

#include "base/check.h"

namespace daozhang::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once: an implicit fetch takes a lock on every use.
EVP_CIPHER* fetched(const char* name) {
  EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  CHECK(cipher != nullptr);
  return cipher;
}
EVP_CIPHER* cbc_128() {
  static EVP_CIPHER* const cipher = fetched("AES-128-CBC");
  return cipher;
}
EVP_CIPHER* ecb_256() {
  static EVP_CIPHER* const cipher = fetched("AES-256-ECB");
  return cipher;
}
EVP_CIPHER* gcm_128() {
  static EVP_CIPHER* const cipher = fetched("AES-128-GCM");
  return cipher;
}
EVP_CIPHER* gcm_256() {
  static EVP_CIPHER* const cipher = fetched("AES-256-GCM");
  return cipher;
}

// An empty view may have no address, which would mean something else to OpenSSL.
const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int length_of(std::string_view bytes) {
  CHECK(bytes.size() <= INT_MAX - 64);
  return static_cast<int>(bytes.size());
}

Context start(EVP_CIPHER* cipher, std::string_view key, std::string_view iv, bool encrypt) {
  CHECK(key.size() == static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
  CHECK(iv.size() == static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher)));
  Context context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  const unsigned char* iv_bytes = iv.empty() ? nullptr : raw(iv);
  CHECK(EVP_CipherInit_ex2(context.get(), cipher, raw(key), iv_bytes, encrypt ? 1 : 0, nullptr) ==
        1);
  return context;
}

std::optional<std::string> decrypt_padded(EVP_CIPHER* cipher, std::string_view key,
                                          std::string_view iv, std::string_view sealed) {
  if (sealed.empty() || sealed.size() % 16 != 0) return std::nullopt;
  const Context context = start(cipher, key, iv, false);
  std::string plain(sealed.size() + 16, '\0');
  int head = 0;
  int tail = 0;
  CHECK(EVP_CipherUpdate(context.get(), raw(plain), &head, raw(sealed), length_of(sealed)) == 1);
  if (EVP_CipherFinal_ex(context.get(), raw(plain) + head, &tail) != 1) return std::nullopt;
  plain.resize(static_cast<std::size_t>(head + tail));
  return plain;
}

// Null pointer for a length that is none of AES-GCM's here.
EVP_CIPHER* gcm_for(std::string_view key, std::string_view nonce) {
  if (nonce.empty() || nonce.size() > 128) return nullptr;
  if (key.size() == 16) return gcm_128();
  return key.size() == 32 ? gcm_256() : nullptr;
}

Context start_gcm(EVP_CIPHER* cipher, std::string_view key, std::string_view nonce, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  const int direction = encrypt ? 1 : 0;
  CHECK(EVP_CipherInit_ex2(context.get(), cipher, nullptr, nullptr, direction, nullptr) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, length_of(nonce), nullptr) ==
        1);
  CHECK(EVP_CipherInit_ex2(context.get(), nullptr, raw(key), raw(nonce), direction, nullptr) == 1);
  return context;
}

std::string seal_with(const Context& context, std::string_view plain,
                      std::string_view associated_data) {
  std::string sealed(plain.size() + gcm_tag_size, '\0');
  int length = 0;
  int tail = 0;
  CHECK(EVP_CipherUpdate(context.get(), nullptr, &length, raw(associated_data),
                         length_of(associated_data)) == 1);
  CHECK(EVP_CipherUpdate(context.get(), raw(sealed), &length, raw(plain), length_of(plain)) == 1);
  CHECK(EVP_CipherFinal_ex(context.get(), raw(sealed) + length, &tail) == 1);
  CHECK(static_cast<std::size_t>(length + tail) == plain.size());
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, gcm_tag_size,
                            raw(sealed) + plain.size()) == 1);
  return sealed;
}

std::optional<WipedBytes> open_with(const Context& context, std::string_view sealed,
                                    std::string_view associated_data) {
  if (sealed.size() < gcm_tag_size) return std::nullopt;
  const std::string_view body = sealed.substr(0, sealed.size() - gcm_tag_size);
  std::string tag(sealed.substr(body.size()));
  WipedBytes plain(body.size());
  int length = 0;
  int tail = 0;
  CHECK(EVP_CipherUpdate(context.get(), nullptr, &length, raw(associated_data),
                         length_of(associated_data)) == 1);
  CHECK(EVP_CipherUpdate(context.get(), plain.data(), &length, raw(body), length_of(body)) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, gcm_tag_size, tag.data()) == 1);
  if (EVP_CipherFinal_ex(context.get(), plain.data() + length, &tail) != 1) return std::nullopt;
  return plain;
}

}  // namespace

std::string aes_128_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plain) {
  const Context context = start(cbc_128(), key, iv, true);
  std::string sealed(plain.size() + 16, '\0');
  int head = 0;
  int tail = 0;
  CHECK(EVP_CipherUpdate(context.get(), raw(sealed), &head, raw(plain), length_of(plain)) == 1);
  CHECK(EVP_CipherFinal_ex(context.get(), raw(sealed) + head, &tail) == 1);
  sealed.resize(static_cast<std::size_t>(head + tail));
  return sealed;
}

std::optional<std::string> aes_128_cbc_decrypt(std::string_view key, std::string_view iv,
                                               std::string_view sealed) {
  return decrypt_padded(cbc_128(), key, iv, sealed);
}

std::optional<std::string> aes_256_ecb_decrypt(std::string_view key, std::string_view sealed) {
  return decrypt_padded(ecb_256(), key, {}, sealed);
}

std::string aes_256_gcm_seal(std::string_view key, std::string_view nonce, std::string_view plain,
                             std::string_view associated_data) {
  return seal_with(start(gcm_256(), key, nonce, true), plain, associated_data);
}

std::optional<WipedBytes> aes_256_gcm_open(std::string_view key, std::string_view nonce,
                                           std::string_view sealed,
                                           std::string_view associated_data) {
  return open_with(start(gcm_256(), key, nonce, false), sealed, associated_data);
}

std::optional<std::string> aes_gcm_seal(std::string_view key, std::string_view nonce,
                                        std::string_view plain, std::string_view associated_data) {
  EVP_CIPHER* const cipher = gcm_for(key, nonce);
  if (cipher == nullptr) return std::nullopt;
  return seal_with(start_gcm(cipher, key, nonce, true), plain, associated_data);
}

std::optional<WipedBytes> aes_gcm_open(std::string_view key, std::string_view nonce,
                                       std::string_view sealed, std::string_view associated_data) {
  EVP_CIPHER* const cipher = gcm_for(key, nonce);
  if (cipher == nullptr) return std::nullopt;
  return open_with(start_gcm(cipher, key, nonce, false), sealed, associated_data);
}

}  // namespace daozhang::crypto
