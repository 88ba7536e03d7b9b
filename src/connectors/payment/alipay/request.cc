#include "connectors/payment/alipay/request.h"

#include "base/check.h"
#include "connectors/payment/alipay/content_cipher.h"
#include "domain/money/money.h"
#include "json/utf8.h"
#include "json/writer.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::size_t subject_characters_max = 256;

std::string beijing(base::Instant t) { return base::to_local_seconds(t, base::beijing_offset); }

void write_order(json::Writer& json, const ports::ChannelOrder& order, std::string_view product) {
  json.member("out_trade_no", order.trade_ref)
      .member("total_amount", domain::decimal_of_minor(order.amount_minor))
      .member("subject", subject_for_alipay(order.subject))
      .member("product_code", product)
      .member("time_expire", beijing(order.expires_at));
}

std::string creation(const ports::ChannelOrder& order, std::string_view product) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  write_order(json, order, product);
  json.end_object();
  return text;
}

std::string wap_creation(const ports::ChannelOrder& order) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  write_order(json, order, "QUICK_WAP_WAY");
  if (!order.return_url.empty()) json.member("quit_url", order.return_url);
  json.end_object();
  return text;
}

std::string naming(const ports::ChannelOrder& order) {
  std::string text;
  json::Writer(text).begin_object().member("out_trade_no", order.trade_ref).end_object();
  return text;
}

std::string refund(const ports::PaymentCall& call) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("out_trade_no", call.order.trade_ref)
      .member("refund_amount", domain::decimal_of_minor(call.refund_minor))
      .member("out_request_no", call.refund_ref);
  if (!call.refund_reason.empty()) {
    json.member("refund_reason", subject_for_alipay(call.refund_reason));
  }
  json.end_object();
  return text;
}

std::string refund_query(const ports::PaymentCall& call) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("out_trade_no", call.order.trade_ref)
      .member("out_request_no", call.refund_ref)
      .end_object();
  return text;
}

struct Business {
  std::string_view method;
  std::string content;
};

Business business_of(const ports::PaymentCall& call) {
  switch (call.kind) {
    case ports::PaymentCallKind::create:
      return {"alipay.trade.precreate", creation(call.order, "FACE_TO_FACE_PAYMENT")};
    case ports::PaymentCallKind::query:
      return {"alipay.trade.query", naming(call.order)};
    case ports::PaymentCallKind::close:
      return {"alipay.trade.close", naming(call.order)};
    case ports::PaymentCallKind::refund:
      return {"alipay.trade.refund", refund(call)};
    case ports::PaymentCallKind::query_refund:
      return {"alipay.trade.fastpay.refund.query", refund_query(call)};
  }
  UNREACHABLE();
}

bool announces(std::string_view method) {
  return method == "alipay.trade.page.pay" || method == "alipay.trade.wap.pay" ||
         method == "alipay.trade.precreate";
}

}  // namespace

std::string subject_for_alipay(std::string_view subject) {
  std::string text;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < subject.size() && characters < subject_characters_max;
       ++characters) {
    const std::size_t length = json::utf8_length_at(subject, at);
    const char c = subject[at];
    const bool unwanted = length == 0 || c == '/' || c == '=' || c == '&' || c == '\x7f' ||
                          (length == 1 && static_cast<unsigned char>(c) < 0x20);
    text += unwanted ? std::string_view(" ") : subject.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return text;
}

FormFields signed_request(const Account& account, std::string_view method, std::string biz_content,
                          std::string_view return_url, base::Instant now) {
  FormFields fields{{"app_id", account.app_id}, {"method", std::string(method)},
                    {"format", "JSON"},         {"charset", "utf-8"},
                    {"sign_type", "RSA2"},      {"timestamp", beijing(now)},
                    {"version", "1.0"}};
  if (announces(method)) fields.emplace_back("notify_url", account.notify_url);
  if (!return_url.empty()) fields.emplace_back("return_url", return_url);
  if (account.certificates) {
    fields.emplace_back("app_cert_sn", account.certificates->app_cert_sn);
    fields.emplace_back("alipay_root_cert_sn", account.certificates->alipay_root_cert_sn);
  }
  if (!account.content_key.empty()) {
    fields.emplace_back("encrypt_type", "AES");
    biz_content = encrypt_content(account.content_key, biz_content);
  }
  fields.emplace_back("biz_content", std::move(biz_content));
  sign_request(fields, account.app_key);
  return fields;
}

GatewayCall signed_call(const Account& account, std::string_view method, std::string biz_content,
                        base::Instant now) {
  FormFields fields = signed_request(account, method, std::move(biz_content), "", now);
  FormFields in_body;
  for (auto at = fields.begin(); at != fields.end(); ++at) {
    if (at->first != "biz_content") continue;
    in_body.push_back(std::move(*at));
    fields.erase(at);
    break;
  }
  return {std::string(method), account.gateway_url + "?" + encode_form(fields),
          encode_form(in_body)};
}

GatewayCall gateway_call(const Account& account, const ports::PaymentCall& call,
                         base::Instant now) {
  Business business = business_of(call);
  return signed_call(account, business.method, std::move(business.content), now);
}

std::string pay_link(const Account& account, const ports::ChannelOrder& order, base::Instant now) {
  CHECK(account.way != ports::Way::qr);
  const bool wap = account.way == ports::Way::wap;
  const FormFields fields = signed_request(
      account, wap ? "alipay.trade.wap.pay" : "alipay.trade.page.pay",
      wap ? wap_creation(order) : creation(order, "FAST_INSTANT_TRADE_PAY"), order.return_url, now);
  return account.gateway_url + "?" + encode_form(fields);
}

}  // namespace daozhang::connectors::payment::alipay
