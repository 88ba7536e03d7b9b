#include "domain/payment/refund.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daozhang::domain {
namespace {

using testing::ElementsAre;

Refund refund_of(std::initializer_list<std::int32_t> units) {
  Refund refund;
  for (const auto unit : units)
    if (refund.unit_no == 0)
      refund.unit_no = unit;
    else
      refund.add_unit(unit);
  return refund;
}

TEST(RefundUnits, AreWhatWasAddedInItsOrder) {
  EXPECT_THAT(Refund{}.units(), ElementsAre()) << "a surplus";
  EXPECT_THAT(refund_of({3}).units(), ElementsAre(3));
  EXPECT_THAT(refund_of({1, 2, 3, 7, 5, 6, 10}).units(), ElementsAre(1, 2, 3, 7, 5, 6, 10));
}

TEST(RefundUnits, ThatFollowEachOtherAreOneRange) {
  EXPECT_EQ(refund_of({1, 2}).more_units, "2");
  EXPECT_EQ(refund_of({1, 2, 3, 4}).more_units, "2-4");
  EXPECT_EQ(refund_of({1, 2, 3, 7, 5, 6, 10}).more_units, "2-3,7,5-6,10");
  Refund large = refund_of({1});
  for (std::int32_t unit = 2; unit <= 1000; ++unit) large.add_unit(unit);
  EXPECT_EQ(large.more_units, "2-1000");
  EXPECT_EQ(large.units().size(), 1000U);
}

TEST(RefundUnits, OfATextThatSomebodyEditedEndWhereItMakesNoSense) {
  auto refund = refund_of({1});
  for (const auto* text : {"x", "3-", "-3", "5-3", "1-2000000000", "0"}) {
    refund.more_units = text;
    EXPECT_THAT(refund.units(), ElementsAre(1)) << text;
  }
  refund.more_units = "2,x,4";
  EXPECT_THAT(refund.units(), ElementsAre(1, 2));
}

}  // namespace
}  // namespace daozhang::domain
