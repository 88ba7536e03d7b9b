// WeChat Pay's wire protocol at the gateway's side: proves the shop's requests, signs replies and
// notifications, seals what is sealed, and keeps the platform's keys, which rotate. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/wechatpay_provider.h"
#include "json/value.h"
#include "sandbox/foreign_key.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// How the platform names the key by which it signs.
enum class WechatStyle { public_key, certificate };
constexpr auto names_of(std::type_identity<WechatStyle>) {
  return base::words("public_key", "certificate");
}

struct WechatKeys {
  connectors::payment::wechatpay::Merchant merchant;
  std::string api_v3_key;              // 32 bytes
  crypto::RsaPrivateKey platform_key;  // Both of the public key and of the first certificate.
  std::string certificate;             // PEM
  std::string public_key_id;           // PUB_KEY_ID_…
  WechatStyle style = WechatStyle::public_key;
};

// One key of the platform, as others see it.
struct WechatPlatformKey {
  WechatStyle style = WechatStyle::public_key;
  std::string serial;
  std::string pem;  // The certificate, or the public key.
};

class WechatWire {
 public:
  static constexpr std::size_t keys_max = 12;

  // `keys.certificate` must hold one certificate.
  explicit WechatWire(WechatKeys keys);

  // Gives the request's nonce.
  [[nodiscard]] base::Result<std::string, connectors::payment::wechatpay::MerchantRefusal> verify(
      const connectors::payment::wechatpay::MerchantRequest& request, base::Instant now) const;

  // The number of a page's pay sheet, if it is the merchant's own and fresh.
  [[nodiscard]] std::optional<std::string> prepay_id_of(const json::Value& sheet,
                                                        std::string_view appid,
                                                        base::Instant now) const;

  // The headers that prove a reply. A request that names one of our keys by Wechatpay-Serial is
  // answered with that one, every other with the present one.
  [[nodiscard]] connectors::payment::wechatpay::HeaderList sign(std::string_view body,
                                                                std::string_view asked_serial,
                                                                const Manner& manner,
                                                                base::Instant now) const;
  // The same by the newest certificate, as the answer to GET /v3/certificates is signed.
  [[nodiscard]] std::string newest_certificate_serial() const;
  // That answer's body: every certificate that is valid.
  [[nodiscard]] std::string certificates(base::Instant now) const;

  // Encrypted and signed anew; `trick` is a NoticeFault's name or empty.
  [[nodiscard]] ports::NoticeMessage render_notice(
      const connectors::payment::wechatpay::NoticeFacts& facts, std::string_view trick,
      bool spoil_signature, base::Instant now) const;

  // A new key becomes the present one; those before stay valid. Of more than `keys_max` the oldest
  // is forgotten.
  WechatPlatformKey rotate(WechatStyle style, base::Instant now);
  [[nodiscard]] std::vector<WechatPlatformKey> keys() const;  // Oldest first.
  [[nodiscard]] std::string present_serial() const;

 private:
  struct Key {
    WechatStyle style = WechatStyle::public_key;
    connectors::payment::wechatpay::PlatformSigning signing;
    std::string pem;
    base::Instant valid_from;
    base::Instant valid_until;
  };
  static Key certificate_of(const crypto::RsaPrivateKey& key, const std::string& pem);
  [[nodiscard]] connectors::payment::wechatpay::PlatformSigning signing(
      std::string_view asked_serial) const;

  const connectors::payment::wechatpay::Merchant merchant_;
  const std::string api_v3_key_;
  const ForeignKey foreign_key_;
  mutable std::mutex mutex_;
  std::vector<Key> keys_;
  std::string present_;  // Its serial.
};

}  // namespace daozhang::sandbox
