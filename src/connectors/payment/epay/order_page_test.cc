#include "connectors/payment/epay/order_page.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

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
    EXPECT_EQ(page->added.oldest, test_now + base::seconds(1));
    EXPECT_TRUE(page->added.never_rises && page->added.falls);
    EXPECT_EQ(page->paid.oldest, test_now + base::minutes(1));
    EXPECT_TRUE(page->paid.never_rises);
    EXPECT_FALSE(page->paid.falls) << "all paid in one minute";
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

// Orders in hours from the day's start: made, and paid if at all.
struct Made {
  double made;
  std::optional<double> paid;
};
OrderPage page_of(const std::vector<Made>& orders) {
  const base::Instant from = test_now;
  const auto at = [&](double hours) {
    return base::to_local_seconds(from + base::seconds(static_cast<std::int64_t>(hours * 3600)),
                                  base::beijing_offset);
  };
  std::vector<FormFields> told;
  for (const auto& each : orders)
    told.push_back({{"trade_no", "T" + std::to_string(told.size())},
                    {"out_trade_no", "D1"},
                    {"money", "9.90"},
                    {"status", each.paid ? "1" : "0"},
                    {"addtime", at(each.made)},
                    {"endtime", each.paid ? at(*each.paid) : ""}});
  return read(render_orders(test_merchant(), told, test_now)).value();
}
// At which page, counted from 1, the day ends; 0 if the list must be read to its end.
int ends_at(const std::vector<std::vector<Made>>& pages) {
  DayInList day(test_now);
  for (std::size_t i = 0; i < pages.size(); ++i)
    if (day.ends_with(page_of(pages[i]))) return static_cast<int>(i) + 1;
  return 0;
}

TEST(EpayOrderList, ByWhenTheyWereMadeItIsReadUntilNoneCanBePaidInTheDayAnyMore) {
  EXPECT_EQ(ends_at({{{2, 2}, {1, 1}}, {{-1, -1}, {-3, -3}}, {{-24, -24}, {-26, -26}}, {}}), 3);
  // One that was made a day before is paid in the day.
  EXPECT_EQ(ends_at({{{2, 2}, {-3, 5}}, {{-24, 6}, {-26, -25}}, {{-27, -27}, {-28, -28}}}), 2);
}

TEST(EpayOrderList, ByWhenTheyWerePaidAnOldOrderDoesNotEndIt) {
  EXPECT_EQ(ends_at({{{3, 20}, {-300, 19}}, {{4, 18}, {5, 17}}, {{-1, -1}, {-2, -2}}}), 3);
  // As long as both sorts are possible neither is believed alone.
  EXPECT_EQ(ends_at({{{19, 20}, {-30, 19}}, {{-31, 1}, {-32, -1}}}), 2);
}

TEST(EpayOrderList, OldestFirstItIsReadToItsEnd) {
  EXPECT_EQ(ends_at({{{-90, -90}, {-80, -80}}, {{-70, -70}, {-60, -60}}, {{1, 1}, {2, 2}}}), 0);
  EXPECT_EQ(ends_at({{{-90, -90}, {-90, -90}}, {{-80, -80}, {-80, -80}}, {{1, 1}, {2, 2}}}), 0)
      << "page by page alike";
}

TEST(EpayOrderList, PagesOfUnpaidOrdersProveNothingAboutWhatWasPaid) {
  EXPECT_EQ(ends_at({{{-50, {}}, {-51, {}}}, {{5, 5}, {4, 4}}}), 0);
  EXPECT_EQ(ends_at({{{5, 5}, {4, {}}}, {{-50, {}}, {-51, -51}}, {{-52, -52}, {-53, -53}}}), 2);
}

TEST(EpayOrderList, NoSalesSinceTheDayEndItAtOnce) {
  EXPECT_EQ(ends_at({{{-90, -90}, {-91, -91}}}), 1);
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
