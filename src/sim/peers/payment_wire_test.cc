// Every wire keeps what it carries and refuses what nobody signed.
#include "sim/peers/payment_wire.h"

#include <gtest/gtest.h>

#include "sim/peers/alipay_wire.h"
#include "sim/peers/epay_wire.h"
#include "sim/peers/wechat_wire.h"

namespace daozhang::sim {
namespace {

using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;

constexpr base::Instant now{1'795'000'000'000'000};

template <class Wire>
Wire make_wire() {
  if constexpr (std::is_default_constructible_v<Wire>)
    return Wire();
  else
    return Wire([] { return now; });
}

template <class Wire>
class PaymentWireTest : public ::testing::Test {
 protected:
  static ports::PaymentNotice notice() {
    ports::PaymentNotice notice;
    notice.trade_ref = "ORDER_1";
    notice.trade_no = "page000001";
    notice.trade = TradeStatus::paid;
    notice.amount_minor = 990;
    notice.paid_at = now;
    notice.notice_id = "N1";
    return notice;
  }

  static ports::PaymentCall call(PaymentCallKind kind) {
    ports::PaymentCall call;
    call.kind = kind;
    call.order.trade_ref = "ORDER_1";
    call.order.amount_minor = 990;
    call.order.subject = "goods";
    call.order.created_at = now;
    call.order.expires_at = now + base::minutes(15);
    call.refund_ref = "ORDER_r1u1";
    call.refund_minor = 990;
    return call;
  }

  Wire wire_ = make_wire<Wire>();
};

using Wires = ::testing::Types<CheapWire, AlipayWire, EpayWire, WechatWire>;
TYPED_TEST_SUITE(PaymentWireTest, Wires);

TYPED_TEST(PaymentWireTest, AGenuineNotificationIsRead) {
  const auto read = this->wire_.read_notice(this->wire_.write_notice(this->notice()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->trade_ref, "ORDER_1");
  EXPECT_EQ(read->trade_no, "page000001");
  EXPECT_EQ(read->amount_minor, 990);
  EXPECT_EQ(read->trade, TradeStatus::paid);
}

TYPED_TEST(PaymentWireTest, ARefundIsToldWithItsNumberAndIsNoPayment) {
  if (!this->wire_.tells_of_refunds()) return;
  auto told = this->notice();
  told.about_refund = true;
  told.refund_ref = "ORDER_r1u1";
  const auto read = this->wire_.read_notice(this->wire_.write_refund_notice(told, {495, 495}));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->about_refund);
  EXPECT_EQ(read->refund_ref, "ORDER_r1u1");
  EXPECT_EQ(read->trade_ref, "ORDER_1");
  EXPECT_EQ(read->trade_no, "page000001");
}

TYPED_TEST(PaymentWireTest, WhatNobodySignedIsRefused) {
  const auto forged = this->wire_.read_notice(this->wire_.write_forged_notice(this->notice()));
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error(), ports::NoticeRefusal::signature_invalid);
  EXPECT_FALSE(this->wire_.read_notice(this->wire_.write_unsigned_notice(this->notice())));
  EXPECT_FALSE(this->wire_.read_notice(""));
  EXPECT_FALSE(this->wire_.read_notice("garbage"));
}

TYPED_TEST(PaymentWireTest, AnotherShopsNotificationIsRefused) {
  const auto other =
      this->wire_.read_notice(this->wire_.write_notice_of_other_account(this->notice()));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(), ports::NoticeRefusal::app_differs);
}

TYPED_TEST(PaymentWireTest, CallsArriveAsTheyWereSent) {
  const auto created = this->wire_.carry_call(this->call(PaymentCallKind::create), now);
  EXPECT_EQ(created.order.trade_ref, "ORDER_1");
  EXPECT_EQ(created.order.amount_minor, 990);
  if (this->wire_.terms().value_or(domain::ChannelTerms{}).close) {
    EXPECT_EQ(created.order.expires_at, now + base::minutes(15));
  }
  const auto refund = this->wire_.carry_call(this->call(PaymentCallKind::refund), now);
  EXPECT_EQ(refund.refund_ref, "ORDER_r1u1");
  EXPECT_EQ(refund.refund_minor, 990);
  if (!this->wire_.has_links()) return;
  EXPECT_EQ(this->wire_.carry_link(this->call(PaymentCallKind::create).order, now).amount_minor,
            990);
}

TYPED_TEST(PaymentWireTest, AnswersKeepTheirMeaning) {
  const auto terms = this->wire_.terms().value_or(domain::ChannelTerms{});
  struct Case {
    PaymentCallKind kind;
    Outcome outcome;
    TradeStatus trade;
    std::string problem;
  };
  const Case cases[] = {
      {PaymentCallKind::create, Outcome::done, TradeStatus::waiting, ""},
      {PaymentCallKind::create, Outcome::failed, TradeStatus::waiting, "create_refused"},
      {PaymentCallKind::query, Outcome::done, TradeStatus::not_exist, ""},
      {PaymentCallKind::query, Outcome::done, TradeStatus::waiting, ""},
      {PaymentCallKind::query, Outcome::done, TradeStatus::paid, ""},
      {PaymentCallKind::query, Outcome::done, TradeStatus::closed, ""},
      {PaymentCallKind::close, Outcome::done, TradeStatus::closed, ""},
      {PaymentCallKind::close, Outcome::failed, TradeStatus::not_exist, ""},
      {PaymentCallKind::refund, Outcome::done, TradeStatus::waiting, ""},
      {PaymentCallKind::refund, Outcome::accepted, TradeStatus::waiting, ""},
      {PaymentCallKind::refund, Outcome::failed, TradeStatus::waiting, "refund_refused"},
      {PaymentCallKind::query_refund, Outcome::done, TradeStatus::waiting, ""},
      {PaymentCallKind::query_refund, Outcome::failed, TradeStatus::waiting, "refund_not_exist"},
  };
  for (const auto& each : cases) {
    const bool is_refund =
        each.kind == PaymentCallKind::refund || each.kind == PaymentCallKind::query_refund;
    if (is_refund && !terms.idempotent_refund) continue;
    ports::PaymentAnswer answer;
    answer.outcome = each.outcome;
    answer.trade = each.trade;
    answer.problem = each.problem;
    answer.trade_no = "page000001";
    answer.amount_minor = 990;
    answer.pay_content = "https://qr.example/ORDER_1";
    const auto carried = this->wire_.carry_answer(this->call(each.kind), answer);
    SCOPED_TRACE(std::string(base::name_of(each.kind)) + " " +
                 std::string(base::name_of(each.outcome)));
    EXPECT_EQ(carried.outcome, each.outcome);
    if (each.kind == PaymentCallKind::query) {
      EXPECT_EQ(carried.trade, each.trade);
    }
  }
}

// Whether it was done nobody knows; only of a code it may be said that there is none.
TYPED_TEST(PaymentWireTest, AFailureOfTheChannelsOwnIsNoAnswer) {
  for (const auto kind : {PaymentCallKind::query, PaymentCallKind::close, PaymentCallKind::refund,
                          PaymentCallKind::query_refund}) {
    ports::PaymentAnswer answer;
    answer.problem = "system_error";
    EXPECT_EQ(this->wire_.carry_answer(this->call(kind), answer).outcome, Outcome::unknown)
        << base::name_of(kind);
  }
}

// Without its sum, its number, or in another money it must not look like the payment that it is of.
TYPED_TEST(PaymentWireTest, APaymentThatIsToldUnclearlyStaysUnclear) {
  const auto told = [this](std::int64_t amount_minor, std::string trade_no) {
    ports::PaymentAnswer answer;
    answer.outcome = Outcome::done;
    answer.trade = TradeStatus::paid;
    answer.paid_at = now;
    answer.amount_minor = amount_minor;
    answer.trade_no = std::move(trade_no);
    const auto carried = this->wire_.carry_answer(this->call(PaymentCallKind::query), answer);
    const bool names_money = carried.amount_minor > 0 && !carried.trade_no.empty();
    return carried.outcome == Outcome::done && names_money;
  };
  EXPECT_TRUE(told(990, "page000001"));
  EXPECT_FALSE(told(0, "page000001"));
  EXPECT_FALSE(told(990, ""));
}

// A coupon of the payer's is no money that is missing.
TEST(WechatWireTest, WhatATradeIsOfCountsAndNotWhatThePayerPaid) {
  auto wire = make_wire<WechatWire>();
  ports::PaymentNotice notice;
  notice.trade_ref = "ORDER_1";
  notice.trade_no = "page000002";
  notice.trade = TradeStatus::paid;
  notice.amount_minor = 990;
  notice.notice_id = "N1";
  const auto read = wire.read_notice(wire.write_notice(notice));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->amount_minor, 990);
  const auto other = wire.read_notice(wire.write_notice_of_other_account(notice));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(), ports::NoticeRefusal::seller_differs);
  notice.currency = domain::Currency::HKD;
  const auto foreign = wire.read_notice(wire.write_notice(notice));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error(), ports::NoticeRefusal::currency_differs);
}

