#include "connectors/payment/alipay/answer.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/test_account.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCallKind;
using ports::TradeStatus;

std::string_view method_of(PaymentCallKind kind) {
  switch (kind) {
    case PaymentCallKind::create:
      return "alipay.trade.precreate";
    case PaymentCallKind::query:
      return "alipay.trade.query";
    case PaymentCallKind::close:
      return "alipay.trade.close";
    case PaymentCallKind::refund:
      return "alipay.trade.refund";
    case PaymentCallKind::query_refund:
      return "alipay.trade.fastpay.refund.query";
  }
  UNREACHABLE();
}

PaymentAnswer answer(PaymentCallKind kind, const FormFields& content) {
  const std::string raw = render_reply(method_of(kind), content, {.alipay_key = test_alipay_key()});
  return answer_of(test_account(), test_call(kind), method_of(kind), raw);
}

FormFields ok(FormFields more) {
  FormFields content{{"code", "10000"}, {"out_trade_no", "D7Q2XK5M_1"}};
  for (auto& part : more) content.push_back(std::move(part));
  return content;
}

PaymentAnswer refused(PaymentCallKind kind, const std::string& reason) {
  return answer(kind, {{"code", "40004"}, {"sub_code", std::string("ACQ.").append(reason)}});
}

std::string outcome_and_problem(const PaymentAnswer& given) {
  std::string text(base::name_of(given.outcome));
  return text.append(" ").append(given.problem);
}

TEST(AlipayAnswer, ACreatedQrOrderHasItsContent) {
  const auto done =
      answer(PaymentCallKind::create, ok({{"qr_code", "https://qr.alipay.com/bax0001"}}));
  EXPECT_EQ(outcome_and_problem(done), "done ");
  EXPECT_EQ(done.pay_content, "https://qr.alipay.com/bax0001");
  EXPECT_EQ(outcome_and_problem(answer(PaymentCallKind::create, ok({}))),
            "unknown qr_code_missing");
  EXPECT_EQ(outcome_and_problem(refused(PaymentCallKind::create, "TRADE_HAS_SUCCESS")),
            "failed ACQ.TRADE_HAS_SUCCESS");
}

TEST(AlipayAnswer, AQueryTellsTheTrade) {
  const auto paid = answer(PaymentCallKind::query, ok({{"trade_status", "TRADE_SUCCESS"},
                                                       {"total_amount", "9.90"},
                                                       {"trade_no", "2026112222001"},
                                                       {"send_pay_date", "2026-11-22 13:06:00"}}));
  EXPECT_EQ(outcome_and_problem(paid), "done ");
  EXPECT_EQ(paid.trade, TradeStatus::paid);
  EXPECT_EQ(paid.amount_minor, 990);
  EXPECT_EQ(paid.trade_no, "2026112222001");
  EXPECT_EQ(paid.paid_at, test_now + base::minutes(1));
  EXPECT_FALSE(paid.raw.empty());
  const std::pair<const char*, TradeStatus> words[] = {{"WAIT_BUYER_PAY", TradeStatus::waiting},
                                                       {"TRADE_FINISHED", TradeStatus::paid},
                                                       {"TRADE_CLOSED", TradeStatus::closed}};
  for (const auto& [word, status] : words) {
    const auto told =
        answer(PaymentCallKind::query,
               ok({{"trade_status", word}, {"total_amount", "9.90"}, {"trade_no", "1"}}));
    EXPECT_EQ(told.outcome, Outcome::done) << word;
    EXPECT_EQ(told.trade, status) << word;
  }
}

TEST(AlipayAnswer, AnUnknownTradeIsAnAnswerOfItsOwn) {
  const auto none = refused(PaymentCallKind::query, "TRADE_NOT_EXIST");
  EXPECT_EQ(none.outcome, Outcome::done);
  EXPECT_EQ(none.trade, TradeStatus::not_exist);
  const auto nothing_to_close = refused(PaymentCallKind::close, "TRADE_NOT_EXIST");
  EXPECT_EQ(nothing_to_close.outcome, Outcome::failed);
  EXPECT_EQ(nothing_to_close.trade, TradeStatus::not_exist);
}

TEST(AlipayAnswer, AQueryThatSaysSomethingElseSaysNothing) {
  const auto query = [](FormFields content) {
    return outcome_and_problem(answer(PaymentCallKind::query, content));
  };
  EXPECT_EQ(query(ok({})), "unknown trade_status_unknown");
  EXPECT_EQ(query(ok({{"trade_status", "TRADE_PENDING"}, {"total_amount", "9.90"}})),
            "unknown trade_status_unknown");
  EXPECT_EQ(query(ok({{"trade_status", "TRADE_SUCCESS"}})), "unknown amount_unreadable");
  EXPECT_EQ(query(ok({{"trade_status", "TRADE_SUCCESS"}, {"total_amount", "9.900"}})),
            "unknown amount_unreadable");
  EXPECT_EQ(query(ok({{"trade_status", "TRADE_SUCCESS"}, {"total_amount", "9.90"}})),
            "unknown trade_no_missing");
  EXPECT_EQ(query({{"code", "10000"},
                   {"out_trade_no", "OTHER"},
                   {"trade_status", "TRADE_SUCCESS"},
                   {"total_amount", "9.90"},
                   {"trade_no", "1"}}),
            "unknown other_trade");
  EXPECT_EQ(query({{"code", "20000"}, {"sub_code", "isp.unknow-error"}}),
            "unknown isp.unknow-error");
  EXPECT_EQ(query({{"code", "40004"}, {"sub_code", "ACQ.SYSTEM_ERROR"}}),
            "unknown ACQ.SYSTEM_ERROR");
  EXPECT_EQ(query({{"code", "40006"}}), "failed 40006");
}

