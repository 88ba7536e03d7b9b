// For tests of this folder only: a merchant account and WeChat Pay's half of its keys, made once.
#pragma once

#include "base/check.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/answer.h"
#include "connectors/payment/wechatpay/wechatpay_provider.h"
#include "crypto/certificate.h"

namespace daozhang::connectors::payment::wechatpay {

inline const crypto::RsaPrivateKey& test_merchant_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}
inline const crypto::RsaPrivateKey& test_platform_key() {
  static const auto key = crypto::RsaPrivateKey::generate(2048);
  return key;
}

// 2026-11-22 13:05:00 in Beijing.
inline constexpr base::Instant test_now{1'795'323'900'000'000};
inline const std::string test_public_key_id = "PUB_KEY_ID_0100000000012026112200000001";
inline const std::string test_certificate_serial = "5A3B29C0FFEE0102030405060708090A0B0C0D0E";
inline const std::string test_api_v3_key = "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0yA";

inline std::string test_certificate() {
  static const std::string pem =
      crypto::make_certificate(test_platform_key(), test_certificate_serial,
                               test_now - base::hours(1), test_now + base::hours(1000));
  return pem;
}

inline AccountSettings test_settings(ports::Way way = ports::Way::qr) {
  return {.mchid = "1900000001",
          .appid = "wxd678efh567hg6787",
          .merchant_private_key = test_merchant_key().to_pem(),
          .merchant_serial = "25F8AA5452D55497C24BA57DC81B1E5915DC2E77",
          .api_v3_key = test_api_v3_key,
          .public_key_id = test_public_key_id,
          .public_key = test_platform_key().public_key_pem(),
          .platform_certificates = {},
          .download_certificates = false,
          .api_url = "https://api.mch.weixin.qq.com",
          .notify_url = "https://shop.example/v1/notify/wechat",
          .way = way,
          .app_secret = {},
          .authorize_url = "https://open.weixin.qq.com/connect/oauth2/authorize",
          .token_url = "https://api.weixin.qq.com/sns/oauth2/access_token"};
}

inline Account test_account(ports::Way way = ports::Way::qr) {
  auto account = read_account(test_settings(way));
  CHECK(account.has_value());
  return std::move(*account);
}

inline Merchant test_merchant() {
  return {.mchid = "1900000001",
          .serial = "25F8AA5452D55497C24BA57DC81B1E5915DC2E77",
          .key = test_merchant_key().public_key()};
}

inline PlatformSigning test_signing() {
  return {.serial = test_public_key_id, .key = test_platform_key()};
}

inline Stamp test_stamp() { return {.now = test_now, .nonce = "593BEC0C930BF1AFEB40B4A08C8FB242"}; }

inline ports::ChannelOrder test_order() {
  return {.trade_ref = "D7Q2XK5M_1",
          .amount_minor = 990,
          .currency = domain::Currency::CNY,
          .subject = "Steam 充值卡 50元",
          .created_at = test_now,
          .expires_at = test_now + base::minutes(15),
          .return_url = "https://shop.example/orders/D7Q2XK5M",
          .payer_ip = "203.0.113.7",
          .payer_id = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"};
}

inline ports::PaymentCall test_call(ports::PaymentCallKind kind) {
  return {.kind = kind,
          .order = test_order(),
          .refund_ref = "R1",
          .refund_minor = 990,
          .refund_reason = "promise missed"};
}

inline TradeFacts test_trade(std::string trade_state = "SUCCESS") {
  return {.mchid = "1900000001",
          .appid = "wxd678efh567hg6787",
          .out_trade_no = "D7Q2XK5M_1",
          .transaction_id = "4200000263202611221677001342",
          .trade_type = "NATIVE",
          .trade_state = std::move(trade_state),
          .total_minor = 990,
          .paid_at = test_now + base::minutes(1),
          .openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"};
}

inline RefundFacts test_refund(std::string status = "SUCCESS") {
  return {.mchid = "1900000001",
          .out_trade_no = "D7Q2XK5M_1",
          .transaction_id = "4200000263202611221677001342",
          .out_refund_no = "R1",
          .refund_id = "50000709672026112208420787722",
          .status = std::move(status),
          .total_minor = 990,
          .refund_minor = 990,
          .created_at = test_now,
          .succeeded_at = test_now};
}

inline Reply test_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.headers = sign_message(body, test_signing(), test_stamp());
  reply.body = std::move(body);
  return reply;
}

// The text with its one `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace daozhang::connectors::payment::wechatpay
