// The shop's WeChat Pay connector against the sandbox: both sides of the protocol meet on a socket.
#include <gtest/gtest.h>

#include "json/reader.h"
#include "sandbox/test_wechat.h"

namespace daozhang::sandbox {
namespace {

namespace wechatpay = connectors::payment::wechatpay;
using ports::Outcome;
using ports::PaymentCallKind;
using ports::TradeStatus;

using WechatInteropTest = WechatConnectorTest;

TEST_F(WechatInteropTest, ACodeIsMadePaidToldQueriedAndRefunded) {
  const auto port = channel();
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::not_exist);
  const auto made = ask_for(*port, PaymentCallKind::create, "TRADE1");
  ASSERT_EQ(made.outcome, Outcome::done) << made.problem;
  EXPECT_TRUE(made.pay_content.starts_with(url_ + "/qr/")) << made.pay_content;
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "TRADE1").pay_content, made.pay_content);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::waiting);
  pay_url(made.pay_content);

  const auto notice = port->read_notice(message_of(told(1)[0]), World::now());
  ASSERT_TRUE(notice) << base::name_of(notice.error());
  EXPECT_EQ(notice->trade_ref, "TRADE1");
  EXPECT_EQ(notice->amount_minor, 990);
  const auto queried = ask_for(*port, PaymentCallKind::query, "TRADE1");
  EXPECT_EQ(queried.trade, TradeStatus::paid) << queried.problem;
  EXPECT_EQ(queried.trade_no, notice->trade_no);
  EXPECT_EQ(queried.amount_minor, 990);
  EXPECT_EQ(queried.paid_at.micros / 1'000'000, notice->paid_at.micros / 1'000'000);

  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1").outcome, Outcome::done);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1").outcome, Outcome::done);
  EXPECT_EQ(settled_refund(*port, "TRADE1").outcome, Outcome::done);
  const auto refund_notice = port->read_notice(message_of(told(2)[1]), World::now());
  ASSERT_TRUE(refund_notice) << base::name_of(refund_notice.error());
  EXPECT_TRUE(refund_notice->about_refund);
  EXPECT_EQ(refund_notice->refund_ref, "R1");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1", "R2").outcome, Outcome::failed);
}

TEST_F(WechatInteropTest, ASheetIsPaidByItsNumberAndAnUnpaidTradeIsClosed) {
  const auto port = channel(ports::Way::jsapi);
  const auto made = ask_for(*port, PaymentCallKind::create, "SHEET1");
  ASSERT_EQ(made.outcome, Outcome::done) << made.problem;
  const auto paid = post(net::Method::post, url_ + "/sandbox/v1/pay-url",
                         "{\"prepay_id\":\"" + made.pay_content + "\"}");
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(notice_outcome(*port, told(1)[0]), "paid");

  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "SHEET2").outcome, Outcome::done);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "SHEET2").outcome, Outcome::done);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "SHEET2").trade, TradeStatus::closed);
  EXPECT_EQ(post(net::Method::post, url_ + "/sandbox/v1/trades/SHEET2/pay", "").status, 409);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "NOTHING").trade, TradeStatus::not_exist);
}

TEST_F(WechatInteropTest, AnH5PageIsPaidAndSendsThePayerBack) {
  auto account = wechatpay::read_account(account_settings(ports::Way::h5)).value();
  auto call = payment_call(PaymentCallKind::create, channel_order("PHONE1"));
  call.order.payer_ip = "203.0.113.7";
  auto signed_one = wechatpay::signed_call(account, call, {World::now(), std::string(32, 'a')});
  ASSERT_TRUE(signed_one);
  net::OutgoingRequest request;
  request.method = net::Method::post;
  request.url = signed_one->url;
  for (const auto& [name, value] : signed_one->headers) request.headers.push_back({name, value});
  request.body = signed_one->body;
  const auto made = this->call(std::move(request));
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string h5_url(json::read(made.body)->text_of("h5_url"));
  ASSERT_TRUE(h5_url.starts_with(url_ + "/pay/")) << h5_url;

  const std::string back = "http%3A%2F%2F127.0.0.1%2Forders%2F1";
  EXPECT_EQ(get(h5_url + "?redirect_url=" + back).status, 200);
  const auto paid = post(net::Method::post, h5_url, "", "application/x-www-form-urlencoded");
  EXPECT_EQ(paid.status, 303);
  EXPECT_EQ(paid.headers.find("Location").value_or(""), "http://127.0.0.1/orders/1");
}

