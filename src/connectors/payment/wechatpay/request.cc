#include "connectors/payment/wechatpay/request.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "domain/money/money.h"
#include "json/utf8.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::size_t description_bytes_max = 127;
constexpr std::size_t reason_bytes_max = 80;

bool is_word_of(std::string_view text, std::string_view marks) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

// The marks that `is_trade_ref` and `is_refund_ref` let through and a path does not.
std::string in_path(std::string_view ref) {
  std::string text;
  for (const char c : ref) {
    if (c == '|') {
      text += "%7C";
    } else if (c == '@') {
      text += "%40";
    } else if (c == '*') {
      text += "%2A";
    } else {
      text += c;
    }
  }
  return text;
}

SignedCall sign(const Account& account, std::string_view method, std::string url, std::string body,
                const Stamp& stamp) {
  const std::string timestamp = std::to_string(stamp.now.micros / 1'000'000);
  const std::string text = request_text(method, url, timestamp, stamp.nonce, body);
  SignedCall call;
  call.method = method;
  call.headers = {
      {"Authorization", authorization(account.mchid, account.merchant_serial, timestamp,
                                      stamp.nonce, signature_of(text, account.merchant_key))},
      {"Accept", "application/json"},
      {"User-Agent", "daozhang"}};
  if (!body.empty()) call.headers.emplace_back("Content-Type", "application/json");
  if (!account.public_key_id.empty()) {
    call.headers.emplace_back("Wechatpay-Serial", account.public_key_id);
  }
  call.url = std::move(url);
  call.body = std::move(body);
  return call;
}

std::string_view path_of(ports::Way way) {
  switch (way) {
    case ports::Way::qr:
      return "/v3/pay/transactions/native";
    case ports::Way::h5:
      return "/v3/pay/transactions/h5";
    case ports::Way::jsapi:
      return "/v3/pay/transactions/jsapi";
    case ports::Way::page:
    case ports::Way::wap:
      break;
  }
  UNREACHABLE();
}

void write_amount(json::Writer& json, std::int64_t total) {
  json.key("amount").begin_object().member("total", total).member("currency", "CNY").end_object();
}

void write_payer(json::Writer& json, const Account& account, const ports::ChannelOrder& order) {
  if (account.way == ports::Way::jsapi) {
    json.key("payer").begin_object().member("openid", order.payer_id).end_object();
  }
  if (order.payer_ip.empty()) return;
  json.key("scene_info").begin_object().member("payer_client_ip", order.payer_ip);
  if (account.way == ports::Way::h5) {
    json.key("h5_info").begin_object().member("type", "Wap").end_object();
  }
  json.end_object();
}

std::string creation(const Account& account, const ports::ChannelOrder& order) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("appid", account.appid)
      .member("mchid", account.mchid)
      .member("description", plain_text(order.subject, description_bytes_max))
      .member("out_trade_no", order.trade_ref)
      .member("time_expire", beijing_time(order.expires_at))
      .member("notify_url", account.notify_url);
  write_amount(json, order.amount_minor);
  write_payer(json, account, order);
  json.end_object();
  return text;
}

std::string refund(const Account& account, const ports::PaymentCall& call) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("out_trade_no", call.order.trade_ref)
      .member("out_refund_no", call.refund_ref);
  if (!call.refund_reason.empty()) {
    json.member("reason", plain_text(call.refund_reason, reason_bytes_max));
  }
  json.member("notify_url", account.notify_url)
      .key("amount")
      .begin_object()
      .member("refund", call.refund_minor)
      .member("total", call.order.amount_minor)
      .member("currency", "CNY")
      .end_object()
      .end_object();
  return text;
}

bool is_amount(std::int64_t minor) { return minor > 0 && minor <= domain::amount_minor_max; }

std::optional<RequestRefusal> refusal_of_creation(const Account& account,
                                                  const ports::ChannelOrder& order) {
  if (!is_amount(order.amount_minor)) return RequestRefusal::amount_unusable;
  if (order.currency != domain::Currency::CNY) return RequestRefusal::currency_unusable;
  if (account.way == ports::Way::h5 && order.payer_ip.empty()) {
    return RequestRefusal::payer_ip_missing;
  }
  if (account.way == ports::Way::jsapi && order.payer_id.empty()) {
    return RequestRefusal::payer_id_missing;
  }
  return std::nullopt;
}

std::optional<RequestRefusal> refusal_of_refund(const ports::PaymentCall& call) {
  if (!is_refund_ref(call.refund_ref)) return RequestRefusal::refund_ref_unusable;
  if (call.kind == ports::PaymentCallKind::query_refund) return std::nullopt;
  const std::int64_t total = call.order.amount_minor;
  if (!is_amount(call.refund_minor) || !is_amount(total) || call.refund_minor > total) {
    return RequestRefusal::amount_unusable;
  }
  if (call.order.currency != domain::Currency::CNY) return RequestRefusal::currency_unusable;
  return std::nullopt;
}

