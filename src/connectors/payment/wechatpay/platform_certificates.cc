#include "connectors/payment/wechatpay/platform_certificates.h"

#include <optional>
#include <utility>

#include "base/ascii.h"
#include "connectors/payment/wechatpay/resource.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr int key_bits_min = 2048;
constexpr std::size_t certificate_count_max = 16;

bool is_own(const Account& account, const crypto::RsaPublicKey& key) {
  constexpr std::string_view text = "daozhang key check";
  return key.verify_sha256(text, account.merchant_key.sign_sha256(text));
}

base::Result<PlatformKey, CertificatesRefusal> key_of(const Account& account,
                                                      const json::Value& offer) {
  const json::Value* const sealed = offer.find("encrypt_certificate");
  if (sealed == nullptr) return base::refuse(CertificatesRefusal::unreadable);
  const auto pem = open_resource(*sealed, account.api_v3_key);
  if (!pem) {
    return base::refuse(pem.error() == ports::NoticeRefusal::decryption_failed
                            ? CertificatesRefusal::decryption_failed
                            : CertificatesRefusal::unreadable);
  }
  auto keys = platform_keys_of(*pem);
  if (!keys || keys->size() != 1) return base::refuse(CertificatesRefusal::certificate_unusable);
  PlatformKey& key = keys->front();
  if (!base::equal_without_case(key.serial, offer.text_of("serial_no")) ||
      key.key.bits() < key_bits_min || is_own(account, key.key)) {
    return base::refuse(CertificatesRefusal::certificate_unusable);
  }
  return std::move(key);
}

}  // namespace

base::Result<PlatformKeys, CertificatesRefusal> read_certificates(const Account& account,
                                                                  const PlatformKeys& known,
                                                                  const Reply& reply,
                                                                  base::Instant now) {
  if (reply.status != 200) return base::refuse(CertificatesRefusal::refused);
  const auto content = json::read(reply.body, json::Numbers::as_text);
  const json::Value* const data = content ? content->find("data") : nullptr;
  if (data == nullptr || data->array() == nullptr || data->array()->empty() ||
      data->array()->size() > certificate_count_max) {
    return base::refuse(CertificatesRefusal::unreadable);
  }
  PlatformKeys keys = known;
  for (const json::Value& offer : *data->array()) {
    auto key = key_of(account, offer);
    if (!key) return base::refuse(key.error());
    keys.add(std::move(*key));
  }
  if (!verify(keys, reply.headers, reply.body, now)) {
    return base::refuse(CertificatesRefusal::not_proven);
  }
  keys.forget_ended(now);
  return keys;
}

}  // namespace daozhang::connectors::payment::wechatpay
