#include "domain/money/money.h"

#include <gtest/gtest.h>

namespace daozhang::domain {
namespace {

TEST(Money, IsReadAsAPersonTypesItAndExactly) {
  EXPECT_EQ(minor_of_decimal("0"), 0);
  EXPECT_EQ(minor_of_decimal("9"), 900);
  EXPECT_EQ(minor_of_decimal("9.9"), 990);
  EXPECT_EQ(minor_of_decimal("9.90"), 990);
  EXPECT_EQ(minor_of_decimal("0.01"), 1);
  EXPECT_EQ(minor_of_decimal("100000000.00"), amount_minor_max);
}

TEST(Money, WhatIsNoAmountIsRefused) {
  for (const char* wrong :
       {"", ".", ".5", "5.", "-1", "+1", " 1", "1 ", "1e2", "1,5", "01", "1.234", "1.2.3", "1.-2",
        "100000000.01", "99999999999999999999", "0x10", "１", "nan"})
    EXPECT_EQ(minor_of_decimal(wrong), std::nullopt) << wrong;
}

TEST(Money, IsWrittenWithTwoDecimalsAndReadBackTheSame) {
  for (const std::int64_t minor : {0, 1, 10, 99, 100, 990, 123'456'789})
    EXPECT_EQ(minor_of_decimal(decimal_of_minor(minor)), minor);
  EXPECT_EQ(decimal_of_minor(-5), "-0.05");
}

}  // namespace
}  // namespace daozhang::domain
