// WeChat Pay's notifications. The first line chooses what the rest is: 0 a message as it came,
// which nobody signed; 1 what is encrypted; 2 the body, which is then signed; 3 edits of a genuine
// message, which must be refused or mean the same.
#include "connectors/payment/wechatpay/notice.h"

#include "connectors/payment/wechatpay/test_account.h"
#include "json/reader.h"
#include "tests/fuzz/edits.h"

namespace daozhang::fuzz {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using ports::NoticeRefusal;
using Read = base::Result<ports::PaymentNotice, NoticeRefusal>;

constexpr std::string_view event_types[] = {"TRANSACTION.SUCCESS", "REFUND.SUCCESS",
                                            "REFUND.ABNORMAL", "REFUND.CLOSED", "COUPON.USE"};

Read read(const ports::NoticeMessage& message, base::Instant now = wechatpay::test_now) {
  static const wechatpay::Account account = wechatpay::test_account();
  return wechatpay::read_notice(account, account.platform_keys, message, now);
}

std::string meaning(const ports::PaymentNotice& notice) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(notice.trade_ref), std::string_view(notice.trade_no),
        base::name_of(notice.trade), std::string_view(notice.notice_id),
        std::string_view(notice.refund_ref)}) {
    text.append(part).push_back('\n');
  }
  text += std::to_string(notice.amount_minor) + " " + std::to_string(notice.paid_at.micros);
  return text.append(notice.about_refund ? " refund" : "");
}

bool is_about_the_proof(NoticeRefusal refusal) {
  return refusal == NoticeRefusal::duplicate_field || refusal == NoticeRefusal::method_differs ||
         refusal == NoticeRefusal::signature_missing ||
         refusal == NoticeRefusal::signature_type_unsupported ||
         refusal == NoticeRefusal::signature_invalid || refusal == NoticeRefusal::serial_unknown ||
         refusal == NoticeRefusal::timestamp_differs;
}

void check_exact(const ports::PaymentNotice& notice) {
  CHECK(notice.amount_minor > 0 && notice.amount_minor <= domain::amount_minor_max);
  CHECK(notice.currency == domain::Currency::CNY);
  CHECK(!notice.trade_ref.empty() && notice.trade_ref.size() <= 32);
  CHECK(!notice.trade_no.empty() && notice.trade_no.size() <= 32);
  CHECK(!notice.notice_id.empty() && notice.notice_id.size() <= 64);
  CHECK(notice.about_refund || notice.refund_ref.empty());
  CHECK(!notice.about_refund || !notice.paid_at.is_set());
}

// What was taken of `plain` is word for word what stands there.
void check_told(std::string_view plain, const ports::PaymentNotice& notice) {
  const auto told = json::read(plain, json::Numbers::as_text);
  CHECK(told && told->object() != nullptr);
  const wechatpay::AccountSettings ours = wechatpay::test_settings();
  CHECK(told->text_of("mchid") == ours.mchid);
  CHECK(notice.about_refund || told->text_of("appid") == ours.appid);
  CHECK(told->text_of("out_trade_no") == notice.trade_ref);
  CHECK(told->text_of("transaction_id") == notice.trade_no);
  const json::Value* const amount = told->find("amount");
  CHECK(amount != nullptr && amount->find("total") != nullptr);
  CHECK(*amount->find("total")->integer() == notice.amount_minor);
  if (notice.about_refund) {
    CHECK(told->text_of("out_refund_no") == notice.refund_ref);
  } else {
    CHECK(amount->text_of("currency") == "CNY");
  }
}

// One byte more, one second too late, one header twice: the proof is gone.
void check_changed(const ports::NoticeMessage& genuine) {
  const base::Duration late = base::seconds(301);
  CHECK(read(genuine, wechatpay::test_now + late).error() == NoticeRefusal::timestamp_differs);
  CHECK(read(genuine, wechatpay::test_now - late).error() == NoticeRefusal::timestamp_differs);
  ports::NoticeMessage changed = genuine;
  changed.body += ' ';
  CHECK(read(changed).error() == NoticeRefusal::signature_invalid);
  changed = genuine;
  changed.headers.push_back(genuine.headers.front());
  CHECK(read(changed).error() == NoticeRefusal::duplicate_field);
  changed = genuine;
  changed.headers.erase(changed.headers.begin());
  CHECK(read(changed).error() == NoticeRefusal::signature_missing);
}

