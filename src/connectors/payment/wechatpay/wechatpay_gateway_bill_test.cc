// A whole bill over HTTP from a server that plays WeChat Pay.
#include <gtest/gtest.h>

#include <future>

#include "connectors/payment/wechatpay/test_account.h"
#include "connectors/payment/wechatpay/trade_bill_writer.h"
#include "connectors/payment/wechatpay/wechatpay_gateway.h"
#include "crypto/digest.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

class WechatpayBill : public testing::Test {
 protected:
  WechatpayBill() : client_({.address_rule = net::public_addresses(true)}) {
    net::Router router;
    router.add(net::Method::get, "/v3/bill/tradebill",
               [this](net::Request&& request, net::Responder responder) {
                 seen_ = request.target;
                 net::Response response = net::json_response(status_, answer_);
                 for (auto& [name, value] : sign_message(answer_, test_signing(), test_stamp()))
                   response.with(name, value);
                 responder.send(std::move(response));
               });
    router.add(net::Method::get, "/v3/billdownload/file",
               [this](net::Request&& request, net::Responder responder) {
                 const auto nonce =
                     verify_merchant(test_merchant(),
                                     {.method = "GET",
                                      .target = request.target,
                                      .authorization = request.header("Authorization"),
                                      .body = request.body},
                                     test_now);
                 responder.send(net::text_response(nonce ? 200 : 401, file_));
               });
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    CHECK(server_->start());
    url_ = "http://127.0.0.1:" + std::to_string(server_->port());
    auto settings = test_settings();
    settings.api_url = url_;
    GatewayOptions options;
    options.now = [] { return test_now; };
    gateway_ = make_gateway(std::move(*read_account(settings)), client_, std::move(options));
  }
  ~WechatpayBill() override { client_.stop(); }

  void offer(const std::string& file, const std::string& hash_of) {
    file_ = file;
    crypto::Sha1 sha1;
    sha1.update(hash_of);
    answer_ = R"({"hash_type":"SHA1","hash_value":")" + sha1.finish_hex() +
              R"(","download_url":")" + url_ + R"(/v3/billdownload/file?token=abc"})";
  }
  ports::BillResult fetch() {
    lines_.clear();
    std::promise<ports::BillResult> done;
    gateway_->fetch_bill(
        "2026-11-22", [&](ports::BillLine&& line) { lines_.push_back(std::move(line)); },
        [&](ports::BillResult result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }
  static std::string bill_of(int count) {
    TradeBillWriter writer("1900000001", "wx1");
    for (int i = 0; i < count; ++i) {
      ports::BillLine line;
      line.trade_ref = "D" + std::to_string(i) + "_1";
      line.trade_no = "42000" + std::to_string(i);
      line.amount_minor = 100 + i;
      line.at = test_now;
      writer.add(line, "card");
    }
    return writer.finish();
  }

  int status_ = 200;
  std::string answer_;
  std::string file_;
  std::string seen_;
  std::string url_;
  std::vector<ports::BillLine> lines_;
  std::unique_ptr<net::HttpServer> server_;
  net::HttpClient client_;
  std::unique_ptr<ports::PaymentChannel> gateway_;
};

TEST_F(WechatpayBill, ComesWholeWithTheHashThatWasPromised) {
  const std::string bill = bill_of(3000);
  offer(bill, bill);
  for (int i = 0; i < 2; ++i) {
    const auto result = fetch();
    ASSERT_TRUE(result.has_value()) << result.error().problem;
    EXPECT_EQ(result->payment_count, 3000);
    ASSERT_EQ(lines_.size(), 3000U);
    EXPECT_EQ(lines_[7].trade_no, "420007");
    EXPECT_EQ(lines_[7].amount_minor, 107);
  }
  EXPECT_NE(seen_.find("bill_date=2026-11-22"), std::string::npos) << seen_;
  EXPECT_EQ(gateway_->capabilities().bill_account, "wechatpay:1900000001");
}

TEST_F(WechatpayBill, AnotherFileThanPromisedIsNoBill) {
  offer(bill_of(3), bill_of(4));
  const auto result = fetch();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(base::name_of(result.error().refusal), "hash_differs");
}

TEST_F(WechatpayBill, WhatIsNotThereSaysWhy) {
  status_ = 400;
  answer_ = R"({"code":"NO_STATEMENT_EXIST","message":""})";
  EXPECT_EQ(base::name_of(fetch().error().refusal), "empty_day");
  answer_ = R"({"code":"STATEMENT_CREATING","message":""})";
  EXPECT_EQ(base::name_of(fetch().error().refusal), "not_ready");
  status_ = 200;
  answer_ = R"({"hash_type":"SHA1","hash_value":"da39a3ee5e6b4b0d3255bfef95601890afd80709",)"
            R"("download_url":"http://elsewhere.example/file"})";
  EXPECT_EQ(base::name_of(fetch().error().refusal), "unreadable");
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
