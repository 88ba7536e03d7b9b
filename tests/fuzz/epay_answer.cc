// Replies of an epay gateway. The first line chooses the version (1, 2), the call (0 to 4) and
// whether the rest is the reply as it came (r), or the fields of one as a form, which the gateway
// renders and, in V2, signs (s).
#include "connectors/payment/epay/answer.h"

#include <algorithm>

#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/test_account.h"
#include "connectors/payment/epay/yuan.h"
#include "domain/money/money.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {
namespace {

namespace epay = connectors::payment::epay;
using epay::FormFields;
using epay::test_now;
using epay::Version;
using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCall;
using ports::PaymentCallKind;
using ports::TradeStatus;

const epay::Account& account_of(Version version) {
  static const epay::Account v1 = epay::test_account(Version::v1, ports::Way::qr);
  static const epay::Account v2 = epay::test_account(Version::v2, ports::Way::qr);
  return version == Version::v1 ? v1 : v2;
}

// Says nothing that money could follow.
void check_says_nothing(const PaymentAnswer& answer) {
  CHECK(answer.outcome == Outcome::unknown && answer.trade == TradeStatus::waiting);
  CHECK(answer.amount_minor == 0 && answer.trade_no.empty() && answer.pay_content.empty());
  CHECK(!answer.paid_at.is_set() && !answer.retry_later && !answer.needs_person);
  CHECK(!answer.problem.empty() && answer.raw.size() <= 8 * 1024);
}

bool is_refund(PaymentCallKind kind) {
  return kind == PaymentCallKind::refund || kind == PaymentCallKind::query_refund;
}

void check_in_range(Version version, const PaymentCall& call, const PaymentAnswer& answer) {
  CHECK(answer.amount_minor >= 0 && answer.amount_minor <= domain::amount_minor_max);
  CHECK(answer.outcome != Outcome::accepted && !answer.retry_later && !answer.needs_person);
  CHECK(answer.raw.size() <= 8 * 1024 && answer.problem.size() <= 200);
  if (version == Version::v1) {  // V2 has no such key.
    CHECK(answer.raw.find(epay::test_merchant_key) == std::string::npos);
    CHECK(answer.problem.find(epay::test_merchant_key) == std::string::npos);
  }
  if (answer.outcome != Outcome::done) CHECK(answer.pay_content.empty());
  // Whoever is told `failed` sends the refund again, and V1 has no number that stops it.
  if (version == Version::v1 && is_refund(call.kind)) CHECK(answer.outcome != Outcome::failed);
}

// A yes is about our order and says what the reply says.
void check_done(Version version, const PaymentCall& call, const FormFields& told,
                const PaymentAnswer& answer) {
  const auto in = [&](std::string_view name) { return epay::field(told, name); };
  if (answer.trade == TradeStatus::not_exist) {
    CHECK(call.kind == PaymentCallKind::query && answer.amount_minor == 0);
    CHECK(in("code") != (version == Version::v1 ? "1" : "0"));
    const auto& words = account_of(version).dialect.not_found_words;
    CHECK(std::ranges::count(words, in("msg")) == 1);
    return;
  }
  CHECK(in("code") == (version == Version::v1 ? "1" : "0"));
  CHECK(in("pid").empty() || in("pid") == account_of(version).pid);
  CHECK(in("out_trade_no").empty() || in("out_trade_no") == call.order.trade_ref);
  const bool asks_for_order =
      call.kind == PaymentCallKind::query ||
      (version == Version::v1 && call.kind == PaymentCallKind::query_refund);
  if (asks_for_order) {
    CHECK(in("out_trade_no") == call.order.trade_ref && answer.amount_minor > 0);
    CHECK(epay::minor_of_yuan(in("money")) == answer.amount_minor);
    CHECK(answer.trade != TradeStatus::paid || !answer.trade_no.empty());
  }
  if (call.kind == PaymentCallKind::create) CHECK(!answer.pay_content.empty());
  if (call.kind == PaymentCallKind::query_refund) CHECK(answer.amount_minor == call.refund_minor);
  if (version == Version::v2 && call.kind == PaymentCallKind::query_refund) {
    CHECK(in("out_refund_no") == call.refund_ref && in("status") == "1");
  }
}

// The same where the gateway's numbers are not relied on.
void check_sent_once(const PaymentCall& call, std::string_view raw) {
  static const epay::Account cautious = epay::read_account(epay::cautious_settings()).value();
  CHECK(epay::answer_of(cautious, call, raw, test_now).outcome != Outcome::failed);
}

PaymentAnswer checked_answer(Version version, const PaymentCall& call, std::string_view raw) {
  const epay::Account& account = account_of(version);
  PaymentAnswer answer = epay::answer_of(account, call, raw, test_now);
  check_in_range(version, call, answer);
  if (version == Version::v2 && is_refund(call.kind)) check_sent_once(call, raw);
  const auto reply = epay::read_reply(account, raw, test_now);
  if (!reply) check_says_nothing(answer);
  if (answer.outcome == Outcome::done) check_done(version, call, reply->fields, answer);
  return answer;
}

void check_signed(Version version, const PaymentCall& call, std::string_view form) {
  auto fields = epay::decode_form(form);
  if (!fields) return;
  std::erase_if(*fields,
                [](const auto& part) { return part.first == "sign" || part.first == "sign_type"; });
  static const epay::Merchant v1 = epay::test_merchant(Version::v1);
  static const epay::Merchant v2 = epay::test_merchant(Version::v2);
  const epay::Merchant& merchant = version == Version::v1 ? v1 : v2;
  const epay::ReplyFormat texts{.numbers_as_text = true};
  std::string raw = epay::render_reply(merchant, *fields, test_now, texts);
  checked_answer(version, call, raw);
  checked_answer(version, call, epay::render_reply(merchant, *fields, test_now));
  if (version == Version::v1) return;
  const epay::Account& account = account_of(version);
  check_says_nothing(epay::answer_of(account, call, raw, test_now + base::seconds(301)));
  const epay::ReplyFormat naked{.numbers_as_text = true, .unsigned_reply = true};
  check_says_nothing(epay::answer_of(
      account, call, epay::render_reply(merchant, *fields, test_now, naked), test_now));
  // One more field is another text than the one that was signed.
  raw.insert(1, R"("0more":"1",)");
  check_says_nothing(epay::answer_of(account, call, raw, test_now));
}

}  // namespace

void epay_answer(std::string_view bytes) {
  Input input(bytes);
  const Version version = input.byte() == '2' ? Version::v2 : Version::v1;
  const PaymentCall call = epay::test_call(static_cast<PaymentCallKind>(input.choice(5)));
  const bool is_signed = input.byte() == 's';
  input.line();
  if (is_signed) return check_signed(version, call, input.rest());
  const PaymentAnswer answer = checked_answer(version, call, input.rest());
  // Nobody without the key says anything in V2.
  if (version == Version::v2) check_says_nothing(answer);
}

}  // namespace daozhang::fuzz
