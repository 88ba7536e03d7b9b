#include "sandbox/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/supplier/http/supplier_protocol.h"
#include "sandbox/buyer_visit.h"
#include "sandbox/test_shop.h"

namespace daozhang::sandbox {
namespace {

namespace alipay = connectors::payment::alipay;
namespace protocol = connectors::supplier::http;
using testing::HasSubstr;
using testing::Not;

std::string header(const net::OutgoingResult& result, std::string_view name) {
  return std::string(result.headers.find(name).value_or(""));
}

TEST_F(SandboxTest, APayerPaysOnThePageAndTheShopIsTold) {
  EXPECT_EQ(ask("alipay.trade.query", R"({"out_trade_no":"T1"})").text_of("sub_code"),
            "ACQ.TRADE_NOT_EXIST");
  const auto opened = get(page_url("T1"));
  ASSERT_EQ(opened.status, 302) << opened.body;
  const std::string cashier = url_ + header(opened, "Location");
  const auto page = get(cashier);
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("id=\"pay\""));
  EXPECT_THAT(page.body, HasSubstr("卡密 &lt;1&gt;"));
  EXPECT_THAT(page.body, Not(HasSubstr("卡密 <1>")));
  EXPECT_EQ(ask("alipay.trade.query", R"({"out_trade_no":"T1"})").text_of("trade_status"),
            "WAIT_BUYER_PAY");
  const auto left = get(cashier + "/cancel");
  EXPECT_EQ(left.status, 302);
  EXPECT_EQ(header(left, "Location"), shop_url_ + "/return?from=alipay");
  const auto paid = post(net::Method::post, cashier, "", "application/x-www-form-urlencoded");
  ASSERT_EQ(paid.status, 303);

  const std::string back = header(paid, "Location");
  ASSERT_EQ(back.rfind(shop_url_ + "/return?from=alipay&", 0), 0u) << back;
  const std::string query = back.substr((shop_url_ + "/return?from=alipay&").size());
  const auto returned = alipay::decode_form(query).value();
  EXPECT_TRUE(alipay::is_signed(alipay::notice_text(returned), alipay::field(returned, "sign"),
                                alipay_key().public_key()));
  EXPECT_EQ(alipay::field(returned, "trade_status"), "");

