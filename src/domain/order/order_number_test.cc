#include "domain/order/order_number.h"

#include <gtest/gtest.h>

#include <set>

#include "base/prng.h"
#include "domain/order/references.h"

namespace daozhang::domain {
namespace {

const OrderNumbers numbers("0123456789abcdef");

OrderKey drawn(base::Prng& prng) {
  return {Partition{static_cast<std::int32_t>(prng.below(partition_count))},
          OrderId{static_cast<std::int64_t>(prng.next() >> 1)}};
}

TEST(OrderNumbers, EveryNumberLeadsBackToItsOrder) {
  base::Prng prng(1);
  for (int i = 0; i < 2'000; ++i) {
    const auto key = drawn(prng);
    EXPECT_EQ(numbers.order_of(numbers.number_of(key)), key);
  }
}

TEST(OrderNumbers, AreTwentyCharactersWithoutOnesThatLookAlike) {
  const auto number = numbers.number_of({Partition{63}, OrderId{1}});
  EXPECT_EQ(number.size(), 20U);
  EXPECT_EQ(number.find_first_of("ILOUilou"), std::string::npos);
}

TEST(OrderNumbers, ShowNeitherCountNorTime) {
  std::set<std::string> beginnings;
  for (std::int64_t id = 1; id <= 200; ++id)
    beginnings.insert(numbers.number_of({Partition{5}, OrderId{id}}).substr(0, 3));
  EXPECT_GT(beginnings.size(), 150U);
}

TEST(OrderNumbers, AcceptsLowerCase) {
  const OrderKey key{Partition{7}, OrderId{42}};
  auto number = numbers.number_of(key);
  for (char& c : number) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(numbers.order_of(number), key);
}

TEST(OrderNumbers, AMistypedCharacterIsKnownAsSuch) {
  const auto number = numbers.number_of({Partition{7}, OrderId{42}});
  for (std::size_t i = 0; i < number.size(); ++i) {
    auto mistyped = number;
    mistyped[i] = mistyped[i] == '0' ? '1' : '0';
    EXPECT_EQ(numbers.order_of(mistyped), std::nullopt) << mistyped;
  }
}

TEST(OrderNumbers, WhatIsNoNumberIsRefused) {
  const auto number = numbers.number_of({Partition{7}, OrderId{42}});
  for (const auto& text : {std::string(), std::string("1"), number + "0", number.substr(1),
                           std::string(20, '!'), std::string(20, '\0'), std::string(100'000, '0')})
    EXPECT_EQ(numbers.order_of(text), std::nullopt);
}

TEST(OrderNumbers, ANumberOfAnotherShopIsForeign) {
  const OrderNumbers others("fedcba9876543210");
  EXPECT_EQ(numbers.order_of(others.number_of({Partition{7}, OrderId{42}})), std::nullopt);
}

TEST(AccessCode, IsAFunctionOfOrderAndKeyAndNothingElse) {
  const auto code = numbers.access_code("ORDER", "key");
  EXPECT_EQ(code, numbers.access_code("ORDER", "key"));
  EXPECT_NE(code, numbers.access_code("ORDER", "other"));
  EXPECT_NE(code, numbers.access_code("OTHER", "key"));
  EXPECT_NE(code, OrderNumbers("fedcba9876543210").access_code("ORDER", "key"));
  EXPECT_EQ(code.size(), 26U);
}

TEST(References, TradeReferencesReadBackWhatTheyName) {
  const auto parsed = parse_trade_ref(trade_ref("ORDER", 3));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->order_no, "ORDER");
  EXPECT_EQ(parsed->intent_no, 3);
}

TEST(References, WhatIsNoTradeReferenceIsRefused) {
  for (const char* text : {"", "ORDER", "_1", "ORDER_", "ORDER_0", "ORDER_01", "ORDER_-1",
                           "ORDER_+1", "ORDER_1x", "ORDER_99999", "ORDER_1_2", "ORDER_ 1"})
    EXPECT_FALSE(parse_trade_ref(text)) << text;
}

TEST(References, AttemptReferencesReadBackWhatTheyName) {
  const auto parsed = parse_attempt_ref(attempt_ref("ORDER", 2, 5));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->order_no, "ORDER");
  EXPECT_EQ(parsed->attempt_no, 5);
}

TEST(References, WhatIsNoAttemptReferenceIsRefused) {
  for (const char* text : {"", "ORDER", "_u1a1", "ORDER_u", "ORDER_u1", "ORDER_ua1", "ORDER_u0a1",
                           "ORDER_u1a0", "ORDER_u1a1x", "ORDER_u1a01"})
    EXPECT_FALSE(parse_attempt_ref(text)) << text;
}

TEST(References, EveryPurposeOfAPaymentHasItsOwnRefundNumber) {
  const std::set<std::string> all = {refund_ref("O", 1, RefundPurpose::unit, 1),
                                     refund_ref("O", 1, RefundPurpose::unit, 2),
                                     refund_ref("O", 2, RefundPurpose::unit, 1),
                                     refund_ref("O", 1, RefundPurpose::surplus, 0),
                                     refund_ref("O", 1, RefundPurpose::shortfall, 0),
                                     refund_ref("O", 1, RefundPurpose::reversal, 1)};
  EXPECT_EQ(all.size(), 6U);
}

}  // namespace
}  // namespace daozhang::domain
