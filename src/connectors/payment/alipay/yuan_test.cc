#include "connectors/payment/alipay/yuan.h"
#include "domain/money/money.h"

#include <gtest/gtest.h>

namespace daozhang::connectors::payment::alipay {
namespace {

TEST(AlipayYuan, IsReadExactly) {
  EXPECT_EQ(minor_of_yuan("0.01"), 1);
  EXPECT_EQ(minor_of_yuan("0.1"), 10);
  EXPECT_EQ(minor_of_yuan("9.90"), 990);
  EXPECT_EQ(minor_of_yuan("100"), 10'000);
  EXPECT_EQ(minor_of_yuan("0"), 0);
  EXPECT_EQ(minor_of_yuan("0.00"), 0);
  EXPECT_EQ(minor_of_yuan("100000000"), 10'000'000'000);
  EXPECT_EQ(minor_of_yuan("100000000.00"), 10'000'000'000);
}

TEST(AlipayYuan, EveryOtherSpellingIsRefused) {
  for (const char* text : {"",
                           " ",
                           "1e2",
                           "100.000",
                           "-100",
                           "+1",
                           " 100",
                           "100 ",
                           "0x64",
                           "100,00",
                           "1.",
                           ".5",
                           ".",
                           "1.2.3",
                           "01.00",
                           "00",
                           "1.0a",
                           "NaN",
                           "100000000.01",
                           "999999999.99",
                           "1000000000",
                           "1000000000000000000000000000000",
                           "\xef\xbc\x91.00",
                           "1\n"}) {
    EXPECT_FALSE(minor_of_yuan(text).has_value()) << text;
  }
}

TEST(AlipayYuan, IsWrittenWithTwoDecimals) {
  EXPECT_EQ(domain::decimal_of_minor(0), "0.00");
  EXPECT_EQ(domain::decimal_of_minor(1), "0.01");
  EXPECT_EQ(domain::decimal_of_minor(990), "9.90");
  EXPECT_EQ(domain::decimal_of_minor(10'000'000'000), "100000000.00");
  for (const std::int64_t minor : {1, 9, 10, 99, 100, 101, 123'456}) {
    EXPECT_EQ(minor_of_yuan(domain::decimal_of_minor(minor)), minor);
  }
}

}  // namespace
}  // namespace daozhang::connectors::payment::alipay
