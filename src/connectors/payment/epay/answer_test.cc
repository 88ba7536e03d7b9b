#include "connectors/payment/epay/answer.h"

#include <gtest/gtest.h>

#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr Version v1 = Version::v1;
constexpr Version v2 = Version::v2;

PaymentAnswer answer_to(Version version, PaymentCallKind kind, std::string_view raw) {
  return answer_of(test_account(version, ports::Way::qr), test_call(kind), raw, test_now);
}

PaymentAnswer answer(Version version, PaymentCallKind kind, const FormFields& fields) {
  return answer_to(version, kind, render_reply(test_merchant(version), fields, test_now));
}

std::string told(const PaymentAnswer& given) {
  std::string text(base::name_of(given.outcome));
  if (given.outcome == Outcome::done) text.append(" ").append(base::name_of(given.trade));
  if (!given.problem.empty()) text.append(" ").append(given.problem);
  return text;
}

std::string failure(Version version, PaymentCallKind kind, std::string_view msg) {
  return told(answer_to(version, kind, render_failure(test_merchant(version), msg, test_now)));
}

FormFields paid_order() {
  return {{"trade_no", "2026112222001"},
          {"out_trade_no", "D7Q2XK5M_1"},
          {"type", "alipay"},
          {"pid", "1001"},
          {"addtime", "2026-11-22 13:05:10"},
          {"endtime", "2026-11-22 13:06:00"},
          {"name", "Steam"},
          {"money", "9.90"},
          {"status", "1"}};
}

FormFields order_with(std::string_view name, std::string_view value) {
  FormFields fields = paid_order();
  std::erase_if(fields, [&](const auto& each) { return each.first == name; });
  if (!value.empty()) fields.emplace_back(name, value);
  return fields;
}

TEST(EpayAnswer, AQueryTellsTheTradeInBothVersions) {
  for (const Version version : {v1, v2}) {
    const auto paid = answer(version, PaymentCallKind::query, paid_order());
    EXPECT_EQ(told(paid), "done paid");
    EXPECT_EQ(paid.amount_minor, 990);
    EXPECT_EQ(paid.trade_no, "2026112222001");
    EXPECT_EQ(paid.paid_at, test_now + base::minutes(1));
    EXPECT_FALSE(paid.raw.empty());
    const auto query = [&](std::string_view status) {
      return told(answer(version, PaymentCallKind::query, order_with("status", status)));
    };
    EXPECT_EQ(query("0"), "done waiting");
    EXPECT_EQ(query("2"), "done closed");
    EXPECT_EQ(query("3"), "unknown status_unknown");
    EXPECT_EQ(query(""), "unknown status_unknown");
  }
}

TEST(EpayAnswer, AGatewayMayUseOtherWordsButOnlyThoseOfItsDialect) {
  Account account = test_account();
  account.dialect.status_unpaid = "1";
  account.dialect.status_paid = "2";
  account.dialect.status_refunded = "3";
  const auto query = [&](std::string_view status) {
    return told(answer_of(account, test_call(PaymentCallKind::query),
                          render_reply(test_merchant(), order_with("status", status), test_now),
                          test_now));
  };
  EXPECT_EQ(query("1"), "done waiting");
  EXPECT_EQ(query("2"), "done paid");
  EXPECT_EQ(query("0"), "unknown status_unknown");
}

TEST(EpayAnswer, CodeAndMoneyMayBeNumbersOrTexts) {
  const auto query = [](std::string_view raw) {
    return told(answer_to(v1, PaymentCallKind::query, raw));
  };
  const std::string rest =
      R"(,"out_trade_no":"D7Q2XK5M_1","trade_no":"T1","status":"1","pid":1001,"money":)";
  EXPECT_EQ(query(R"({"code":"1")" + rest + R"("9.9000"})"), "done paid");
  EXPECT_EQ(query(R"({"code":1)" + rest + "9.90}"), "done paid");
  EXPECT_EQ(query(R"({"code":1)" + rest + "9.9}"), "done paid");
  EXPECT_EQ(query(R"({"code":1)" + rest + "99e-1}"), "unknown amount_unreadable");
  EXPECT_EQ(query(R"({"code":1)" + rest + "9.901}"), "unknown amount_unreadable");
  EXPECT_EQ(query(R"({"code":1)" + rest + "0}"), "unknown amount_unreadable");
  EXPECT_EQ(query(R"({"code":1)" + rest + "[9.90]}"), "unknown amount_unreadable");
  EXPECT_EQ(query(R"({"code":true)" + rest + "9.90}"), "unknown code_missing");
  EXPECT_EQ(query(R"({"code":1,"code":1)" + rest + "9.90}"), "unknown not_json");
}

