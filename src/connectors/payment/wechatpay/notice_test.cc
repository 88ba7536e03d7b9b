#include "connectors/payment/wechatpay/notice.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

NoticeFacts paid_notice(std::string plain = render_trade(test_trade())) {
  return {.id = "EV-2026112213060500000001",
          .event_type = "TRANSACTION.SUCCESS",
          .plain = std::move(plain),
          .created_at = test_now};
}
NoticeFacts refund_notice(std::string plain = render_refund_notice(test_refund())) {
  return {.id = "EV-2026112213060500000002",
          .event_type = "REFUND.SUCCESS",
          .plain = std::move(plain),
          .created_at = test_now};
}

std::string outcome_of(const ports::NoticeMessage& message, base::Instant now = test_now) {
  const Account account = test_account();
  const auto notice = read_notice(account, account.platform_keys, message, now);
  return notice ? std::string(base::name_of(notice->trade))
                : std::string(base::name_of(notice.error()));
}
ports::NoticeMessage sent(const NoticeFacts& facts, NoticeFault fault = NoticeFault::none) {
  return render_notice(facts, test_api_v3_key, test_signing(), test_stamp(), fault);
}
std::string outcome(const NoticeFacts& facts, NoticeFault fault = NoticeFault::none) {
  return outcome_of(sent(facts, fault));
}
// The outcome for a trade that WeChat tells with one text replaced.
std::string with(std::string_view from, std::string_view to) {
  return outcome(paid_notice(replaced(render_trade(test_trade()), from, to)));
}
std::string refund_with(std::string_view from, std::string_view to) {
  return outcome(refund_notice(replaced(render_refund_notice(test_refund()), from, to)));
}
// A genuinely signed message with any body.
ports::NoticeMessage signed_body(std::string body) {
  ports::NoticeMessage message;
  message.content_type = "application/json";
  message.headers = sign_message(body, test_signing(), test_stamp());
  message.body = std::move(body);
  return message;
}

TEST(WechatpayNotice, AGenuinePaymentIsReadInFull) {
  const Account account = test_account();
  const auto notice = read_notice(account, account.platform_keys, sent(paid_notice()), test_now);
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->trade_ref, "D7Q2XK5M_1");
  EXPECT_EQ(notice->trade_no, "4200000263202611221677001342");
  EXPECT_EQ(notice->trade, ports::TradeStatus::paid);
  EXPECT_EQ(notice->amount_minor, 990);
  EXPECT_EQ(notice->currency, domain::Currency::CNY);
  EXPECT_EQ(notice->paid_at, test_now + base::minutes(1));
  EXPECT_EQ(notice->notice_id, "EV-2026112213060500000001");
  EXPECT_FALSE(notice->about_refund);
}

TEST(WechatpayNotice, ReadingItTwiceGivesTheSame) {
  const auto message = sent(paid_notice());
  EXPECT_EQ(outcome_of(message), "paid");
  EXPECT_EQ(outcome_of(message), "paid");
}

TEST(WechatpayNotice, ARefundIsAHintAndNeverAPayment) {
  for (const char* type : {"REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED"}) {
    NoticeFacts facts = refund_notice();
    facts.event_type = type;
    const Account account = test_account();
    const auto notice = read_notice(account, account.platform_keys, sent(facts), test_now);
    ASSERT_TRUE(notice.has_value()) << type;
    EXPECT_TRUE(notice->about_refund);
    EXPECT_EQ(notice->refund_ref, "R1");
    EXPECT_EQ(notice->trade_ref, "D7Q2XK5M_1");
    EXPECT_EQ(notice->amount_minor, 990);
    EXPECT_FALSE(notice->paid_at.is_set());
  }
}

TEST(WechatpayNotice, TheMessageItselfMustBeAsWechatSendsIt) {
  auto message = sent(paid_notice());
  message.method = "GET";
  EXPECT_EQ(outcome_of(message), "method_differs");
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    message = sent(paid_notice());
    message.content_type = type;
    EXPECT_EQ(outcome_of(message), "unreadable") << type;
  }
  message = sent(paid_notice());
  message.content_type = "Application/JSON; charset=utf-8";
  EXPECT_EQ(outcome_of(message), "paid");
  message.headers.push_back(message.headers.front());
  EXPECT_EQ(outcome_of(message), "duplicate_field");
  message.headers.clear();
  EXPECT_EQ(outcome_of(message), "signature_missing");
}

TEST(WechatpayNotice, EveryFaultOfTheProviderHasItsRefusal) {
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::none), "paid");
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::wrong_associated_data), "decryption_failed");
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::wrong_tag), "decryption_failed");
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::stale_timestamp), "timestamp_differs");
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::unknown_serial), "serial_unknown");
  EXPECT_EQ(outcome(paid_notice(), NoticeFault::probe), "signature_invalid");
}