TEST_F(WechatInteropTest, WhatAFaultHidesIsUnknownAndNeverNo) {
  const auto port = channel();
  paid_trade(*port, "TRADE1");
  for (const std::string name : {"answer_429", "answer_500", "answer_202", "gateway_down",
                                 "bad_response_signature", "response_unknown_serial"}) {
    fault(name, R"({"on":true,"times":1})");
    EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").outcome, Outcome::unknown) << name;
  }
  fault("query_timeout", R"({"on":true,"times":1,"hold_ms":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").outcome, Outcome::unknown);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::paid);

  fault("create_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "TRADE2").outcome, Outcome::unknown);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE2").trade, TradeStatus::waiting);
  fault("close_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "TRADE2").outcome, Outcome::unknown);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE2").trade, TradeStatus::closed);
}

TEST_F(WechatInteropTest, ARefundWhoseReplyIsHiddenHappensOnce) {
  const auto port = channel();
  paid_trade(*port, "TRADE1");
  fault("refund_executed_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1").outcome, Outcome::unknown);
  for (const std::string name : {"answer_500", "answer_202"}) {
    fault(name, R"({"on":true,"times":1,"executed":1})");
    EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1").outcome, Outcome::unknown) << name;
  }
  EXPECT_EQ(settled_refund(*port, "TRADE1").outcome, Outcome::done);
  const auto truth = get(url_ + "/sandbox/v1/truth");
  EXPECT_NE(truth.body.find("\"given_back_minor\":990"), std::string::npos) << truth.body;
}

TEST_F(WechatInteropTest, ARefundIsUnderWayUntilTheBankHasAnswered) {
  const auto port = channel();
  for (const std::string trade : {"TRADE1", "TRADE2", "TRADE3", "TRADE4"}) paid_trade(*port, trade);
  fault("refund_balance_low", R"({"on":true,"times":1})");
  const auto poor = ask_for(*port, PaymentCallKind::refund, "TRADE1", "R1");
  EXPECT_EQ(poor.outcome, Outcome::failed);
  EXPECT_TRUE(poor.retry_later);
  fault("refund_processing", R"({"on":true,"times":1,"s":3600})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE1", "R1").outcome, Outcome::accepted);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query_refund, "TRADE1", "R1").outcome,
            Outcome::accepted);
  fault("refund_abnormal", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE2", "R2").outcome, Outcome::accepted);
  const auto abnormal = settled_refund(*port, "TRADE2", "R2");
  EXPECT_EQ(abnormal.outcome, Outcome::failed);
  EXPECT_TRUE(abnormal.needs_person);
  fault("refund_closed", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::refund, "TRADE3", "R3").outcome, Outcome::accepted);
  EXPECT_EQ(settled_refund(*port, "TRADE3", "R3").outcome, Outcome::failed);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query_refund, "TRADE4", "R4").outcome, Outcome::failed);
  const auto truth = get(url_ + "/sandbox/v1/truth");
  EXPECT_NE(truth.body.find("\"given_back_minor\":0,\"executed\""), std::string::npos)
      << truth.body;
}

TEST_F(WechatInteropTest, APaymentMayComeBetweenAQuestionAndAClose) {
  const auto port = channel();
  for (const std::string trade : {"TRADE1", "TRADE2"})
    ASSERT_EQ(ask_for(*port, PaymentCallKind::create, trade).outcome, Outcome::done);
  fault("pay_after_query", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::waiting);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "TRADE1").outcome, Outcome::failed);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::paid);
  fault("pay_before_close", R"({"on":true,"times":1})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::close, "TRADE2").outcome, Outcome::failed);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE2").trade, TradeStatus::paid);
}

