#include "sandbox/wechat_wire.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hex.h"
#include "connectors/payment/wechatpay/pay_sheet.h"
#include "crypto/certificate.h"
#include "crypto/random.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::wechatpay;

constexpr base::Duration certificate_life = base::hours(5 * 365 * 24);
constexpr std::string_view unknown_serial = "0BADBADBADBAD0BADBADBADBAD0BADBADBADBAD0";

std::string fresh_nonce() { return base::upper(base::to_hex(crypto::random_bytes(16))); }

// A serial never begins with a zero, which some would leave out.
std::string fresh_serial() {
  return "5" + base::upper(base::to_hex(crypto::random_bytes(20))).substr(1);
}

std::string fresh_key_id() {
  std::string id(provider::public_key_id_prefix);
  for (const char c : crypto::random_bytes(24))
    id += static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
  return id;
}

}  // namespace

WechatWire::WechatWire(WechatKeys keys)
    : merchant_(std::move(keys.merchant)), api_v3_key_(std::move(keys.api_v3_key)) {
  keys_.push_back({WechatStyle::public_key,
                   {keys.public_key_id, keys.platform_key},
                   keys.platform_key.public_key_pem(),
                   {},
                   {}});
  keys_.push_back(certificate_of(keys.platform_key, keys.certificate));
  present_ =
      keys.style == WechatStyle::public_key ? keys.public_key_id : keys_.back().signing.serial;
}

WechatWire::Key WechatWire::certificate_of(const crypto::RsaPrivateKey& key,
                                           const std::string& pem) {
  const auto facts = crypto::certificate_facts(pem);
  CHECK(facts && facts->size() == 1);
  const auto& fact = facts->front();
  return {WechatStyle::certificate, {fact.serial, key}, pem, fact.valid_from, fact.valid_until};
}

base::Result<std::string, provider::MerchantRefusal> WechatWire::verify(
    const provider::MerchantRequest& request, base::Instant now) const {
  return provider::verify_merchant(merchant_, request, now);
}

std::optional<std::string> WechatWire::prepay_id_of(const json::Value& sheet,
                                                    std::string_view appid,
                                                    base::Instant now) const {
  return provider::read_pay_sheet(sheet, appid, merchant_.key, now);
}

provider::PlatformSigning WechatWire::signing(std::string_view asked_serial) const {
  const std::scoped_lock lock(mutex_);
  const auto named = [&](std::string_view serial) {
    return std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) {
      return base::equal_without_case(key.signing.serial, serial);
    });
  };
  auto found = named(asked_serial);
  if (found == keys_.end()) found = named(present_);
  CHECK(found != keys_.end());
  return found->signing;
}

provider::HeaderList WechatWire::sign(std::string_view body, std::string_view asked_serial,
                                      const Manner& manner, base::Instant now) const {
  provider::PlatformSigning by = signing(asked_serial);
  if (manner.spoil_signature) by.key = foreign_key_.get();
  if (manner.unknown_serial) by.serial = unknown_serial;
  return provider::sign_message(body, by, {now, fresh_nonce()});
}

std::string WechatWire::newest_certificate_serial() const {
  const std::scoped_lock lock(mutex_);
  const auto newest = std::find_if(keys_.rbegin(), keys_.rend(), [](const Key& key) {
    return key.style == WechatStyle::certificate;
  });
  CHECK(newest != keys_.rend());
  return newest->signing.serial;
}

std::string WechatWire::certificates(base::Instant now) const {
  std::vector<provider::CertificateOffer> offers;
  {
    const std::scoped_lock lock(mutex_);
    for (const Key& key : keys_)
      if (key.style == WechatStyle::certificate && now < key.valid_until)
        offers.push_back({key.signing.serial, key.valid_from, key.valid_until, key.pem});
  }
  return provider::render_certificates(offers, api_v3_key_, fresh_nonce());
}

ports::NoticeMessage WechatWire::render_notice(const provider::NoticeFacts& facts,
                                               std::string_view trick, bool spoil_signature,
                                               base::Instant now) const {
  provider::PlatformSigning by = signing({});
  if (spoil_signature) by.key = foreign_key_.get();
  const auto fault =
      base::enum_named<provider::NoticeFault>(trick).value_or(provider::NoticeFault::none);
  return provider::render_notice(facts, api_v3_key_, by, {now, fresh_nonce()}, fault);
}

WechatPlatformKey WechatWire::rotate(WechatStyle style, base::Instant now) {
  const auto key = crypto::RsaPrivateKey::generate(2048);
  Key made =
      style == WechatStyle::certificate
          ? certificate_of(key, crypto::make_certificate(key, fresh_serial(), now - base::hours(1),
                                                         now + certificate_life))
          : Key{style, {fresh_key_id(), key}, key.public_key_pem(), {}, {}};
  WechatPlatformKey told{style, made.signing.serial, made.pem};
  const std::scoped_lock lock(mutex_);
  present_ = told.serial;
  keys_.push_back(std::move(made));
  if (keys_.size() > keys_max) {
    // Never the last of its style.
    const auto oldest = std::find_if(keys_.begin(), keys_.end(),
                                     [&](const Key& one) { return one.style == style; });
    keys_.erase(oldest);
  }
  return told;
}

std::vector<WechatPlatformKey> WechatWire::keys() const {
  const std::scoped_lock lock(mutex_);
  std::vector<WechatPlatformKey> told;
  for (const Key& key : keys_) told.push_back({key.style, key.signing.serial, key.pem});
  return told;
}

std::string WechatWire::present_serial() const {
  const std::scoped_lock lock(mutex_);
  return present_;
}

}  // namespace daozhang::sandbox
