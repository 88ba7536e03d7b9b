#include "sim/peers/wechat_wire.h"

#include <array>

#include <fmt/format.h>

#include "base/check.h"
#include "connectors/payment/wechatpay/answer.h"
#include "connectors/payment/wechatpay/notice.h"
#include "connectors/payment/wechatpay/wechatpay_provider.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sim/peers/test_keys.h"

namespace daozhang::sim {
namespace {

namespace wechat = connectors::payment::wechatpay;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr auto delays = std::to_array<base::Duration>(
    {base::seconds(1), base::seconds(15), base::seconds(15), base::seconds(30), base::minutes(3),
     base::minutes(10), base::minutes(20), base::minutes(30), base::minutes(30), base::minutes(30),
     base::hours(1), base::hours(3), base::hours(3), base::hours(3), base::hours(6),
     base::hours(6)});

constexpr base::Duration signed_anew_after = base::minutes(4);  // They count for five.

wechat::PlatformSigning signing_by(std::string_view key) {
  return {"PUB_KEY_ID_0100000000012026112200000001", test_key(key)};
}

const wechat::PlatformSigning& signing() {
  static const wechat::PlatformSigning made = signing_by(test_platform_key);
  return made;
}

// Not read from settings: those refuse keys as short as these.
wechat::Account make_account() {
  wechat::Account made{.mchid = "1900000001",
                       .appid = "wxd678efh567hg6787",
                       .merchant_key = test_key(test_app_key),
                       .merchant_serial = "25F8AA5452D55497C24BA57DC81B1E5915DC2E77",
                       .api_v3_key = "kQ7vX2mB9rT4wZ8nL5cJ1pH6sD3fG0yA",
                       .public_key_id = signing().serial,
                       .platform_keys = {},
                       .keeps_certificates = false,
                       .api_url = "https://api.mch.weixin.qq.com",
                       .notify_url = "https://shop.example/v1/notify/wechat",
                       .way = ports::Way::qr,
                       .app_secret = {},
                       .authorize_url = {},
                       .token_url = {},
                       .has_fund_flow = false};
  made.platform_keys.add({signing().serial, signing().key.public_key(), {}});
  return made;
}

const wechat::Account& account() {
  static const wechat::Account made = make_account();
  return made;
}

const wechat::Merchant& merchant() {
  static const wechat::Merchant made{account().mchid, account().merchant_serial,
                                     account().merchant_key.public_key()};
  return made;
}

std::string_view state_word(TradeStatus status) {
  if (status == TradeStatus::paid) return "SUCCESS";
  return status == TradeStatus::closed ? "CLOSED" : "NOTPAY";
}

wechat::TradeFacts trade_of(const std::string& trade_ref, std::int64_t amount_minor) {
  wechat::TradeFacts trade;
  trade.mchid = account().mchid;
  trade.appid = account().appid;
  trade.out_trade_no = trade_ref;
  trade.trade_type = "NATIVE";
  trade.total_minor = amount_minor;
  if (amount_minor > 1) trade.payer_total_minor = amount_minor - 1;
  return trade;
}

wechat::TradeFacts told_trade(const ports::PaymentNotice& notice) {
  auto trade = trade_of(notice.trade_ref, notice.amount_minor);
  trade.transaction_id = notice.trade_no;
  trade.trade_state = state_word(notice.trade);
  trade.paid_at = notice.paid_at;
  return trade;
}

std::string in_money(std::string trade, domain::Currency currency) {
  constexpr std::string_view yuan = R"("currency":"CNY")";
  if (currency != domain::Currency::CNY)
    trade.replace(trade.find(yuan), yuan.size(),
                  fmt::format(R"("currency":"{}")", base::name_of(currency)));
  return trade;
}

ports::NoticeMessage notice_message(const ports::PaymentNotice& notice,
                                    const wechat::TradeFacts& trade,
                                    const wechat::PlatformSigning& by, const wechat::Stamp& stamp) {
  const auto plain = in_money(wechat::render_trade(trade), notice.currency);
  return wechat::render_notice({notice.notice_id, "TRANSACTION.SUCCESS", plain, stamp.now},
                               account().api_v3_key, by, stamp);
}

std::string_view authorization_in(const wechat::SignedCall& sent) {
  for (const auto& [name, value] : sent.headers)
    if (name == "Authorization") return value;
  return {};
}

std::int64_t minor_in(const json::Value& content, std::string_view name) {
  const auto* amount = content.find("amount");
  const auto* member = amount == nullptr ? nullptr : amount->find(name);
  const auto* minor = member == nullptr ? nullptr : member->integer();
  return minor == nullptr ? 0 : *minor;
}

// The number in a path: behind `before`, up to the next mark.
std::string number_in(std::string_view target, std::string_view before) {
  CHECK(target.starts_with(before));
  target.remove_prefix(before.size());
  return std::string(target.substr(0, target.find_first_of("/?")));
}

constexpr std::string_view trades_path = "/v3/pay/transactions/out-trade-no/";
constexpr std::string_view refunds_path = "/v3/refund/domestic/refunds";

json::Value content_of(const wechat::SignedCall& sent) {
  auto content = json::read(sent.body, json::Numbers::integers);
  CHECK(content);
  return std::move(*content);
}

struct Said {
  int status = 200;
  std::string body;
};

Said no(int status, std::string_view code) { return {status, wechat::render_error(code, "no")}; }

Said said_of_trade(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  if (answer.trade == TradeStatus::not_exist) return no(404, "ORDER_NOT_EXIST");
  const bool was_paid = answer.trade == TradeStatus::paid || answer.paid_at.is_set();
  const bool has_sum = answer.amount_minor > 0 || was_paid;
  auto trade =
      trade_of(call.order.trade_ref, has_sum ? answer.amount_minor : call.order.amount_minor);
  trade.trade_state = state_word(answer.trade);
  // Also of a payment that went back as a whole.
  if (was_paid && answer.some_went_back) trade.trade_state = "REFUND";
  if (was_paid) trade.transaction_id = answer.trade_no;
  trade.paid_at = answer.paid_at;
  return {200, in_money(wechat::render_trade(trade), answer.currency)};
}

Said refund_in(const ports::PaymentCall& call, std::string_view status) {
  wechat::RefundFacts refund;
  refund.mchid = account().mchid;
  refund.out_trade_no = call.order.trade_ref;
  refund.transaction_id = "T1";
  refund.out_refund_no = call.refund_ref;
  refund.refund_id = "R" + call.refund_ref;
  refund.status = status;
  refund.total_minor = call.order.amount_minor;
  refund.refund_minor = call.refund_minor;
  refund.created_at = call.order.created_at;
  return {200, wechat::render_refund(refund)};
}

Said said_of_refund(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  if (answer.outcome == Outcome::done) return refund_in(call, "SUCCESS");
  const bool is_refused = answer.problem == "not_moved";
  if (answer.outcome == Outcome::accepted && !is_refused) return refund_in(call, "PROCESSING");
  if (answer.problem == "too_soon") return no(429, "FREQUENCY_LIMITED");
  if (answer.retry_later) return no(403, "NOT_ENOUGH");
  return is_refused ? no(403, "USER_ACCOUNT_ABNORMAL") : no(400, "INVALID_REQUEST");
}

Said said_of_refund_query(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  if (answer.outcome == Outcome::done) return refund_in(call, "SUCCESS");
  if (answer.outcome == Outcome::accepted) return refund_in(call, "PROCESSING");
  return answer.needs_person ? refund_in(call, "ABNORMAL") : no(404, "RESOURCE_NOT_EXISTS");
}

Said said_of_close(const ports::PaymentAnswer& answer) {
  if (answer.outcome == Outcome::done) return {204, ""};
  return answer.trade == TradeStatus::not_exist ? no(404, "ORDER_NOT_EXIST") : no(400, "ORDERPAID");
}

Said said_of_code(const ports::PaymentAnswer& answer) {
  if (answer.outcome != Outcome::done) return no(400, "PARAM_ERROR");
  Said said;
  json::Writer(said.body).begin_object().member("code_url", answer.pay_content).end_object();
  return said;
}

Said reply_to(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  if (answer.problem == "system_error") return no(500, "SYSTEM_ERROR");
  switch (call.kind) {
    case PaymentCallKind::create:
      return said_of_code(answer);
    case PaymentCallKind::query:
      return said_of_trade(call, answer);
    case PaymentCallKind::close:
      return said_of_close(answer);
    case PaymentCallKind::refund:
      return said_of_refund(call, answer);
    case PaymentCallKind::query_refund:
      return said_of_refund_query(call, answer);
  }
  UNREACHABLE();
}

ports::PaymentCall call_in(const wechat::SignedCall& sent, PaymentCallKind kind) {
  const auto target = wechat::target_of(sent.url);
  ports::PaymentCall read;
  read.kind = kind;
  if (kind == PaymentCallKind::query || kind == PaymentCallKind::close) {
    read.order.trade_ref = number_in(target, trades_path);
    return read;
  }
  if (kind == PaymentCallKind::query_refund) {
    read.refund_ref = number_in(target, std::string(refunds_path) + "/");
    return read;
  }
  const bool is_refund = kind == PaymentCallKind::refund;
  CHECK(target == (is_refund ? refunds_path : "/v3/pay/transactions/native"));
  const auto content = content_of(sent);
  read.order.trade_ref = content.text_of("out_trade_no");
  read.order.amount_minor = minor_in(content, "total");
  read.refund_ref = content.text_of("out_refund_no");
  read.refund_minor = minor_in(content, "refund");
  if (!is_refund) {
    const auto expiry = base::from_rfc3339(content.text_of("time_expire"));
    CHECK(expiry);
    read.order.expires_at = *expiry;
  }
  return read;
}

}  // namespace

wechat::Stamp WechatWire::stamp() { return {now_(), fmt::format("{:012X}{:020X}", ++nonces_, 0)}; }

const wechat::HeaderList& WechatWire::headers_of(const std::string& body) {
  auto& written = written_[body];
  if (written.headers.empty() || now_() - written.at > signed_anew_after)
    written = {now_(), wechat::sign_message(body, signing(), stamp())};
  return written.headers;
}

std::span<const base::Duration> WechatWire::notice_delays() const { return delays; }

std::optional<domain::ChannelTerms> WechatWire::terms() const {
  domain::ChannelTerms terms;
  terms.refund_spacing = base::minutes(1);
  return terms;
}

std::string WechatWire::write_notice(const ports::PaymentNotice& notice) {
  return ports::text_of(notice_message(notice, told_trade(notice), signing(), stamp()));
}

std::string WechatWire::write_refund_notice(const ports::PaymentNotice& notice,
                                            const WentBack& back) {
  wechat::RefundFacts refund;
  refund.mchid = account().mchid;
  refund.out_trade_no = notice.trade_ref;
  refund.transaction_id = notice.trade_no;
  // In its console a refund gets a number of its own.
  refund.out_refund_no = notice.refund_ref.empty() ? "console" : notice.refund_ref;
  refund.refund_id = "R" + refund.out_refund_no;
  refund.status = "SUCCESS";
  refund.total_minor = notice.amount_minor;
  refund.refund_minor = back.minor;
  refund.created_at = refund.succeeded_at = now_();
  const auto stamped = stamp();
  return ports::text_of(wechat::render_notice(
      {notice.notice_id, "REFUND.SUCCESS", wechat::render_refund_notice(refund), stamped.now},
      account().api_v3_key, signing(), stamped));
}

// Of another merchant, or of another app of ours.
std::string WechatWire::write_notice_of_other_account(const ports::PaymentNotice& notice) {
  auto trade = told_trade(notice);
  const bool is_merchant = notice.trade_no.back() % 2 == 0;
  (is_merchant ? trade.mchid : trade.appid) = is_merchant ? "1900000002" : "wxd678efh567hg6788";
  return ports::text_of(notice_message(notice, trade, signing(), stamp()));
}

std::string WechatWire::write_forged_notice(const ports::PaymentNotice& notice) {
  static const auto foreign = signing_by(test_app_key);
  return ports::text_of(notice_message(notice, told_trade(notice), foreign, stamp()));
}

std::string WechatWire::write_unsigned_notice(const ports::PaymentNotice& notice) {
  auto message = notice_message(notice, told_trade(notice), signing(), stamp());
  message.headers.clear();
  return ports::text_of(message);
}

base::Result<ports::PaymentNotice, ports::NoticeRefusal> WechatWire::read_notice(
    const std::string& body) {
  const auto message = ports::notice_message_of(body);
  if (!message) return base::refuse(ports::NoticeRefusal::unreadable);
  return wechat::read_notice(account(), account().platform_keys, *message, now_());
}

// A request of ours that WeChat Pay would refuse is our bug.
ports::PaymentCall WechatWire::carry_call(const ports::PaymentCall& call, base::Instant now) {
  const auto sent = wechat::signed_call(account(), call, stamp());
  CHECK(sent);
  const auto proven = wechat::verify_merchant(
      merchant(), {sent->method, wechat::target_of(sent->url), authorization_in(*sent), sent->body},
      now);
  CHECK(proven);
  auto read = call_in(*sent, call.kind);
  // It knows a refund by its number alone; here they stand with their trades.
  if (call.kind == PaymentCallKind::query_refund) read.order.trade_ref = call.order.trade_ref;
  return read;
}

ports::PaymentAnswer WechatWire::carry_answer(const ports::PaymentCall& call,
                                              const ports::PaymentAnswer& answer) {
  auto [status, body] = reply_to(call, answer);
  const wechat::Reply reply{status, headers_of(body), body};
  return wechat::answer_of(account(), account().platform_keys, call, reply, now_());
}

ports::ChannelOrder WechatWire::carry_link(const ports::ChannelOrder&, base::Instant) {
  UNREACHABLE();
}

}  // namespace daozhang::sim