TEST(EpayAnswer, AnAnswerAboutSomethingElseSaysNothing) {
  const auto query = [](std::string_view name, std::string_view value) {
    return told(answer(v1, PaymentCallKind::query, order_with(name, value)));
  };
  EXPECT_EQ(query("out_trade_no", "OTHER"), "unknown other_trade");
  EXPECT_EQ(query("out_trade_no", ""), "unknown other_trade");
  EXPECT_EQ(query("pid", "1002"), "unknown other_merchant");
  EXPECT_EQ(query("pid", ""), "done paid");
  EXPECT_EQ(query("trade_no", ""), "unknown trade_no_missing");
  EXPECT_EQ(query("money", ""), "unknown amount_unreadable");
}

TEST(EpayAnswer, OnlyTheGatewaysOwnWordsForItMeanThatThereIsNoSuchOrder) {
  for (const Version version : {v1, v2}) {
    EXPECT_EQ(failure(version, PaymentCallKind::query, "订单号不存在"),
              "done not_exist -1 订单号不存在");
    EXPECT_EQ(failure(version, PaymentCallKind::query, "商户密钥错误"), "unknown -1 商户密钥错误");
    EXPECT_EQ(failure(version, PaymentCallKind::query, "商户ID不存在"), "unknown -1 商户ID不存在");
    EXPECT_EQ(failure(version, PaymentCallKind::query, ""), "unknown -1");
  }
  FormFields success = paid_order();
  success.emplace_back("msg", "订单号不存在");
  EXPECT_EQ(told(answer(v1, PaymentCallKind::query, success)), "done paid");
}

TEST(EpayAnswer, AnOrderIsCreatedWithWhatTheBuyerPaysWith) {
  const auto create = [](Version version, FormFields fields) {
    const auto given = answer(version, PaymentCallKind::create, fields);
    return told(given) + "|" + given.pay_content;
  };
  EXPECT_EQ(create(v1, {{"trade_no", "T1"}, {"qrcode", "weixin://wxpay/bizpayurl?pr=1"}}),
            "done waiting|weixin://wxpay/bizpayurl?pr=1");
  EXPECT_EQ(create(v1, {{"payurl", "https://pay.example/p/1"}, {"qrcode", ""}}),
            "done waiting|https://pay.example/p/1");
  EXPECT_EQ(create(v1, {{"urlscheme", "weixin://dl/business/?t=1"}}),
            "done waiting|weixin://dl/business/?t=1");
  EXPECT_EQ(create(v1, {{"trade_no", "T1"}}), "unknown pay_content_missing|");
  EXPECT_EQ(create(v1, {{"qrcode", "a b"}}), "unknown pay_content_missing|");
  EXPECT_EQ(create(v2, {{"pay_type", "qrcode"}, {"pay_info", "https://qr.example/1"}}),
            "done waiting|https://qr.example/1");
  EXPECT_EQ(create(v2, {{"pay_type", "html"}, {"pay_info", "<form>"}}),
            "unknown pay_content_missing|");
  EXPECT_EQ(create(v2, {{"out_trade_no", "OTHER"}}), "unknown other_trade|");
  EXPECT_EQ(failure(v1, PaymentCallKind::create, "通道关闭"), "failed -1 通道关闭");
  EXPECT_EQ(failure(v2, PaymentCallKind::create, "通道关闭"), "failed -1 通道关闭");
}

