// The other side of the protocol, for sandbox, simulator and load program: reads a merchant's
// request as WeChat Pay does, signs replies and notifications as WeChat Pay does. Pure: moments and
// nonces are arguments; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/signed_message.h"
#include "crypto/rsa.h"
#include "ports/notice_message.h"

namespace daozhang::connectors::payment::wechatpay {

// A merchant as WeChat Pay knows it.
struct Merchant {
  std::string mchid;
  std::string serial;
  crypto::RsaPublicKey key;
};

// All are answered 401 SIGN_ERROR.
enum class MerchantRefusal {
  authorization_missing,
  scheme_unsupported,
  authorization_unreadable,  // A part is missing, stands twice or is not quoted.
  mchid_differs,
  serial_unknown,
  timestamp_differs,
  signature_invalid,
};
constexpr auto names_of(std::type_identity<MerchantRefusal>) {
  return base::words("authorization_missing", "scheme_unsupported", "authorization_unreadable",
                     "mchid_differs", "serial_unknown", "timestamp_differs", "signature_invalid");
}

struct MerchantRequest {
  std::string_view method;
  std::string_view target;  // As sent.
  std::string_view authorization;
  std::string_view body;
};
// Returns the nonce of the request.
base::Result<std::string, MerchantRefusal> verify_merchant(const Merchant& merchant,
                                                           const MerchantRequest& request,
                                                           base::Instant now);

// {"code":…,"message":…}
std::string render_error(std::string_view code, std::string_view message);

// By which WeChat Pay signs: `serial` is a certificate's or PUB_KEY_ID_…
struct PlatformSigning {
  std::string serial;
  crypto::RsaPrivateKey key;
};
// The four headers of a response or notification, and the signature's type.
HeaderList sign_message(std::string_view body, const PlatformSigning& signing, const Stamp& stamp);

struct TradeFacts {
  std::string mchid;
  std::string appid;
  std::string out_trade_no;
  std::string transaction_id;  // Empty until it is paid.
  std::string trade_type;      // NATIVE, MWEB, JSAPI.
  std::string trade_state;
  std::int64_t total_minor = 0;
  base::Instant paid_at;
  std::string openid;
  std::int64_t payer_total_minor = 0;  // Less than the total: a coupon paid the rest. 0: all of it.
};
std::string render_trade(const TradeFacts& trade);

struct RefundFacts {
  std::string mchid;
  std::string out_trade_no;
  std::string transaction_id;
  std::string out_refund_no;
  std::string refund_id;
  std::string status;
  std::int64_t total_minor = 0;
  std::int64_t refund_minor = 0;
  base::Instant created_at;
  base::Instant succeeded_at;
};
// As an answer to refund and query_refund, and as the content of a REFUND.… notification.
std::string render_refund(const RefundFacts& refund);
std::string render_refund_notice(const RefundFacts& refund);

// What can be wrong with a notification that a shop is sent.
enum class NoticeFault {
  none,
  wrong_associated_data,  // It does not decrypt.
  wrong_tag,              // The same, by its last byte.
  stale_timestamp,        // Signed ten minutes ago.
  unknown_serial,
  probe,  // WECHATPAY/SIGNTEST/ in the signature; must be answered 4xx or 5xx.
};
constexpr auto names_of(std::type_identity<NoticeFault>) {
  return base::words("none", "wrong_associated_data", "wrong_tag", "stale_timestamp",
                     "unknown_serial", "probe");
}

struct NoticeFacts {
  std::string id;
  std::string event_type;  // TRANSACTION.SUCCESS, REFUND.…
  std::string plain;       // What is encrypted: render_trade or render_refund_notice.
  base::Instant created_at;
};
// `stamp.nonce` signs; its first 12 characters encrypt too, so it is new for each message.
ports::NoticeMessage render_notice(const NoticeFacts& notice, std::string_view api_v3_key,
                                   const PlatformSigning& signing, const Stamp& stamp,
                                   NoticeFault fault = NoticeFault::none);

// The answer to GET /v3/certificates, unsigned: sign_message adds the headers.
struct CertificateOffer {
  std::string serial;
  base::Instant valid_from;
  base::Instant valid_until;
  std::string pem;
};
std::string render_certificates(const std::vector<CertificateOffer>& offers,
                                std::string_view api_v3_key, std::string_view nonce);

}  // namespace daozhang::connectors::payment::wechatpay
