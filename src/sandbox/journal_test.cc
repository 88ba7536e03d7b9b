#include "sandbox/journal.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

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

}  // namespace
}  // namespace daozhang::sandbox
