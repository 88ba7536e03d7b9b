#include "sim/peers/alipay_wire.h"

#include "base/check.h"
#include "connectors/payment/alipay/alipay_provider.h"
#include "connectors/payment/alipay/answer.h"
#include "connectors/payment/alipay/notice.h"
#include "connectors/payment/alipay/request.h"
#include "connectors/payment/alipay/yuan.h"
#include "domain/money/money.h"
#include "sim/peers/test_keys.h"

namespace daozhang::sim {
namespace {

namespace alipay = connectors::payment::alipay;
using alipay::FormFields;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr std::string_view content_type = "application/x-www-form-urlencoded; charset=utf-8";

struct Keys {
  crypto::RsaPrivateKey app = test_key(test_app_key);
  crypto::RsaPrivateKey alipay = test_key(test_platform_key);
};

const Keys& keys() {
  static const Keys made;
  return made;
}

// Not read from settings: those refuse keys as short as these.
const alipay::Account& account() {
  static const alipay::Account made{.app_id = "2021000000000001",
                                    .seller_id = "2088000000000001",
                                    .gateway_url = "https://openapi.alipay.com/gateway.do",
                                    .notify_url = "https://shop.example/v1/notify/alipay",
                                    .app_key = test_key(test_app_key),
                                    .alipay_key = keys().alipay.public_key()};
  return made;
}

std::string beijing(base::Instant t) { return base::to_local_seconds(t, base::beijing_offset); }

std::string_view status_word(TradeStatus status) {
  if (status == TradeStatus::paid) return "TRADE_SUCCESS";
  return status == TradeStatus::closed ? "TRADE_CLOSED" : "WAIT_BUYER_PAY";
}

FormFields notice_fields(const ports::PaymentNotice& notice) {
  return {{"notify_type", "trade_status_sync"},
          {"notify_id", notice.notice_id},
          {"charset", "utf-8"},
          {"app_id", account().app_id},
          {"seller_id", account().seller_id},
          {"out_trade_no", notice.trade_ref},
          {"trade_no", notice.trade_no},
          {"trade_status", std::string(status_word(notice.trade))},
          {"total_amount", domain::decimal_of_minor(notice.amount_minor)},
          {"trans_currency", std::string(base::name_of(notice.currency))},
          {"gmt_payment", beijing(notice.paid_at)}};
}

// biz_content as the channel reads it; a request of ours that Alipay would refuse is our bug.
json::Value business_of(const std::string& url, const std::string& body) {
  auto fields = alipay::decode_form(std::string_view(url).substr(url.find('?') + 1));
  CHECK(fields);
  if (!body.empty()) {
    const auto in_body = alipay::decode_form(body);
    CHECK(in_body);
    fields->insert(fields->end(), in_body->begin(), in_body->end());
  }
  static const crypto::RsaPublicKey app_key = keys().app.public_key();
  auto content = alipay::verify_request(*fields, app_key);
  CHECK(content);
  return std::move(*content);
}

std::int64_t minor_in(const json::Value& content, std::string_view name) {
  return alipay::minor_of_yuan(content.text_of(name)).value_or(0);
}

void read_order(const json::Value& content, ports::ChannelOrder& order) {
  order.trade_ref = content.text_of("out_trade_no");
  order.amount_minor = minor_in(content, "total_amount");
  const auto expiry =
      base::from_local_seconds(content.text_of("time_expire"), base::beijing_offset);
  CHECK(expiry);
  order.expires_at = *expiry;
}

std::string_view method_of(PaymentCallKind kind) {
  switch (kind) {
    case PaymentCallKind::create:
      return "alipay.trade.precreate";
    case PaymentCallKind::query:
      return "alipay.trade.query";
    case PaymentCallKind::close:
      return "alipay.trade.close";
    case PaymentCallKind::refund:
      return "alipay.trade.refund";
    case PaymentCallKind::query_refund:
      return "alipay.trade.fastpay.refund.query";
  }
  UNREACHABLE();
}

std::string_view sub_code_of(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  if (answer.problem == "system_error") return "ACQ.SYSTEM_ERROR";
  if (answer.trade == TradeStatus::not_exist || answer.problem == "trade_not_exist")
    return "ACQ.TRADE_NOT_EXIST";
  if (answer.retry_later) return "ACQ.SELLER_BALANCE_NOT_ENOUGH";
  if (call.kind == PaymentCallKind::refund) return "ACQ.TRADE_NOT_ALLOW_REFUND";
  return call.kind == PaymentCallKind::close ? "ACQ.TRADE_STATUS_ERROR" : "ACQ.INVALID_PARAMETER";
}

FormFields success_fields(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  FormFields content = {
      {"code", "10000"}, {"msg", "Success"}, {"out_trade_no", call.order.trade_ref}};
  const auto add = [&](const char* name, std::string_view value) {
    content.emplace_back(name, value);
  };
  switch (call.kind) {
    case PaymentCallKind::create:
      add("qr_code", answer.pay_content);
      break;
    case PaymentCallKind::query:
      add("trade_no", answer.trade_no);
      add("trade_status", status_word(answer.trade));
      add("total_amount", domain::decimal_of_minor(answer.amount_minor));
      if (answer.paid_at.is_set()) add("send_pay_date", beijing(answer.paid_at));
      break;
    case PaymentCallKind::close:
      break;
    case PaymentCallKind::refund:
      add("fund_change", answer.outcome == Outcome::done ? "Y" : "N");
      add("refund_fee", domain::decimal_of_minor(call.refund_minor));
      break;
    case PaymentCallKind::query_refund:
      if (answer.outcome != Outcome::done && answer.outcome != Outcome::accepted) break;
      add("out_request_no", call.refund_ref);
      add("refund_status",
          answer.outcome == Outcome::done ? "REFUND_SUCCESS" : "REFUND_PROCESSING");
      add("refund_amount", domain::decimal_of_minor(call.refund_minor));
      break;
  }
  return content;
}

FormFields reply_fields(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  const bool refund_absent =
      call.kind == PaymentCallKind::query_refund && answer.problem == "refund_not_exist";
  const bool trade_absent =
      call.kind == PaymentCallKind::query && answer.trade == TradeStatus::not_exist;
  const bool is_broken = answer.problem == "system_error";
  if ((answer.outcome != Outcome::failed || refund_absent) && !trade_absent && !is_broken)
    return success_fields(call, answer);
  return {{"code", "40004"},
          {"msg", "Business Failed"},
          {"sub_code", std::string(sub_code_of(call, answer))},
          {"sub_msg", answer.problem}};
}

}  // namespace

std::string AlipayWire::write_notice(const ports::PaymentNotice& notice) {
  auto fields = notice_fields(notice);
  auto& body = written_["notice\n" + alipay::encode_form(fields)];
  if (body.empty()) body = alipay::render_notice(std::move(fields), keys().alipay);
  return body;
}

// Its trade's notification, with what went back of it so far.
std::string AlipayWire::write_refund_notice(const ports::PaymentNotice& notice,
                                            const WentBack& back) {
  auto fields = notice_fields(notice);
  fields.emplace_back("refund_fee", domain::decimal_of_minor(back.total_minor));
  fields.emplace_back("gmt_refund", beijing(notice.paid_at) + ".123");
  if (!notice.refund_ref.empty()) fields.emplace_back("out_biz_no", notice.refund_ref);
  auto& body = written_["refund notice\n" + alipay::encode_form(fields)];
  if (body.empty()) body = alipay::render_notice(std::move(fields), keys().alipay);
  return body;
}

std::string AlipayWire::write_notice_of_other_account(const ports::PaymentNotice& notice) {
  auto fields = notice_fields(notice);
  for (auto& [name, value] : fields)
    if (name == "app_id") value = "2021999999999999";
  return alipay::render_notice(std::move(fields), keys().alipay);
}

std::string AlipayWire::write_forged_notice(const ports::PaymentNotice& notice) {
  return alipay::render_notice(notice_fields(notice), keys().app);
}

std::string AlipayWire::write_unsigned_notice(const ports::PaymentNotice& notice) {
  auto fields = notice_fields(notice);
  fields.emplace_back("sign_type", "RSA2");
  return alipay::encode_form(fields);
}

base::Result<ports::PaymentNotice, ports::NoticeRefusal> AlipayWire::read_notice(
    const std::string& body) {
  const auto notice = alipay::read_notice(account(), content_type, body);
  if (!notice) return base::refuse(notice.error());
  return alipay::to_port(*notice);
}

ports::PaymentCall AlipayWire::carry_call(const ports::PaymentCall& call, base::Instant now) {
  const auto sent = alipay::gateway_call(account(), call, now);
  CHECK(sent.method == method_of(call.kind));
  const auto content = business_of(sent.url, sent.body);
  ports::PaymentCall read;
  read.kind = call.kind;
  read.order.trade_ref = content.text_of("out_trade_no");
  if (call.kind == PaymentCallKind::create) read_order(content, read.order);
  read.refund_ref = content.text_of("out_request_no");
  if (call.kind == PaymentCallKind::refund) read.refund_minor = minor_in(content, "refund_amount");
  return read;
}

ports::PaymentAnswer AlipayWire::carry_answer(const ports::PaymentCall& call,
                                              const ports::PaymentAnswer& answer) {
  const auto method = method_of(call.kind);
  const auto content = reply_fields(call, answer);
  auto& raw = written_[std::string(method) + "\n" + alipay::encode_form(content)];
  if (raw.empty()) raw = alipay::render_reply(method, content, {keys().alipay});
  return alipay::answer_of(account(), call, method, raw);
}

ports::ChannelOrder AlipayWire::carry_link(const ports::ChannelOrder& order, base::Instant now) {
  const auto link = alipay::pay_link(account(), order, now);
  ports::ChannelOrder read;
  read_order(business_of(link, ""), read);
  return read;
}

}  // namespace daozhang::sim
