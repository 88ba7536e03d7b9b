#include "connectors/payment/wechatpay/answer.h"

#include <gtest/gtest.h>

#include <functional>

#include "connectors/payment/wechatpay/test_account.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCallKind;
using ports::TradeStatus;
using ports::Way;

constexpr PaymentCallKind every_kind[] = {PaymentCallKind::create, PaymentCallKind::query,
                                          PaymentCallKind::close, PaymentCallKind::refund,
                                          PaymentCallKind::query_refund};

PaymentAnswer answer(PaymentCallKind kind, int status, std::string body, Way way = Way::qr) {
  const Account account = test_account(way);
  return answer_of(account, account.platform_keys, test_call(kind),
                   test_reply(status, std::move(body)), test_now);
}
PaymentAnswer told(const TradeFacts& trade) {
  return answer(PaymentCallKind::query, 200, render_trade(trade));
}
// Outcome and problem in one word.
std::string said(const PaymentAnswer& answer) {
  return std::string(base::name_of(answer.outcome)) + " " + answer.problem;
}
std::string queried(std::string_view from, std::string_view to) {
  return said(answer(PaymentCallKind::query, 200, replaced(render_trade(test_trade()), from, to)));
}
std::string refunded(PaymentCallKind kind, std::string_view from, std::string_view to) {
  return said(answer(kind, 200, replaced(render_refund(test_refund()), from, to)));
}

