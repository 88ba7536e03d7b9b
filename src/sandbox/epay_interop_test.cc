// The shop's epay connector against the sandbox, both versions: both sides meet on a socket.
#include <gtest/gtest.h>

#include "connectors/payment/epay/epay_gateway.h"
#include "connectors/payment/epay/order_page.h"
#include "connectors/payment/epay/request.h"
#include "sandbox/test_connector.h"

namespace daozhang::sandbox {
namespace {

namespace epay = connectors::payment::epay;
using epay::Version;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;
using ports::Way;

class EpayInteropTest : public ConnectorTest, public testing::WithParamInterface<Version> {
 protected:
  epay::AccountSettings account_settings(Way way) const {
    epay::AccountSettings settings;
    settings.base_url = url_ + "/epay/";
    settings.pid = epay_pid;
    settings.version = GetParam();
    settings.type = "alipay";
    settings.notify_url = shop_url_ + "/notify";
    settings.way = way;
    settings.dialect.refund = true;
    if (is_v1()) {
      settings.merchant_key = epay_key;
    } else {
      settings.merchant_private_key = epay_merchant_key().to_pem();
      settings.platform_public_key = epay_platform_key().public_key_pem();
      settings.dialect.refund_again = epay::RefundAgain::by_number;
      settings.dialect.close = true;
    }
    return settings;
  }
  static bool is_v1() { return GetParam() == Version::v1; }
  std::unique_ptr<ports::PaymentChannel> channel(const epay::AccountSettings& settings) {
    auto account = epay::read_account(settings);
    EXPECT_TRUE(account) << base::name_of(account.error());
    epay::GatewayOptions options;
    options.now = World::now;
    return epay::make_gateway(*std::move(account), client_, std::move(options));
  }
  std::unique_ptr<ports::PaymentChannel> channel(Way way = Way::page) {
    return channel(account_settings(way));
  }
  ports::PaymentAnswer ask_for(ports::PaymentChannel& port, PaymentCallKind kind,
                               const std::string& trade_ref, const std::string& refund_ref = "R1") {
    auto call = payment_call(kind, channel_order(trade_ref));
    call.refund_ref = refund_ref;
    return ask(port, std::move(call));
  }
  std::string pay_by_link(ports::PaymentChannel& port, const std::string& trade_ref) {
    const std::string link = port.pay_link(channel_order(trade_ref), World::now()).value();
    pay_url(link);
    return link;
  }
  std::string truth() { return get(url_ + "/sandbox/v1/truth").body; }
  bool truth_has(const std::string& text) { return truth().find(text) != std::string::npos; }
};

INSTANTIATE_TEST_SUITE_P(Versions, EpayInteropTest, testing::Values(Version::v1, Version::v2),
                         [](const auto& version) {
                           return std::string(base::name_of(version.param));
                         });

TEST_P(EpayInteropTest, ALinkIsPaidToldQueriedAndRefunded) {
  const auto port = channel();
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").trade, TradeStatus::not_exist);
  pay_by_link(*port, "T1");
  const auto request = told(1)[0];
  EXPECT_EQ(request.method, net::Method::get);
  const auto notice = port->read_notice(message_of(request), World::now());
  ASSERT_TRUE(notice) << base::name_of(notice.error());
  EXPECT_EQ(notice->trade_ref, "T1");
  EXPECT_EQ(notice->amount_minor, 990);
  const auto queried = ask_for(*port, PaymentCallKind::query, "T1");
  EXPECT_EQ(queried.trade, TradeStatus::paid) << queried.problem;
  EXPECT_EQ(queried.trade_no, notice->trade_no);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "T1").outcome, Outcome::done);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query_refund, "T1").outcome, Outcome::done);
  EXPECT_TRUE(truth_has("\"given_back_minor\":990,\"executed\"")) << truth();
}