TEST(WechatpayNotice, AChangedByteOrAnotherKeyIsRefused) {
  auto message = sent(paid_notice());
  message.body += "\n";
  EXPECT_EQ(outcome_of(message), "signature_invalid");
  const PlatformSigning forged{.serial = test_public_key_id, .key = test_merchant_key()};
  EXPECT_EQ(outcome_of(render_notice(paid_notice(), test_api_v3_key, forged, test_stamp())),
            "signature_invalid");
  EXPECT_EQ(outcome_of(render_notice(paid_notice(), "53D67FCB97E68F9998CBD17ED7A8D1E2",
                                     test_signing(), test_stamp())),
            "decryption_failed");
  EXPECT_EQ(outcome_of(sent(paid_notice()), test_now + base::minutes(6)), "timestamp_differs");
}

TEST(WechatpayNotice, AnEnvelopeThatIsNoneIsUnreadable) {
  for (const char* body : {"", "[]", "{}", R"({"id":"1"})", R"({"id":"1","resource":"x"})",
                           R"({"id":"1","id":"1","resource":{}})", R"({"id":1,"resource":{}})"}) {
    EXPECT_EQ(outcome_of(signed_body(body)), "unreadable") << body;
  }
  const std::string good = sent(paid_notice()).body;
  EXPECT_EQ(outcome_of(signed_body(good)), "paid");
  EXPECT_EQ(outcome_of(signed_body(replaced(good, "AEAD_AES_256_GCM", "AEAD_SM4_GCM"))),
            "unreadable");
  EXPECT_EQ(outcome_of(signed_body(replaced(good, "EV-2026112213060500000001", ""))), "unreadable");
  EXPECT_EQ(outcome_of(signed_body(replaced(good, "EV-2026112213060500000001", "a b"))),
            "unreadable");
  EXPECT_EQ(outcome(paid_notice("no json")), "unreadable");
  EXPECT_EQ(outcome(paid_notice("[]")), "unreadable");
}

TEST(WechatpayNotice, AnEventThatWeDoNotKnowIsNamedSo) {
  for (const char* type : {"", "PAYSCORE.USER_OPEN_SERVICE", "transaction.success",
                           "TRANSACTION.SUCCESS ", "REFUND.OTHER"}) {
    NoticeFacts facts = paid_notice();
    facts.event_type = type;
    EXPECT_EQ(outcome(facts), "event_unknown") << type;
  }
}

TEST(WechatpayNotice, WhoseItIsAndWhatItIsAboutMustBeSaid) {
  EXPECT_EQ(with("1900000001", "1900000002"), "seller_differs");
  EXPECT_EQ(with(R"("mchid")", R"("sp_mchid")"), "seller_differs");
  EXPECT_EQ(with("wxd678", "wxd679"), "app_differs");
  EXPECT_EQ(with("D7Q2XK5M_1", ""), "trade_ref_missing");
  EXPECT_EQ(with("D7Q2XK5M_1", "D7Q2'; --"), "trade_ref_missing");
  EXPECT_EQ(with("4200000263202611221677001342", ""), "trade_no_missing");
  EXPECT_EQ(with("4200000263202611221677001342", "42 00"), "trade_no_missing");
  EXPECT_EQ(refund_with("1900000001", "1900000002"), "seller_differs");
  EXPECT_EQ(refund_with("D7Q2XK5M_1", "x"), "trade_ref_missing");
}

TEST(WechatpayNotice, OnlyWholeFenOverZeroInYuanCount) {
  for (const char* text :
       {"\"990\"", "9.90", "990.0", "99e1", "-990", "0", "null", "10000000001"}) {
    EXPECT_EQ(with(R"("total":990)", std::string(R"("total":)") + text), "amount_unreadable")
        << text;
    EXPECT_EQ(refund_with(R"("refund":990)", std::string(R"("refund":)") + text),
              "amount_unreadable");
  }
  EXPECT_EQ(with(R"("currency":"CNY")", R"("currency":"USD")"), "currency_differs");
  EXPECT_EQ(with(R"("currency":"CNY",)", ""), "currency_differs");
}

TEST(WechatpayNotice, EveryStateHasItsMeaning) {
  const auto state = [](std::string word) {
    return outcome(paid_notice(render_trade(test_trade(std::move(word)))));
  };
  EXPECT_EQ(state("SUCCESS"), "paid");
  EXPECT_EQ(state("REFUND"), "paid");
  EXPECT_EQ(state("NOTPAY"), "waiting");
  EXPECT_EQ(state("CLOSED"), "closed");
  EXPECT_EQ(state("PAID"), "status_unknown");
  EXPECT_EQ(refund_with(R"("refund_status":"SUCCESS")", R"("refund_status":"OK")"),
            "status_unknown");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
