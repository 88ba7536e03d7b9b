#include "connectors/payment/epay/request.h"

#include "base/check.h"
#include "connectors/payment/epay/signature.h"
#include "domain/money/money.h"
#include "json/utf8.h"

namespace daozhang::connectors::payment::epay {
namespace {

constexpr std::size_t name_bytes_max = 120;

void add_time(FormFields& fields, base::Instant now) {
  fields.emplace_back("timestamp", std::to_string(now.micros / 1'000'000));
}

// What submit and create have in common.
FormFields order_fields(const Account& account, const ports::ChannelOrder& order) {
  std::string name = name_for_epay(order.subject);
  if (name.empty()) name = order.trade_ref;
  FormFields fields{{"pid", account.pid},
                    {"type", account.type},
                    {"out_trade_no", order.trade_ref},
                    {"notify_url", account.notify_url},
                    {"return_url", return_url_for_epay(order.return_url)},
                    {"name", name},
                    {"money", domain::decimal_of_minor(order.amount_minor)}};
  std::erase_if(fields, [](const auto& each) { return each.second.empty(); });
  return fields;
}

GatewayCall posted(const Account& account, std::string_view path, const FormFields& fields) {
  GatewayCall call;
  call.url = account.base_url + std::string(path);
  call.log_url = call.url.substr(0, call.url.find('?'));
  call.body = encode_form(fields);
  return call;
}

GatewayCall signed_post(const Account& account, std::string_view path, FormFields fields,
                        base::Instant now) {
  if (account.version == Version::v2) add_time(fields, now);
  sign_request(account, fields);
  return posted(account, path, fields);
}

GatewayCall create_call(const Account& account, const ports::ChannelOrder& order,
                        base::Instant now) {
  FormFields fields = order_fields(account, order);
  if (account.version == Version::v2) fields.emplace_back("method", "web");
  fields.emplace_back("device", "pc");
  if (!order.payer_ip.empty()) fields.emplace_back("clientip", order.payer_ip);
  return signed_post(account, account.version == Version::v1 ? "mapi.php" : "api/pay/create",
                     std::move(fields), now);
}

// V1: the key proves who asks. Which act it is stands in the URL for every gateway.
GatewayCall api_call(const Account& account, std::string_view act, FormFields more,
                     ApiMethod method) {
  FormFields fields{{"pid", account.pid}, {"key", account.merchant_key}};
  fields.insert(fields.end(), more.begin(), more.end());
  GatewayCall call = posted(account, std::string("api.php?act=").append(act), fields);
  if (method == ApiMethod::get) {
    call.by_get = true;
    call.url.append("&").append(call.body);
    call.body.clear();
  }
  return call;
}

GatewayCall v1_call(const Account& account, const ports::PaymentCall& call) {
  FormFields fields{{"out_trade_no", call.order.trade_ref}};
  if (call.kind == ports::PaymentCallKind::refund) {
    fields.emplace_back("money", domain::decimal_of_minor(call.refund_minor));
    return api_call(account, "refund", std::move(fields), ApiMethod::post);
  }
  return api_call(account, "order", std::move(fields), account.dialect.api_method);
}

GatewayCall v2_call(const Account& account, const ports::PaymentCall& call, base::Instant now) {
  FormFields fields{{"pid", account.pid}};
  const auto with = [&](std::string_view path, FormFields more) {
    fields.insert(fields.end(), more.begin(), more.end());
    return signed_post(account, path, std::move(fields), now);
  };
  const std::string& trade_ref = call.order.trade_ref;
  switch (call.kind) {
    case ports::PaymentCallKind::query:
      return with("api/pay/query", {{"out_trade_no", trade_ref}});
    case ports::PaymentCallKind::close:
      return with("api/pay/close", {{"out_trade_no", trade_ref}});
    case ports::PaymentCallKind::refund:
      return with("api/pay/refund", {{"out_trade_no", trade_ref},
                                     {"money", domain::decimal_of_minor(call.refund_minor)},
                                     {"out_refund_no", call.refund_ref}});
    case ports::PaymentCallKind::query_refund:
      return with("api/pay/refundquery", {{"out_refund_no", call.refund_ref}});
    case ports::PaymentCallKind::create:
      break;
  }
  UNREACHABLE();
}

}  // namespace

std::string name_for_epay(std::string_view subject) {
  std::string text;
  for (std::size_t at = 0; at < subject.size();) {
    const std::size_t length = json::utf8_length_at(subject, at);
    const auto byte = static_cast<unsigned char>(subject[at]);
    const bool unwanted = length == 0 || byte == '&' || byte < 0x20 || byte == 0x7f;
    const std::string_view next = unwanted ? std::string_view(" ") : subject.substr(at, length);
    if (text.size() + next.size() > name_bytes_max) break;
    if (next != " " || !text.empty()) text += next;
    at += length == 0 ? 1 : length;
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string return_url_for_epay(std::string_view url) {
  std::string_view rest = url;
  while (is_ambiguous(rest)) rest = rest.substr(0, rest.rfind('&'));
  return std::string(rest);
}

std::string_view why_no_call(const Account& account, ports::PaymentCallKind kind) {
  switch (kind) {
    case ports::PaymentCallKind::create:
      return account.way == ports::Way::qr ? "" : "created_by_link";
    case ports::PaymentCallKind::close:
      return account.dialect.close ? "" : "close_not_supported";
    case ports::PaymentCallKind::refund:
      return account.dialect.refund ? "" : "refund_not_supported";
    case ports::PaymentCallKind::query:
    case ports::PaymentCallKind::query_refund:
      return "";
  }
  UNREACHABLE();
}

GatewayCall gateway_call(const Account& account, const ports::PaymentCall& call,
                         base::Instant now) {
  CHECK(why_no_call(account, call.kind).empty());
  if (call.kind == ports::PaymentCallKind::create) return create_call(account, call.order, now);
  return account.version == Version::v1 ? v1_call(account, call) : v2_call(account, call, now);
}

GatewayCall orders_call(const Account& account, int page_no, base::Instant now) {
  CHECK(page_no >= 1);
  FormFields fields{{"limit", std::to_string(orders_per_page)}, {"page", std::to_string(page_no)}};
  if (account.version == Version::v1) {
    return api_call(account, "orders", std::move(fields), account.dialect.api_method);
  }
  fields.emplace_back("offset", std::to_string((page_no - 1) * orders_per_page));
  fields.emplace_back("pid", account.pid);
  return signed_post(account, "api/merchant/orders", std::move(fields), now);
}

std::string pay_link(const Account& account, const ports::ChannelOrder& order, base::Instant now) {
  CHECK(account.way == ports::Way::page);
  FormFields fields = order_fields(account, order);
  const bool v2 = account.version == Version::v2;
  if (v2) add_time(fields, now);
  sign_request(account, fields);
  return account.base_url + (v2 ? "api/pay/submit?" : "submit.php?") + encode_form(fields);
}

}  // namespace daozhang::connectors::payment::epay
