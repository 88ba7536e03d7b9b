// The gateway's replies. The first line chooses the call (0 to 4) and whether the rest is the raw
// reply (r), or the business member's value, which is then signed with a test key (s).
#include "connectors/payment/alipay/reply.h"

#include "connectors/payment/alipay/answer.h"
#include "connectors/payment/alipay/test_account.h"
#include "connectors/payment/alipay/yuan.h"
#include "crypto/base64.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/json_text.h"

namespace daozhang::fuzz {
namespace {

namespace alipay = connectors::payment::alipay;
using ports::Outcome;
using ports::PaymentCallKind;

constexpr std::string_view methods[] = {"alipay.trade.precreate", "alipay.trade.query",
                                        "alipay.trade.close", "alipay.trade.refund",
                                        "alipay.trade.fastpay.refund.query"};

const alipay::Account& account() {
  static const alipay::Account made = alipay::test_account();
  return made;
}

bool is_inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// What the scanner cut out of a text that is JSON is what a JSON reader finds there.
void check_cut(std::string_view raw, std::string_view member) {
  const auto cut = alipay::cut_reply(raw, member);
  if (!cut) return;
  CHECK(is_inside(cut->content, raw) && is_inside(cut->sign, raw) && is_inside(cut->cert_sn, raw));
  const auto document = json::read(raw, json::Numbers::as_text);
  if (!document) return;
  const json::Value* value = document->find(member);
  CHECK(value != nullptr);
  const auto content = json::read(cut->content, json::Numbers::as_text);
  CHECK(content && json_text(*content) == json_text(*value));
}

void check_answer(const ports::PaymentCall& call, const ports::PaymentAnswer& answer) {
  CHECK(answer.amount_minor >= 0 && answer.amount_minor <= domain::amount_minor_max);
  CHECK(answer.raw.size() <= 8 * 1024);
  if (answer.outcome == Outcome::done && call.kind == PaymentCallKind::query_refund) {
    CHECK(answer.amount_minor == call.refund_minor);
  }
  if (answer.outcome == Outcome::done && call.kind == PaymentCallKind::query &&
      answer.trade == ports::TradeStatus::paid) {
    CHECK(!answer.trade_no.empty());
  }
  if (answer.outcome == Outcome::done && call.kind == PaymentCallKind::create) {
    CHECK(!answer.pay_content.empty());
  }
  if (answer.retry_later) {
    CHECK(answer.outcome == Outcome::failed && call.kind == PaymentCallKind::refund);
  }
}

std::string signed_reply(std::string_view member, std::string_view content) {
  const std::string sign = crypto::to_base64(alipay::test_alipay_key().sign_sha256(content));
  std::string raw = "{\"";
  raw.append(member).append("\":").append(content).append(",\"sign\":\"").append(sign);
  return raw.append("\"}");
}

// A yes about a trade is in the signed content, word for word.
void check_signed(const ports::PaymentCall& call, std::string_view method,
                  std::string_view content) {
  const std::string member = alipay::response_member(method);
  std::string raw = signed_reply(member, content);
  check_cut(raw, member);
  const ports::PaymentAnswer answer = alipay::answer_of(account(), call, method, raw);
  check_answer(call, answer);
  if (answer.outcome == Outcome::unknown) return;
  const auto document = json::read(raw, json::Numbers::as_text);
  CHECK(document && document->object() != nullptr);
  const json::Value* value = document->find(member);
  if (answer.outcome == Outcome::done && answer.trade != ports::TradeStatus::not_exist) {
    CHECK(value != nullptr && value->text_of("out_trade_no") == call.order.trade_ref);
    CHECK(value->text_of("code") == "10000");
    if (call.kind == PaymentCallKind::query) {
      CHECK(alipay::minor_of_yuan(value->text_of("total_amount")) == answer.amount_minor);
    }
    if (call.kind == PaymentCallKind::query_refund) {
      CHECK(value->text_of("out_request_no") == call.refund_ref);
    }
  }
  // One more blank inside the value is another text than the one that was signed.
  raw.insert(raw.find(':') + 2, " ");
  CHECK(alipay::answer_of(account(), call, method, raw).outcome == Outcome::unknown);
}

}  // namespace

void alipay_reply(std::string_view bytes) {
  Input input(bytes);
  const std::size_t kind = input.choice(std::size(methods));
  const bool is_signed = input.byte() == 's';
  input.line();
  const auto call = alipay::test_call(static_cast<PaymentCallKind>(kind));
  if (is_signed) return check_signed(call, methods[kind], input.rest());

  const std::string_view raw = input.rest();
  check_cut(raw, alipay::response_member(methods[kind]));
  check_cut(raw, "error_response");
  const auto answer = alipay::answer_of(account(), call, methods[kind], raw);
  check_answer(call, answer);
  // Nobody without the key says yes, and nobody says that a trade does not exist.
  CHECK(answer.outcome == Outcome::unknown || answer.outcome == Outcome::failed);
  CHECK(answer.trade != ports::TradeStatus::not_exist);
  CHECK(answer.amount_minor == 0 && answer.trade_no.empty() && answer.pay_content.empty());
}

}  // namespace daozhang::fuzz