TEST(EpayAnswer, AV1RefundThatIsNotAYesIsLeftToAPerson) {
  const auto refund = [](FormFields fields) {
    return told(answer(v1, PaymentCallKind::refund, fields));
  };
  EXPECT_EQ(refund({{"msg", "退款成功"}}), "done waiting");
  EXPECT_EQ(refund({{"money", "9.9"}, {"out_trade_no", "D7Q2XK5M_1"}}), "done waiting");
  EXPECT_EQ(refund({{"money", "0.99"}}), "unknown refund_amount_differs");
  EXPECT_EQ(refund({{"out_trade_no", "OTHER"}}), "unknown other_refund");
  EXPECT_EQ(failure(v1, PaymentCallKind::refund, "上游超时"), "unknown -1 上游超时");
}

TEST(EpayAnswer, AV1RefundIsOnlyConfirmedByAnOrderThatIsRefundedWhole) {
  const auto query = [](FormFields fields) {
    return told(answer(v1, PaymentCallKind::query_refund, fields));
  };
  EXPECT_EQ(query(order_with("status", "2")), "done closed");
  EXPECT_EQ(query(order_with("status", "1")), "unknown refund_not_confirmed");
  FormFields larger = order_with("status", "2");
  std::erase_if(larger, [](const auto& each) { return each.first == "money"; });
  larger.emplace_back("money", "19.80");
  EXPECT_EQ(query(larger), "unknown refund_not_confirmed");
  EXPECT_EQ(failure(v1, PaymentCallKind::query_refund, "订单号不存在"),
            "unknown refund_not_confirmed");
}

TEST(EpayAnswer, AV2RefundHasItsNumber) {
  const auto refund = [](FormFields fields) {
    return told(answer(v2, PaymentCallKind::refund, fields));
  };
  EXPECT_EQ(refund({{"refund_no", "R9"}, {"out_refund_no", "R1"}, {"money", "9.90"}}),
            "done waiting");
  EXPECT_EQ(refund({{"out_refund_no", "R2"}}), "unknown other_refund");
  EXPECT_EQ(failure(v2, PaymentCallKind::refund, "余额不足"), "failed -1 余额不足");
}

TEST(EpayAnswer, AV2RefundQueryProvesTheRefundOrDoesNot) {
  const auto query = [](std::string_view number, std::string_view money, std::string_view status) {
    return told(answer(v2, PaymentCallKind::query_refund,
                       {{"out_refund_no", std::string(number)},
                        {"out_trade_no", "D7Q2XK5M_1"},
                        {"money", std::string(money)},
                        {"status", std::string(status)}}));
  };
  EXPECT_EQ(query("R1", "9.90", "1"), "done waiting");
  EXPECT_EQ(query("R1", "9.90", "0"), "failed refund_failed");
  EXPECT_EQ(query("R1", "9.90", "2"), "unknown refund_status_unknown");
  EXPECT_EQ(query("R1", "9.80", "1"), "unknown refund_amount_differs");
  EXPECT_EQ(query("R2", "9.90", "1"), "unknown other_refund");
  EXPECT_EQ(query("", "9.90", "0"), "unknown other_refund");
  EXPECT_EQ(failure(v2, PaymentCallKind::query_refund, "退款不存在"), "failed -1 退款不存在");
}

TEST(EpayAnswer, WhereARefundIsSentOnceNoNoIsDefinite) {
  const Account account = read_account(cautious_settings()).value();
  const auto told_of = [&](PaymentCallKind kind, const std::string& raw) {
    return told(answer_of(account, test_call(kind), raw, test_now));
  };
  const auto yes = [](FormFields fields) {
    return render_reply(test_merchant(v2), std::move(fields), test_now);
  };
  const auto no = render_failure(test_merchant(v2), "余额不足", test_now);
  EXPECT_EQ(told_of(PaymentCallKind::refund, yes({{"out_refund_no", "R1"}, {"money", "9.90"}})),
            "done waiting");
  EXPECT_EQ(told_of(PaymentCallKind::refund, no), "unknown -1 余额不足");
  EXPECT_EQ(told_of(PaymentCallKind::query_refund, no), "unknown -1 余额不足");
  const auto queried = [&](const char* status) {
    return told_of(PaymentCallKind::query_refund,
                   yes({{"out_refund_no", "R1"}, {"money", "9.90"}, {"status", status}}));
  };
  EXPECT_EQ(queried("1"), "done waiting");
  EXPECT_EQ(queried("0"), "unknown refund_failed");
}

