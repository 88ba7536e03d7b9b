#include "connectors/payment/wechatpay/wechatpay_provider.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "crypto/aes.h"
#include "crypto/base64.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::string_view scheme = "WECHATPAY2-SHA256-RSA2048";

struct Authorization {
  std::string_view mchid;
  std::string_view nonce;
  std::string_view timestamp;
  std::string_view serial;
  std::string_view signature;
};

std::string_view* member_of(Authorization& parts, std::string_view name) {
  if (name == "mchid") return &parts.mchid;
  if (name == "nonce_str") return &parts.nonce;
  if (name == "timestamp") return &parts.timestamp;
  if (name == "serial_no") return &parts.serial;
  return name == "signature" ? &parts.signature : nullptr;
}

// name="value" pairs in any order, each once.
std::optional<Authorization> parts_of(std::string_view text) {
  Authorization parts;
  while (!text.empty()) {
    const auto equals = text.find("=\"");
    if (equals == std::string_view::npos) return std::nullopt;
    const auto end = text.find('"', equals + 2);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view* const member = member_of(parts, text.substr(0, equals));
    if (member == nullptr || !member->empty()) return std::nullopt;
    *member = text.substr(equals + 2, end - equals - 2);
    text.remove_prefix(end + 1);
    if (text.empty()) break;
    if (text.front() != ',') return std::nullopt;
    text.remove_prefix(1);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  for (const std::string_view part :
       {parts.mchid, parts.nonce, parts.timestamp, parts.serial, parts.signature}) {
    if (part.empty()) return std::nullopt;
  }
  return parts;
}

bool is_near(std::string_view timestamp, base::Instant now) {
  std::int64_t number = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto read = std::from_chars(timestamp.data(), end, number);
  if (timestamp.size() > 12 || read.ec != std::errc{} || read.ptr != end) return false;
  const base::Duration difference = base::Instant{} + base::seconds(number) - now;
  return difference <= clock_difference_max &&
         difference >= base::Duration{} - clock_difference_max;
}

void write_refund(json::Writer& json, const RefundFacts& refund) {
  json.member("out_trade_no", refund.out_trade_no)
      .member("transaction_id", refund.transaction_id)
      .member("out_refund_no", refund.out_refund_no)
      .member("refund_id", refund.refund_id)
      .member("user_received_account", "支付用户零钱");
  if (refund.succeeded_at.is_set()) json.member("success_time", beijing_time(refund.succeeded_at));
}

std::string sealed_text(std::string_view plain, std::string_view key, std::string_view nonce,
                        std::string_view associated_data, bool spoil_tag) {
  auto sealed = crypto::aes_gcm_seal(key, nonce, plain, associated_data);
  CHECK(sealed.has_value());
  if (spoil_tag) sealed->back() = static_cast<char>(sealed->back() ^ 1);
  return crypto::to_base64(*sealed);
}

std::string envelope_of(const NoticeFacts& notice, std::string_view api_v3_key,
                        std::string_view nonce, NoticeFault fault) {
  const bool payment = notice.event_type.starts_with("TRANSACTION.");
  const std::string_view kind = payment ? "transaction" : "refund";
  const std::string_view sealed_for =
      fault == NoticeFault::wrong_associated_data ? std::string_view("another") : kind;
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("id", notice.id)
      .member("create_time", beijing_time(notice.created_at))
      .member("resource_type", "encrypt-resource")
      .member("event_type", notice.event_type)
      .member("summary", payment ? "支付成功" : "退款通知")
      .key("resource")
      .begin_object()
      .member("original_type", kind)
      .member("algorithm", "AEAD_AES_256_GCM")
      .member("ciphertext", sealed_text(notice.plain, api_v3_key, nonce, sealed_for,
                                        fault == NoticeFault::wrong_tag))
      .member("associated_data", kind)
      .member("nonce", nonce)
      .end_object()
      .end_object();
  return text;
}

}  // namespace

base::Result<std::string, MerchantRefusal> verify_merchant(const Merchant& merchant,
                                                           const MerchantRequest& request,
                                                           base::Instant now) {
  if (request.authorization.empty()) return base::refuse(MerchantRefusal::authorization_missing);
  const std::string_view sent = request.authorization;
  if (!sent.starts_with(scheme) || !sent.substr(scheme.size()).starts_with(' ')) {
    return base::refuse(MerchantRefusal::scheme_unsupported);
  }
  const auto parts = parts_of(sent.substr(scheme.size() + 1));
  if (!parts) return base::refuse(MerchantRefusal::authorization_unreadable);
  if (parts->mchid != merchant.mchid) return base::refuse(MerchantRefusal::mchid_differs);
  if (!base::equal_without_case(parts->serial, merchant.serial)) {
    return base::refuse(MerchantRefusal::serial_unknown);
  }
  if (!is_near(parts->timestamp, now)) return base::refuse(MerchantRefusal::timestamp_differs);
  const std::string text =
      request_text(request.method, request.target, parts->timestamp, parts->nonce, request.body);
  if (!is_signed(text, parts->signature, merchant.key)) {
    return base::refuse(MerchantRefusal::signature_invalid);
  }
  return std::string(parts->nonce);
}

