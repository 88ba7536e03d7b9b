#include "crypto/wiped_bytes.h"

#include <openssl/crypto.h>

#include <utility>

#include "base/check.h"

namespace daozhang::crypto {

void wipe(void* memory, std::size_t size) { OPENSSL_cleanse(memory, size); }

void WipedBytes::shrink_to(std::size_t size) {
  CHECK(size <= bytes_.size());
  wipe(bytes_.data() + size, bytes_.size() - size);
  bytes_.resize(size);
}

void WipedBytes::clear() {
  wipe(bytes_.data(), bytes_.size());
  bytes_.clear();
}

void WipedBytes::take(WipedBytes& other) noexcept {
  // A short string lives inside the object, so a move would leave a copy of it behind.
  bytes_ = other.bytes_.size() <= 15 ? other.bytes_ : std::move(other.bytes_);
  other.clear();
}

}  // namespace daozhang::crypto