  const auto notices = told(1);
  const auto notice = alipay::decode_form(notices[0].body).value();
  EXPECT_TRUE(alipay::is_signed(alipay::notice_text(notice), alipay::field(notice, "sign"),
                                alipay_key().public_key()));
  EXPECT_EQ(alipay::field(notice, "trade_status"), "TRADE_SUCCESS");
  EXPECT_EQ(alipay::field(notice, "total_amount"), "9.90");
  EXPECT_EQ(alipay::field(notice, "out_trade_no"), "T1");
  EXPECT_THAT(get(cashier).body, Not(HasSubstr("id=\"pay\"")));
  EXPECT_THAT(get(url_ + "/sandbox/v1/truth").body, HasSubstr("\"taken_minor\":990"));
}

TEST_F(SandboxTest, ANotificationIsRepeatedUntilExactlySuccess) {
  answer_next({"fail", "success\n", "SUCCESS"});
  ASSERT_EQ(get(page_url("T1")).status, 302);
  ASSERT_EQ(post(net::Method::post, url_ + "/sandbox/v1/trades/T1/pay", "{}").status, 200);
  const auto notices = told(4);
  std::set<std::string> ids;
  for (const auto& notice : notices) {
    const auto fields = alipay::decode_form(notice.body).value();
    ids.emplace(alipay::field(fields, "notify_id"));
  }
  EXPECT_EQ(ids.size(), 1u);
}

TEST_F(SandboxTest, PrecreateGivesACodeThatLeadsToTheCashier) {
  const std::string biz = R"({"out_trade_no":"Q1","total_amount":"9.90","subject":"card"})";
  const auto created = ask("alipay.trade.precreate", biz);
  const std::string code(created.text_of("qr_code"));
  ASSERT_EQ(code.rfind(url_ + "/qr/", 0), 0u) << code;
  EXPECT_EQ(ask("alipay.trade.query", R"({"out_trade_no":"Q1"})").text_of("sub_code"),
            "ACQ.TRADE_NOT_EXIST");
  const auto paid =
      post(net::Method::post, url_ + "/sandbox/v1/pay-url", "{\"url\":\"" + code + "\"}");
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_THAT(paid.body, HasSubstr("\"outcome\":\"paid\""));
  told(1);
}

TEST_F(SandboxTest, PayUrlFollowsTheShopsOwnAddressToTheCashier) {
  pay_link_ = page_url("T1");
  const std::string body = "{\"url\":\"" + shop_url_ + "/go\",\"amount_minor\":980}";
  const auto paid = post(net::Method::post, url_ + "/sandbox/v1/pay-url", body);
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_THAT(paid.body, HasSubstr("\"paid_minor\":980"));
  const auto looked = post(net::Method::post, url_ + "/sandbox/v1/pay-url",
                           "{\"url\":\"" + page_url("T2") + "\",\"pay\":false}");
  EXPECT_THAT(looked.body, HasSubstr("\"outcome\":\"opened\""));
  EXPECT_THAT(looked.body, HasSubstr("\"paid_minor\":0"));
  const auto nowhere = post(net::Method::post, url_ + "/sandbox/v1/pay-url",
                            "{\"url\":\"" + shop_url_ + "/nothing\"}");
  EXPECT_EQ(nowhere.status, 409);
  EXPECT_THAT(nowhere.body, HasSubstr("no_cashier"));
}

TEST_F(SandboxTest, RefundsAndTheirQueryGoOverTheWire) {
  ASSERT_EQ(get(page_url("T1")).status, 302);
  ASSERT_EQ(post(net::Method::post, url_ + "/sandbox/v1/trades/T1/pay", "").status, 200);
  const std::string biz = R"({"out_trade_no":"T1","refund_amount":"9.90","out_request_no":"R1"})";
  EXPECT_EQ(ask("alipay.trade.refund", biz).text_of("fund_change"), "Y");
  EXPECT_EQ(ask("alipay.trade.refund", biz).text_of("fund_change"), "N");
  const auto asked =
      ask("alipay.trade.fastpay.refund.query", R"({"out_trade_no":"T1","out_request_no":"R1"})");
  EXPECT_EQ(asked.text_of("refund_status"), "REFUND_SUCCESS");
  EXPECT_THAT(get(url_ + "/sandbox/v1/truth").body, HasSubstr("\"given_back_minor\":990"));
}

TEST_F(SandboxTest, RequestsThatAreNotTheShopsAreRefusedAsAlipayDoes) {
  const std::string method = "alipay.trade.query";
  const auto sub_code = [&](Fields fields) {
    return std::string(content_of(method, gateway(fields).body).text_of("sub_code"));
  };
  const auto good = signed_fields(method, R"({"out_trade_no":"T1"})");
  const auto changed = [&](std::string_view name, std::string_view value) {
    Fields fields = good;
    for (auto& [key, present] : fields)
      if (key == name) present = value;
    return fields;
  };
  EXPECT_EQ(sub_code(changed("biz_content", R"({"out_trade_no":"T2"})")), "isv.invalid-signature");
  EXPECT_EQ(sub_code(changed("sign", "AAAA")), "isv.invalid-signature");
  EXPECT_EQ(sub_code(changed("sign", "")), "isv.missing-signature");
  EXPECT_EQ(sub_code(changed("sign_type", "RSA")), "isv.invalid-signature-type");
  EXPECT_EQ(sub_code(changed("app_id", "1")), "isv.invalid-app-id");
  EXPECT_EQ(sub_code(changed("timestamp", "")), "isv.missing-timestamp");
  EXPECT_EQ(sub_code(signed_fields(method, "[]")), "isv.invalid-parameter");
  EXPECT_THAT(gateway({}).body, HasSubstr("error_response"));
  const auto page = get(url_ + "/gateway.do?method=alipay.trade.page.pay&app_id=1");
  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(header(page, "Content-Type"), HasSubstr("text/html"));
}

TEST_F(SandboxTest, FaultsOfTheTransportReachTheCaller) {
  const auto query = signed_fields("alipay.trade.query", R"({"out_trade_no":"T1"})");
  fault("gateway_down", R"({"on":true,"times":1})");
  EXPECT_EQ(gateway(query).status, 503);
  EXPECT_EQ(gateway(query).status, 200);
  fault("query_timeout", R"({"on":true,"times":1,"hold_ms":10})");
  EXPECT_EQ(gateway(query).status, 502);
  fault("bad_response_signature", R"({"on":true,"times":1})");
  const std::string body = gateway(query).body;  // What is cut from it are views.
  const auto cut = alipay::cut_reply(body, alipay::response_member("alipay.trade.query"));
  ASSERT_TRUE(cut);
  EXPECT_FALSE(alipay::is_signed(*cut, alipay_key().public_key()));
}

TEST_F(SandboxTest, ForgedNotificationsLeaveWithAWrongSignature) {
  ASSERT_EQ(get(page_url("T1")).status, 302);
  const auto sent =
      post(net::Method::post, url_ + "/sandbox/v1/trades/T1/notify", R"({"forge":"signature"})");
  EXPECT_EQ(sent.status, 202);
  const auto notice = alipay::decode_form(told(1)[0].body).value();
  EXPECT_FALSE(alipay::is_signed(alipay::notice_text(notice), alipay::field(notice, "sign"),
                                 alipay_key().public_key()));
  EXPECT_EQ(alipay::field(notice, "trade_status"), "TRADE_SUCCESS");
}

TEST_F(SandboxTest, TheSupplierTakesASignedOrderAndCallsBack) {
  const auto placed = supplier(net::Method::post, "/supplier/v1/orders", order_body("R1"));
  ASSERT_EQ(placed.status, 200) << placed.body;
  EXPECT_EQ(protocol::read_record(placed.body).value().status, protocol::OrderStatus::accepted);
  const auto calls = told(1);
  const auto record = protocol::read_callback(calls[0].body).value();
  EXPECT_EQ(record.status, protocol::OrderStatus::done);
  const protocol::SignedRequest given{"POST",
                                      "/callback",
                                      calls[0].body,
                                      calls[0].header("Daozhang-Key"),
                                      calls[0].header("Daozhang-Timestamp"),
                                      calls[0].header("Daozhang-Nonce"),
                                      calls[0].header("Daozhang-Signature")};
  EXPECT_TRUE(protocol::verify(credentials_, given, World::now()));
  const auto asked = supplier(net::Method::get, "/supplier/v1/orders/R1", "");
  EXPECT_EQ(protocol::read_record(asked.body).value(), record);
  EXPECT_EQ(supplier(net::Method::get, "/supplier/v1/orders/R2", "").status, 404);
  const auto late = supplier(net::Method::post, "/supplier/v1/orders/R1/cancel", "");
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(protocol::read_error(late.body).value().code, protocol::ErrorCode::too_late);
  EXPECT_THAT(late.body, HasSubstr("\"order\":{\"reference\":\"R1\""));
  const auto balance = supplier(net::Method::get, "/supplier/v1/balance", "");
  EXPECT_EQ(protocol::read_balance(balance.body).value().balance_minor, 100'000'000 - 4'900);
}

TEST_F(SandboxTest, TheSupplierRefusesWhatIsNotSignedOrNotAnOrder) {
  const std::string path = "/supplier/v1/orders";
  EXPECT_EQ(post(net::Method::post, url_ + path, order_body("R1")).status, 401);
  const std::string nonce = "0123456789abcdef";
  EXPECT_EQ(supplier(net::Method::post, path, order_body("R1"), nonce).status, 200);
  EXPECT_EQ(supplier(net::Method::post, path, order_body("R1"), nonce).status, 401);
  EXPECT_EQ(supplier(net::Method::post, path, order_body("R1")).status, 200);
  EXPECT_EQ(supplier(net::Method::post, path, "{}").status, 400);
  EXPECT_EQ(supplier(net::Method::post, path, order_body("R-1")).status, 400);
  fault("execute_lose_reply", R"({"on":true,"times":1})");
  EXPECT_EQ(supplier(net::Method::post, path, order_body("R2")).status, 502);
  EXPECT_EQ(supplier(net::Method::get, path + "/R2", "").status, 200);
}

TEST_F(SandboxTest, TheControlApiRefusesWhatItDoesNotUnderstand) {
  const std::string faults = url_ + "/sandbox/v1/faults/";
  EXPECT_EQ(post(net::Method::put, faults + "nothing", R"({"on":true})").status, 404);
  EXPECT_EQ(post(net::Method::put, faults + "slow", R"({"ms":1})").status, 422);
  EXPECT_EQ(post(net::Method::put, faults + "slow", R"({"on":true,"s":1})").status, 422);
  EXPECT_EQ(post(net::Method::put, faults + "slow", R"({"on":true,"ms":-1})").status, 422);
  EXPECT_EQ(post(net::Method::put, faults + "slow", R"({"on":true,"match":1.5})").status, 400);
  EXPECT_EQ(post(net::Method::put, faults + "slow", "[]").status, 400);
  const std::string trades = url_ + "/sandbox/v1/trades/";
  EXPECT_EQ(get(trades + "T1").status, 404);
  EXPECT_EQ(post(net::Method::post, trades + "T1/pay", "{}").status, 404);
  EXPECT_EQ(post(net::Method::post, trades + "T1/pay", R"({"times":1000})").status, 422);
  EXPECT_EQ(post(net::Method::post, trades + "T1/notify", R"({"forge":"all"})").status, 422);
  EXPECT_EQ(post(net::Method::post, url_ + "/sandbox/v1/pay-url", "{}").status, 422);
  EXPECT_EQ(get(url_ + "/sandbox/v1/notifications?limit=x").status, 422);
  net::OutgoingRequest foreign;
  foreign.method = net::Method::post;
  foreign.url = url_ + "/sandbox/v1/reset";
  foreign.headers = {{"Origin", "http://elsewhere.example"}};
  EXPECT_EQ(call(foreign).status, 403);
}

TEST_F(SandboxTest, TheBoardShowsWhatHappenedInBothLanguages) {
  ASSERT_EQ(get(page_url("T1")).status, 302);
  ASSERT_EQ(post(net::Method::post, url_ + "/sandbox/v1/trades/T1/pay", "").status, 200);
  told(1);
  const auto board = get(url_ + "/");
  EXPECT_THAT(board.body, HasSubstr("已收款"));
  EXPECT_THAT(board.body, HasSubstr("T1"));
  EXPECT_THAT(board.body, HasSubstr("data-name=\"supplier_down\""));
  EXPECT_THAT(header(board, "Content-Security-Policy"), HasSubstr("script-src 'self'"));
  EXPECT_THAT(get(url_ + "/?lang=en").body, HasSubstr("Money taken"));
  EXPECT_EQ(get(url_ + "/assets/board.js").status, 200);
  EXPECT_EQ(get(url_ + "/assets/board.html").status, 404);
  EXPECT_EQ(post(net::Method::post, url_ + "/sandbox/v1/reset", "").status, 200);
  EXPECT_THAT(get(url_ + "/sandbox/v1/truth").body, HasSubstr("\"taken_minor\":0"));
}

TEST(BuyerVisit, ResolvesLocationsAsBrowsersDo) {
  const std::string base = "http://shop:8080/pay/1?x=2";
  EXPECT_EQ(resolve(base, "https://other/a"), "https://other/a");
  EXPECT_EQ(resolve(base, "/a?b"), "http://shop:8080/a?b");
  EXPECT_EQ(resolve(base, "//other/a"), "http://other/a");
  EXPECT_EQ(resolve(base, "2"), "http://shop:8080/pay/2");
  EXPECT_EQ(resolve(base, "?y"), "http://shop:8080/pay/1?y");
  EXPECT_EQ(resolve(base, "alipays://x"), "");
  EXPECT_EQ(resolve(base, ""), "");
}

}  // namespace
}  // namespace daozhang::sandbox
