#include "sim/peers/epay_wire.h"

#include <array>

#include "base/check.h"
#include "connectors/payment/epay/answer.h"
#include "connectors/payment/epay/epay_provider.h"
#include "connectors/payment/epay/notice.h"
#include "connectors/payment/epay/request.h"
#include "connectors/payment/epay/yuan.h"

namespace daozhang::sim {
namespace {

namespace epay = connectors::payment::epay;
using epay::FormFields;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr auto delays = std::to_array<base::Duration>(
    {base::seconds(1), base::minutes(1), base::minutes(3), base::minutes(20), base::hours(1)});

constexpr std::string_view merchant_key = "kT7wQz29LmXc84RvNb61YpHd";

epay::Account account_of(ports::Way way) {
  epay::AccountSettings settings;
  settings.base_url = "https://pay.example/";
  settings.pid = "1001";
  settings.type = "alipay";
  settings.notify_url = "https://shop.example/v1/notify/epay";
  settings.merchant_key = merchant_key;
  settings.way = way;
  settings.dialect.refund = true;
  auto account = epay::read_account(settings);
  CHECK(account);
  return std::move(*account);
}

const epay::Account& account(ports::Way way = ports::Way::page) {
  static const epay::Account page = account_of(ports::Way::page);
  static const epay::Account code = account_of(ports::Way::qr);
  return way == ports::Way::qr ? code : page;
}

epay::Merchant merchant_with(std::string_view key) {
  epay::Merchant merchant;
  merchant.pid = account().pid;
  merchant.key = key;
  return merchant;
}

const epay::Merchant& merchant() {
  static const epay::Merchant made = merchant_with(merchant_key);
  return made;
}

std::string money(std::int64_t minor) {
  return epay::print_money(minor, epay::MoneyFormat::two_decimals);
}

std::string_view status_word(TradeStatus status) {
  if (status == TradeStatus::paid) return "TRADE_SUCCESS";
  return status == TradeStatus::closed ? "TRADE_CLOSED" : "WAIT_BUYER_PAY";
}

FormFields notice_fields(const ports::PaymentNotice& notice) {
  return {{"pid", account().pid},
          {"trade_no", notice.trade_no},
          {"out_trade_no", notice.trade_ref},
          {"type", account().type},
          {"name", "goods"},
          {"money", money(notice.amount_minor)},
          {"trade_status", std::string(status_word(notice.trade))}};
}

// A request of ours that a gateway would refuse is our bug.
FormFields fields_in(std::string_view encoded, bool is_signed) {
  auto fields = epay::decode_form(encoded);
  CHECK(fields);
  CHECK(is_signed ? epay::verify_signed(merchant(), *fields, {}).has_value()
                  : epay::verify_keyed(merchant(), *fields).has_value());
  return std::move(*fields);
}

ports::ChannelOrder order_in(const FormFields& fields) {
  ports::ChannelOrder order;
  order.trade_ref = epay::field(fields, "out_trade_no");
  order.amount_minor = epay::minor_of_yuan(epay::field(fields, "money")).value_or(0);
  order.subject = epay::field(fields, "name");
  return order;
}

std::string_view path_of(PaymentCallKind kind) {
  switch (kind) {
    case PaymentCallKind::create:
      return "mapi.php";
    case PaymentCallKind::refund:
      return "api.php?act=refund";
    case PaymentCallKind::query:
    case PaymentCallKind::query_refund:
      return "api.php?act=order";
    case PaymentCallKind::close:
      break;
  }
  UNREACHABLE();
}

// 0 unpaid, 1 paid, 2 refunded: an order of which a part went back is paid.
std::string_view status_number(TradeStatus status) {
  if (status == TradeStatus::paid) return "1";
  return status == TradeStatus::closed ? "2" : "0";
}

FormFields order_fields(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  const bool has_sum = answer.amount_minor > 0 || answer.paid_at.is_set();
  const auto amount = has_sum ? answer.amount_minor : call.order.amount_minor;
  FormFields fields = {{"msg", "success"},
                       {"trade_no", answer.trade_no},
                       {"out_trade_no", call.order.trade_ref},
                       {"type", account().type},
                       {"pid", account().pid},
                       {"name", "goods"},
                       {"money", money(amount)},
                       {"status", std::string(status_number(answer.trade))}};
  if (answer.paid_at.is_set())
    fields.emplace_back("endtime", base::to_local_seconds(answer.paid_at, base::beijing_offset));
  return fields;
}

std::string reply_to(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  const bool is_done = answer.outcome == Outcome::done;
  const auto no = [&] { return epay::render_failure(merchant(), answer.problem, {}); };
  if (answer.problem == "system_error") return no();  // Its code and form are those of any no.
  switch (call.kind) {
    case PaymentCallKind::create:
      if (!is_done) return no();
      return epay::render_reply(
          merchant(), {{"msg", "success"}, {"trade_no", "E1"}, {"qrcode", answer.pay_content}}, {});
    case PaymentCallKind::query:
    case PaymentCallKind::query_refund:
      if (answer.trade == TradeStatus::not_exist)
        return epay::render_failure(merchant(), account().dialect.not_found_words.front(), {});
      return epay::render_reply(merchant(), order_fields(call, answer), {});
    case PaymentCallKind::refund:
      return is_done ? epay::render_reply(merchant(), {{"msg", "success"}}, {}) : no();
    case PaymentCallKind::close:
      break;
  }
  UNREACHABLE();
}

}  // namespace

std::span<const base::Duration> EpayWire::notice_delays() const { return delays; }

std::optional<domain::ChannelTerms> EpayWire::terms() const {
  domain::ChannelTerms terms;
  terms.close = terms.refund_query = terms.idempotent_refund = false;
  terms.confirm_by_query = true;
  return terms;
}

std::string EpayWire::write_notice(const ports::PaymentNotice& notice) {
  return epay::render_notice(merchant(), notice_fields(notice));
}

std::string EpayWire::write_notice_of_other_account(const ports::PaymentNotice& notice) {
  auto fields = notice_fields(notice);
  fields.front().second = "1002";
  return epay::render_notice(merchant(), std::move(fields));
}

std::string EpayWire::write_forged_notice(const ports::PaymentNotice& notice) {
  return epay::render_notice(merchant_with("not the merchant's key"), notice_fields(notice));
}

std::string EpayWire::write_unsigned_notice(const ports::PaymentNotice& notice) {
  return epay::encode_form(notice_fields(notice));
}

base::Result<ports::PaymentNotice, ports::NoticeRefusal> EpayWire::read_notice(
    const std::string& body) {
  return epay::read_notice(account(), epay::notice_message(true, body), {});
}

ports::PaymentCall EpayWire::carry_call(const ports::PaymentCall& call, base::Instant now) {
  const auto& sender =
      account(call.kind == PaymentCallKind::create ? ports::Way::qr : ports::Way::page);
  if (!epay::why_no_call(sender, call.kind).empty()) return call;
  const auto sent = epay::gateway_call(sender, call, now);
  CHECK(sent.url == sender.base_url + std::string(path_of(call.kind)));
  const auto fields = fields_in(sent.body, call.kind == PaymentCallKind::create);
  ports::PaymentCall read;
  read.kind = call.kind;
  read.order = order_in(fields);
  if (call.kind == PaymentCallKind::refund) read.refund_minor = read.order.amount_minor;
  // No gateway is told it: the channel's truth keeps count of which was executed how often.
  read.refund_ref = call.refund_ref;
  return read;
}

ports::PaymentAnswer EpayWire::carry_answer(const ports::PaymentCall& call,
                                            const ports::PaymentAnswer& answer) {
  if (call.kind == PaymentCallKind::close) return answer;
  return epay::answer_of(account(), call, reply_to(call, answer), {});
}

ports::ChannelOrder EpayWire::carry_link(const ports::ChannelOrder& order, base::Instant now) {
  const auto link = epay::pay_link(account(), order, now);
  const auto question = link.find('?');
  CHECK(link.substr(0, question) == account().base_url + "submit.php");
  return order_in(fields_in(std::string_view(link).substr(question + 1), true));
}

}  // namespace daozhang::sim
