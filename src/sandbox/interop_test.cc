// The shop's own connectors against the sandbox: both sides of both protocols meet on a socket.
#include <gtest/gtest.h>

#include <future>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "connectors/supplier/http/http_gateway.h"
#include "sandbox/test_connector.h"

namespace daozhang::sandbox {
namespace {

namespace alipay = connectors::payment::alipay;
namespace supplier_http = connectors::supplier::http;
using ports::Outcome;

class InteropTest : public ConnectorTest {
 protected:
  std::unique_ptr<ports::PaymentChannel> channel(ports::Way way) {
    alipay::AccountSettings settings;
    settings.app_id = "2021000000000001";
    settings.seller_id = "2088000000000001";
    settings.gateway_url = url_ + "/gateway.do";
    settings.notify_url = shop_url_ + "/notify";
    settings.app_private_key = app_key().to_pem();
    settings.alipay_public_key = alipay_key().public_key_pem();
    settings.way = way;
    auto account = alipay::read_account(settings);
    EXPECT_TRUE(account) << base::name_of(account.error());
    alipay::GatewayOptions options;
    options.now = World::now;
    return alipay::make_gateway(*std::move(account), client_, std::move(options));
  }
  std::unique_ptr<ports::Supplier> topup() {
    supplier_http::GatewaySettings settings;
    settings.base_url = url_ + "/supplier";
    settings.key = credentials_.key;
    settings.secret = credentials_.secret;
    settings.callback_url = shop_url_ + "/callback";
    supplier_http::GatewaySources sources;
    sources.now = World::now;
    auto made = supplier_http::make_gateway(settings, client_, std::move(sources));
    EXPECT_TRUE(made);
    return *std::move(made);
  }
  static ports::SupplierCall supplier_call(ports::SupplierCallKind kind, std::string reference) {
    ports::SupplierCall call;
    call.kind = kind;
    call.reference = std::move(reference);
    call.sku = "mobile_50";
    call.target = {{"phone", "+8613800138000"}, {"carrier", "cmcc"}};
    call.face_minor = 5'000;
    call.cost_minor_max = 5'000;
    return call;
  }
};

TEST_F(InteropTest, AlipaysPageIsPaidToldQueriedAndRefunded) {
  using ports::PaymentCallKind;
  const auto port = channel(ports::Way::page);
  const auto order = channel_order("T1");
  EXPECT_EQ(ask(*port, payment_call(PaymentCallKind::query, order)).trade,
            ports::TradeStatus::not_exist);
  pay_url(port->pay_link(order, World::now()).value());
  const auto told_of = told(1);
  const auto notice = port->read_notice(message_of(told_of[0]), World::now());
  ASSERT_TRUE(notice) << base::name_of(notice.error());
  EXPECT_EQ(notice->trade_ref, "T1");
  EXPECT_EQ(notice->amount_minor, 990);
  const auto queried = ask(*port, payment_call(PaymentCallKind::query, order));
  EXPECT_EQ(queried.outcome, Outcome::done) << queried.problem;
  EXPECT_EQ(queried.trade, ports::TradeStatus::paid);
  EXPECT_EQ(queried.trade_no, notice->trade_no);
  EXPECT_EQ(queried.amount_minor, 990);
  const auto refunded = ask(*port, payment_call(PaymentCallKind::refund, order));
  EXPECT_EQ(refunded.outcome, Outcome::done) << refunded.problem;
  const auto asked = ask(*port, payment_call(PaymentCallKind::query_refund, order));
  EXPECT_EQ(asked.outcome, Outcome::done) << asked.problem;
}

TEST_F(InteropTest, AlipaysBillHasWhatWasPaidAndGivenBack) {
  using ports::PaymentCallKind;
  const auto today = [] {
    return base::to_local_seconds(World::now(), base::beijing_offset).substr(0, 10);
  };
  const auto port = channel(ports::Way::page);
  const auto order = channel_order("T1");
  std::vector<ports::BillLine> lines;
  const auto fetch = [&](const std::string& day) {
    std::promise<ports::BillResult> done;
    port->fetch_bill(
        day, [&](ports::BillLine&& line) { lines.push_back(std::move(line)); },
        [&](ports::BillResult result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  };
  const std::string begun = today();
  pay_url(port->pay_link(order, World::now()).value());
  ASSERT_EQ(ask(*port, payment_call(PaymentCallKind::refund, order)).outcome, Outcome::done);
  const std::string ended = today();
  ports::BillResult bill = fetch(begun);
  ASSERT_TRUE(bill) << bill.error().problem;
  if (ended != begun) bill = fetch(ended);  // Midnight was between them.
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].trade_ref, "T1");
  EXPECT_EQ(lines[0].amount_minor, 990);
  EXPECT_EQ(lines[1].kind, ports::BillLineKind::refund);
  EXPECT_EQ(lines[1].refund_ref, "R1");
  EXPECT_EQ(bill->refund_minor, 990);
  lines.clear();
  EXPECT_EQ(fetch("2020-01-01").value(), ports::BillTotals{});
  EXPECT_EQ(fetch("2999-01-01").error().refusal, ports::BillRefusal::not_ready);
  EXPECT_TRUE(lines.empty());
  // Damaged as every channel's bill can be.
  fault("bill_line_missing", R"({"on":true,"times":1,"match":"alipay"})");
  ASSERT_TRUE(fetch(ended));
  EXPECT_LT(lines.size(), 2U) << "the first line is left out";
  lines.clear();
  fault("bill_creating", R"({"on":true,"times":1})");
  EXPECT_FALSE(fetch("2020-01-01"));
  EXPECT_TRUE(fetch("2020-01-01")) << "and a little later it is there";
}

TEST_F(InteropTest, AlipaysCodeIsMadePaidAndAnUnscannedOneIsNotThere) {
  using ports::PaymentCallKind;
  const auto port = channel(ports::Way::qr);
  const auto made = ask(*port, payment_call(PaymentCallKind::create, channel_order("Q1")));
  ASSERT_EQ(made.outcome, Outcome::done) << made.problem;
  EXPECT_EQ(ask(*port, payment_call(PaymentCallKind::close, channel_order("Q1"))).trade,
            ports::TradeStatus::not_exist);
  pay_url(made.pay_content);
  EXPECT_TRUE(port->read_notice(message_of(told(1)[0]), World::now()));
}

TEST_F(InteropTest, WhatAFaultHidesAtAlipayIsUnknownAndNeverNo) {
  using ports::PaymentCallKind;
  const auto port = channel(ports::Way::page);
  const auto order = channel_order("T1");
  pay_url(port->pay_link(order, World::now()).value());
  for (const std::string name : {"query_20000", "query_system_error", "query_timeout",
                                 "gateway_down", "bad_response_signature"}) {
    fault(name, name == "query_timeout" ? R"({"on":true,"times":1,"hold_ms":1})"
                                        : R"({"on":true,"times":1})");
    const auto answer = ask(*port, payment_call(PaymentCallKind::query, order));
    EXPECT_EQ(answer.outcome, Outcome::unknown) << name;
  }
  fault("refund_executed_reply_lost", R"({"on":true,"times":1})");
  EXPECT_EQ(ask(*port, payment_call(PaymentCallKind::refund, order)).outcome, Outcome::unknown);
  EXPECT_EQ(ask(*port, payment_call(PaymentCallKind::refund, order)).outcome, Outcome::accepted);
  EXPECT_EQ(ask(*port, payment_call(PaymentCallKind::query_refund, order)).outcome, Outcome::done);
}

TEST_F(InteropTest, FalseNotificationsAreRefusedForTheRightReason) {
  using ports::NoticeRefusal;
  const auto port = channel(ports::Way::page);
  pay_url(port->pay_link(channel_order("T1"), World::now()).value());
  std::size_t count = told(1).size();
  for (const auto& [forge, refusal] : {std::pair{"signature", NoticeRefusal::signature_invalid},
                                       std::pair{"app", NoticeRefusal::app_differs},
                                       std::pair{"seller", NoticeRefusal::seller_differs}}) {
    const std::string body = "{\"forge\":\"" + std::string(forge) + "\"}";
    post(net::Method::post, url_ + "/sandbox/v1/trades/T1/notify", body);
    const auto request = told(++count).back();
    const auto notice = port->read_notice(message_of(request), World::now());
    ASSERT_FALSE(notice) << forge;
    EXPECT_EQ(notice.error(), refusal) << forge;
  }
}

TEST_F(InteropTest, TheSuppliersWordsAreUnderstood) {
  using ports::SupplierCallKind;
  using ports::SupplierWord;
  const auto port = topup();
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::query, "R1")).word, SupplierWord::not_found);
  const auto placed = ask(*port, supplier_call(SupplierCallKind::submit, "R1"));
  EXPECT_EQ(placed.outcome, Outcome::accepted) << placed.reason;
  const auto call = told(1)[0];
  const ports::CallbackRequest given{"POST", "/callback", call.body,
                                     [&](std::string_view name) { return call.header(name); }};
  const auto hint = port->read_callback(given, World::now());
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->reference, "R1");
  const auto done = ask(*port, supplier_call(SupplierCallKind::query, "R1"));
  EXPECT_EQ(done.outcome, Outcome::done) << done.reason;
  EXPECT_EQ(done.proof.rfind("流水号", 0), 0u);
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::cancel, "R1")).word, SupplierWord::too_late);
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::submit, "R1")).outcome, Outcome::done);
}

TEST_F(InteropTest, WhatAFaultHidesAtTheSupplierIsUnknownAndARefusalIsNo) {
  using ports::SupplierCallKind;
  const auto port = topup();
  fault("execute_lose_reply", R"({"on":true,"times":1})");
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::submit, "R1")).outcome, Outcome::unknown);
  fault("supplier_down", R"({"on":true,"times":1})");
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::query, "R1")).outcome, Outcome::unknown);
  fault("out_of_balance", R"({"on":true,"times":1})");
  const auto refused = ask(*port, supplier_call(SupplierCallKind::submit, "R2"));
  EXPECT_EQ(refused.outcome, Outcome::failed);
  EXPECT_TRUE(refused.retry_can_help);
  fault("silent", R"({"on":true})");
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::submit, "R3")).outcome, Outcome::accepted);
  EXPECT_EQ(ask(*port, supplier_call(SupplierCallKind::cancel, "R3")).word,
            ports::SupplierWord::canceled);
}

}  // namespace
}  // namespace daozhang::sandbox
