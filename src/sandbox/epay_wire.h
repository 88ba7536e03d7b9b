// epay's wire protocol at the gateway's side, both versions: reads and proves requests, writes
// replies and notifications. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/epay_provider.h"
#include "sandbox/epay_book.h"
#include "sandbox/foreign_key.h"

namespace daozhang::sandbox {

struct EpayKeys {
  std::string pid;
  std::string key;  // V1; empty: V1 is not played.
  std::string key_prefix;
  std::optional<crypto::RsaPublicKey> merchant_key;   // V2; unset: V2 is not played.
  std::optional<crypto::RsaPrivateKey> platform_key;  // V2
};

class EpayWire {
 public:
  explicit EpayWire(EpayKeys keys);

  [[nodiscard]] bool plays(EpayVersion version) const;

  // `query` and `body` are still encoded; their fields count alike. `proof`: by signature, or (V1,
  // api.php) by the key itself. Refuses in the gateway's words.
  enum class Proof { signature, key };
  [[nodiscard]] base::Result<Fields, std::string> read(EpayVersion version, Proof proof,
                                                       std::string_view query,
                                                       std::string_view body,
                                                       base::Instant now) const;

  [[nodiscard]] std::string render(EpayVersion version, const EpayAnswer& answer,
                                   base::Instant now) const;
  // The query or form of a notification; also the query of return_url. The version is the fields'.
  [[nodiscard]] std::string render_notice(const Fields& fields, bool spoil_signature,
                                          base::Instant now) const;

 private:
  [[nodiscard]] connectors::payment::epay::Merchant merchant(EpayVersion version,
                                                             bool spoil_signature) const;

  const EpayKeys keys_;
  const ForeignKey foreign_key_;
};

}  // namespace daozhang::sandbox
