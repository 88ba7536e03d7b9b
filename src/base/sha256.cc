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

Digest digest_of(std::string_view first, std::string_view second) {
  Digest digest;
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  CHECK(SHA256_Update(&context, first.data(), first.size()) == 1);
  CHECK(SHA256_Update(&context, second.data(), second.size()) == 1);
  CHECK(SHA256_Final(digest.data(), &context) == 1);
  return digest;
}

std::string_view view_of(const Block& block) {
  return {reinterpret_cast<const char*>(block.data()), block.size()};
}

}  // namespace

Digest sha256(std::string_view bytes) { return digest_of(bytes, {}); }

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
  return digest_of(view_of(outer), view(digest_of(view_of(inner), bytes)));
}

}  // namespace daozhang::base
