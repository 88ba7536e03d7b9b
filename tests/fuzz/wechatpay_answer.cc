// WeChat Pay's replies. The first line chooses the call (0 to 4), the way (q, h, j) and whether a
// test key signs (s) or nobody (r), then the status. Unsigned: header lines, an empty line and the
// body. Signed: the body.
#include "connectors/payment/wechatpay/answer.h"

#include <charconv>

#include "connectors/payment/wechatpay/bill_reply.h"
#include "connectors/payment/wechatpay/test_account.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;
using ports::TradeStatus;
using wechatpay::test_now;

const wechatpay::Account& account_for(ports::Way way) {
  static const wechatpay::Account qr = wechatpay::test_account(ports::Way::qr);
  static const wechatpay::Account h5 = wechatpay::test_account(ports::Way::h5);
  static const wechatpay::Account jsapi = wechatpay::test_account(ports::Way::jsapi);
  if (way == ports::Way::h5) return h5;
  return way == ports::Way::jsapi ? jsapi : qr;
}

ports::Way way_of(char letter) {
  if (letter == 'h') return ports::Way::h5;
  return letter == 'j' ? ports::Way::jsapi : ports::Way::qr;
}

// Says nothing that money could follow.
void check_says_nothing(const PaymentAnswer& answer) {
  CHECK(answer.outcome == Outcome::unknown && answer.trade == TradeStatus::waiting);
  CHECK(answer.amount_minor == 0 && answer.trade_no.empty() && answer.pay_content.empty());
  CHECK(!answer.paid_at.is_set() && !answer.retry_later && !answer.needs_person);
  CHECK(!answer.problem.empty() && answer.raw.size() <= 8 * 1024);
}

void check_created(const wechatpay::Account& account, const json::Value& content,
                   const PaymentAnswer& answer) {
  CHECK(!answer.pay_content.empty() && answer.amount_minor == 0);
  const bool h5 = account.way == ports::Way::h5;
  const bool qr = account.way == ports::Way::qr;
  const std::string_view sent = content.text_of(h5 ? "h5_url" : qr ? "code_url" : "prepay_id");
  CHECK(!sent.empty() && answer.pay_content.starts_with(sent));
  CHECK(h5 ? answer.pay_content.starts_with("https://") : answer.pay_content == sent);
}

std::int64_t told_amount(const json::Value& content, std::string_view name) {
  const json::Value* const amount = content.find("amount");
  const json::Value* const member = amount == nullptr ? nullptr : amount->find(name);
  return member != nullptr && member->integer() != nullptr ? *member->integer() : 0;
}

void check_queried(const PaymentCall& call, const json::Value& content,
                   const PaymentAnswer& answer) {
  const wechatpay::AccountSettings ours = wechatpay::test_settings();
  CHECK(content.text_of("mchid") == ours.mchid && content.text_of("appid") == ours.appid);
  CHECK(content.text_of("out_trade_no") == call.order.trade_ref);
  CHECK(answer.amount_minor == 0 || told_amount(content, "total") == answer.amount_minor);
  if (answer.trade != TradeStatus::paid) return;
  CHECK(answer.amount_minor > 0 && content.find("amount")->text_of("currency") == "CNY");
  CHECK(!answer.trade_no.empty() && content.text_of("transaction_id") == answer.trade_no);
}

void check_refund(const PaymentCall& call, const json::Value& content,
                  const PaymentAnswer& answer) {
  CHECK(content.text_of("out_trade_no") == call.order.trade_ref);
  CHECK(content.text_of("out_refund_no") == call.refund_ref);
  CHECK(answer.amount_minor == call.refund_minor);
  CHECK(told_amount(content, "refund") == call.refund_minor);
  if (answer.outcome == Outcome::done) CHECK(content.text_of("status") == "SUCCESS");
  if (answer.needs_person) CHECK(content.text_of("status") == "ABNORMAL");
}

bool is_refund(PaymentCallKind kind) {
  return kind == PaymentCallKind::refund || kind == PaymentCallKind::query_refund;
}

