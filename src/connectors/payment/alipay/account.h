// One merchant account at Alipay with its keys, and how it is read from settings. Immutable after
// it was made; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/rsa.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

// As an operator writes it. Keys are the texts themselves (PEM, certificate or bare base64), not
// paths.
struct AccountSettings {
  std::string app_id;
  std::string seller_id;
  std::string seller_email;  // Optional: accepted where a notification has no seller_id.
  std::string gateway_url;   // https; http only to this machine (the sandbox).
  std::string notify_url;
  std::string app_private_key;
  std::string alipay_public_key;  // Or, in certificate mode, Alipay's certificate.
  // Certificate mode: both or neither.
  std::string app_certificate;
  std::string alipay_root_certificate;
  std::string content_key_base64;  // Optional: content encryption, 16 bytes.
  ports::Way way = ports::Way::page;
};

struct CertificateNumbers {
  std::string app_cert_sn;
  std::string alipay_root_cert_sn;
  std::string alipay_cert_sn;
};

struct Account {
  std::string app_id;
  std::string seller_id;
  std::string seller_email;
  std::string gateway_url;
  std::string notify_url;
  crypto::RsaPrivateKey app_key;
  crypto::RsaPublicKey alipay_key;
  std::optional<CertificateNumbers> certificates;
  std::string content_key;  // 16 raw bytes, or empty.
  ports::Way way = ports::Way::page;
};

enum class AccountRefusal {
  app_id_unusable,  // Not 1 to 32 digits.
  seller_id_unusable,
  gateway_url_unusable,
  notify_url_unusable,
  app_private_key_unusable,
  alipay_public_key_unusable,
  key_too_short,            // RSA2 wants 2048 bits.
  alipay_key_is_own,        // The app's own public key was pasted where Alipay's belongs.
  certificates_incomplete,  // One of the two, or one that can not be read.
  content_key_unusable,
};
constexpr auto names_of(std::type_identity<AccountRefusal>) {
  return base::words("app_id_unusable", "seller_id_unusable", "gateway_url_unusable",
                     "notify_url_unusable", "app_private_key_unusable",
                     "alipay_public_key_unusable", "key_too_short", "alipay_key_is_own",
                     "certificates_incomplete", "content_key_unusable");
}

// Refuses everything that would make the channel fail or lie later, so that it does not start.
base::Result<Account, AccountRefusal> read_account(const AccountSettings& settings);

}  // namespace daozhang::connectors::payment::alipay