TEST(EpayAnswer, AV2CloseIsDoneOrTellsWhyNot) {
  EXPECT_EQ(told(answer(v2, PaymentCallKind::close, {{"msg", "ok"}})), "done closed");
  EXPECT_EQ(failure(v2, PaymentCallKind::close, "订单已支付"), "failed -1 订单已支付");
  const auto none = answer_to(v2, PaymentCallKind::close,
                              render_failure(test_merchant(v2), "订单不存在", test_now));
  EXPECT_EQ(none.outcome, Outcome::failed);
  EXPECT_EQ(none.trade, TradeStatus::not_exist);
}

TEST(EpayAnswer, AV2ReplyIsTheGatewaysAndOfNow) {
  const Merchant merchant = test_merchant(v2);
  const auto query = [](std::string_view raw) {
    return told(answer_to(v2, PaymentCallKind::query, raw));
  };
  const auto sent = [&](base::Duration ago) {
    return query(render_reply(merchant, paid_order(), test_now - ago));
  };
  EXPECT_EQ(sent(base::seconds(300)), "done paid");
  EXPECT_EQ(sent(base::seconds(-300)), "done paid");
  EXPECT_EQ(sent(base::seconds(301)), "unknown timestamp_differs");
  EXPECT_EQ(sent(base::seconds(-301)), "unknown timestamp_differs");
  ReplyFormat without_proof;
  without_proof.unsigned_reply = true;
  EXPECT_EQ(query(render_reply(merchant, paid_order(), test_now, without_proof)),
            "unknown signature_missing");
  Merchant impostor = merchant;
  impostor.platform_key = test_own_key();
  EXPECT_EQ(query(render_reply(impostor, paid_order(), test_now)), "unknown signature_invalid");
  std::string changed = render_reply(merchant, paid_order(), test_now);
  changed.replace(changed.find("9.90"), 4, "9.91");
  EXPECT_EQ(query(changed), "unknown signature_invalid");
}

TEST(EpayAnswer, AnUnsignedFailureCountsOnlyWhereTheDialectSaysSo) {
  ReplyFormat without_proof;
  without_proof.unsigned_reply = true;
  const std::string raw = render_failure(test_merchant(v2), "订单不存在", test_now, without_proof);
  Account account = test_account(v2);
  const auto query = [&](std::string_view text) {
    return told(answer_of(account, test_call(PaymentCallKind::query), text, test_now));
  };
  EXPECT_EQ(query(raw), "unknown signature_missing");
  account.dialect.unsigned_failures = true;
  EXPECT_EQ(query(raw), "done not_exist -1 订单不存在");
  EXPECT_EQ(query(render_reply(test_merchant(v2), paid_order(), test_now, without_proof)),
            "unknown signature_missing");
}

TEST(EpayAnswer, WhatWasNotSignedIsNotRead) {
  const std::string raw = render_reply(test_merchant(v2), order_with("status", ""), test_now);
  const std::string more = raw.substr(0, raw.size() - 1) + R"(,"status":["1"]})";
  EXPECT_EQ(told(answer_to(v2, PaymentCallKind::query, more)), "unknown status_unknown");
}

TEST(EpayAnswer, AReplyThatIsNotReadIsKeptWithoutTheKey) {
  const std::string page = "<html>" + std::string(test_merchant_key) + std::string(20'000, 'x');
  const auto given = answer_to(v1, PaymentCallKind::refund, page);
  EXPECT_EQ(told(given), "unknown not_json");
  EXPECT_EQ(given.raw.size(), 8192u);
  EXPECT_TRUE(given.raw.starts_with("<html>***xxx"));
  EXPECT_EQ(failure(v1, PaymentCallKind::query, "key " + std::string(test_merchant_key)),
            "unknown -1 key ***");
  std::string longer;
  for (int i = 0; i < 100; ++i) longer += "错";
  EXPECT_LE(failure(v1, PaymentCallKind::query, longer).size(), 208u);
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
