#include "connectors/payment/wechatpay/account.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr int key_bits_min = 2048;
constexpr std::size_t api_v3_key_size = 32;
constexpr std::size_t app_secret_size = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) {
  return is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z');
}
bool is_hex_digit(char c) {
  return is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'f');
}
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

template <class Allowed>
bool consists_of(std::string_view text, std::size_t size_min, std::size_t size_max,
                 Allowed allowed) {
  return text.size() >= size_min && text.size() <= size_max &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool has_host_after(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size() && url[scheme.size()] != '/';
}

bool is_plain(std::string_view url) {
  return std::all_of(url.begin(), url.end(), is_visible) &&
         url.find_first_of("#\"<>?@\\") == std::string_view::npos;
}

bool is_on_this_machine(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(start)) continue;
    const std::string_view rest = url.substr(start.size());
    if (rest.empty() || rest.front() == ':') return true;
  }
  return false;
}

std::string_view without_slash(std::string_view url) {
  if (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

// Scheme and host only: the path of each call is part of what is signed.
bool is_api_url(std::string_view url) {
  url = without_slash(url);
  constexpr std::string_view https = "https://";
  if (!is_plain(url) || std::count(url.begin(), url.end(), '/') != 2) return false;
  return has_host_after(url, https) || is_on_this_machine(url);
}

bool is_notify_url(std::string_view url) {
  return url.size() <= 256 && is_plain(url) &&
         (has_host_after(url, "https://") || has_host_after(url, "http://"));
}

bool is_serial(std::string_view text) {
  return consists_of(text, 8, 64, is_hex_digit) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

bool is_public_key_id(std::string_view text) {
  return text.starts_with(public_key_id_prefix) &&
         consists_of(text.substr(public_key_id_prefix.size()), 1, 64, is_digit);
}

bool repeats_every(std::string_view text, std::size_t period) {
  return std::equal(text.begin() + static_cast<std::ptrdiff_t>(period), text.end(), text.begin());
}

bool is_run(std::string_view text) {
  std::size_t steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const int step = base::to_lower(text[i]) - base::to_lower(text[i - 1]);
    if (step == 1 || step == -1) ++steps;
  }
  return steps * 4 >= text.size() * 3;
}

bool belong_together(const crypto::RsaPrivateKey& key, const crypto::RsaPublicKey& other) {
  constexpr std::string_view text = "daozhang key check";
  return other.verify_sha256(text, key.sign_sha256(text));
}

std::optional<AccountRefusal> refusal_of_words(const AccountSettings& settings) {
  if (!consists_of(settings.mchid, 8, 32, is_digit)) return AccountRefusal::mchid_unusable;
  if (!consists_of(settings.appid, 1, 32, is_letter_or_digit)) {
    return AccountRefusal::appid_unusable;
  }
  if (!is_api_url(settings.api_url)) return AccountRefusal::api_url_unusable;
  if (!is_notify_url(settings.notify_url)) return AccountRefusal::notify_url_unusable;
  if (!ports::begins_with_a_call(settings.way)) return AccountRefusal::way_unusable;
  return std::nullopt;
}

std::optional<AccountRefusal> refusal_of_secrets(const AccountSettings& settings) {
  if (!is_serial(settings.merchant_serial)) return AccountRefusal::merchant_serial_unusable;
  if (!consists_of(settings.api_v3_key, api_v3_key_size, api_v3_key_size, is_visible) ||
      is_guessable(settings.api_v3_key)) {
    return AccountRefusal::api_v3_key_unusable;
  }
  return std::nullopt;
}

// Their paths and queries are ours to write.
bool is_page_url(std::string_view url) {
  constexpr std::string_view https = "https://";
  if (!is_plain(url)) return false;
  return has_host_after(url, https) || is_on_this_machine(url.substr(0, url.find('/', 7)));
}

std::optional<AccountRefusal> refusal_of_app(const AccountSettings& settings) {
  if (settings.app_secret.empty()) return std::nullopt;
  if (settings.way != ports::Way::jsapi) return AccountRefusal::app_secret_unneeded;
  if (!consists_of(settings.app_secret, app_secret_size, app_secret_size, is_hex_digit) ||
      is_guessable(settings.app_secret)) {
    return AccountRefusal::app_secret_unusable;
  }
  if (!is_page_url(settings.authorize_url)) return AccountRefusal::authorize_url_unusable;
  if (!is_page_url(settings.token_url)) return AccountRefusal::token_url_unusable;
  return std::nullopt;
}

base::Result<PlatformKeys, AccountRefusal> verification_keys_of(const AccountSettings& settings) {
  PlatformKeys keys;
  if (!settings.public_key.empty() || !settings.public_key_id.empty()) {
    if (!is_public_key_id(settings.public_key_id)) {
      return base::refuse(AccountRefusal::public_key_id_unusable);
    }
    auto key = crypto::RsaPublicKey::from_text(settings.public_key);
    if (!key) return base::refuse(AccountRefusal::public_key_unusable);
    keys.add({.serial = settings.public_key_id, .key = std::move(*key), .valid_until = {}});
  }
  if (!settings.platform_certificates.empty()) {
    auto certificates = platform_keys_of(settings.platform_certificates);
    if (!certificates) return base::refuse(AccountRefusal::platform_certificates_unusable);
    for (PlatformKey& certificate : *certificates) keys.add(std::move(certificate));
  }
  if (keys.all().empty() && !settings.download_certificates) {
    return base::refuse(AccountRefusal::verification_key_missing);
  }
  return keys;
}

std::optional<AccountRefusal> refusal_of_keys(const crypto::RsaPrivateKey& merchant_key,
                                              const PlatformKeys& keys) {
  if (merchant_key.bits() < key_bits_min) return AccountRefusal::key_too_short;
  for (const PlatformKey& known : keys.all()) {
    if (known.key.bits() < key_bits_min) return AccountRefusal::key_too_short;
    if (belong_together(merchant_key, known.key)) return AccountRefusal::verification_key_is_own;
  }
  return std::nullopt;
}

}  // namespace

bool is_guessable(std::string_view key) {
  for (std::size_t period = 1; period <= key.size() / 2; ++period) {
    if (repeats_every(key, period)) return true;
  }
  // 1234567890 three times and a piece of it has period 10; 9 to 0 breaks a run but not this.
  if (is_run(key)) return true;
  const std::string small = base::lower(key);
  constexpr auto words =
      std::to_array<std::string_view>({"changeme", "change_me", "example", "password", "apiv3key",
                                       "api_v3_key", "your_", "secret", "placeholder"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings) {
  if (const auto refusal = refusal_of_words(settings)) return base::refuse(*refusal);
  const auto merchant_key = crypto::RsaPrivateKey::from_text(settings.merchant_private_key);
  if (!merchant_key) return base::refuse(AccountRefusal::merchant_private_key_unusable);
  if (const auto refusal = refusal_of_secrets(settings)) return base::refuse(*refusal);
  auto keys = verification_keys_of(settings);
  if (!keys) return base::refuse(keys.error());
  if (const auto refusal = refusal_of_keys(*merchant_key, *keys)) return base::refuse(*refusal);
  if (const auto refusal = refusal_of_app(settings)) return base::refuse(*refusal);
  const bool keeps_certificates = settings.download_certificates || keys->has_certificates();
  return Account{.mchid = settings.mchid,
                 .appid = settings.appid,
                 .merchant_key = *merchant_key,
                 .merchant_serial = base::upper(settings.merchant_serial),
                 .api_v3_key = settings.api_v3_key,
                 .public_key_id = settings.public_key_id,
                 .platform_keys = std::move(*keys),
                 .keeps_certificates = keeps_certificates,
                 .api_url = std::string(without_slash(settings.api_url)),
                 .notify_url = settings.notify_url,
                 .way = settings.way,
                 .app_secret = settings.app_secret,
                 .authorize_url = settings.authorize_url,
                 .token_url = settings.token_url,
                 .has_fund_flow = settings.has_fund_flow};
}

}  // namespace daozhang::connectors::payment::wechatpay