wechatpay::NoticeFacts facts_of(std::string_view event_type, std::string plain) {
  return {.id = "EV-2026112213060500000001",
          .event_type = std::string(event_type),
          .plain = std::move(plain),
          .created_at = wechatpay::test_now};
}
ports::NoticeMessage sent(const wechatpay::NoticeFacts& facts, wechatpay::NoticeFault fault) {
  return wechatpay::render_notice(facts, wechatpay::test_api_v3_key, wechatpay::test_signing(),
                                  wechatpay::test_stamp(), fault);
}

void check_encrypted(std::string_view event_type, std::string_view plain) {
  const auto facts = facts_of(event_type, std::string(plain));
  const auto message = sent(facts, wechatpay::NoticeFault::none);
  const auto notice = read(message);
  if (!notice) {
    CHECK(!is_about_the_proof(notice.error()));
    CHECK(notice.error() != NoticeRefusal::decryption_failed);
    return;
  }
  CHECK(notice->notice_id == facts.id);
  CHECK(notice->about_refund == event_type.starts_with("REFUND."));
  check_exact(*notice);
  check_told(plain, *notice);
  check_changed(message);
  for (const auto fault :
       {wechatpay::NoticeFault::wrong_associated_data, wechatpay::NoticeFault::wrong_tag}) {
    CHECK(read(sent(facts, fault)).error() == NoticeRefusal::decryption_failed);
  }
}

void check_body(std::string_view body) {
  ports::NoticeMessage message;
  message.content_type = "application/json";
  message.body = body;
  CHECK(read(message).error() == NoticeRefusal::signature_missing);
  message.headers =
      wechatpay::sign_message(body, wechatpay::test_signing(), wechatpay::test_stamp());
  const auto notice = read(message);
  if (!notice) {
    CHECK(!is_about_the_proof(notice.error()));
    return;
  }
  check_exact(*notice);
  const auto envelope = json::read(body, json::Numbers::as_text);
  CHECK(envelope && envelope->text_of("id") == notice->notice_id);
}

void check_edited(Input& input) {
  static const ports::NoticeMessage paid =
      sent(facts_of(event_types[0], wechatpay::render_trade(wechatpay::test_trade())),
           wechatpay::NoticeFault::none);
  static const ports::NoticeMessage refunded =
      sent(facts_of(event_types[1], wechatpay::render_refund_notice(wechatpay::test_refund())),
           wechatpay::NoticeFault::none);
  const ports::NoticeMessage& genuine = input.choice(2) == 0 ? paid : refunded;
  const auto meant = read(genuine);
  CHECK(meant);
  ports::NoticeMessage edited = genuine;
  for (int i = 0; i < 4 && !input.rest().empty(); ++i) {
    const std::size_t part = input.choice(4 + edited.headers.size() * 2);
    if (part == 0) edit(input, edited.method);
    if (part == 1) edit(input, edited.query);
    if (part == 2) edit(input, edited.content_type);
    if (part == 3) edit(input, edited.body);
    if (part < 4) continue;
    auto& [name, value] = edited.headers[(part - 4) / 2];
    edit(input, part % 2 == 0 ? name : value);
  }
  const auto notice = read(edited);
  if (!notice) return;
  CHECK(edited.body == genuine.body && edited.method == genuine.method);
  CHECK(meaning(*notice) == meaning(*meant));
}

}  // namespace

void wechatpay_notice(std::string_view bytes) {
  Input input(bytes);
  const std::size_t mode = input.choice(4);
  if (mode == 3) return check_edited(input);
  const std::string_view event_type = event_types[input.choice(std::size(event_types))];
  input.line();
  if (mode == 1) return check_encrypted(event_type, input.rest());
  if (mode == 2) return check_body(input.rest());
  const auto message = ports::notice_message_of(input.rest());
  CHECK(!message || !read(*message));
}

}  // namespace daozhang::fuzz