TEST_P(EpayInteropTest, ACodeIsMadeAndPaid) {
  const auto port = channel(Way::qr);
  const auto made = ask_for(*port, PaymentCallKind::create, "T1");
  ASSERT_EQ(made.outcome, Outcome::done) << made.problem;
  EXPECT_TRUE(made.pay_content.starts_with(url_ + "/qr/")) << made.pay_content;
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").trade, TradeStatus::waiting);
  pay_url(made.pay_content);
  EXPECT_EQ(notice_outcome(*port, told(1)[0]), "paid");
  fault("create_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "T2").outcome, Outcome::unknown);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T2").trade, TradeStatus::waiting);
}

TEST_P(EpayInteropTest, ThePayerComesBackWithSignedFields) {
  const auto port = channel();
  const auto paid =
      post(net::Method::post, url_ + "/sandbox/v1/pay-url",
           "{\"url\":\"" + port->pay_link(channel_order("T1"), World::now()).value() + "\"}");
  EXPECT_NE(paid.body.find("http://127.0.0.1/return?pid=1001&trade_no="), std::string::npos)
      << paid.body;
}

TEST_P(EpayInteropTest, WhatAFaultHidesIsUnknownAndNeverNo) {
  const auto port = channel();
  pay_by_link(*port, "T1");
  fault("gateway_down", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").outcome, Outcome::unknown);
  fault("query_timeout", R"({"on":true,"times":1,"hold_ms":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").outcome, Outcome::unknown);
  if (!is_v1()) {
    for (const std::string name : {"bad_response_signature", "unsigned_reply"}) {
      fault(name, R"({"on":true,"times":1})");
      EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").outcome, Outcome::unknown) << name;
    }
  }
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T1").trade, TradeStatus::paid);
}

TEST_P(EpayInteropTest, ALostRefundIsUnknownAndOnlyANumberMakesItSafeToRepeat) {
  const auto port = channel();
  pay_by_link(*port, "T1");
  fault("refund_executed_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "T1").outcome, Outcome::unknown);
  EXPECT_TRUE(truth_has("\"given_back_minor\":990,\"executed\"")) << truth();
  // V1's no is unknown too: it may tell of the first one.
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "T1").outcome,
            is_v1() ? Outcome::unknown : Outcome::done);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query_refund, "T1").outcome, Outcome::done);
  EXPECT_TRUE(truth_has("\"given_back_minor\":990,\"executed\"")) << truth();
}

TEST_P(EpayInteropTest, ARefundThatIsRefusedDidNotHappen) {
  const auto port = channel();
  pay_by_link(*port, "T1");
  for (const std::string name : {"refund_refused", "refund_balance_low"}) {
    fault(name, R"({"on":true,"times":1})");
    EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "T1").outcome,
              is_v1() ? Outcome::unknown : Outcome::failed)
        << name;
  }
  EXPECT_TRUE(truth_has("\"given_back_minor\":0,\"executed\"")) << truth();
}

TEST_P(EpayInteropTest, AnUnpaidTradeIsClosedInV2) {
  const auto port = channel(Way::qr);
  ASSERT_EQ(ask_for(*port, PaymentCallKind::create, "T1").outcome, Outcome::done);
  if (is_v1()) {
    EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "T1").problem, "close_not_supported");
    return;
  }
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "T1").outcome, Outcome::done);
  EXPECT_EQ(post(net::Method::post, url_ + "/sandbox/v1/trades/T1/pay", "").status, 409);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "NO").trade, TradeStatus::not_exist);
  ASSERT_EQ(ask_for(*port, PaymentCallKind::create, "T2").outcome, Outcome::done);
  fault("pay_before_close", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "T2").outcome, Outcome::failed);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T2").trade, TradeStatus::paid);
}

