// The gateway fetches a whole bill over HTTP from a server that plays Alipay.
#include <gtest/gtest.h>

#include <future>

#include "connectors/payment/alipay/alipay_gateway.h"
#include "connectors/payment/alipay/alipay_provider.h"
#include "connectors/payment/alipay/bill_writer.h"
#include "connectors/payment/alipay/test_account.h"
#include "net/http_server.h"
#include "text/encoding.h"
#include "zip/zip_writer.h"

namespace daozhang::connectors::payment::alipay {
namespace {

using ports::BillRefusal;

std::vector<ports::BillLine> lines_of_a_day(int count) {
  std::vector<ports::BillLine> lines;
  for (int i = 0; i < count; ++i)
    lines.push_back({.line_no = i + 6,
                     .trade_ref = "D" + std::to_string(i) + "_1",
                     .trade_no = "20261122" + std::to_string(1'000'000 + i),
                     .refund_ref = {},
                     .amount_minor = 100 + i,
                     .at = test_now,
                     .status = "交易"});
  return lines;
}

std::string zip_of_bill(const std::vector<ports::BillLine>& lines) {
  const zip::ZipContent files[] = {{text::gb18030_of("20886_业务明细(汇总).csv"),
                                    text::gb18030_of(bill_summary("2088", "2026-11-22", lines))},
                                   {text::gb18030_of("20886_业务明细.csv"),
                                    text::gb18030_of(bill_detail("2088", "2026-11-22", lines))}};
  return zip::zip_of(files);
}

class AlipayBillGateway : public testing::Test {
 protected:
  AlipayBillGateway() : client_({.address_rule = net::public_addresses(true)}) {
    net::Router router;
    router.add(
        net::Method::post, "/gateway.do", [this](net::Request&& request, net::Responder responder) {
          const auto fields =
              decode_form(request.target.substr(request.target.find('?') + 1)).value();
          responder.send(net::json_response(200, render_reply(field(fields, "method"), answer_,
                                                              {.alipay_key = test_alipay_key()})));
        });
    router.add(net::Method::get, "/bill.zip", [this](net::Request&&, net::Responder responder) {
      responder.send(net::text_response(status_, file_));
    });
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    CHECK(server_->start());
    const std::string root = "http://127.0.0.1:" + std::to_string(server_->port());
    answer_ = {{"code", "10000"}, {"bill_download_url", root + "/bill.zip"}};
    auto settings = test_settings();
    settings.gateway_url = root + "/gateway.do";
    gateway_ = make_gateway(std::move(*read_account(settings)), client_,
                            {.bill_bytes_max = 1'000'000, .now = [] { return test_now; }});
  }

  ports::BillResult fetch() {
    lines_.clear();
    std::promise<ports::BillResult> done;
    gateway_->fetch_bill(
        "2026-11-22", [&](ports::BillLine&& line) { lines_.push_back(std::move(line)); },
        [&](ports::BillResult result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }

  FormFields answer_;
  int status_ = 200;
  std::string file_;
  std::vector<ports::BillLine> lines_;
  std::unique_ptr<net::HttpServer> server_;
  net::HttpClient client_;
  std::unique_ptr<ports::PaymentChannel> gateway_;
};

TEST_F(AlipayBillGateway, ABillComesWholeAndAgain) {
  const auto lines = lines_of_a_day(3000);
  file_ = zip_of_bill(lines);
  for (int i = 0; i < 2; ++i) {
    const auto result = fetch();
    ASSERT_TRUE(result.has_value()) << result.error().problem;
    EXPECT_EQ(result->payment_count, 3000);
    EXPECT_EQ(lines_, lines);
  }
  EXPECT_TRUE(gateway_->capabilities().bill);
  EXPECT_EQ(gateway_->capabilities().bill_account, "alipay:2088000000000001");
}

TEST_F(AlipayBillGateway, WhatIsNoBillSaysWhy) {
  const auto refusal = [&] {
    const auto result = fetch();
    EXPECT_FALSE(result.has_value());
    return result ? std::string("none") : std::string(base::name_of(result.error().refusal));
  };
  file_ = "no zip";
  EXPECT_EQ(refusal(), "unreadable");
  const zip::ZipContent summary[] = {
      {"a", text::gb18030_of(bill_summary("2088", "2026-11-22", {}))}};
  file_ = zip::zip_of(summary);
  EXPECT_EQ(refusal(), "unreadable");
  file_ = std::string(1'000'001, 'x');
  EXPECT_EQ(refusal(), "unavailable");
  status_ = 404;
  EXPECT_EQ(refusal(), "unavailable");
  answer_ = {{"code", "40004"}, {"sub_code", "isp.BILL_NOT_EXIST"}};
  EXPECT_EQ(refusal(), "not_ready");
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