TEST(AlipayAnswer, ACloseIsDoneOrTellsWhyNot) {
  const auto done = answer(PaymentCallKind::close, ok({{"trade_no", "1"}}));
  EXPECT_EQ(outcome_and_problem(done), "done ");
  EXPECT_EQ(done.trade, TradeStatus::closed);
  EXPECT_EQ(outcome_and_problem(refused(PaymentCallKind::close, "TRADE_STATUS_ERROR")),
            "failed ACQ.TRADE_STATUS_ERROR");
  EXPECT_EQ(outcome_and_problem(refused(PaymentCallKind::close, "SYSTEM_ERROR")),
            "unknown ACQ.SYSTEM_ERROR");
}

TEST(AlipayAnswer, ARefundIsDoneOnlyIfMoneyMovedNow) {
  EXPECT_EQ(answer(PaymentCallKind::refund, ok({{"fund_change", "Y"}})).outcome, Outcome::done);
  EXPECT_EQ(answer(PaymentCallKind::refund, ok({{"fund_change", "N"}})).outcome, Outcome::accepted);
  EXPECT_EQ(answer(PaymentCallKind::refund, ok({})).outcome, Outcome::accepted);
  const auto low = refused(PaymentCallKind::refund, "SELLER_BALANCE_NOT_ENOUGH");
  EXPECT_EQ(low.outcome, Outcome::failed);
  EXPECT_TRUE(low.retry_later);
  const auto other = refused(PaymentCallKind::refund, "DISCORDANT_REPEAT_REQUEST");
  EXPECT_EQ(other.outcome, Outcome::failed);
  EXPECT_FALSE(other.retry_later);
}

TEST(AlipayAnswer, ARefundQueryProvesTheRefundOrDoesNot) {
  const auto query = [](FormFields more) {
    return outcome_and_problem(answer(PaymentCallKind::query_refund, ok(std::move(more))));
  };
  EXPECT_EQ(query({{"refund_status", "REFUND_SUCCESS"},
                   {"out_request_no", "R1"},
                   {"refund_amount", "9.90"}}),
            "done ");
  EXPECT_EQ(query({}), "failed refund_status_absent");
  EXPECT_EQ(query({{"refund_status", "REFUND_FAIL"}}), "failed REFUND_FAIL");
  EXPECT_EQ(query({{"refund_status", "REFUND_PROCESSING"}, {"out_request_no", "R1"}}), "accepted ");
  EXPECT_EQ(query({{"refund_status", "REFUND_SUCCESS"},
                   {"out_request_no", "R2"},
                   {"refund_amount", "9.90"}}),
            "unknown other_refund");
  EXPECT_EQ(query({{"refund_status", "REFUND_SUCCESS"},
                   {"out_request_no", "R1"},
                   {"refund_amount", "9.80"}}),
            "unknown refund_amount_differs");
  EXPECT_EQ(query({{"refund_status", "NEW_WORD"}, {"out_request_no", "R1"}}),
            "unknown refund_status_unknown");
}

TEST(AlipayAnswer, ARefusedQuestionAboutARefundDoesNotSayThatThereIsNone) {
  const auto query = [](const FormFields& content) {
    return outcome_and_problem(answer(PaymentCallKind::query_refund, content));
  };
  EXPECT_EQ(query({{"code", "40006"}, {"sub_code", "isv.insufficient-isv-permissions"}}),
            "unknown isv.insufficient-isv-permissions");
  EXPECT_EQ(query({{"code", "20001"}}), "unknown 20001");
  EXPECT_EQ(query({{"code", "40004"}, {"sub_code", "ACQ.INVALID_PARAMETER"}}),
            "unknown ACQ.INVALID_PARAMETER");
  EXPECT_EQ(query({{"code", "40004"}, {"sub_code", "ACQ.TRADE_NOT_EXIST"}}),
            "failed ACQ.TRADE_NOT_EXIST");
}

TEST(AlipayAnswer, AReplyThatIsNotProvenIsUnknownAndKept) {
  const std::string page = std::string("<html>").append(20'000, 'x');
  const auto given =
      answer_of(test_account(), test_call(PaymentCallKind::refund), "alipay.trade.refund", page);
  EXPECT_EQ(outcome_and_problem(given), "unknown not_json");
  EXPECT_EQ(given.raw.size(), 8192u);
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
