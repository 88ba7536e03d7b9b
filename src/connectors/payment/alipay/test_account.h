// For tests of this folder only: a merchant account and Alipay's half of its keys, made once.
#pragma once

#include "base/check.h"
#include "connectors/payment/alipay/account.h"
#include "connectors/payment/alipay/alipay_provider.h"

namespace daozhang::connectors::payment::alipay {

inline const crypto::RsaPrivateKey& test_app_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}
inline const crypto::RsaPrivateKey& test_alipay_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}

inline AccountSettings test_settings(ports::Way way = ports::Way::page) {
  return {.app_id = "2021000000000001",
          .seller_id = "2088000000000001",
          .seller_email = "shop@example.com",
          .gateway_url = "https://openapi.alipay.com/gateway.do",
          .notify_url = "https://shop.example/v1/notify/alipay",
          .app_private_key = test_app_key().to_pem(),
          .alipay_public_key = test_alipay_key().public_key_pem(),
          .app_certificate = {},
          .alipay_root_certificate = {},
          .content_key_base64 = {},
          .way = way};
}

inline Account test_account(ports::Way way = ports::Way::page) {
  auto account = read_account(test_settings(way));
  CHECK(account.has_value());
  return std::move(*account);
}

// 2026-11-22 13:05:00 in Beijing.
inline constexpr base::Instant test_now{1'795'323'900'000'000};

inline ports::ChannelOrder test_order() {
  return {.trade_ref = "D7Q2XK5M_1",
          .amount_minor = 990,
          .currency = domain::Currency::CNY,
          .subject = "Steam 充值卡 50元",
          .created_at = test_now,
          .expires_at = test_now + base::minutes(15),
          .return_url = "https://shop.example/orders/D7Q2XK5M"};
}

inline ports::PaymentCall test_call(ports::PaymentCallKind kind) {
  return {.kind = kind,
          .order = test_order(),
          .refund_ref = "R1",
          .refund_minor = 990,
          .refund_reason = "promise missed"};
}

}  // namespace daozhang::connectors::payment::alipay
