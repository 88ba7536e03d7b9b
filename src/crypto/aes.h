// AES in the modes that the protocols name. Keys and nonces are raw bytes of the exact length; a
// wrong length is a bug of the caller (CHECK), wrong ciphertext is nothing. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/wiped_bytes.h"

namespace daozhang::crypto {

inline constexpr std::size_t gcm_nonce_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

// PKCS7 padding. `key` and `iv` have 16 bytes. Not authenticated: verify a signature first.
std::string aes_128_cbc_encrypt(std::string_view key, std::string_view iv, std::string_view plain);
std::optional<std::string> aes_128_cbc_decrypt(std::string_view key, std::string_view iv,
                                               std::string_view sealed);

// `key` has 32 bytes, `nonce` 12; the result is ciphertext followed by the 16-byte tag. A nonce is
// used once per key.
std::string aes_256_gcm_seal(std::string_view key, std::string_view nonce, std::string_view plain,
                             std::string_view associated_data);
// Nothing if the tag does not fit key, nonce, ciphertext and associated data.
std::optional<WipedBytes> aes_256_gcm_open(std::string_view key, std::string_view nonce,
                                           std::string_view sealed,
                                           std::string_view associated_data);

// The same for a key and a nonce that come from outside: 16 or 32 and 1 to 128 bytes; nothing for
// other lengths. (WeChat Pay says AEAD_AES_256_GCM; its own examples have keys of 16 bytes as
// well.)
std::optional<std::string> aes_gcm_seal(std::string_view key, std::string_view nonce,
                                        std::string_view plain, std::string_view associated_data);
std::optional<WipedBytes> aes_gcm_open(std::string_view key, std::string_view nonce,
                                       std::string_view sealed, std::string_view associated_data);

// PKCS7 padding; `key` has 32 bytes (WeChat Pay refund notices).
std::optional<std::string> aes_256_ecb_decrypt(std::string_view key, std::string_view sealed);

}  // namespace daozhang::crypto