std::optional<RequestRefusal> refusal_of(const Account& account, const ports::PaymentCall& call) {
  if (!is_trade_ref(call.order.trade_ref)) return RequestRefusal::trade_ref_unusable;
  switch (call.kind) {
    case ports::PaymentCallKind::create:
      return refusal_of_creation(account, call.order);
    case ports::PaymentCallKind::refund:
    case ports::PaymentCallKind::query_refund:
      return refusal_of_refund(call);
    case ports::PaymentCallKind::query:
    case ports::PaymentCallKind::close:
      return std::nullopt;
  }
  UNREACHABLE();
}

std::string order_url(const Account& account, const ports::ChannelOrder& order) {
  return account.api_url + "/v3/pay/transactions/out-trade-no/" + in_path(order.trade_ref);
}

SignedCall bill_call(const Account& account, std::string_view path_and_query, const Stamp& stamp) {
  return sign(account, "GET", account.api_url + std::string(path_and_query), {}, stamp);
}

bool is_below(std::string_view url, std::string_view base) {
  return url.starts_with(base) && url.size() > base.size() && url[base.size()] == '/';
}

}  // namespace

bool is_trade_ref(std::string_view text) {
  return text.size() >= 6 && text.size() <= 32 && is_word_of(text, "_-|*");
}

bool is_refund_ref(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_word_of(text, "_-|*@");
}

std::string plain_text(std::string_view text, std::size_t bytes_max) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = json::utf8_length_at(text, at);
    const auto c = static_cast<unsigned char>(text[at]);
    const bool unwanted = length == 0 || c == '`' || c == 0x7f || (length == 1 && c < 0x20);
    const std::string_view piece = unwanted ? std::string_view(" ") : text.substr(at, length);
    if (plain.size() + piece.size() > bytes_max) break;
    plain += piece;
    at += length == 0 ? 1 : length;
  }
  return plain;
}

std::string beijing_time(base::Instant t) {
  std::string text = base::to_local_seconds(t, base::beijing_offset);
  CHECK(text.size() > 10);
  text[10] = 'T';
  return text + "+08:00";
}

base::Result<SignedCall, RequestRefusal> signed_call(const Account& account,
                                                     const ports::PaymentCall& call,
                                                     const Stamp& stamp) {
  if (const auto refusal = refusal_of(account, call)) return base::refuse(*refusal);
  switch (call.kind) {
    case ports::PaymentCallKind::create:
      return sign(account, "POST", account.api_url + std::string(path_of(account.way)),
                  creation(account, call.order), stamp);
    case ports::PaymentCallKind::query:
      return sign(account, "GET", order_url(account, call.order) + "?mchid=" + account.mchid, {},
                  stamp);
    case ports::PaymentCallKind::close: {
      std::string body;
      json::Writer(body).begin_object().member("mchid", account.mchid).end_object();
      return sign(account, "POST", order_url(account, call.order) + "/close", std::move(body),
                  stamp);
    }
    case ports::PaymentCallKind::refund:
      return sign(account, "POST", account.api_url + "/v3/refund/domestic/refunds",
                  refund(account, call), stamp);
    case ports::PaymentCallKind::query_refund:
      return sign(account, "GET",
                  account.api_url + "/v3/refund/domestic/refunds/" + in_path(call.refund_ref), {},
                  stamp);
  }
  UNREACHABLE();
}

SignedCall certificates_call(const Account& account, const Stamp& stamp) {
  return sign(account, "GET", account.api_url + "/v3/certificates", {}, stamp);
}

SignedCall trade_bill_call(const Account& account, std::string_view day, const Stamp& stamp) {
  return bill_call(
      account, std::string("/v3/bill/tradebill?bill_date=").append(day).append("&bill_type=ALL"),
      stamp);
}

SignedCall fund_flow_bill_call(const Account& account, std::string_view day, const Stamp& stamp) {
  return bill_call(
      account,
      std::string("/v3/bill/fundflowbill?bill_date=").append(day).append("&account_type=BASIC"),
      stamp);
}

std::optional<SignedCall> download_call(const Account& account, std::string_view url,
                                        const Stamp& stamp) {
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 127; });
  if (!plain || url.find_first_of("#@\\") != std::string_view::npos) return std::nullopt;
  constexpr std::string_view https = "https://";
  const bool secure = url.starts_with(https) && url.size() > https.size() &&
                      url.find('/', https.size()) != std::string_view::npos &&
                      url[https.size()] != '/';
  if (!secure && !is_below(url, account.api_url)) return std::nullopt;
  return sign(account, "GET", std::string(url), {}, stamp);
}

}  // namespace daozhang::connectors::payment::wechatpay