std::string render_error(std::string_view code, std::string_view message) {
  std::string text;
  json::Writer(text).begin_object().member("code", code).member("message", message).end_object();
  return text;
}

HeaderList sign_message(std::string_view body, const PlatformSigning& signing, const Stamp& stamp) {
  const std::string timestamp = std::to_string(stamp.now.micros / 1'000'000);
  return {{"Wechatpay-Timestamp", timestamp},
          {"Wechatpay-Nonce", stamp.nonce},
          {"Wechatpay-Signature",
           signature_of(response_text(timestamp, stamp.nonce, body), signing.key)},
          {"Wechatpay-Serial", signing.serial},
          {"Wechatpay-Signature-Type", std::string(scheme)}};
}

std::string render_trade(const TradeFacts& trade) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("mchid", trade.mchid)
      .member("appid", trade.appid)
      .member("out_trade_no", trade.out_trade_no)
      .member("trade_state", trade.trade_state)
      .member("trade_state_desc", trade.trade_state);
  if (!trade.transaction_id.empty()) {
    json.member("transaction_id", trade.transaction_id)
        .member("trade_type", trade.trade_type)
        .member("bank_type", "OTHERS");
  }
  if (trade.paid_at.is_set()) json.member("success_time", beijing_time(trade.paid_at));
  json.key("payer").begin_object();
  if (!trade.openid.empty()) json.member("openid", trade.openid);
  json.end_object()
      .key("amount")
      .begin_object()
      .member("total", trade.total_minor)
      .member("payer_total",
              trade.payer_total_minor > 0 ? trade.payer_total_minor : trade.total_minor)
      .member("currency", "CNY")
      .member("payer_currency", "CNY")
      .end_object()
      .end_object();
  return text;
}

std::string render_refund(const RefundFacts& refund) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  write_refund(json, refund);
  json.member("channel", "ORIGINAL")
      .member("create_time", beijing_time(refund.created_at))
      .member("status", refund.status)
      .key("amount")
      .begin_object()
      .member("total", refund.total_minor)
      .member("refund", refund.refund_minor)
      .member("payer_total", refund.total_minor)
      .member("payer_refund", refund.refund_minor)
      .member("currency", "CNY")
      .end_object()
      .end_object();
  return text;
}

std::string render_refund_notice(const RefundFacts& refund) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  json.member("mchid", refund.mchid);
  write_refund(json, refund);
  json.member("refund_status", refund.status)
      .key("amount")
      .begin_object()
      .member("total", refund.total_minor)
      .member("refund", refund.refund_minor)
      .member("payer_total", refund.total_minor)
      .member("payer_refund", refund.refund_minor)
      .end_object()
      .end_object();
  return text;
}

ports::NoticeMessage render_notice(const NoticeFacts& notice, std::string_view api_v3_key,
                                   const PlatformSigning& signing, const Stamp& stamp,
                                   NoticeFault fault) {
  CHECK(stamp.nonce.size() >= crypto::gcm_nonce_size);
  ports::NoticeMessage message;
  message.content_type = "application/json";
  message.body = envelope_of(
      notice, api_v3_key, std::string_view(stamp.nonce).substr(0, crypto::gcm_nonce_size), fault);
  Stamp signed_at = stamp;
  if (fault == NoticeFault::stale_timestamp) signed_at.now = stamp.now - base::minutes(10);
  for (auto& [name, value] : sign_message(message.body, signing, signed_at)) {
    if (fault == NoticeFault::unknown_serial && name == "Wechatpay-Serial") value = "0BADBADBADBAD";
    if (fault == NoticeFault::probe && name == "Wechatpay-Signature") {
      value.insert(0, "WECHATPAY/SIGNTEST/");
    }
    message.headers.emplace_back(base::lower(name), std::move(value));
  }
  return message;
}

std::string render_certificates(const std::vector<CertificateOffer>& offers,
                                std::string_view api_v3_key, std::string_view nonce) {
  std::string text;
  json::Writer json(text);
  json.begin_object().key("data").begin_array();
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const CertificateOffer& offer = offers[i];
    std::string own_nonce(nonce.substr(0, crypto::gcm_nonce_size));
    CHECK(own_nonce.size() == crypto::gcm_nonce_size);
    own_nonce.back() = static_cast<char>('a' + i % 26);
    json.begin_object()
        .member("serial_no", offer.serial)
        .member("effective_time", beijing_time(offer.valid_from))
        .member("expire_time", beijing_time(offer.valid_until))
        .key("encrypt_certificate")
        .begin_object()
        .member("algorithm", "AEAD_AES_256_GCM")
        .member("nonce", own_nonce)
        .member("associated_data", "certificate")
        .member("ciphertext", sealed_text(offer.pem, api_v3_key, own_nonce, "certificate", false))
        .end_object()
        .end_object();
  }
  json.end_array().end_object();
  return text;
}

}  // namespace daozhang::connectors::payment::wechatpay
