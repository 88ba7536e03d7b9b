#include "connectors/payment/epay/order_page.h"

#include <gtest/gtest.h>

#include "connectors/payment/epay/test_account.h"

namespace daozhang::connectors::payment::epay {
namespace {

FormFields order(std::string_view number, std::string_view status) {
  return {{"trade_no", std::string("T").append(number)},
          {"out_trade_no", std::string("D").append(number)},
          {"money", "9.9000"},
          {"status", std::string(status)},
          {"addtime", "2026-11-22 13:05:0" + std::string(number)},
          {"endtime", "2026-11-22 13:06:00"}};
}

base::Result<OrderPage, ports::BillRefusal> read(std::string_view raw,
                                                 Version version = Version::v1) {
  return read_order_page(test_account(version), raw, 51, test_now);
}

std::string outcome(const std::vector<FormFields>& orders) {
  const auto page = read(render_orders(test_merchant(), orders, test_now));
  return page ? std::to_string(page->lines.size()) : std::string(base::name_of(page.error()));
}

TEST(EpayOrderPage, PaidAndRefundedOrdersAreLinesOfTheBill) {
  for (const Version version : {Version::v1, Version::v2}) {
    const auto raw = render_orders(test_merchant(version),
                                   {order("3", "1"), order("2", "0"), order("1", "2")}, test_now);
    const auto page = read(raw, version);
    ASSERT_TRUE(page.has_value()) << base::name_of(page.error());
    EXPECT_EQ(page->order_count, 3u);
    EXPECT_EQ(page->oldest_at, test_now + base::seconds(1));
    ASSERT_EQ(page->lines.size(), 2u);
    EXPECT_EQ(page->lines[0].line_no, 51);
    EXPECT_EQ(page->lines[0].kind, ports::BillLineKind::payment);
    EXPECT_EQ(page->lines[0].trade_ref, "D3");
    EXPECT_EQ(page->lines[0].trade_no, "T3");
    EXPECT_EQ(page->lines[0].amount_minor, 990);
    EXPECT_EQ(page->lines[0].at, test_now + base::minutes(1));
    EXPECT_EQ(page->lines[1].line_no, 53);
    EXPECT_EQ(page->lines[1].status, "2");
  }
}

TEST(EpayOrderPage, AnEmptyPageIsTheEnd) { EXPECT_EQ(outcome({}), "0"); }

TEST(EpayOrderPage, APaidOrderThatIsNotReadInFullSpoilsThePage) {
  for (const char* name : {"trade_no", "out_trade_no", "money", "endtime"}) {
    FormFields spoiled = order("1", "1");
    for (auto& [each, value] : spoiled) {
      if (each == name) value.clear();
    }
    EXPECT_EQ(outcome({spoiled}), "unreadable") << name;
  }
  EXPECT_EQ(outcome({order("1", "0"), order("1", "9")}), "0");
}

TEST(EpayOrderPage, WhatIsNoListIsRefused) {
  const auto refusal = [](std::string_view raw, Version version = Version::v1) {
    const auto page = read(raw, version);
    return page ? "read" : std::string(base::name_of(page.error()));
  };
  EXPECT_EQ(refusal("<html>"), "unavailable");
  EXPECT_EQ(refusal(R"({"code":-1,"msg":"no"})"), "unavailable");
  EXPECT_EQ(refusal(R"({"code":1})"), "unreadable");
  EXPECT_EQ(refusal(R"({"code":1,"data":{}})"), "unreadable");
  EXPECT_EQ(refusal(R"({"code":1,"data":"["})"), "unreadable");
  EXPECT_EQ(refusal(R"({"code":0,"data":[]})", Version::v2), "unavailable");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
