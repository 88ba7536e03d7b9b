#include "connectors/payment/wechatpay/platform_keys.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "crypto/certificate.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

bool is_certificate(const PlatformKey& key) {
  return !key.serial.starts_with(public_key_id_prefix);
}

bool has_serial(const PlatformKey& key, std::string_view serial) {
  return is_certificate(key) ? base::equal_without_case(key.serial, serial) : key.serial == serial;
}

bool has_ended(const PlatformKey& key, base::Instant now) {
  return key.valid_until.is_set() && now >= key.valid_until;
}

}  // namespace

void PlatformKeys::add(PlatformKey key) {
  std::erase_if(keys_, [&](const PlatformKey& known) { return has_serial(known, key.serial); });
  keys_.push_back(std::move(key));
}

const crypto::RsaPublicKey* PlatformKeys::find(std::string_view serial, base::Instant now) const {
  for (const PlatformKey& known : keys_) {
    if (has_serial(known, serial) && !has_ended(known, now)) return &known.key;
  }
  return nullptr;
}

void PlatformKeys::forget_ended(base::Instant now) {
  std::erase_if(keys_, [&](const PlatformKey& known) { return has_ended(known, now); });
}

bool PlatformKeys::has_certificates() const {
  return std::any_of(keys_.begin(), keys_.end(), is_certificate);
}

std::optional<std::vector<PlatformKey>> platform_keys_of(std::string_view certificates_pem) {
  auto facts = crypto::certificate_facts(certificates_pem);
  if (!facts) return std::nullopt;
  std::vector<PlatformKey> keys;
  for (crypto::CertificateFacts& certificate : *facts) {
    keys.push_back({.serial = std::move(certificate.serial),
                    .key = std::move(certificate.key),
                    .valid_until = certificate.valid_until});
  }
  return keys;
}

}  // namespace daozhang::connectors::payment::wechatpay
