// A key that nobody trusts, for signatures that must not verify. Made when it is first asked for;
// any thread.
#pragma once

#include <mutex>
#include <optional>

#include "crypto/rsa.h"

namespace daozhang::sandbox {

class ForeignKey {
 public:
  [[nodiscard]] const crypto::RsaPrivateKey& get() const {
    std::call_once(made_, [this] { key_ = crypto::RsaPrivateKey::generate(2048); });
    return *key_;
  }

 private:
  mutable std::once_flag made_;
  mutable std::optional<crypto::RsaPrivateKey> key_;
};

}  // namespace daozhang::sandbox
