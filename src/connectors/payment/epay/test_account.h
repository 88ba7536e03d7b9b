// For tests of this folder only: merchant accounts of both versions and the gateway's half of the
// keys, made once.
#pragma once

#include "base/check.h"
#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/epay_provider.h"

namespace daozhang::connectors::payment::epay {

inline constexpr std::string_view test_merchant_key = "kT7wQz29LmXc84RvNb61YpHd";

inline const crypto::RsaPrivateKey& test_own_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}
inline const crypto::RsaPrivateKey& test_platform_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}

inline AccountSettings test_settings(Version version = Version::v1,
                                     ports::Way way = ports::Way::page) {
  AccountSettings settings;
  settings.base_url = "https://pay.example/";
  settings.pid = "1001";
  settings.version = version;
  settings.type = "alipay";
  settings.notify_url = "https://shop.example/v1/notify/epay";
  settings.way = way;
  settings.dialect.refund = true;
  if (version == Version::v1) {
    settings.merchant_key = test_merchant_key;
  } else {
    settings.merchant_private_key = test_own_key().to_pem();
    settings.platform_public_key = test_platform_key().public_key_pem();
    settings.dialect.refund_again = RefundAgain::by_number;
    settings.dialect.close = true;
  }
  return settings;
}

// A gateway of V2 of which nothing is known: no close, and a refund is sent once.
inline AccountSettings cautious_settings(ports::Way way = ports::Way::page) {
  auto settings = test_settings(Version::v2, way);
  settings.dialect.refund_again = RefundAgain::by_hand;
  settings.dialect.close = false;
  return settings;
}

inline Account test_account(Version version = Version::v1, ports::Way way = ports::Way::page) {
  auto account = read_account(test_settings(version, way));
  CHECK(account.has_value());
  return std::move(*account);
}

// The same account as the gateway has it.
inline Merchant test_merchant(Version version = Version::v1) {
  Merchant merchant;
  merchant.pid = "1001";
  merchant.version = version;
  if (version == Version::v1) {
    merchant.key = test_merchant_key;
  } else {
    merchant.merchant_key = test_own_key().public_key();
    merchant.platform_key = test_platform_key();
  }
  return merchant;
}

// 2026-11-22 13:05:00 in Beijing; in seconds 1795323900.
inline constexpr base::Instant test_now{1'795'323'900'000'000};

inline ports::ChannelOrder test_order() {
  return {.trade_ref = "D7Q2XK5M_1",
          .amount_minor = 990,
          .currency = domain::Currency::CNY,
          .subject = "Steam 充值卡 50元",
          .created_at = test_now,
          .expires_at = test_now + base::minutes(15),
          .return_url = "https://shop.example/orders/D7Q2XK5M",
          .payer_ip = "203.0.113.7",
          .payer_id = {}};
}

inline ports::PaymentCall test_call(ports::PaymentCallKind kind) {
  return {.kind = kind,
          .order = test_order(),
          .refund_ref = "R1",
          .refund_minor = 990,
          .refund_reason = "promise missed"};
}

}  // namespace daozhang::connectors::payment::epay
