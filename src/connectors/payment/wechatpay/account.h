// One merchant account at WeChat Pay (API v3, direct merchant) with its keys, and how it is read
// from settings. Immutable after it was made; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/payment/wechatpay/platform_keys.h"
#include "crypto/rsa.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// As an operator writes it. Keys and certificates are the texts themselves, not paths.
struct AccountSettings {
  std::string mchid;
  std::string appid;
  std::string merchant_private_key;
  std::string merchant_serial;  // Of the certificate that belongs to the private key.
  std::string api_v3_key;       // 32 characters, as set in the console.
  // How WeChat Pay proves itself: at least one of the three.
  std::string public_key_id;  // PUB_KEY_ID_…; with `public_key`, both or neither.
  std::string public_key;
  std::string platform_certificates;   // PEM, one or more.
  bool download_certificates = false;  // The channel fetches them, also when none is given.
  std::string api_url;                 // https, without path; http only to this machine.
  std::string notify_url;              // http or https, without query.
  ports::Way way = ports::Way::qr;     // qr (Native), h5 or jsapi.
  // jsapi: the official account's own secret, by which WeChat says who the payer is. Without it the
  // channel is for those who know the payer's openid already.
  std::string app_secret;
  std::string authorize_url;  // https, without query; http only to this machine.
  std::string token_url;      // The same.
  bool has_fund_flow = true;  // The merchant may download the fund-flow bill.
};

struct Account {
  std::string mchid;
  std::string appid;
  crypto::RsaPrivateKey merchant_key;
  std::string merchant_serial;
  std::string api_v3_key;     // 32 bytes.
  std::string public_key_id;  // Empty without a public key.
  PlatformKeys platform_keys;
  bool keeps_certificates = false;  // Certificate mode: they are fetched and change.
  std::string api_url;              // Without a slash at its end.
  std::string notify_url;
  ports::Way way = ports::Way::qr;
  std::string app_secret;  // Empty unless payers can be named.
  std::string authorize_url;
  std::string token_url;
  bool has_fund_flow = true;
};

enum class AccountRefusal {
  mchid_unusable,  // Not 8 to 32 digits.
  appid_unusable,  // Not 1 to 32 letters and digits.
  api_url_unusable,
  notify_url_unusable,
  way_unusable,  // page and wap are no ways of WeChat Pay.
  merchant_private_key_unusable,
  merchant_serial_unusable,  // Not 8 to 64 hexadecimal digits, or all zero.
  api_v3_key_unusable,       // Not 32 visible characters, or one that anybody would guess.
  verification_key_missing,
  public_key_id_unusable,  // Not PUB_KEY_ID_ and digits, or a key without it.
  public_key_unusable,
  platform_certificates_unusable,
  key_too_short,            // Below 2048 bits.
  verification_key_is_own,  // The merchant's own key stands where WeChat Pay's belongs.
  app_secret_unusable,      // Not 32 hexadecimal digits, or one that anybody would guess.
  app_secret_unneeded,      // Only jsapi needs it; a secret that nothing needs is a risk.
  authorize_url_unusable,
  token_url_unusable,
};
constexpr auto names_of(std::type_identity<AccountRefusal>) {
  return base::words("mchid_unusable", "appid_unusable", "api_url_unusable", "notify_url_unusable",
                     "way_unusable", "merchant_private_key_unusable", "merchant_serial_unusable",
                     "api_v3_key_unusable", "verification_key_missing", "public_key_id_unusable",
                     "public_key_unusable", "platform_certificates_unusable", "key_too_short",
                     "verification_key_is_own", "app_secret_unusable", "app_secret_unneeded",
                     "authorize_url_unusable", "token_url_unusable");
}

// Refuses everything that would make the channel fail or lie later, so that it does not start.
base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings);

// Whether a key is one that is tried first: one character, a short piece said again and again, a
// run such as 0123…, or a word that stands for a key in examples.
bool is_guessable(std::string_view key);

}  // namespace daozhang::connectors::payment::wechatpay
