#include "connectors/payment/alipay/account.h"

#include <algorithm>

#include "crypto/base64.h"
#include "crypto/certificate.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr int key_bits_min = 2048;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool has_host_after(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size() && url[scheme.size()] != '/';
}

bool is_plain(std::string_view url) {
  return url.find_first_of(" \t\r\n#\"<>") == std::string_view::npos;
}

bool is_on_this_machine(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(start)) continue;
    const std::string_view rest = url.substr(start.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') {
      return rest.find('@') == std::string_view::npos;
    }
  }
  return false;
}

bool is_gateway_url(std::string_view url) {
  if (!is_plain(url) || url.find('?') != std::string_view::npos) return false;
  return has_host_after(url, "https://") || is_on_this_machine(url);
}

bool is_notify_url(std::string_view url) {
  return is_plain(url) && (has_host_after(url, "https://") || has_host_after(url, "http://"));
}

bool belong_together(const crypto::RsaPrivateKey& key, const crypto::RsaPublicKey& other) {
  constexpr std::string_view text = "daozhang key check";
  return other.verify_sha256(text, key.sign_sha256(text));
}

base::Result<std::optional<CertificateNumbers>, AccountRefusal> certificates_of(
    const AccountSettings& settings) {
  if (settings.app_certificate.empty() && settings.alipay_root_certificate.empty()) {
    return std::optional<CertificateNumbers>{};
  }
  auto app = crypto::alipay_certificate_sn(settings.app_certificate);
  auto root = crypto::alipay_root_certificate_sn(settings.alipay_root_certificate);
  auto alipay = crypto::alipay_certificate_sn(settings.alipay_public_key);
  if (!app || !root || !alipay) return base::refuse(AccountRefusal::certificates_incomplete);
  return CertificateNumbers{std::move(*app), std::move(*root), std::move(*alipay)};
}

std::optional<AccountRefusal> refusal_of_words(const AccountSettings& settings) {
  if (!is_number(settings.app_id)) return AccountRefusal::app_id_unusable;
  if (!is_number(settings.seller_id)) return AccountRefusal::seller_id_unusable;
  if (!is_gateway_url(settings.gateway_url)) return AccountRefusal::gateway_url_unusable;
  if (!is_notify_url(settings.notify_url)) return AccountRefusal::notify_url_unusable;
  return std::nullopt;
}

}  // namespace

base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings) {
  if (const auto refusal = refusal_of_words(settings)) return base::refuse(*refusal);
  const auto app_key = crypto::RsaPrivateKey::from_text(settings.app_private_key);
  if (!app_key) return base::refuse(AccountRefusal::app_private_key_unusable);
  const auto alipay_key = crypto::RsaPublicKey::from_text(settings.alipay_public_key);
  if (!alipay_key) return base::refuse(AccountRefusal::alipay_public_key_unusable);
  if (app_key->bits() < key_bits_min || alipay_key->bits() < key_bits_min) {
    return base::refuse(AccountRefusal::key_too_short);
  }
  if (belong_together(*app_key, *alipay_key)) {
    return base::refuse(AccountRefusal::alipay_key_is_own);
  }
  auto certificates = certificates_of(settings);
  if (!certificates) return base::refuse(certificates.error());
  const auto content_key = crypto::from_base64(settings.content_key_base64);
  if (!content_key || (!content_key->empty() && content_key->size() != 16)) {
    return base::refuse(AccountRefusal::content_key_unusable);
  }
  return Account{.app_id = settings.app_id,
                 .seller_id = settings.seller_id,
                 .seller_email = settings.seller_email,
                 .gateway_url = settings.gateway_url,
                 .notify_url = settings.notify_url,
                 .app_key = *app_key,
                 .alipay_key = *alipay_key,
                 .certificates = std::move(*certificates),
                 .content_key = *content_key,
                 .way = settings.way};
}

}  // namespace daozhang::connectors::payment::alipay
