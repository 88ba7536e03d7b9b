// The keys by which WeChat Pay proves what it says: one public key with an id, platform
// certificates by serial, or both. A plain value: copied, changed and replaced as a whole; any
// thread may read one that nobody changes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "crypto/rsa.h"

namespace daozhang::connectors::payment::wechatpay {

inline constexpr std::string_view public_key_id_prefix = "PUB_KEY_ID_";

struct PlatformKey {
  std::string serial;  // PUB_KEY_ID_…, or a certificate's serial in upper-case hexadecimal.
  crypto::RsaPublicKey key;
  base::Instant valid_until;  // Unset: for ever (a public key).
};

class PlatformKeys {
 public:
  // Replaces a key of the same serial.
  void add(PlatformKey key);
  // By the serial of a message; hexadecimal compares without case. Null pointer for a serial that
  // is not here or whose certificate has ended.
  [[nodiscard]] const crypto::RsaPublicKey* find(std::string_view serial, base::Instant now) const;
  // Takes out certificates that have ended.
  void forget_ended(base::Instant now);
  [[nodiscard]] bool has_certificates() const;
  [[nodiscard]] const std::vector<PlatformKey>& all() const { return keys_; }

 private:
  std::vector<PlatformKey> keys_;
};

// The certificates of a PEM text, in any number; nothing if one is broken or there is none.
std::optional<std::vector<PlatformKey>> platform_keys_of(std::string_view certificates_pem);

}  // namespace daozhang::connectors::payment::wechatpay
