#include "connectors/payment/alipay/notice.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::string_view form = "application/x-www-form-urlencoded; charset=utf-8";

FormFields paid_notice() {
  return {{"notify_time", "2026-11-22 13:06:05"},
          {"notify_type", "trade_status_sync"},
          {"notify_id", "2026112200222130600"},
          {"app_id", "2021000000000001"},
          {"auth_app_id", "2021000000000001"},
          {"charset", "utf-8"},
          {"version", "1.0"},
          {"trade_no", "2026112222001"},
          {"out_trade_no", "D7Q2XK5M_1"},
          {"seller_id", "2088000000000001"},
          {"trade_status", "TRADE_SUCCESS"},
          {"total_amount", "9.90"},
          {"subject", "100% sure + 充值"},
          {"gmt_payment", "2026-11-22 13:06:00"},
          {"fund_bill_list", R"([{"amount":"9.90","fundChannel":"PCREDIT"}])"},
          {"passback_params", ""}};
}

void set(FormFields& fields, std::string_view name, std::string_view value) {
  std::erase_if(fields, [&](const auto& part) { return part.first == name; });
  fields.emplace_back(name, value);
}

using Change = std::function<void(FormFields&)>;

// The outcome for a notification that Alipay signed after the change.
std::string outcome(const Change& change, const Account& account = test_account()) {
  FormFields fields = paid_notice();
  change(fields);
  const auto notice =
      read_notice(account, form, render_notice(std::move(fields), test_alipay_key()));
  return notice ? std::string(base::name_of(notice->trade))
                : std::string(base::name_of(notice.error()));
}
std::string with(std::string_view name, std::string_view value) {
  return outcome([&](FormFields& fields) { set(fields, name, value); });
}

std::string outcome_of_body(std::string_view body, std::string_view content_type = form) {
  const auto notice = read_notice(test_account(), content_type, body);
  return notice ? "read" : std::string(base::name_of(notice.error()));
}

std::string good_body() { return render_notice(paid_notice(), test_alipay_key()); }

TEST(AlipayNotice, AGenuinePaymentIsReadInFull) {
  const auto notice = read_notice(test_account(), form, good_body());
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->out_trade_no, "D7Q2XK5M_1");
  EXPECT_EQ(notice->trade_no, "2026112222001");
  EXPECT_EQ(notice->trade, ports::TradeStatus::paid);
  EXPECT_EQ(notice->amount_minor, 990);
  EXPECT_EQ(notice->paid_at, test_now + base::minutes(1));
  EXPECT_EQ(notice->notify_id, "2026112200222130600");
  EXPECT_FALSE(notice->is_refund);
  const ports::PaymentNotice told = to_port(*notice);
  EXPECT_EQ(told.trade_ref, "D7Q2XK5M_1");
  EXPECT_EQ(told.amount_minor, 990);
  EXPECT_FALSE(told.about_refund);
}

TEST(AlipayNotice, EveryStatusIsToldAndAForeignWordRefused) {
  EXPECT_EQ(with("trade_status", "TRADE_FINISHED"), "paid");
  EXPECT_EQ(with("trade_status", "WAIT_BUYER_PAY"), "waiting");
  EXPECT_EQ(with("trade_status", "TRADE_CLOSED"), "closed");
  EXPECT_EQ(with("trade_status", "trade_success"), "status_unknown");
  EXPECT_EQ(with("trade_status", ""), "status_unknown");
}

TEST(AlipayNotice, AnotherMerchantsPaymentIsNotOurs) {
  EXPECT_EQ(with("app_id", "2021000000000002"), "app_differs");
  EXPECT_EQ(with("app_id", ""), "app_differs");
  EXPECT_EQ(with("seller_id", "2088000000000002"), "seller_differs");
  const auto by_email = [](std::string_view email) {
    return outcome([&](FormFields& fields) {
      set(fields, "seller_id", "");
      set(fields, "seller_email", email);
    });
  };
  EXPECT_EQ(by_email("shop@example.com"), "paid");
  EXPECT_EQ(by_email("other@example.com"), "seller_differs");
  EXPECT_EQ(by_email(""), "seller_differs");
}

TEST(AlipayNotice, AmountsThatAreNotExactAreRefused) {
  for (const char* amount : {"", "0", "0.00", "1e2", "9.900", "-9.90", " 9.90", "0x64", "9,90",
                             "100000000.01", "999999999999999999999999999999", "\xef\xbc\x99"}) {
    EXPECT_EQ(with("total_amount", amount), "amount_unreadable") << amount;
  }
  EXPECT_EQ(with("trans_currency", "USD"), "currency_differs");
  EXPECT_EQ(with("trans_currency", "CNY"), "paid");
}

TEST(AlipayNotice, NumbersOfOtherShapeAreRefused) {
  EXPECT_EQ(with("out_trade_no", ""), "trade_ref_missing");
  EXPECT_EQ(with("out_trade_no", "A-B"), "trade_ref_missing");
  EXPECT_EQ(with("out_trade_no", "' OR 1=1 --"), "trade_ref_missing");
  EXPECT_EQ(with("out_trade_no", std::string(65, 'A')), "trade_ref_missing");
  EXPECT_EQ(with("trade_no", ""), "unreadable");
  EXPECT_EQ(with("trade_no", "2026 1"), "unreadable");
}