TEST_F(WechatInteropTest, AFalseNotificationIsRefusedForTheRightReasonAndTheRepeatIsGenuine) {
  const auto port = channel();
  expect_false_then_genuine(*port,
                            {{"probe_notify", "signature_invalid"},
                             {"forge_notify", "signature_invalid"},
                             {"stale_notify", "timestamp_differs"},
                             {"unknown_serial_notify", "serial_unknown"},
                             {"wrong_aad_notify", "decryption_failed"},
                             {"wrong_tag_notify", "decryption_failed"},
                             {"wrong_app_notify", "app_differs"},
                             {"wrong_seller_notify", "seller_differs"}},
                            [&](const std::string& trade) { paid_trade(*port, trade); });
}

TEST_F(WechatInteropTest, AnotherAmountAndADoubleNotificationComeThroughSigned) {
  const auto port = channel();
  fault("wrong_amount_notify", R"({"on":true,"times":1,"minor":-1})");
  fault("double_notify", R"({"on":true,"times":1,"copies":2})");
  paid_trade(*port, "TRADE1");
  const auto requests = told(2);
  const auto first = port->read_notice(message_of(requests[0]), World::now());
  ASSERT_TRUE(first) << base::name_of(first.error());
  EXPECT_EQ(first->amount_minor, 989);
  // Both are one signed message.
  EXPECT_EQ(notice_outcome(*port, requests[1]), "nonce_reused");
}

TEST_F(WechatInteropTest, AFaultCanBeForOneChannelOnly) {
  const auto port = channel();
  fault("gateway_down", R"({"on":true,"match":"alipay"})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "TRADE1").outcome, Outcome::done);
  fault("gateway_down", R"({"on":true,"match":"wechatpay"})");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "TRADE2").outcome, Outcome::unknown);
}

TEST_F(WechatInteropTest, CertificatesAreFetchedAndFollowedWhenTheyRotate) {
  rotate("certificate");
  const auto port = by_certificates();
  paid_trade(*port, "TRADE1");
  EXPECT_EQ(notice_outcome(*port, told(1)[0]), "paid");
  rotate("certificate");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE1").trade, TradeStatus::paid);
  paid_trade(*port, "TRADE2");
  EXPECT_EQ(notice_outcome(*port, told(2)[1]), "paid");
  // A notification is the first to name the new one: refused, and known when it comes again.
  paid_trade(*port, "TRADE3");
  told(3);
  rotate("certificate");
  refuse_next(1);
  post(net::Method::post, url_ + "/sandbox/v1/trades/TRADE3/notify", "{}");
  EXPECT_EQ(notice_outcome(*port, told(4)[3]), "serial_unknown");
  EXPECT_EQ(ask_for(*port, PaymentCallKind::query, "TRADE3").trade, TradeStatus::paid);
  EXPECT_EQ(notice_outcome(*port, told(5)[4]), "paid");
}

TEST_F(WechatInteropTest, AnOldPublicKeyStaysValidForWhoeverNamesIt) {
  const auto port = channel();
  const std::string pem = rotate("public_key");
  EXPECT_NE(pem.find("PUBLIC KEY"), std::string::npos);
  EXPECT_EQ(ask_for(*port, PaymentCallKind::create, "TRADE1").outcome, Outcome::done);
  const auto keys = json::read(get(url_ + "/sandbox/v1/wechatpay/keys").body);
  auto settings = account_settings(ports::Way::qr);
  settings.public_key_id = keys->text_of("present");
  settings.public_key = pem;
  const auto renewed = channel(settings);
  paid_trade(*renewed, "TRADE2");
  const auto request = told(1)[0];
  EXPECT_EQ(notice_outcome(*port, request), "serial_unknown");
  EXPECT_EQ(notice_outcome(*renewed, request), "paid");
}

TEST_F(WechatInteropTest, WhoeverIsNotTheMerchantIsRefused) {
  auto settings = account_settings(ports::Way::qr);
  settings.merchant_private_key = app_key().to_pem();
  const auto stranger = channel(settings);
  const auto answer = ask_for(*stranger, PaymentCallKind::create, "TRADE1");
  EXPECT_EQ(answer.outcome, Outcome::failed);
  EXPECT_EQ(answer.problem.substr(0, 10), "SIGN_ERROR") << answer.problem;
  EXPECT_EQ(get(url_ + "/v3/certificates").status, 401);
}

}  // namespace
}  // namespace daozhang::sandbox
