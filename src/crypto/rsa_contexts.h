// Private to crypto/: an EVP key and the contexts prepared for it.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <mutex>
#include <vector>

namespace daozhang::crypto {

struct FreePkeyContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreePkeyContext>;

// Owns the key. Preparing a context costs several microseconds and locks in OpenSSL 3, using it
// again costs nothing; each thread borrows one.
class RsaContexts {
 public:
  enum class Use { sign, verify };

  explicit RsaContexts(EVP_PKEY* owned) : key_(owned) {}
  RsaContexts(const RsaContexts&) = delete;
  RsaContexts& operator=(const RsaContexts&) = delete;
  ~RsaContexts();

  [[nodiscard]] EVP_PKEY* key() const { return key_; }
  PkeyContext borrow(Use use);
  void give_back(Use use, PkeyContext context);

 private:
  PkeyContext prepare(Use use) const;
  std::vector<PkeyContext>& spare(Use use) { return use == Use::sign ? signing_ : verifying_; }

  EVP_PKEY* key_;
  std::mutex mutex_;
  std::vector<PkeyContext> signing_;
  std::vector<PkeyContext> verifying_;
};

}  // namespace daozhang::crypto
