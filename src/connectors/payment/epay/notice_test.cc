#include "connectors/payment/epay/notice.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/epay/request.h"
#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

PaidTrade paid_trade() {
  return {.trade_no = "2026112222001",
          .out_trade_no = "D7Q2XK5M_1",
          .type = "alipay",
          .name = "Steam 充值卡 50元",
          .money = "9.90"};
}

std::string outcome_of(const ports::NoticeMessage& message,
                       const Account& account = test_account()) {
  const auto notice = read_notice(account, message, test_now);
  return notice ? std::string(base::name_of(notice->trade))
                : std::string(base::name_of(notice.error()));
}

using Change = std::function<void(FormFields&)>;

// What comes of a notification that the gateway signed after the change.
std::string outcome(const Change& change, Version version = Version::v1) {
  const Merchant merchant = test_merchant(version);
  FormFields fields = notice_fields(merchant, paid_trade(), test_now);
  change(fields);
  return outcome_of(notice_message(true, render_notice(merchant, fields)), test_account(version));
}

void set(FormFields& fields, std::string_view name, std::string_view value) {
  std::erase_if(fields, [&](const auto& each) { return each.first == name; });
  fields.emplace_back(name, value);
}

std::string with(std::string_view name, std::string_view value, Version version = Version::v1) {
  return outcome([&](FormFields& fields) { set(fields, name, value); }, version);
}

std::string good_query() {
  return render_notice(test_merchant(), paid_trade(), test_now, NoticeFault::none);
}

TEST(EpayNotice, AGenuinePaymentIsReadInBothVersionsAndBothMethods) {
  for (const Version version : {Version::v1, Version::v2}) {
    for (const bool by_get : {true, false}) {
      const auto encoded =
          render_notice(test_merchant(version), paid_trade(), test_now, NoticeFault::none);
      const auto notice =
          read_notice(test_account(version), notice_message(by_get, encoded), test_now);
      ASSERT_TRUE(notice.has_value()) << base::name_of(notice.error());
      EXPECT_EQ(notice->trade_ref, "D7Q2XK5M_1");
      EXPECT_EQ(notice->trade_no, "2026112222001");
      EXPECT_EQ(notice->trade, ports::TradeStatus::paid);
      EXPECT_EQ(notice->amount_minor, 990);
      EXPECT_EQ(notice->notice_id, "2026112222001:TRADE_SUCCESS");
      EXPECT_FALSE(notice->about_refund);
    }
  }
}

TEST(EpayNotice, OnlyTheDialectsMethodIsRead) {
  Account account = test_account();
  account.dialect.notice_method = NoticeMethod::get;
  EXPECT_EQ(outcome_of(notice_message(true, good_query()), account), "paid");
  EXPECT_EQ(outcome_of(notice_message(false, good_query()), account), "method_differs");
  account.dialect.notice_method = NoticeMethod::post;
  EXPECT_EQ(outcome_of(notice_message(true, good_query()), account), "method_differs");
  ports::NoticeMessage put = notice_message(false, good_query());
  put.method = "PUT";
  EXPECT_EQ(outcome_of(put), "method_differs");
}

TEST(EpayNotice, UnreadableMessagesAreRefused) {
  const auto query = [](std::string text) { return outcome_of(notice_message(true, text)); };
  EXPECT_EQ(query(good_query() + "&money=9.90"), "duplicate_field");
  EXPECT_EQ(query(good_query() + "&money[]=9.90"), "unreadable");
  EXPECT_EQ(query(good_query() + "&x=%zz"), "unreadable");
  EXPECT_EQ(query(good_query() + "&x=%ff"), "unreadable");
  ports::NoticeMessage both = notice_message(true, good_query());
  both.body = "money=0.01";
  EXPECT_EQ(outcome_of(both), "unreadable");
  ports::NoticeMessage elsewhere = notice_message(false, "");
  elsewhere.query = good_query();
  EXPECT_EQ(outcome_of(elsewhere), "unreadable");
  ports::NoticeMessage json = notice_message(false, good_query());
  json.content_type = "application/json";
  EXPECT_EQ(outcome_of(json), "unreadable");
  EXPECT_EQ(query(""), "signature_missing");
}