TEST_P(EpayInteropTest, AFalseNotificationIsRefusedForTheRightReasonAndTheRepeatIsGenuine) {
  const auto port = channel();
  expect_false_then_genuine(*port,
                            {{"forge_notify", "signature_invalid"},
                             {"wrong_app_notify", "app_differs"},
                             {"wrong_seller_notify", "seller_differs"},
                             {"ambiguous_name_notify", "field_ambiguous"},
                             {"no_trade_no_notify", "trade_no_missing"},
                             {"replay_submit_notify", "trade_no_missing"},
                             {"extra_field_notify", "paid"},
                             {"notify_by_other_method", "paid"}},
                            [&](const std::string& trade) { pay_by_link(*port, trade); });
}

TEST_P(EpayInteropTest, ABuyersOwnLinkSentAsANotificationIsRefused) {
  const auto port = channel();
  const std::string link = pay_by_link(*port, "T1");
  ports::NoticeMessage replayed;
  replayed.method = "GET";
  replayed.query = epay::replayed_submit(link);
  const auto notice = port->read_notice(replayed, World::now());
  ASSERT_FALSE(notice);
  EXPECT_EQ(base::name_of(notice.error()), is_v1() ? "trade_no_missing" : "signature_invalid");
}

TEST_P(EpayInteropTest, MoneyIsTheSameInEveryPrint) {
  const auto port = channel();
  for (const int decimals : {0, 1, 2, 4}) {
    fault("money_format", "{\"on\":true,\"decimals\":" + std::to_string(decimals) + "}");
    const std::string trade = "T" + std::to_string(decimals);
    pay_by_link(*port, trade);
    const auto requests = told(decimals == 4 ? 4 : static_cast<std::size_t>(decimals) + 1);
    const auto notice = port->read_notice(message_of(requests.back()), World::now());
    ASSERT_TRUE(notice) << base::name_of(notice.error());
    EXPECT_EQ(notice->amount_minor, 990) << decimals;
    EXPECT_EQ(ask_for(*port, PaymentCallKind::query, trade).amount_minor, 990) << decimals;
  }
  fault("numbers_as_text", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "T0").trade, TradeStatus::paid);
  fault("wrong_amount_notify", R"({"on":true,"times":1,"minor":-1})");
  pay_by_link(*port, "T9");
  EXPECT_EQ(port->read_notice(message_of(told(5)[4]), World::now())->amount_minor, 989);
}

TEST_P(EpayInteropTest, TheOrderListTellsWhatWasPaid) {
  const auto port = channel();
  pay_by_link(*port, "T1");
  pay_by_link(*port, "T2");
  get(port->pay_link(channel_order("UNPAID"), World::now()).value());
  ASSERT_EQ(ask_for(*port, PaymentCallKind::refund, "T2").outcome, Outcome::done);
  const auto account = epay::read_account(account_settings(Way::page)).value();
  const auto wanted = epay::orders_call(account, 1, World::now());
  const auto listed =
      post(net::Method::post, wanted.url, wanted.body, "application/x-www-form-urlencoded");
  const auto page = epay::read_order_page(account, listed.body, 1, World::now());
  ASSERT_TRUE(page) << base::name_of(page.error()) << listed.body;
  EXPECT_EQ(page->order_count, 3u);
  ASSERT_EQ(page->lines.size(), 2u);
  EXPECT_EQ(page->lines[0].trade_ref == "T1" ? page->lines[1].status : page->lines[0].status, "2");
}

TEST_P(EpayInteropTest, WhoeverIsNotTheMerchantIsRefused) {
  auto settings = account_settings(Way::qr);
  if (is_v1())
    settings.merchant_key = "aT7wQz29LmXc84RvNb61YpHd";
  else
    settings.merchant_private_key = app_key().to_pem();
  const auto stranger = channel(settings);
  EXPECT_EQ(ask_for(*stranger, PaymentCallKind::create, "T1").outcome, Outcome::failed);
  EXPECT_NE(ask_for(*stranger, PaymentCallKind::query, "T1").outcome, Outcome::done);
  settings.way = Way::page;
  const std::string link = channel(settings)->pay_link(channel_order("T1"), World::now()).value();
  EXPECT_EQ(get(link).status, 400);
}

}  // namespace
}  // namespace daozhang::sandbox
