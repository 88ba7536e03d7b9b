#include "connectors/payment/epay/account.h"

#include <algorithm>

#include "base/ascii.h"
#include "connectors/payment/epay/merchant_key.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr int key_bits_min = 2048;
constexpr std::size_t pid_size_max = 32;
constexpr std::size_t type_size_max = 32;
constexpr std::size_t status_size_max = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_pid(std::string_view text) {
  return !text.empty() && text.size() <= pid_size_max && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_small_letter(base::to_lower(c)) || c == '_' || c == '-';
  });
}

bool is_type(std::string_view text) {
  return text.size() <= type_size_max && std::ranges::all_of(text, [](char c) {
           return is_digit(c) || is_small_letter(c) || c == '_' || c == '-' || c == '.';
         });
}

// No query and no fragment either.
bool is_plain(std::string_view url) {
  return url.find_first_of(" \t\r\n#?&\"<>\\") == std::string_view::npos;
}

bool has_host_after(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size() && url[scheme.size()] != '/';
}

bool has_user(std::string_view url) { return url.find('@') != std::string_view::npos; }

bool is_on_this_machine(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(start)) continue;
    const std::string_view rest = url.substr(start.size());
    return rest.starts_with(':') || rest.starts_with('/');
  }
  return false;
}

bool is_base_url(std::string_view url) {
  if (!is_plain(url) || has_user(url) || !url.ends_with('/')) return false;
  return has_host_after(url, "https://") || is_on_this_machine(url);
}

bool is_notify_url(std::string_view url) {
  return is_plain(url) && (has_host_after(url, "https://") || has_host_after(url, "http://"));
}

bool are_status_words(const Dialect& dialect) {
  const auto is_word = [](std::string_view word) {
    return !word.empty() && word.size() <= status_size_max;
  };
  return is_word(dialect.status_unpaid) && is_word(dialect.status_paid) &&
         is_word(dialect.status_refunded) && dialect.status_unpaid != dialect.status_paid &&
         dialect.status_unpaid != dialect.status_refunded &&
         dialect.status_paid != dialect.status_refunded;
}

std::optional<AccountRefusal> refusal_of_words(const AccountSettings& settings) {
  const Dialect& dialect = settings.dialect;
  const bool by_call = settings.way == ports::Way::qr;
  if (!is_base_url(settings.base_url)) return AccountRefusal::base_url_unusable;
  if (!is_pid(settings.pid)) return AccountRefusal::pid_unusable;
  if (!is_type(settings.type)) return AccountRefusal::type_unusable;
  if (by_call && settings.type.empty()) return AccountRefusal::type_unusable;
  if (!is_notify_url(settings.notify_url)) return AccountRefusal::notify_url_unusable;
  if (!by_call && settings.way != ports::Way::page) return AccountRefusal::way_unsupported;
  if (!is_key_prefix(dialect.key_prefix)) return AccountRefusal::key_prefix_unsupported;
  const bool is_by_number = dialect.refund_again == RefundAgain::by_number;
  if (is_by_number && (settings.version == Version::v1 || !dialect.refund))
    return AccountRefusal::refund_again_unsupported;
  if (dialect.close && settings.version == Version::v1) return AccountRefusal::close_unsupported;
  if (!are_status_words(dialect)) return AccountRefusal::status_words_unusable;
  if (std::ranges::any_of(dialect.not_found_words, &std::string::empty)) {
    return AccountRefusal::not_found_words_unusable;
  }
  return std::nullopt;
}

bool belong_together(const crypto::RsaPrivateKey& key, const crypto::RsaPublicKey& other) {
  constexpr std::string_view text = "daozhang key check";
  return other.verify_sha256(text, key.sign_sha256(text));
}

std::optional<AccountRefusal> read_rsa_keys(const AccountSettings& settings, Account& account) {
  const auto own = crypto::RsaPrivateKey::from_text(settings.merchant_private_key);
  if (!own) return AccountRefusal::merchant_private_key_unusable;
  const auto platform = crypto::RsaPublicKey::from_text(settings.platform_public_key);
  if (!platform) return AccountRefusal::platform_public_key_unusable;
  if (own->bits() < key_bits_min || platform->bits() < key_bits_min) {
    return AccountRefusal::key_too_short;
  }
  if (belong_together(*own, *platform)) return AccountRefusal::platform_key_is_own;
  account.own_key = *own;
  account.platform_key = *platform;
  return std::nullopt;
}

std::optional<AccountRefusal> read_keys(const AccountSettings& settings, Account& account) {
  if (settings.version == Version::v2) return read_rsa_keys(settings, account);
  account.merchant_key = settings.merchant_key;
  return refusal_of_key(settings.merchant_key, settings.pid);
}

}  // namespace

bool is_key_prefix(std::string_view text) { return text.empty() || text == "&key="; }

base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings) {
  if (const auto refusal = refusal_of_words(settings)) return base::refuse(*refusal);
  Account account{.base_url = settings.base_url,
                  .pid = settings.pid,
                  .version = settings.version,
                  .type = settings.type,
                  .notify_url = settings.notify_url,
                  .merchant_key = {},
                  .own_key = {},
                  .platform_key = {},
                  .way = settings.way,
                  .dialect = settings.dialect};
  if (const auto refusal = read_keys(settings, account)) return base::refuse(*refusal);
  return account;
}

}  // namespace daozhang::connectors::payment::epay