TEST(AlipayNotice, ChangedBytesAreForged) {
  const FormFields good = decode_form(good_body()).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i].first == "sign_type" || good[i].first == "charset") continue;
    FormFields changed = good;
    changed[i].second += "1";
    EXPECT_EQ(outcome_of_body(encode_form(changed)), "signature_invalid") << good[i].first;
  }
  FormFields more = good;
  more.emplace_back("extra", "1");
  EXPECT_EQ(outcome_of_body(encode_form(more)), "signature_invalid");
  EXPECT_EQ(outcome_of_body(render_notice(paid_notice(), test_app_key())), "signature_invalid");
}

TEST(AlipayNotice, AMissingOrOtherSignatureIsNamed) {
  FormFields fields = decode_form(good_body()).value();
  const std::string sign(field(fields, "sign"));
  set(fields, "sign", "");
  EXPECT_EQ(outcome_of_body(encode_form(fields)), "signature_missing");
  std::erase_if(fields, [](const auto& part) { return part.first == "sign"; });
  EXPECT_EQ(outcome_of_body(encode_form(fields)), "signature_missing");
  EXPECT_EQ(outcome_of_body(encode_form(fields) + "&sign[]=x"), "unreadable");
  set(fields, "sign", sign);
  set(fields, "sign_type", "RSA");
  EXPECT_EQ(outcome_of_body(encode_form(fields)), "signature_type_unsupported");
  set(fields, "sign_type", "");
  EXPECT_EQ(outcome_of_body(encode_form(fields)), "signature_type_unsupported");
}

TEST(AlipayNotice, UnreadableBodiesAreRefused) {
  const std::string body = good_body();
  EXPECT_EQ(outcome_of_body(body), "read");
  EXPECT_EQ(outcome_of_body(body, "APPLICATION/x-www-form-urlencoded"), "read");
  EXPECT_EQ(outcome_of_body(body, "application/json"), "unreadable");
  EXPECT_EQ(outcome_of_body(body, ""), "unreadable");
  EXPECT_EQ(outcome_of_body(body + "&total_amount=9.90"), "duplicate_field");
  EXPECT_EQ(outcome_of_body(body + "&x=%zz"), "unreadable");
  EXPECT_EQ(outcome_of_body(body + "&total_amount[]=9.90"), "unreadable");
  EXPECT_EQ(outcome_of_body(body + "&x=%ff"), "unreadable");
  EXPECT_EQ(outcome_of_body(""), "signature_missing");
  EXPECT_EQ(outcome_of_body(std::string(100'000, 'a')), "unreadable");
  EXPECT_EQ(with("charset", "GBK"), "unreadable");
  EXPECT_EQ(with("charset", "UTF-8"), "paid");
}

TEST(AlipayNotice, ARefundIsRecognized) {
  const auto refund = [](const Change& change) {
    FormFields fields = paid_notice();
    change(fields);
    const auto notice =
        read_notice(test_account(), form, render_notice(std::move(fields), test_alipay_key()));
    return notice && notice->is_refund;
  };
  EXPECT_TRUE(refund([](auto& fields) { set(fields, "refund_fee", "9.90"); }));
  EXPECT_TRUE(refund([](auto& fields) { set(fields, "gmt_refund", "2026-11-22 13:10:00.123"); }));
  EXPECT_TRUE(refund([](auto& fields) { set(fields, "out_biz_no", "R1"); }));
  EXPECT_FALSE(refund([](auto& fields) { set(fields, "refund_fee", "0.00"); }));
}

TEST(AlipayNotice, ARefundIsToldUnderItsNumber) {
  FormFields fields = paid_notice();
  set(fields, "refund_fee", "9.90");
  set(fields, "out_biz_no", "D7Q2XK5M_r1u1");
  const auto notice =
      read_notice(test_account(), form, render_notice(std::move(fields), test_alipay_key()));
  ASSERT_TRUE(notice.has_value());
  const ports::PaymentNotice told = to_port(*notice);
  EXPECT_TRUE(told.about_refund);
  EXPECT_EQ(told.refund_ref, "D7Q2XK5M_r1u1");
}

TEST(AlipayNotice, InCertificateModeTheNumberMayBeSignedOrNot) {
  Account account = test_account();
  account.certificates = CertificateNumbers{"a", "b", "c"};
  EXPECT_EQ(outcome([](auto& fields) { set(fields, "alipay_cert_sn", "c"); }, account), "paid");
  const std::string body = good_body() + "&alipay_cert_sn=c";
  EXPECT_TRUE(read_notice(account, form, body).has_value());
  EXPECT_EQ(outcome_of_body(body), "signature_invalid");
}

TEST(AlipayNotice, AReturnAddressIsGenuineOrNot) {
  const std::string query = render_return(
      {{"app_id", "2021000000000001"}, {"out_trade_no", "D7Q2XK5M_1"}, {"total_amount", "9.90"}},
      test_alipay_key());
  EXPECT_TRUE(is_genuine_return(test_account(), query));
  EXPECT_FALSE(is_genuine_return(test_account(), query + "&x=1"));
  EXPECT_FALSE(is_genuine_return(test_account(), ""));
  const std::string other = render_return({{"app_id", "1"}}, test_alipay_key());
  EXPECT_FALSE(is_genuine_return(test_account(), other));
}

TEST(AlipayNotice, TheAnswerIsSevenBytes) { EXPECT_EQ(notice_accepted_body, "success"); }

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