void check_in_range(const PaymentCall& call, const PaymentAnswer& answer) {
  CHECK(answer.amount_minor >= 0 && answer.amount_minor <= domain::amount_minor_max);
  CHECK(answer.raw.size() <= 8 * 1024);
  if (answer.outcome == Outcome::unknown) {
    CHECK(answer.amount_minor == 0 && answer.pay_content.empty() && !answer.problem.empty());
    CHECK(answer.trade == TradeStatus::waiting);
  }
  if (answer.retry_later) {
    CHECK(answer.outcome == Outcome::failed && call.kind == PaymentCallKind::refund);
  }
  if (answer.needs_person) {
    CHECK(answer.outcome == Outcome::failed && call.kind == PaymentCallKind::query_refund);
  }
  if (answer.outcome == Outcome::accepted) CHECK(is_refund(call.kind));
}

void check_signed(const wechatpay::Account& account, const PaymentCall& call, int status,
                  std::string body) {
  wechatpay::Reply reply = wechatpay::test_reply(status, std::move(body));
  const auto& keys = account.platform_keys;
  const PaymentAnswer answer = wechatpay::answer_of(account, keys, call, reply, test_now);
  check_in_range(call, answer);
  const auto content = json::read(reply.body, json::Numbers::as_text);
  const bool said_yes = answer.outcome == Outcome::done || answer.outcome == Outcome::accepted;
  if (said_yes && answer.trade == TradeStatus::not_exist) {
    CHECK(call.kind == PaymentCallKind::query && status == 404 && answer.amount_minor == 0);
    CHECK(content && content->text_of("code") == "ORDER_NOT_EXIST");
  } else if (said_yes && call.kind == PaymentCallKind::close) {
    CHECK((status == 200 || status == 204) && answer.trade == TradeStatus::closed);
  } else if (said_yes || answer.needs_person) {
    CHECK(status == 200 && content && content->object() != nullptr);
    if (call.kind == PaymentCallKind::create) check_created(account, *content, answer);
    if (call.kind == PaymentCallKind::query) check_queried(call, *content, answer);
    if (is_refund(call.kind)) check_refund(call, *content, answer);
  }
  const base::Instant late = test_now + base::seconds(301);
  check_says_nothing(wechatpay::answer_of(account, keys, call, reply, late));
  reply.body += ' ';
  check_says_nothing(wechatpay::answer_of(account, keys, call, reply, test_now));
}

void check_bill_reply(const wechatpay::Account& account, int status, std::string body) {
  const auto reply = wechatpay::test_reply(status, std::move(body));
  const auto address = wechatpay::read_bill_reply(account.platform_keys, reply, test_now);
  if (address) CHECK(address->sha1_hex.size() == 40 && !address->download_url.empty());
}

wechatpay::Reply unsigned_reply(Input& input, int status) {
  wechatpay::Reply reply;
  reply.status = status;
  for (std::string_view line = input.line(); !line.empty(); line = input.line()) {
    const auto colon = line.find(": ");
    reply.headers.emplace_back(line.substr(0, colon),
                               colon == std::string_view::npos ? "" : line.substr(colon + 2));
  }
  reply.body = input.rest();
  return reply;
}

}  // namespace

void wechatpay_answer(std::string_view bytes) {
  Input input(bytes);
  const auto kind = static_cast<PaymentCallKind>(input.choice(5));
  const ports::Way way = way_of(static_cast<char>(input.byte()));
  const bool is_signed = input.byte() == 's';
  const std::string_view number = input.line();
  int status = 0;
  std::from_chars(number.data(), number.data() + number.size(), status);
  const wechatpay::Account& account = account_for(way);
  if (is_signed) {
    check_bill_reply(account, status, std::string(input.rest()));
    return check_signed(account, wechatpay::test_call(kind), status, std::string(input.rest()));
  }
  const wechatpay::Reply reply = unsigned_reply(input, status);
  const auto& keys = account.platform_keys;
  check_says_nothing(
      wechatpay::answer_of(account, keys, wechatpay::test_call(kind), reply, test_now));
  CHECK(wechatpay::read_bill_reply(keys, reply, test_now).error() ==
        ports::BillRefusal::unavailable);
  CHECK(wechatpay::request_id_of(reply.headers).size() <= 128);
}

}  // namespace daozhang::fuzz
