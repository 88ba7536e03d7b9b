#include "sandbox/alipay_book.h"

#include <gtest/gtest.h>

#include "sandbox/alipay_notify.h"

namespace daozhang::sandbox {
namespace {

constexpr base::Instant start{1'795'352'706'000'000};

class AlipayBookTest : public testing::Test {
 protected:
  FaultBoard faults;
  DeliveryQueue queue{1};
  AlipayBook book{{"2021000000000001", "2088000000000001", "http://sandbox"}, faults, queue, 7};

  void set(std::string_view name, std::map<std::string, std::int64_t, std::less<>> numbers = {}) {
    FaultSetting setting;
    setting.on = true;
    setting.numbers = std::move(numbers);
    ASSERT_TRUE(faults.set(name, setting)) << name;
  }

  static GatewayRequest creation(std::string method, std::string out_trade_no,
                                 std::string amount = "9.90") {
    GatewayRequest request;
    request.method = std::move(method);
    request.notify_url = "http://shop/notify";
    request.return_url = "http://shop/return";
    request.biz = {
        {"out_trade_no", std::move(out_trade_no)},
        {"total_amount", std::move(amount)},
        {"subject", "card"},
        {"time_expire", base::to_local_seconds(start + base::minutes(15), base::beijing_offset)}};
    if (request.method == "alipay.trade.page.pay")
      set_field(request.biz, "product_code", "FAST_INSTANT_TRADE_PAY");
    if (request.method == "alipay.trade.wap.pay")
      set_field(request.biz, "product_code", "QUICK_WAP_WAY");
    return request;
  }
  static GatewayRequest page(std::string no) {
    return creation("alipay.trade.page.pay", std::move(no));
  }
  GatewayAnswer call(std::string method, Fields biz, base::Instant now = start) {
    return book.call({"alipay.trade." + std::move(method), std::move(biz), "", ""}, now);
  }
  std::string sub_code(std::string method, Fields biz, base::Instant now = start) {
    return call(std::move(method), std::move(biz), now).reply.sub_code;
  }
  GatewayReply refund(std::string no, std::string amount, std::string request_no) {
    return call("refund", {{"out_trade_no", std::move(no)},
                           {"refund_amount", std::move(amount)},
                           {"out_request_no", std::move(request_no)}})
        .reply;
  }
  std::string status(std::string no, base::Instant now = start) {
    const auto answer = call("query", {{"out_trade_no", std::move(no)}}, now);
    return std::string(field(answer.reply.fields, "trade_status"));
  }
  void paid_trade(std::string no) {
    ASSERT_TRUE(book.open(page(no), start));
    ASSERT_EQ(book.pay(no, std::nullopt, start), PayOutcome::paid);
  }
  NotifySending sending() {
    const auto due = queue.take_due(start + base::hours(1), 1);
    EXPECT_EQ(due.size(), 1u);
    return prepare_notify(due.at(0), faults, start);
  }
};

TEST_F(AlipayBookTest, ATradeExistsOnlyAfterThePayerOpenedThePage) {
  EXPECT_EQ(sub_code("query", {{"out_trade_no", "T1"}}), "ACQ.TRADE_NOT_EXIST");
  EXPECT_EQ(sub_code("close", {{"out_trade_no", "T1"}}), "ACQ.TRADE_NOT_EXIST");
  EXPECT_EQ(book.pay("T1", std::nullopt, start), PayOutcome::no_such_trade);
  ASSERT_TRUE(book.open(page("T1"), start));
  EXPECT_EQ(status("T1"), "WAIT_BUYER_PAY");
}

TEST_F(AlipayBookTest, APrecreatedTradeExistsOnlyAfterTheCodeWasScanned) {
  const auto answer = book.call(creation("alipay.trade.precreate", "Q1"), start);
  const std::string code(field(answer.reply.fields, "qr_code"));
  ASSERT_EQ(code.rfind("http://sandbox/qr/", 0), 0u);
  EXPECT_EQ(sub_code("query", {{"out_trade_no", "Q1"}}), "ACQ.TRADE_NOT_EXIST");
  const auto again = book.call(creation("alipay.trade.precreate", "Q1"), start);
  EXPECT_EQ(field(again.reply.fields, "qr_code"), code);
  EXPECT_EQ(book.call(creation("alipay.trade.precreate", "Q1", "9.91"), start).reply.sub_code,
            "ACQ.CONTEXT_INCONSISTENT");
  ASSERT_TRUE(book.scan(code.substr(code.rfind('/') + 1), start));
  EXPECT_EQ(status("Q1"), "WAIT_BUYER_PAY");
  EXPECT_EQ(book.scan("nothing", start).error().sub_code, "ACQ.TRADE_NOT_EXIST");
}

TEST_F(AlipayBookTest, PayingTellsTheShopOnce) {
  paid_trade("T1");
  EXPECT_EQ(status("T1"), "TRADE_SUCCESS");
  EXPECT_EQ(book.pay("T1", std::nullopt, start), PayOutcome::already_paid);
  EXPECT_EQ(queue.open_count(), 1u);
  const auto out = sending();
  EXPECT_EQ(field(out.fields, "trade_status"), "TRADE_SUCCESS");
  EXPECT_EQ(field(out.fields, "total_amount"), "9.90");
  EXPECT_EQ(field(out.fields, "app_id"), "2021000000000001");
  EXPECT_EQ(field(out.fields, "seller_id"), "2088000000000001");
  EXPECT_EQ(out.copies, 1u);
}

TEST_F(AlipayBookTest, OpeningAgainIsTheSameTradeUnlessItDiffersOrIsOver) {
  ASSERT_TRUE(book.open(page("T1"), start));
  ASSERT_TRUE(book.open(page("T1"), start + base::seconds(5)));
  EXPECT_EQ(book.trades().size(), 1u);
  EXPECT_EQ(book.open(creation("alipay.trade.page.pay", "T1", "8.00"), start).error().sub_code,
            "ACQ.CONTEXT_INCONSISTENT");
  EXPECT_EQ(book.open(creation("alipay.trade.wap.pay", "T1"), start).error().sub_code,
            "ACQ.CONTEXT_INCONSISTENT");
  ASSERT_EQ(book.pay("T1", std::nullopt, start), PayOutcome::paid);
  EXPECT_EQ(book.open(page("T1"), start).error().sub_code, "ACQ.TRADE_HAS_SUCCESS");
  ASSERT_TRUE(book.open(page("T2"), start));
  EXPECT_TRUE(call("close", {{"out_trade_no", "T2"}}).reply.succeeded());
  EXPECT_EQ(book.open(page("T2"), start).error().sub_code, "ACQ.TRADE_HAS_CLOSE");
}

TEST_F(AlipayBookTest, RefusesACreationThatIsNotInOrder) {
  const auto code_of = [&](std::string_view name, std::string_view value) {
    GatewayRequest request = page("T1");
    set_field(request.biz, name, value);
    const auto opened = book.open(request, start);
    return opened ? std::string("opened") : opened.error().sub_code;
  };
  for (const auto& [name, value] : Fields{{"total_amount", ""},
                                          {"total_amount", "0"},
                                          {"total_amount", "0.001"},
                                          {"total_amount", "1e3"},
                                          {"total_amount", "-1.00"},
                                          {"total_amount", "01.00"},
                                          {"total_amount", "100000000.01"},
                                          {"out_trade_no", ""},
                                          {"out_trade_no", "a-b"},
                                          {"subject", ""},
                                          {"subject", "a&b"},
                                          {"time_expire", "tomorrow"},
                                          {"time_expire", "2020-01-01 00:00:00"},
                                          {"product_code", "QUICK_WAP_WAY"}})
    EXPECT_EQ(code_of(name, value), "ACQ.INVALID_PARAMETER") << name << "=" << value;
  EXPECT_EQ(book.call({"alipay.nothing", {}, "", ""}, start).reply.sub_code, "isv.invalid-method");
  EXPECT_EQ(sub_code("query", {}), "ACQ.INVALID_PARAMETER");
}

TEST_F(AlipayBookTest, ATradePastItsTimeIsClosedAndCanNotBePaid) {
  ASSERT_TRUE(book.open(page("T1"), start));
  const base::Instant late = start + base::minutes(15);
  EXPECT_EQ(status("T1", late), "TRADE_CLOSED");
  EXPECT_EQ(book.pay("T1", std::nullopt, late), PayOutcome::expired);
  EXPECT_EQ(book.find("T1")->paid_minor, 0);
}

TEST_F(AlipayBookTest, CloseAnswersByStatus) {
  ASSERT_TRUE(book.open(page("T1"), start));
  EXPECT_EQ(sub_code("close", {{"out_trade_no", "T1"}}), "");
  EXPECT_EQ(sub_code("close", {{"out_trade_no", "T1"}}), "ACQ.REASON_TRADE_STATUS_INVALID");
  EXPECT_EQ(book.pay("T1", std::nullopt, start), PayOutcome::trade_closed);
  paid_trade("T2");
  EXPECT_EQ(sub_code("close", {{"out_trade_no", "T2"}}), "ACQ.TRADE_STATUS_ERROR");
  const std::string trade_no = book.find("T2")->trade_no;
  EXPECT_EQ(sub_code("close", {{"trade_no", trade_no}, {"out_trade_no", "T1"}}),
            "ACQ.TRADE_STATUS_ERROR");
}

TEST_F(AlipayBookTest, RefundsAreIdempotentByTheirNumber) {
  paid_trade("T1");
  const auto first = refund("T1", "4.00", "R1");
  EXPECT_EQ(field(first.fields, "fund_change"), "Y");
  EXPECT_EQ(field(first.fields, "refund_fee"), "4.00");
  const auto repeat = refund("T1", "4.00", "R1");
  EXPECT_EQ(repeat.code, "10000");
  EXPECT_EQ(field(repeat.fields, "fund_change"), "N");
  EXPECT_EQ(refund("T1", "4.01", "R1").sub_code, "ACQ.DISCORDANT_REPEAT_REQUEST");
  EXPECT_EQ(refund("T1", "6.00", "R2").sub_code, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
  EXPECT_EQ(status("T1"), "TRADE_SUCCESS");
  EXPECT_EQ(field(refund("T1", "5.90", "R3").fields, "refund_fee"), "9.90");
  EXPECT_EQ(status("T1"), "TRADE_CLOSED");
  EXPECT_EQ(field(refund("T1", "5.90", "R3").fields, "fund_change"), "N");
  EXPECT_EQ(refund("T1", "0.01", "R4").sub_code, "ACQ.TRADE_HAS_CLOSE");
  EXPECT_EQ(book.find("T1")->refunded_minor, 990);
}

TEST_F(AlipayBookTest, RefundsNeedAPaidTradeAnAmountAndForAPartANumber) {
  EXPECT_EQ(refund("T0", "1.00", "R1").sub_code, "ACQ.TRADE_NOT_EXIST");
  ASSERT_TRUE(book.open(page("T1"), start));
  EXPECT_EQ(refund("T1", "1.00", "R1").sub_code, "ACQ.TRADE_STATUS_ERROR");
  call("close", {{"out_trade_no", "T1"}});
  EXPECT_EQ(refund("T1", "1.00", "R1").sub_code, "ACQ.TRADE_HAS_CLOSE");
  paid_trade("T2");
  EXPECT_EQ(refund("T2", "1.00", "").sub_code, "ACQ.INVALID_PARAMETER");
  EXPECT_EQ(refund("T2", "nine", "R1").sub_code, "ACQ.INVALID_PARAMETER");
  EXPECT_TRUE(refund("T2", "9.90", "").succeeded());
  const auto asked =
      call("fastpay.refund.query", {{"out_trade_no", "T2"}, {"out_request_no", "T2"}});
  EXPECT_EQ(field(asked.reply.fields, "refund_status"), "REFUND_SUCCESS");
}

TEST_F(AlipayBookTest, ARefundThatIsNotThereHasNoStatus) {
  paid_trade("T1");
  const auto asked =
      call("fastpay.refund.query", {{"out_trade_no", "T1"}, {"out_request_no", "R1"}});
  EXPECT_EQ(asked.reply.code, "10000");
  EXPECT_EQ(field(asked.reply.fields, "refund_status"), "");
  EXPECT_EQ(sub_code("fastpay.refund.query", {{"out_trade_no", "T9"}, {"out_request_no", "R1"}}),
            "ACQ.TRADE_NOT_EXIST");
}

TEST_F(AlipayBookTest, CancelClosesWhatIsUnpaidAndRefundsWhatIsPaid) {
  ASSERT_TRUE(book.open(page("T1"), start));
  paid_trade("T2");
  const auto act = [&](std::string no) {
    const auto answer = call("cancel", {{"out_trade_no", std::move(no)}});
    return std::string(field(answer.reply.fields, "action"));
  };
  EXPECT_EQ(act("T1"), "close");
  EXPECT_EQ(act("T2"), "refund");
  EXPECT_EQ(act("T2"), "");
  EXPECT_EQ(act("T3"), "");
  EXPECT_EQ(book.find("T2")->refunded_minor, 990);
}

TEST_F(AlipayBookTest, WapTellsOfItsCloseAndPageDoesNot) {
  ASSERT_TRUE(book.open(page("T1"), start));
  ASSERT_TRUE(book.open(creation("alipay.trade.wap.pay", "T2"), start));
  book.step(start + base::hours(1));
  ASSERT_EQ(queue.open_count(), 1u);
  EXPECT_EQ(field(sending().fields, "trade_status"), "TRADE_CLOSED");
}

TEST_F(AlipayBookTest, ARefundIsToldWithItsNumberAndCumulativeSum) {
  paid_trade("T1");
  sending();
  refund("T1", "4.00", "R1");
  const auto out = sending();
  EXPECT_EQ(field(out.fields, "out_biz_no"), "R1");
  EXPECT_EQ(field(out.fields, "refund_fee"), "4.00");
  EXPECT_EQ(field(out.fields, "trade_status"), "TRADE_SUCCESS");
}

TEST_F(AlipayBookTest, RestoredTradesGoOnWhereTheyWere) {
  ASSERT_TRUE(book.open(page("T1"), start));
  EXPECT_EQ(book.take_changed(), std::vector<std::string>{"T1"});
  AlipayBook other({"a", "s", "http://sandbox"}, faults, queue, 8);
  other.restore(*book.find("T1"));
  EXPECT_EQ(other.pay("T1", std::nullopt, start + base::minutes(15)), PayOutcome::expired);
}

// Faults.

TEST_F(AlipayBookTest, FaultsOfTheNotification) {
  struct Row {
    std::string_view fault;
    std::string_view name;
    std::string_view value;
  };
  for (const Row row : {Row{"wrong_amount_notify", "total_amount", "9.89"},
                        Row{"wrong_app_notify", "app_id", "2021000000000000"},
                        Row{"wrong_seller_notify", "seller_id", "2088000000000000"},
                        Row{"status_wait_notify", "trade_status", "WAIT_BUYER_PAY"}}) {
    faults.reset();
    set(row.fault);
    paid_trade(std::string("T_") + std::string(row.fault));
    const auto out = sending();
    EXPECT_EQ(field(out.fields, row.name), row.value) << row.fault;
    EXPECT_FALSE(out.spoil_signature);
    EXPECT_EQ(out.tampering, row.fault);
  }
}

TEST_F(AlipayBookTest, FaultForgeNotifySpoilsOnlyTheSignature) {
  set("forge_notify");
  paid_trade("T1");
  const auto out = sending();
  EXPECT_TRUE(out.spoil_signature);
  EXPECT_EQ(field(out.fields, "total_amount"), "9.90");
}

TEST_F(AlipayBookTest, FaultLoseNotifySendsNothing) {
  set("lose_notify");
  paid_trade("T1");
  EXPECT_TRUE(sending().lost);
}

TEST_F(AlipayBookTest, FaultDoubleNotifySendsCopies) {
  set("double_notify", {{"copies", 5}});
  paid_trade("T1");
  EXPECT_EQ(sending().copies, 5u);
}

TEST_F(AlipayBookTest, FaultDelayNotifyHoldsTheFirstBack) {
  set("delay_notify", {{"s", 60}});
  paid_trade("T1");
  EXPECT_EQ(queue.next_due() - start, base::seconds(60));
}

TEST_F(AlipayBookTest, FaultsPayShortAndPayOverChangeTheMoney) {
  set("pay_short", {{"minor", 90}});
  paid_trade("T1");
  EXPECT_EQ(book.find("T1")->paid_minor, 900);
  EXPECT_EQ(field(sending().fields, "total_amount"), "9.00");
  faults.reset();
  set("pay_over", {{"minor", 10}});
  paid_trade("T2");
  EXPECT_EQ(book.find("T2")->paid_minor, 1'000);
  EXPECT_TRUE(refund("T2", "10.00", "R1").succeeded());
}

TEST_F(AlipayBookTest, FaultsOfTheQuery) {
  paid_trade("T1");
  set("query_20000");
  EXPECT_EQ(call("query", {{"out_trade_no", "T1"}}).reply.code, "20000");
  faults.reset();
  set("query_system_error");
  EXPECT_EQ(sub_code("query", {{"out_trade_no", "T1"}}), "ACQ.SYSTEM_ERROR");
  faults.reset();
  set("query_timeout", {{"hold_ms", 20}});
  const auto answer = call("query", {{"out_trade_no", "T1"}});
  EXPECT_TRUE(answer.manner.lose_reply);
  EXPECT_EQ(answer.manner.delay, base::milliseconds(20));
}

TEST_F(AlipayBookTest, FaultRefundExecutedReplyLostExecutesOnce) {
  paid_trade("T1");
  set("refund_executed_reply_lost");
  const auto answer =
      call("refund", {{"out_trade_no", "T1"}, {"refund_amount", "9.90"}, {"out_request_no", "R1"}});
  EXPECT_TRUE(answer.manner.lose_reply);
  EXPECT_EQ(book.find("T1")->refunded_minor, 990);
  faults.reset();
  EXPECT_EQ(field(refund("T1", "9.90", "R1").fields, "fund_change"), "N");
}

TEST_F(AlipayBookTest, FaultRefundBalanceLowRefusesNewOnesOnly) {
  paid_trade("T1");
  ASSERT_TRUE(refund("T1", "1.00", "R1").succeeded());
  set("refund_balance_low");
  EXPECT_EQ(refund("T1", "1.00", "R2").sub_code, "ACQ.SELLER_BALANCE_NOT_ENOUGH");
  EXPECT_TRUE(refund("T1", "1.00", "R1").succeeded());
  EXPECT_EQ(book.find("T1")->refunded_minor, 100);
}

TEST_F(AlipayBookTest, FaultRefundSystemErrorMayOrMayNotHaveExecuted) {
  paid_trade("T1");
  set("refund_system_error");
  EXPECT_EQ(refund("T1", "1.00", "R1").sub_code, "ACQ.SYSTEM_ERROR");
  EXPECT_EQ(book.find("T1")->refunded_minor, 0);
  set("refund_system_error", {{"executed", 1}});
  EXPECT_EQ(refund("T1", "1.00", "R1").sub_code, "ACQ.SYSTEM_ERROR");
  EXPECT_EQ(book.find("T1")->refunded_minor, 100);
}

TEST_F(AlipayBookTest, FaultCloseReplyLostCloses) {
  ASSERT_TRUE(book.open(page("T1"), start));
  set("close_reply_lost");
  EXPECT_TRUE(call("close", {{"out_trade_no", "T1"}}).manner.lose_reply);
  EXPECT_EQ(book.find("T1")->status, TradeStatus::closed);
}

TEST_F(AlipayBookTest, FaultsOfTheWholeGateway) {
  paid_trade("T1");
  set("gateway_down");
  EXPECT_TRUE(call("refund", {{"out_trade_no", "T1"}, {"refund_amount", "9.90"}}).manner.down);
  EXPECT_EQ(book.find("T1")->refunded_minor, 0);
  faults.reset();
  set("slow", {{"ms", 40}});
  set("bad_response_signature");
  const auto answer = call("query", {{"out_trade_no", "T1"}});
  EXPECT_EQ(answer.manner.delay, base::milliseconds(40));
  EXPECT_TRUE(answer.manner.spoil_signature);
  EXPECT_FALSE(answer.manner.lose_reply);
}

TEST_F(AlipayBookTest, FaultPayAfterExpiryTakesMoneyForAClosedTrade) {
  ASSERT_TRUE(book.open(page("T1"), start));
  const base::Instant late = start + base::minutes(20);
  EXPECT_EQ(status("T1", late), "TRADE_CLOSED");
  set("pay_after_expiry");
  EXPECT_EQ(book.pay("T1", std::nullopt, late), PayOutcome::paid);
  EXPECT_EQ(status("T1", late), "TRADE_SUCCESS");
  ASSERT_TRUE(book.open(page("T2"), late));
  EXPECT_EQ(book.pay("T2", std::nullopt, late), PayOutcome::paid);
  ASSERT_TRUE(book.open(page("T3"), start));
  call("close", {{"out_trade_no", "T3"}});
  EXPECT_EQ(book.pay("T3", std::nullopt, late), PayOutcome::trade_closed);
}

TEST_F(AlipayBookTest, FaultReturnUrlOnlyTellsNobody) {
  set("return_url_only");
  paid_trade("T1");
  EXPECT_EQ(queue.open_count(), 0u);
  set("return_url_only", {{"paid", 0}});
  ASSERT_TRUE(book.open(page("T2"), start));
  EXPECT_EQ(book.pay("T2", std::nullopt, start), PayOutcome::returned_unpaid);
  EXPECT_EQ(status("T2"), "WAIT_BUYER_PAY");
}

TEST_F(AlipayBookTest, AHandMadeNotificationPretendsSuccess) {
  ASSERT_TRUE(book.open(page("T1"), start));
  EXPECT_FALSE(book.notify_now("T9", "", start));
  ASSERT_TRUE(book.notify_now("T1", "signature", start));
  const auto out = sending();
  EXPECT_EQ(field(out.fields, "trade_status"), "TRADE_SUCCESS");
  EXPECT_EQ(field(out.fields, forge_mark), "");
  EXPECT_TRUE(out.spoil_signature);
  EXPECT_EQ(status("T1"), "WAIT_BUYER_PAY");
}

TEST(AlipayWords, ReadsLimitsOfTime) {
  EXPECT_EQ(*after_express("90m", start) - start, base::minutes(90));
  EXPECT_EQ(*after_express("1d", start) - start, base::hours(24));
  EXPECT_EQ(base::to_local_seconds(*after_express("1c", start), base::beijing_offset).substr(11),
            "00:00:00");
  for (const char* bad : {"", "m", "0m", "16d", "5", "1.5h", "-1m", "9999999m", "1x"})
    EXPECT_FALSE(after_express(bad, start)) << bad;
}

TEST(AlipayWords, WritesAndReadsYuanExactly) {
  for (const std::int64_t minor : {1LL, 10LL, 990LL, 100'000LL, 10'000'000'000LL})
    EXPECT_EQ(yuan_to_minor(minor_to_yuan(minor)), minor);
  EXPECT_EQ(yuan_to_minor("9.9"), 990);
  EXPECT_EQ(yuan_to_minor("9"), 900);
  for (const char* bad : {".9", "9.", "9.900", " 9", "+9", "９", "9,0", "1000000000"})
    EXPECT_FALSE(yuan_to_minor(bad)) << bad;
}

}  // namespace
}  // namespace daozhang::sandbox
