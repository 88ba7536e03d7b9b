// The one-shot functions and EVP of OpenSSL 3 look the algorithm up by name on every call, which
// costs ten times the digest of a short text; the functions below do not.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>

#include <algorithm>

#include "base/check.h"

namespace daozhang::base {
namespace {

using Block = std::array<std::uint8_t, SHA256_CBLOCK>;

std::string_view view_of(const Block& block) {
  return {reinterpret_cast<const char*>(block.data()), block.size()};
}

}  // namespace

Digest sha256(std::string_view bytes) { return sha256({bytes}); }

Digest sha256(std::initializer_list<std::string_view> parts) {
  Digest digest;
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  for (const auto part : parts) CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  CHECK(SHA256_Final(digest.data(), &context) == 1);
  return digest;
}

// RFC 2104.
Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest short_key;
  if (key.size() > SHA256_CBLOCK) {
    short_key = sha256(key);
    key = view(short_key);
  }
  Block inner{};
  std::copy(key.begin(), key.end(), inner.begin());
  Block outer = inner;
  for (auto& byte : inner) byte ^= 0x36;
  for (auto& byte : outer) byte ^= 0x5c;
  return sha256({view_of(outer), view(sha256({view_of(inner), bytes}))});
}

}  // namespace daozhang::base
