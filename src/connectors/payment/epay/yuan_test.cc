#include "connectors/payment/epay/yuan.h"
#include "domain/money/money.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::payment::epay {
namespace {

TEST(EpayYuan, IsReadExactlyHoweverManyZerosAreBehindIt) {
  EXPECT_EQ(minor_of_yuan("1"), 100);
  EXPECT_EQ(minor_of_yuan("1.0"), 100);
  EXPECT_EQ(minor_of_yuan("1.00"), 100);
  EXPECT_EQ(minor_of_yuan("100.0000"), 10'000);
  EXPECT_EQ(minor_of_yuan("9.90000000"), 990);
  EXPECT_EQ(minor_of_yuan("0.01"), 1);
  EXPECT_EQ(minor_of_yuan("0"), 0);
  EXPECT_EQ(minor_of_yuan("100000000.00"), 10'000'000'000);
}

TEST(EpayYuan, EveryOtherSpellingIsRefused) {
  for (const char* text : {"",
                           " ",
                           "1e2",
                           " 100",
                           "100 ",
                           "+1",
                           "-1",
                           "1.",
                           ".5",
                           ".",
                           "1,00",
                           "1.2.3",
                           "007",
                           "00",
                           "01.00",
                           "1.001",
                           "1.0001",
                           "0x64",
                           "1.0a",
                           "1.000000000",
                           "NaN",
                           "1.2300000001",
                           "¥1",
                           "1元",
                           "1000000000",
                           "100000000.01",
                           "\xef\xbc\x91",
                           "Array"}) {
    EXPECT_FALSE(minor_of_yuan(text).has_value()) << text;
  }
}

TEST(EpayYuan, IsWrittenWithTwoDecimals) {
  EXPECT_EQ(domain::decimal_of_minor(0), "0.00");
  EXPECT_EQ(domain::decimal_of_minor(1), "0.01");
  EXPECT_EQ(domain::decimal_of_minor(990), "9.90");
  EXPECT_EQ(domain::decimal_of_minor(10'000'000'000), "100000000.00");
}

}  // namespace
}  // namespace daozhang::connectors::payment::epay
