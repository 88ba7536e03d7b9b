#include "sandbox/journal.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "json/reader.h"
#include "sandbox/world.h"

namespace daozhang::sandbox {
namespace {

class JournalTest : public testing::Test {
 protected:
  JournalTest()
      : path_(std::filesystem::temp_directory_path() /
              ("sandbox_journal_" + std::to_string(getpid()))) {
    std::filesystem::remove(path_);
  }
  ~JournalTest() override { std::filesystem::remove(path_); }

  WorldOptions options(std::uint64_t seed) const {
    return {{"app", "seller", "http://sandbox"}, {}, 1, path_.string(), seed};
  }
  void append(std::string_view text) const {
    std::ofstream(path_, std::ios::app | std::ios::binary) << text;
  }

  const std::filesystem::path path_;
};

GatewayRequest page() {
  return {"alipay.trade.page.pay",
          {{"out_trade_no", "T1"},
           {"total_amount", "9.90"},
           {"subject", "卡 \"1\"\n"},
           {"product_code", "FAST_INSTANT_TRADE_PAY"}},
          "http://shop/notify",
          "http://shop/return"};
}

SupplyRequest order() {
  return {"R1", "mobile_50", {{"phone", "13800138000"}}, 5'000, "CNY", 5'000, "http://shop/cb"};
}

void fill(World& world) {
  ASSERT_TRUE(world.open());
  world.with([](World::Books& books) {
    EXPECT_TRUE(books.alipay.open(page(), books.now));
    EXPECT_EQ(books.alipay.pay("T1", std::nullopt, books.now), PayOutcome::paid);
    const GatewayRequest refund{
        "alipay.trade.refund",
        {{"out_trade_no", "T1"}, {"refund_amount", "4.00"}, {"out_request_no", "F1"}},
        "",
        ""};
    EXPECT_TRUE(books.alipay.call(refund, books.now).reply.succeeded());
    EXPECT_TRUE(books.supplier.submit(order(), books.now).view);
    return 0;
  });
}

void expect_filled(World& world) {
  world.with([](World::Books& books) {
    const Trade* trade = books.alipay.find("T1");
    EXPECT_NE(trade, nullptr);
    if (trade == nullptr) return 0;
    EXPECT_EQ(trade->paid_minor, 990);
    EXPECT_EQ(trade->refunded_minor, 400);
    EXPECT_EQ(trade->refunds.at(0).out_request_no, "F1");
    EXPECT_EQ(trade->subject, "卡 \"1\"\n");
    EXPECT_EQ(books.alipay.find_by_trade_no(trade->trade_no), trade);
    EXPECT_EQ(books.deliveries.open_count(), 2u);
    const SupplyOrder* supply = books.supplier.find("R1");
    EXPECT_NE(supply, nullptr);
    EXPECT_EQ(books.supplier.balance_minor(), 100'000'000 - 4'900);
    return 0;
  });
}

TEST_F(JournalTest, TheTruthSurvivesARestart) {
  {
    World world(options(1));
    fill(world);
  }
  for (std::uint64_t seed = 2; seed < 4; ++seed) {
    World world(options(seed));
    ASSERT_TRUE(world.open());
    expect_filled(world);
  }
}

TEST_F(JournalTest, ACutLastLineIsDropped) {
  {
    World world(options(1));
    fill(world);
  }
  append(R"({"kind":"trade","out_tra)");
  World world(options(2));
  ASSERT_TRUE(world.open());
  expect_filled(world);
}

TEST_F(JournalTest, RefusesAFileThatIsNoJournal) {
  append("hello\nworld\n");
  World world(options(1));
  const auto opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().find("line 1"), std::string::npos);
}

TEST_F(JournalTest, RefusesAPathThatCanNotBeWritten) {
  Journal journal("/nonexistent/journal");
  EXPECT_FALSE(journal.open());
}

TEST_F(JournalTest, AfterAResetNothingComesBack) {
  {
    World world(options(1));
    fill(world);
    world.reset();
  }
  World world(options(2));
  ASSERT_TRUE(world.open());
  EXPECT_FALSE(world.next_due().is_set());
  world.with([](World::Books& books) {
    EXPECT_TRUE(books.alipay.trades().empty());
    EXPECT_TRUE(books.supplier.orders().empty());
    return 0;
  });
}

TEST(Records, RefusesLinesThatAreNotOurs) {
  for (const char* bad :
       {"", "{}", "[]", R"({"kind":"trade"})", R"({"kind":"other"})", R"({"kind":1})",
        R"({"kind":"finished"})", R"({"kind":"delivery","id":"a","of":9})"})
    EXPECT_FALSE(from_line(bad)) << bad;
}

WechatBook& opened_wechat(World::Books& books) {
  const auto made =
      json::read(R"({"appid":"app","mchid":"mch","description":"card","out_trade_no":"TRADE1",)"
                 R"("notify_url":"http://shop/notify","amount":{"total":990,"currency":"CNY"}})");
  EXPECT_EQ(books.wechatpay.create(TradeProduct::native, *made, books.now).status, 200);
  EXPECT_EQ(books.wechatpay.pay("TRADE1", std::nullopt, books.now), PayOutcome::paid);
  return books.wechatpay;
}

TEST_F(JournalTest, ARefundThatIsUnderWayGoesOnAfterARestart) {
  WorldOptions wanted = options(1);
  wanted.wechatpay = {"mch", "app", "http://sandbox", base::hours(1)};
  {
    World world(wanted);
    ASSERT_TRUE(world.open());
    world.with([](World::Books& books) {
      const auto refund = json::read(R"({"out_trade_no":"TRADE1","out_refund_no":"R1",)"
                                     R"("amount":{"refund":990,"total":990,"currency":"CNY"}})");
      EXPECT_EQ(opened_wechat(books).refund(*refund, books.now).status, 200);
      return 0;
    });
  }
  World world(wanted);
  ASSERT_TRUE(world.open());
  world.with([](World::Books& books) {
    EXPECT_EQ(books.alipay.find("TRADE1"), nullptr);
    EXPECT_EQ(books.wechatpay.find("TRADE1")->refunded_minor, 0);
    books.wechatpay.step(books.now + base::hours(2));
    EXPECT_EQ(books.wechatpay.find("TRADE1")->refunded_minor, 990);
    const auto told = books.wechatpay.query_refund("R1", books.now + base::hours(2));
    EXPECT_NE(told.body.find("SUCCESS"), std::string::npos) << told.body;
    return 0;
  });
}

TEST_F(JournalTest, OneNumberAtTwoChannelsIsTwoTrades) {
  WorldOptions wanted = options(1);
  wanted.wechatpay = {"mch", "app", "http://sandbox"};
  wanted.epay = {"1001", "http://sandbox"};
  {
    World world(wanted);
    ASSERT_TRUE(world.open());
    world.with([](World::Books& books) {
      opened_wechat(books);
      const Fields link = {{"out_trade_no", "TRADE1"},
                           {"name", "card"},
                           {"money", "5.00"},
                           {"type", "wxpay"},
                           {"notify_url", "http://shop/notify"}};
      EXPECT_TRUE(books.epay.open(EpayVersion::v2, link, books.now));
      return 0;
    });
  }
  World world(wanted);
  ASSERT_TRUE(world.open());
  world.with([](World::Books& books) {
    EXPECT_EQ(books.wechatpay.find("TRADE1")->paid_minor, 990);
    EXPECT_EQ(books.epay.find("TRADE1")->total_minor, 500);
    EXPECT_EQ(books.epay.find("TRADE1")->pay_type, "wxpay");
    EXPECT_EQ(books.holder("TRADE1"), &books.wechatpay);
    return 0;
  });
}

TEST_F(JournalTest, ARefundOfAnOlderJournalIsOneThatSucceeded) {
  Trade trade;
  trade.out_trade_no = "T1";
  trade.refunds.push_back({"F1", 400, "late", {5}});
  std::string line = to_line(trade);
  const std::string newer = R"(,"refund_no":"","notify_url":"","state":0,"becomes":0,)"
                            R"("changes_at":0,"done_at":0)";
  const auto at = line.find(newer);
  ASSERT_NE(at, std::string::npos) << line;
  line.erase(at, newer.size());
  const auto read = from_line(line);
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<Trade>(*read).refunds.at(0).state, RefundState::success);
  EXPECT_EQ(std::get<Trade>(*read).refunds.at(0).done_at, base::Instant{5});
}

}  // namespace
}  // namespace daozhang::sandbox