TEST(WechatWireTest, APaymentThatWentBackIsStillToldAsOne) {
  auto wire = make_wire<WechatWire>();
  ports::PaymentCall call;
  call.kind = PaymentCallKind::query;
  call.order.trade_ref = "ORDER_1";
  call.order.amount_minor = 990;
  ports::PaymentAnswer answer;
  answer.outcome = Outcome::done;
  answer.trade = TradeStatus::closed;
  answer.trade_no = "page000001";
  answer.amount_minor = 990;
  answer.paid_at = now;
  answer.some_went_back = true;
  const auto carried = wire.carry_answer(call, answer);
  EXPECT_EQ(carried.trade, TradeStatus::paid);
  EXPECT_TRUE(carried.some_went_back);
}

TEST(WechatWireTest, APaymentInAnotherMoneyIsAPersons) {
  auto wire = make_wire<WechatWire>();
  ports::PaymentCall call;
  call.kind = PaymentCallKind::query;
  call.order.trade_ref = "ORDER_1";
  ports::PaymentAnswer answer;
  answer.outcome = Outcome::done;
  answer.trade = TradeStatus::paid;
  answer.trade_no = "page000001";
  answer.amount_minor = 990;
  answer.currency = domain::Currency::HKD;
  const auto carried = wire.carry_answer(call, answer);
  EXPECT_EQ(carried.outcome, Outcome::unknown);
  EXPECT_TRUE(carried.needs_person);
}