TEST(EpayNotice, AMissingOrOtherSignatureIsNamed) {
  FormFields fields = decode_form(good_query()).value();
  const auto now = [&] { return outcome_of(notice_message(true, encode_form(fields))); };
  set(fields, "sign_type", "RSA");
  EXPECT_EQ(now(), "signature_type_unsupported");
  set(fields, "sign_type", "md5");
  EXPECT_EQ(now(), "paid");
  set(fields, "sign_type", "");
  EXPECT_EQ(now(), "paid");
  set(fields, "sign", "");
  EXPECT_EQ(now(), "signature_missing");
  set(fields, "sign", "0");
  EXPECT_EQ(now(), "signature_invalid");
}

TEST(EpayNotice, ChangedBytesAreForged) {
  const FormFields good = decode_form(good_query()).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i].first == "sign_type") continue;
    FormFields changed = good;
    changed[i].second += "1";
    EXPECT_EQ(outcome_of(notice_message(true, encode_form(changed))), "signature_invalid")
        << good[i].first;
  }
  FormFields more = good;
  more.emplace_back("extra", "1");
  EXPECT_EQ(outcome_of(notice_message(true, encode_form(more))), "signature_invalid");
  Merchant other = test_merchant();
  other.key_prefix = "&key=";
  EXPECT_EQ(outcome_of(notice_message(
                true, render_notice(other, paid_trade(), test_now, NoticeFault::none))),
            "signature_invalid");
}

TEST(EpayNotice, ARequestOfOursThatIsSentBackIsNoPayment) {
  const std::string link = pay_link(test_account(), test_order(), test_now);
  EXPECT_EQ(outcome_of(notice_message(true, replayed_submit(link))), "trade_no_missing");
  const std::string v2_link = pay_link(test_account(Version::v2), test_order(), test_now);
  EXPECT_EQ(outcome_of(notice_message(true, replayed_submit(v2_link)), test_account(Version::v2)),
            "signature_invalid");
}

TEST(EpayNotice, EveryFaultOfAGatewayIsNamed) {
  const auto fault = [](NoticeFault each, Version version) {
    const auto encoded = render_notice(test_merchant(version), paid_trade(), test_now, each);
    return outcome_of(notice_message(false, encoded), test_account(version));
  };
  for (const Version version : {Version::v1, Version::v2}) {
    EXPECT_EQ(fault(NoticeFault::none, version), "paid");
    EXPECT_EQ(fault(NoticeFault::extra_field, version), "paid");
    EXPECT_EQ(fault(NoticeFault::bad_sign, version), "signature_invalid");
    EXPECT_EQ(fault(NoticeFault::wrong_pid, version), "app_differs");
    EXPECT_EQ(fault(NoticeFault::wrong_money, version), "paid");
    EXPECT_EQ(fault(NoticeFault::ambiguous_name, version), "field_ambiguous");
    EXPECT_EQ(fault(NoticeFault::no_trade_no, version), "trade_no_missing");
  }
}

// The gateway signed it for one order; cut anew, with the same signature, it would name another.
TEST(EpayNotice, AFieldThatHasSwallowedTheOneThatBindsIsRefused) {
  EXPECT_EQ(with("z", "1&out_trade_no=D7_1&pid=1001"), "field_ambiguous");
  EXPECT_EQ(with("param", "a=1&b=2"), "paid") << "of no consequence";
}