TEST(WechatpayAnswer, CreateGivesWhatTheBuyerPaysWith) {
  const auto qr = answer(PaymentCallKind::create, 200, R"({"code_url":"weixin://wxpay/1?pr=a"})");
  EXPECT_EQ(qr.outcome, Outcome::done);
  EXPECT_EQ(qr.pay_content, "weixin://wxpay/1?pr=a");
  const auto h5 = answer(PaymentCallKind::create, 200,
                         R"({"h5_url":"https://wx.tenpay.com/x?prepay_id=1&package=2"})", Way::h5);
  EXPECT_EQ(h5.pay_content,
            "https://wx.tenpay.com/x?prepay_id=1&package=2"
            "&redirect_url=https%3A%2F%2Fshop.example%2Forders%2FD7Q2XK5M");
  const auto sheet = answer(PaymentCallKind::create, 200, R"({"prepay_id":"wx2014"})", Way::jsapi);
  EXPECT_EQ(sheet.pay_content, "wx2014");
}

TEST(WechatpayAnswer, ACreationWithoutItsContentIsUnknown) {
  EXPECT_EQ(said(answer(PaymentCallKind::create, 200, "{}")), "unknown code_url_missing");
  EXPECT_EQ(said(answer(PaymentCallKind::create, 200, R"({"code_url":1})")),
            "unknown code_url_missing");
  EXPECT_EQ(said(answer(PaymentCallKind::create, 200, R"({"h5_url":"javascript:x"})", Way::h5)),
            "unknown h5_url_missing");
  EXPECT_EQ(said(answer(PaymentCallKind::create, 200, "no json")), "unknown content_unreadable");
  EXPECT_EQ(said(answer(PaymentCallKind::create, 200, "[]")), "unknown content_unreadable");
}

TEST(WechatpayAnswer, APaidTradeIsReadInFull) {
  const auto paid = told(test_trade());
  EXPECT_EQ(said(paid), "done ");
  EXPECT_EQ(paid.trade, TradeStatus::paid);
  EXPECT_EQ(paid.trade_no, "4200000263202611221677001342");
  EXPECT_EQ(paid.amount_minor, 990);
  EXPECT_EQ(paid.currency, domain::Currency::CNY);
  EXPECT_EQ(paid.paid_at, test_now + base::minutes(1));
  EXPECT_FALSE(paid.raw.empty());
  EXPECT_EQ(paid.raw.find("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"), std::string::npos) << "the payer's";
  EXPECT_NE(paid.raw.find("4200000263202611221677001342"), std::string::npos) << "the rest stays";
}

TEST(WechatpayAnswer, EveryTradeStateHasItsMeaning) {
  for (const char* state : {"SUCCESS", "REFUND"}) {
    EXPECT_EQ(told(test_trade(state)).trade, TradeStatus::paid) << state;
  }
  for (const char* state : {"NOTPAY", "USERPAYING", "PAYERROR", "ACCEPT"}) {
    EXPECT_EQ(said(told(test_trade(state))), "done ");
    EXPECT_EQ(told(test_trade(state)).trade, TradeStatus::waiting) << state;
  }
  for (const char* state : {"CLOSED", "REVOKED"}) {
    EXPECT_EQ(told(test_trade(state)).trade, TradeStatus::closed) << state;
  }
  for (const char* state : {"", "success", "PAID"}) {
    EXPECT_EQ(said(told(test_trade(state))), "unknown trade_state_unknown") << state;
  }
}

TEST(WechatpayAnswer, ATradeThatWasPaidAndGivenBackSaysSo) {
  const auto given_back = answer(PaymentCallKind::query, 200, render_trade(test_trade("REFUND")));
  EXPECT_EQ(given_back.trade, TradeStatus::paid);
  EXPECT_TRUE(given_back.some_went_back);
  EXPECT_FALSE(
      answer(PaymentCallKind::query, 200, render_trade(test_trade("SUCCESS"))).some_went_back);
}

TEST(WechatpayAnswer, MoneyInAnotherCurrencyIsAPersons) {
  const auto foreign = answer(
      PaymentCallKind::query, 200,
      replaced(render_trade(test_trade("SUCCESS")), R"("currency":"CNY")", R"("currency":"USD")"));
  EXPECT_EQ(said(foreign), "unknown currency_differs");
  EXPECT_TRUE(foreign.needs_person);
}

TEST(WechatpayAnswer, AnUnpaidTradeNeedsNoAmount) {
  const auto waiting = answer(PaymentCallKind::query, 200,
                              R"({"mchid":"1900000001","appid":"wxd678efh567hg6787",)"
                              R"("out_trade_no":"D7Q2XK5M_1","trade_state":"NOTPAY"})");
  EXPECT_EQ(said(waiting), "done ");
  EXPECT_EQ(waiting.trade, TradeStatus::waiting);
  EXPECT_EQ(waiting.amount_minor, 0);
}

TEST(WechatpayAnswer, AnUnpaidTradeInAnotherCurrencyIsNotOursEither) {
  EXPECT_EQ(said(answer(PaymentCallKind::query, 200,
                        replaced(render_trade(test_trade("NOTPAY")), R"("currency":"CNY")",
                                 R"("currency":"USD")"))),
            "unknown currency_differs");
}

TEST(WechatpayAnswer, ATradeOfAnotherMerchantAppOrderOrCurrencyIsUnknown) {
  EXPECT_EQ(queried("1900000001", "1900000002"), "unknown other_mchid");
  EXPECT_EQ(queried("wxd678", "wxd679"), "unknown other_appid");
  EXPECT_EQ(queried("D7Q2XK5M_1", "D7Q2XK5M_2"), "unknown other_trade");
  EXPECT_EQ(queried(R"("currency":"CNY")", R"("currency":"USD")"), "unknown currency_differs");
  EXPECT_EQ(queried(R"("currency":"CNY",)", ""), "unknown currency_differs");
  EXPECT_EQ(queried("transaction_id", "transaction"), "unknown transaction_id_missing");
}

TEST(WechatpayAnswer, OnlyWholeFenOverZeroAreAnAmount) {
  for (const char* text : {"\"990\"", "9.90", "990.0", "99e1", "-990", "0", "null", "[990]", "true",
                           "10000000001", "99999999999999999999"}) {
    EXPECT_EQ(queried(R"("total":990)", std::string(R"("total":)") + text),
              "unknown amount_unreadable")
        << text;
  }
  EXPECT_EQ(queried(R"("amount")", R"("amounts")"), "unknown amount_unreadable");
}

TEST(WechatpayAnswer, ACloseIsDoneWithoutContent) {
  const auto closed = answer(PaymentCallKind::close, 204, "");
  EXPECT_EQ(said(closed), "done ");
  EXPECT_EQ(closed.trade, TradeStatus::closed);
  EXPECT_EQ(answer(PaymentCallKind::query, 204, "").outcome, Outcome::unknown);
}

TEST(WechatpayAnswer, AnOrderThatDoesNotExistIsAnAnswerToAQuery) {
  const std::string body = render_error("ORDER_NOT_EXIST", "订单不存在");
  const auto query = answer(PaymentCallKind::query, 404, body);
  EXPECT_EQ(said(query), "done ORDER_NOT_EXIST");
  EXPECT_EQ(query.trade, TradeStatus::not_exist);
  const auto close = answer(PaymentCallKind::close, 404, body);
  EXPECT_EQ(said(close), "failed ORDER_NOT_EXIST");
  EXPECT_EQ(close.trade, TradeStatus::not_exist);
  EXPECT_EQ(said(answer(PaymentCallKind::query, 404, render_error("RESOURCE_NOT_EXISTS", ""))),
            "failed RESOURCE_NOT_EXISTS");
  EXPECT_EQ(said(answer(PaymentCallKind::query, 400, body)), "failed ORDER_NOT_EXIST");
}

TEST(WechatpayAnswer, ADefiniteNoIsFailedWithItsCodeAndRequestId) {
  const Account account = test_account();
  Reply reply = test_reply(403, render_error("NO_AUTH", "no"));
  reply.headers.emplace_back("Request-ID", "08F7D2-268442112");
  const auto call = test_call(PaymentCallKind::create);
  EXPECT_EQ(said(answer_of(account, account.platform_keys, call, reply, test_now)),
            "failed NO_AUTH, request 08F7D2-268442112");
  reply.headers.back().second = "a b\"";
  EXPECT_EQ(said(answer_of(account, account.platform_keys, call, reply, test_now)),
            "failed NO_AUTH");
  EXPECT_EQ(said(answer(PaymentCallKind::close, 400, "")), "failed http_400");
}

TEST(WechatpayAnswer, WhatNobodyCanSayYetIsUnknown) {
  for (const auto kind : every_kind) {
    for (const int status : {202, 301, 408, 429, 500, 502, 503}) {
      const auto unclear = answer(kind, status, render_error("FREQUENCY_LIMITED", "later"));
      EXPECT_EQ(said(unclear), "unknown http_" + std::to_string(status));
      EXPECT_FALSE(unclear.retry_later);
    }
  }
}

TEST(WechatpayAnswer, AReplyThatDoesNotProveItselfIsUnknownWhateverItSays) {
  const Account account = test_account();
  const auto outcome = [&](const std::function<void(Reply&)>& spoil, PaymentCallKind kind,
                           int status, std::string body) {
    Reply reply = test_reply(status, std::move(body));
    spoil(reply);
    return said(answer_of(account, account.platform_keys, test_call(kind), reply, test_now));
  };
  const auto unsigned_one = [](Reply& reply) { reply.headers.clear(); };
  const auto other_body = [](Reply& reply) { reply.body += " "; };
  EXPECT_EQ(outcome(unsigned_one, PaymentCallKind::query, 404, render_error("ORDER_NOT_EXIST", "")),
            "unknown signature_missing, http_404");
  EXPECT_EQ(outcome(other_body, PaymentCallKind::query, 200, render_trade(test_trade())),
            "unknown signature_invalid, http_200");
  EXPECT_EQ(outcome(other_body, PaymentCallKind::close, 204, ""),
            "unknown signature_invalid, http_204");
  EXPECT_EQ(outcome(other_body, PaymentCallKind::refund, 403, render_error("NOT_ENOUGH", "")),
            "unknown signature_invalid, http_403");
}

TEST(WechatpayAnswer, ARefundIsDoneOnlyWhenTheMoneyWentBack) {
  EXPECT_EQ(said(answer(PaymentCallKind::refund, 200, render_refund(test_refund()))), "done ");
  EXPECT_EQ(said(answer(PaymentCallKind::refund, 200, render_refund(test_refund("PROCESSING")))),
            "accepted ");
  for (const char* status : {"CLOSED", "ABNORMAL"}) {
    const auto ended = answer(PaymentCallKind::refund, 200, render_refund(test_refund(status)));
    EXPECT_EQ(said(ended), std::string("failed ") + status);
    EXPECT_TRUE(ended.needs_person) << status;
  }
  EXPECT_EQ(said(answer(PaymentCallKind::refund, 200, render_refund(test_refund("MAYBE")))),
            "unknown refund_status_unknown");
}

TEST(WechatpayAnswer, TooLittleBalanceIsForLater) {
  const auto poor = answer(PaymentCallKind::refund, 403, render_error("NOT_ENOUGH", "余额不足"));
  EXPECT_EQ(said(poor), "failed NOT_ENOUGH");
  EXPECT_TRUE(poor.retry_later);
  EXPECT_FALSE(answer(PaymentCallKind::create, 403, render_error("NOT_ENOUGH", "")).retry_later);
  EXPECT_FALSE(answer(PaymentCallKind::refund, 400, render_error("PARAM_ERROR", "")).retry_later);
}

TEST(WechatpayAnswer, ARefundQueryTellsWhatBecameOfIt) {
  const auto asked = [](std::string status) {
    return answer(PaymentCallKind::query_refund, 200,
                  render_refund(test_refund(std::move(status))));
  };
  EXPECT_EQ(said(asked("SUCCESS")), "done ");
  EXPECT_EQ(asked("SUCCESS").amount_minor, 990);
  EXPECT_EQ(said(asked("PROCESSING")), "accepted ");
  EXPECT_EQ(said(asked("CLOSED")), "failed CLOSED");
  EXPECT_TRUE(asked("CLOSED").needs_person) << "its number is used up: sending it again is no help";
  EXPECT_EQ(said(asked("ABNORMAL")), "failed ABNORMAL");
  EXPECT_TRUE(asked("ABNORMAL").needs_person);
  EXPECT_EQ(said(asked("")), "unknown refund_status_unknown");
}

TEST(WechatpayAnswer, OnlyNotFoundSaysThatThereIsNoRefund) {
  EXPECT_EQ(
      said(answer(PaymentCallKind::query_refund, 404, render_error("RESOURCE_NOT_EXISTS", ""))),
      "failed RESOURCE_NOT_EXISTS");
  for (const int status : {400, 401, 403}) {
    EXPECT_EQ(said(answer(PaymentCallKind::query_refund, status, render_error("SIGN_ERROR", ""))),
              "unknown SIGN_ERROR");
  }
}

TEST(WechatpayAnswer, ARefundOfAnotherOrderNumberAmountOrCurrencyIsUnknown) {
  for (const auto kind : {PaymentCallKind::refund, PaymentCallKind::query_refund}) {
    EXPECT_EQ(refunded(kind, "D7Q2XK5M_1", "D7Q2XK5M_2"), "unknown other_trade");
    EXPECT_EQ(refunded(kind, R"("R1")", R"("R2")"), "unknown other_refund");
    EXPECT_EQ(refunded(kind, R"("refund":990)", R"("refund":989)"),
              "unknown refund_amount_differs");
    EXPECT_EQ(refunded(kind, R"("refund":990)", R"("refund":"990")"),
              "unknown refund_amount_differs");
    EXPECT_EQ(refunded(kind, "CNY", "USD"), "unknown currency_differs");
  }
}

TEST(WechatpayAnswer, WhatIsKeptOfAReplyIsCut) {
  EXPECT_EQ(answer(PaymentCallKind::query, 500, std::string(20'000, 'x')).raw.size(), 8192u);
  std::string many;
  for (int i = 0; i < 800; ++i) many += R"("openid":"",)";
  EXPECT_EQ(answer(PaymentCallKind::query, 500, many).raw.size(), 8192u);
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
