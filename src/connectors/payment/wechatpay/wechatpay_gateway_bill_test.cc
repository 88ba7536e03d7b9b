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
    router.add(
        net::Method::get, "/v3/bill/fundflowbill",
        [this](net::Request&& request, net::Responder responder) {
          fund_seen_ = request.target;
          net::Response response = net::json_response(fund_status_, fund_answer_);
          for (auto& [name, value] : sign_message(fund_answer_, test_signing(), test_stamp()))
            response.with(name, value);
          responder.send(std::move(response));
        });
    router.add(
        net::Method::get, "/v3/billdownload/file",
        [this](net::Request&& request, net::Responder responder) {
          const bool is_fund = request.query.once("token") == "fund";
          const auto nonce = verify_merchant(test_merchant(),
                                             {.method = "GET",
                                              .target = request.target,
                                              .authorization = request.header("Authorization"),
                                              .body = request.body},
                                             test_now);
          responder.send(net::text_response(nonce ? 200 : 401, is_fund ? fund_file_ : file_));
        });
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    CHECK(server_->start());
    url_ = "http://127.0.0.1:" + std::to_string(server_->port());
    gateway_ = gateway_with(true);
  }
  std::unique_ptr<ports::PaymentChannel> gateway_with(bool has_fund_flow) {
    auto settings = test_settings();
    settings.api_url = url_;
    settings.has_fund_flow = has_fund_flow;
    GatewayOptions options;
    options.now = [] { return test_now; };
    return make_gateway(std::move(*read_account(settings)), client_, std::move(options));
  }
  ~WechatpayBill() override { client_.stop(); }

  void offer(const std::string& file, const std::string& hash_of) {
    file_ = file;
    crypto::Sha1 sha1;
    sha1.update(hash_of);
    answer_ = R"({"hash_type":"SHA1","hash_value":")" + sha1.finish_hex() +
              R"(","download_url":")" + url_ + R"(/v3/billdownload/file?token=abc"})";
  }
  void offer_funds(const std::string& file, const std::string& hash_of) {
    fund_file_ = file;
    crypto::Sha1 sha1;
    sha1.update(hash_of);
    fund_status_ = 200;
    fund_answer_ = R"({"hash_type":"SHA1","hash_value":")" + sha1.finish_hex() +
                   R"(","download_url":")" + url_ + R"(/v3/billdownload/file?token=fund"})";
  }
  // One payment of 1.00 with its fee, and a withdrawal.
  static std::string funds() {
    return "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
           "账户结余(元),资金变更提交申请人,备注,业务凭证号\n"
           "`2026-11-22 13:05:00,`420000,`F1,`交易,`交易,`收入,`1.00,`1.00,`system,`,`D0_1\n"
           "`2026-11-22 13:05:00,`420000,`F2,`扣除交易手续费,`扣除交易手续费,`支出,`0.01,`0.99,"
           "`system,`,`D0_1\n"
           "`2026-11-22 20:00:00,`W1,`F3,`提现,`提现,`支出,`0.50,`0.49,`system,`,`W1\n"
           "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n"
           "`3.0,`1.0,`1.00,`2.0,`0.51\n";
  }
  ports::BillResult fetch() {
    lines_.clear();
    fund_lines_.clear();
    std::promise<ports::BillResult> done;
    gateway_->fetch_bill(
        "2026-11-22",
        [&](ports::BillLine&& line) {
          (ports::is_of_funds(line.kind) ? fund_lines_ : lines_).push_back(std::move(line));
        },
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
  int fund_status_ = 400;
  std::string fund_answer_ = R"({"code":"NO_STATEMENT_EXIST","message":""})";
  std::string fund_file_;
  std::string fund_seen_;
  std::vector<ports::BillLine> fund_lines_;
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

TEST_F(WechatpayBill, TheFundFlowIsFetchedBesideTheTradeBill) {
  const std::string bill = bill_of(1);
  offer(bill, bill);
  offer_funds(funds(), funds());
  const auto result = fetch();
  ASSERT_TRUE(result.has_value()) << result.error().problem;
  EXPECT_NE(fund_seen_.find("bill_date=2026-11-22&account_type=BASIC"), std::string::npos);
  EXPECT_EQ(fund_seen_.find("tar_type"), std::string::npos);
  EXPECT_EQ(result->payment_count, 1);
  EXPECT_EQ(result->fund_count, 3);
  EXPECT_EQ(result->fund_in_minor, 100);
  EXPECT_EQ(result->fund_out_minor, 51);
  ASSERT_EQ(fund_lines_.size(), 4U);
  EXPECT_EQ(fund_lines_[0].kind, ports::BillLineKind::fund_due);
  EXPECT_EQ(fund_lines_[0].trade_no, "420000");
  EXPECT_EQ(fund_lines_[0].amount_minor, 100);
  EXPECT_EQ(fund_lines_[1].kind, ports::BillLineKind::fund_moved);
  EXPECT_EQ(fund_lines_[1].trade_no, "420000");
  EXPECT_EQ(fund_lines_[1].amount_minor, 100);
  EXPECT_EQ(fund_lines_[2].kind, ports::BillLineKind::fund_moved);
  EXPECT_EQ(fund_lines_[2].amount_minor, 0);
  EXPECT_EQ(fund_lines_[2].fee_minor, 1);
  EXPECT_EQ(fund_lines_[3].kind, ports::BillLineKind::fund_other);
  EXPECT_EQ(fund_lines_[3].amount_minor, -50);
  EXPECT_TRUE(gateway_->capabilities().bill_has_funds);
}

TEST_F(WechatpayBill, ADayWithoutEitherBillHasNone) {
  const std::string bill = bill_of(1);
  offer(bill, bill);
  offer_funds(funds(), bill);
  EXPECT_EQ(base::name_of(fetch().error().refusal), "hash_differs");
  fund_status_ = 400;
  fund_answer_ = R"({"code":"STATEMENT_CREATING","message":""})";
  const auto creating = fetch();
  EXPECT_EQ(base::name_of(creating.error().refusal), "not_ready");
  EXPECT_TRUE(creating.error().problem.starts_with("fund-flow bill: ")) << creating.error().problem;
  const std::string packed = "\x1f\x8b\x08 whatever it holds";
  offer_funds(packed, packed);
  const auto gzip = fetch();
  EXPECT_EQ(base::name_of(gzip.error().refusal), "unreadable");
  EXPECT_NE(gzip.error().problem.find("packed (gzip)"), std::string::npos) << gzip.error().problem;
}

TEST_F(WechatpayBill, MoneyMayMoveOnADayWithoutTrades) {
  status_ = 400;
  answer_ = R"({"code":"NO_STATEMENT_EXIST","message":""})";
  offer_funds(funds(), funds());
  const auto result = fetch();
  ASSERT_TRUE(result.has_value()) << result.error().problem;
  EXPECT_EQ(result->payment_count, 0);
  EXPECT_EQ(result->fund_count, 3);
}

TEST_F(WechatpayBill, AMerchantWithoutFundFlowIsNotAskedForIt) {
  gateway_ = gateway_with(false);
  const std::string bill = bill_of(2);
  offer(bill, bill);
  const auto result = fetch();
  ASSERT_TRUE(result.has_value()) << result.error().problem;
  EXPECT_TRUE(fund_seen_.empty());
  EXPECT_TRUE(fund_lines_.empty());
  EXPECT_FALSE(gateway_->capabilities().bill_has_funds);
}

}  // namespace
}  // namespace daozhang::connectors::payment::wechatpay