TEST(EpayNotice, ValuesThatCouldBeTwoFieldsAreRefused) {
  for (const char* name : {"name", "out_trade_no", "trade_no", "money", "type", "trade_status"}) {
    EXPECT_EQ(with(name, "x&y=1"), "field_ambiguous") << name;
  }
  EXPECT_EQ(with("pid", "1001&y=1"), "app_differs");
  EXPECT_EQ(with("name", "Tom & Jerry = fun"), "paid");
  EXPECT_EQ(with("param", "a&b=c"), "paid");
}

TEST(EpayNotice, NumbersOfOtherShapeAreRefused) {
  EXPECT_EQ(with("out_trade_no", ""), "trade_ref_missing");
  EXPECT_EQ(with("out_trade_no", "' OR 1=1 --"), "trade_ref_missing");
  EXPECT_EQ(with("out_trade_no", std::string(65, 'A')), "trade_ref_missing");
  EXPECT_EQ(with("trade_no", "2026 1"), "trade_no_missing");
  EXPECT_EQ(with("trade_no", ""), "trade_no_missing");
  EXPECT_EQ(with("trade_status", ""), "trade_no_missing");
}

TEST(EpayNotice, OneWordMeansPaid) {
  EXPECT_EQ(with("trade_status", "WAIT_BUYER_PAY"), "waiting");
  for (const char* word : {"trade_success", "TRADE_FINISHED", "TRADE_CLOSED", "1", "SUCCESS"}) {
    EXPECT_EQ(with("trade_status", word), "status_unknown") << word;
  }
}

TEST(EpayNotice, AnotherWayOfPayingIsAnotherChannels) {
  EXPECT_EQ(with("type", "wxpay"), "seller_differs");
  EXPECT_EQ(with("type", ""), "seller_differs");
  Account account = test_account();
  account.type = "";
  EXPECT_EQ(outcome_of(notice_message(true, good_query()), account), "paid");
}

TEST(EpayNotice, MoneyIsExactHoweverItIsPrinted) {
  for (const MoneyFormat format : {MoneyFormat::whole, MoneyFormat::one_decimal,
                                   MoneyFormat::two_decimals, MoneyFormat::four_decimals}) {
    EXPECT_EQ(with("money", print_money(10'000, format)), "paid") << base::name_of(format);
  }
  for (const char* money : {"", "0", "0.00", "1e2", " 9.90", "9.901", "-9.90", "+9.90", "009.90",
                            "100000000.01", "Array"}) {
    EXPECT_EQ(with("money", money), "amount_unreadable") << money;
  }
}

TEST(EpayNotice, AV2NotificationIsOfNow) {
  const auto at = [](std::string_view timestamp) {
    return with("timestamp", timestamp, Version::v2);
  };
  EXPECT_EQ(at("1795323600"), "paid");
  EXPECT_EQ(at("1795324200"), "paid");
  for (const char* timestamp : {"1795323599", "1795324201", "", "0", "179532390", "17953239000",
                                "179532390x", "-795323900"}) {
    EXPECT_EQ(at(timestamp), "timestamp_differs") << timestamp;
  }
  EXPECT_EQ(with("timestamp", "1", Version::v1), "paid");
}

TEST(EpayNotice, TheLadderNamesTheFirstThingWrong) {
  const auto all_wrong = [](FormFields& fields) {
    set(fields, "pid", "1002");
    set(fields, "timestamp", "1");
    set(fields, "name", "a&b=c");
    set(fields, "money", "x");
  };
  EXPECT_EQ(outcome(all_wrong, Version::v2), "app_differs");
  const auto ours = [&](FormFields& fields) {
    all_wrong(fields);
    set(fields, "pid", "1001");
  };
  EXPECT_EQ(outcome(ours, Version::v2), "timestamp_differs");
  EXPECT_EQ(outcome(ours, Version::v1), "field_ambiguous");
}

TEST(EpayNotice, TheAnswerIsSevenBytes) { EXPECT_EQ(notice_accepted_body, "success"); }

}  // namespace
}  // namespace daozhang::connectors::payment::epay
