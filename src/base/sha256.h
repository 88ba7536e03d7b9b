// SHA-256 and HMAC-SHA-256, for leaf hashes, order numbers and keyed fingerprints. Everything else
// cryptographic is in crypto/. Implemented by OpenSSL; the result is raw bytes.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace daozhang::base {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
// Of the parts, one behind the other.
Digest sha256(std::initializer_list<std::string_view> parts);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

inline std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace daozhang::base
