#include "hammer/shop_requests.h"

#include <gtest/gtest.h>

#include "connectors/payment/alipay/notice.h"

namespace daozhang::hammer {
namespace {

namespace alipay = connectors::payment::alipay;

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

Answer placed_answer(int status = 201) {
  return {status, "",
          R"({"order_no":"08A6","access_code":"J3NH","payment":{"amount_minor":4880,)"
          R"("redirect_url":"http://127.0.0.1:8080/pay/08A6/1"}})"};
}

TEST(ShopRequests, APlacingSaysItsLengthAndKey) {
  const std::string request = place_request("card", "alipay", "k1");
  EXPECT_TRUE(request.starts_with("POST /v1/orders HTTP/1.1\r\n"));
  EXPECT_NE(request.find("\r\nIdempotency-Key: k1\r\n"), std::string::npos);
  EXPECT_EQ(body_of(request), R"({"sku":"card","quantity":1,"channel":"alipay"})");
  EXPECT_NE(request.find("Content-Length: " + std::to_string(body_of(request).size())),
            std::string::npos);
}

TEST(ShopRequests, APlacedOrderIsRead) {
  const auto order = read_placed(placed_answer());
  ASSERT_TRUE(order);
  EXPECT_EQ(order->order_no, "08A6");
  EXPECT_EQ(order->access_code, "J3NH");
  EXPECT_EQ(order->pay_path, "/pay/08A6/1");
  EXPECT_EQ(order->amount_minor, 4880);
  EXPECT_TRUE(pay_request(*order).starts_with("GET /pay/08A6/1 HTTP/1.1\r\n"));
  EXPECT_NE(order_request(*order).find("Authorization: Bearer J3NH\r\n"), std::string::npos);
}

TEST(ShopRequests, ARefusalIsNoPlacedOrder) {
  EXPECT_FALSE(read_placed(placed_answer(409)));
  EXPECT_FALSE(read_placed({201, "", "no json"}));
  EXPECT_FALSE(read_placed({201, "", "{}"}));
  EXPECT_FALSE(read_placed({201, "", R"({"order_no":"1","payment":{"amount_minor":1}})"}));
}

TEST(ShopRequests, TheShopTakesTheNotificationForGenuine) {
  const auto key = crypto::RsaPrivateKey::generate(2048);
  const auto order = read_placed(placed_answer());
  ASSERT_TRUE(order);
  const std::string request = notify_request("alipay", *order, {"2021", "2088"}, key, "2026",
                                             base::Instant{1'800'000'000'000'000});
  EXPECT_TRUE(request.starts_with("POST /v1/notify/alipay HTTP/1.1\r\n"));
  const auto fields = alipay::decode_form(body_of(request));
  ASSERT_TRUE(fields);
  EXPECT_TRUE(alipay::is_signed(alipay::notice_text(*fields), alipay::field(*fields, "sign"),
                                key.public_key()));
  EXPECT_EQ(alipay::field(*fields, "out_trade_no"), "08A6_1");
  EXPECT_EQ(alipay::field(*fields, "total_amount"), "48.80");
  EXPECT_EQ(alipay::field(*fields, "app_id"), "2021");
  EXPECT_EQ(alipay::field(*fields, "seller_id"), "2088");
  EXPECT_EQ(alipay::field(*fields, "trade_status"), "TRADE_SUCCESS");
  EXPECT_EQ(alipay::field(*fields, "trade_no"), "2026");
}

TEST(ShopRequests, TradeNumbersAreDigitsThatRise) {
  const base::Instant at{1'800'000'000'000'000};
  const std::string first = trade_number(at, 0);
  EXPECT_EQ(first.size(), 28U);
  EXPECT_TRUE(first.starts_with("2027011522001")) << first;
  EXPECT_LT(first, trade_number(at, 1));
}

TEST(ShopRequests, OnlyTheRightAnswersCount) {
  EXPECT_TRUE(is_taken({200, "", "success"}));
  EXPECT_FALSE(is_taken({200, "", "failure"}));
  EXPECT_FALSE(is_taken({503, "", "success"}));
  const std::string head = "HTTP/1.1 302 Found\r\nLocation: ";
  EXPECT_TRUE(is_pay_link({302, head + "http://a/gateway.do?sign=x\r\n\r\n", ""}));
  EXPECT_FALSE(is_pay_link({302, head + "http://a/order/1\r\n\r\n", ""}));
  EXPECT_EQ(state_in({200, "", R"({"state":"delivered"})"}), "delivered");
  EXPECT_EQ(state_in({404, "", R"({"state":"delivered"})"}), "");
  EXPECT_EQ(state_in({200, "", "{"}), "");
}

}  // namespace
}  // namespace daozhang::hammer