// Five minutes later it is nobody's word any more.
TEST(WechatWireTest, AnOldNotificationIsRefused) {
  auto at = now;
  WechatWire wire([&at] { return at; });
  ports::PaymentNotice notice;
  notice.trade_ref = "ORDER_1";
  notice.trade_no = "page000001";
  notice.trade = TradeStatus::paid;
  notice.amount_minor = 990;
  notice.notice_id = "N1";
  const auto body = wire.write_notice(notice);
  at = now + base::minutes(6);
  const auto read = wire.read_notice(body);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), ports::NoticeRefusal::timestamp_differs);
}

// A refund that may be sent once only has no definite no: told of one, somebody would send it
// again.
TEST(EpayWireTest, ARefundIsDoneOrUnknown) {
  EpayWire wire;
  ports::PaymentCall call;
  call.kind = PaymentCallKind::refund;
  call.order.trade_ref = "ORDER_1";
  call.order.amount_minor = 990;
  call.refund_ref = "ORDER_r1u1";
  call.refund_minor = 990;
  const auto told = [&](Outcome outcome, TradeStatus trade) {
    ports::PaymentAnswer answer;
    answer.outcome = outcome;
    answer.trade = trade;
    answer.trade_no = "page000001";
    answer.problem = "refund_refused";
    return wire.carry_answer(call, answer).outcome;
  };
  EXPECT_EQ(told(Outcome::done, TradeStatus::paid), Outcome::done);
  EXPECT_EQ(told(Outcome::failed, TradeStatus::paid), Outcome::unknown);
  EXPECT_EQ(told(Outcome::accepted, TradeStatus::paid), Outcome::unknown);
  call.kind = PaymentCallKind::query_refund;
  EXPECT_EQ(told(Outcome::done, TradeStatus::closed), Outcome::done);
  EXPECT_EQ(told(Outcome::unknown, TradeStatus::paid), Outcome::unknown);
  // The half of a payment that is known to have gone back as a whole may be another half.
  call.refund_minor = 495;
  EXPECT_EQ(told(Outcome::done, TradeStatus::closed), Outcome::unknown);
}

}  // namespace
}  // namespace daozhang::sim
