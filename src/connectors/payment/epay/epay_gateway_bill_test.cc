// A day's orders over HTTP from a server that plays an epay gateway.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "connectors/payment/epay/epay_gateway.h"
#include "connectors/payment/epay/request.h"
#include "connectors/payment/epay/test_account.h"
#include "net/http_server.h"

namespace daozhang::connectors::payment::epay {
namespace {

std::string local(base::Instant at) { return base::to_local_seconds(at, base::beijing_offset); }

class EpayBill : public testing::Test {
 protected:
  EpayBill() : client_({.address_rule = net::public_addresses(true)}) {
    net::Router router;
    router.add(
        net::Method::post, "/api.php", [this](net::Request&& request, net::Responder responder) {
          const auto query = request.target.substr(request.target.find('?') + 1);
          const auto fields = decode_form(query + "&" + request.body).value();
          responder.send(
              net::json_response(status_, page_of(std::stoul(std::string(field(fields, "page"))))));
        });
    server_ = std::make_unique<net::HttpServer>(net::ServerOptions{}, std::move(router));
    CHECK(server_->start());
    auto settings = test_settings();
    settings.base_url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
    GatewayOptions options;
    options.now = [] { return test_now; };
    gateway_ = make_gateway(read_account(settings).value(), client_, std::move(options));
  }
  ~EpayBill() override { client_.stop(); }

  // Newest first: one order every quarter of an hour, the first of them now.
  void make_orders(int count) {
    for (int i = 0; i < count; ++i) {
      const base::Instant at = test_now - base::minutes(15) * i;
      const std::string number = std::to_string(100'000 - i);
      orders_.push_back({{"trade_no", "T" + number},
                         {"out_trade_no", "D" + number},
                         {"money", "9.90"},
                         {"status", "1"},
                         {"addtime", local(at)},
                         {"endtime", local(at)}});
    }
  }
  // Each order that came in between two pages moves the next by one.
  std::string page_of(std::size_t page_no) {
    ++page_count_;
    const std::size_t size = orders_per_page;
    const std::size_t moved = page_no > 1 ? 3 : 0;
    const std::size_t first = std::min((page_no - 1) * size - moved, orders_.size());
    const std::size_t last = std::min(first + size, orders_.size());
    return render_orders(test_merchant(),
                         {orders_.begin() + static_cast<std::ptrdiff_t>(first),
                          orders_.begin() + static_cast<std::ptrdiff_t>(last)},
                         test_now);
  }
  ports::BillResult fetch(const std::string& day) {
    lines_.clear();
    page_count_ = 0;
    std::promise<ports::BillResult> done;
    gateway_->fetch_bill(
        day, [&](ports::BillLine&& line) { lines_.push_back(std::move(line)); },
        [&](ports::BillResult result) { done.set_value(std::move(result)); });
    return done.get_future().get();
  }

  int status_ = 200;
  int page_count_ = 0;
  std::vector<FormFields> orders_;
  std::vector<ports::BillLine> lines_;
  std::unique_ptr<net::HttpServer> server_;
  net::HttpClient client_;
  std::unique_ptr<ports::PaymentChannel> gateway_;
};

TEST_F(EpayBill, ADaysOrdersAreFoundPageByPageAndEachOnce) {
  make_orders(1000);
  const std::string day = local(test_now - base::hours(24)).substr(0, 10);
  const auto result = fetch(day);
  ASSERT_TRUE(result.has_value()) << result.error().problem;
  EXPECT_EQ(result->payment_count, 96);  // Four an hour.
  EXPECT_EQ(result->payment_minor, 96 * 990);
  ASSERT_EQ(lines_.size(), 96U);
  for (const auto& line : lines_) EXPECT_EQ(local(line.at).substr(0, 10), day);
  // It stops when the list is older than the day.
  EXPECT_LT(page_count_, 8);
  EXPECT_GT(page_count_, 2);
}

// Orders stand where the gateway sorts them, the day is that of the payment.
TEST_F(EpayBill, WhatWasMadeBeforeMidnightAndPaidAfterItIsInTheDayOfThePayment) {
  make_orders(1000);
  const auto midnight = base::from_local_seconds("2026-11-22 00:00:00", base::beijing_offset);
  const auto paid_late = [&](FormFields& order) {
    for (auto& [name, value] : order) {
      if (name == "addtime") value = local(*midnight - base::hours(3));
      if (name == "endtime") value = local(*midnight + base::minutes(5));
      if (name == "trade_no") value = "LATE";
    }
  };
  const auto days_of_late = [&] {
    std::string days;
    for (const char* day : {"2026-11-21", "2026-11-22"}) {
      EXPECT_TRUE(fetch(day).has_value());
      for (const auto& line : lines_)
        if (line.trade_no == "LATE") days += day;
    }
    return days;
  };
  const auto sorted_by = [&](const char* name, bool newest_first) {
    std::ranges::stable_sort(orders_, [&](const FormFields& a, const FormFields& b) {
      return newest_first ? field(a, name) > field(b, name) : field(a, name) < field(b, name);
    });
  };
  paid_late(orders_[500]);
  for (const char* name : {"addtime", "endtime"})
    for (const bool newest_first : {true, false}) {
      sorted_by(name, newest_first);
      EXPECT_EQ(days_of_late(), "2026-11-22") << name << newest_first;
    }
}

TEST_F(EpayBill, AShortListEnds) {
  make_orders(3);
  const auto result = fetch(local(test_now).substr(0, 10));
  ASSERT_TRUE(result.has_value()) << result.error().problem;
  EXPECT_EQ(result->payment_count, 3);
  EXPECT_EQ(page_count_, 1);
}

TEST_F(EpayBill, AGatewayThatFailsHasNoBillNow) {
  make_orders(3);
  status_ = 502;
  const auto result = fetch("2026-11-22");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(base::name_of(result.error().refusal), "unavailable");
  EXPECT_EQ(result.error().problem, "page 1 of the order list: http_502");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
