#include "api/admin/operator_key.h"

#include "base/hex.h"
#include "base/sha256.h"

namespace daozhang::api {

// Derived first, so that the master key never meets bytes of the protocol. Neither label can be the
// message of an order's access code or cookie.
std::string operator_key(const crypto::MasterKeys& keys) {
  const auto derived = base::hmac_sha256(keys.access_code.view(), "operator key 1");
  return base::to_hex(
      base::view(base::hmac_sha256(base::view(derived), "daozhang operator channel 1")));
}

}  // namespace daozhang::api
