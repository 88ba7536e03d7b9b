#include "sandbox/fault_board.h"

#include <set>

#include <gtest/gtest.h>

namespace daozhang::sandbox {
namespace {

FaultSetting on() {
  FaultSetting setting;
  setting.on = true;
  return setting;
}

TEST(FaultBoard, EveryFaultHasAnOwnNameAndStartsOff) {
  FaultBoard board;
  std::set<std::string_view> names;
  for (const auto& spec : all_faults()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_FALSE(board.strike(spec.name, {})) << spec.name;
    EXPECT_TRUE(board.set(spec.name, on())) << spec.name;
    EXPECT_TRUE(board.strike(spec.name, {})) << spec.name;
  }
}

TEST(FaultBoard, CountsDownAndSwitchesItselfOff) {
  FaultBoard board;
  FaultSetting setting = on();
  setting.times = 2;
  setting.skip = 1;
  ASSERT_TRUE(board.set("lose_notify", setting));
  EXPECT_FALSE(board.strike("lose_notify", {}));  // The one to skip.
  EXPECT_TRUE(board.strike("lose_notify", {}));
  EXPECT_TRUE(board.strike("lose_notify", {}));
  EXPECT_FALSE(board.strike("lose_notify", {}));
  EXPECT_FALSE(board.setting("lose_notify").on);
  EXPECT_EQ(board.setting("lose_notify").struck, 2);
}

TEST(FaultBoard, StrikesOnlyWhatMatches) {
  FaultBoard board;
  FaultSetting setting = on();
  setting.match = "8000";
  ASSERT_TRUE(board.set("silent", setting));
  EXPECT_FALSE(board.strike("silent", {"R1", "mobile_50", {"13900001111"}}));
  EXPECT_TRUE(board.strike("silent", {"R8000", "mobile_50", {}}));
  EXPECT_TRUE(board.strike("silent", {"R1", "sku8000", {}}));
  EXPECT_TRUE(board.strike("silent", {"R1", "mobile_50", {"x", "13800001111"}}));
}

TEST(FaultBoard, TakesItsNumbersWithinTheirLimits) {
  FaultBoard board;
  FaultSetting setting = on();
  setting.numbers["s"] = 7;
  ASSERT_TRUE(board.set("delay_notify", setting));
  EXPECT_EQ(board.strike("delay_notify", {})->duration("s"), base::seconds(7));
  ASSERT_TRUE(board.set("slow", on()));
  EXPECT_EQ(board.strike("slow", {})->duration("ms"), base::seconds(3));
}

TEST(FaultBoard, RefusesWhatItDoesNotKnow) {
  FaultBoard board;
  EXPECT_EQ(board.set("nothing", on()).error(), FaultRefusal::unknown_fault);
  FaultSetting setting = on();
  setting.numbers["copies"] = 2;
  EXPECT_EQ(board.set("slow", setting).error(), FaultRefusal::unknown_parameter);
  setting = on();
  setting.numbers[""] = 2;
  EXPECT_EQ(board.set("silent", setting).error(), FaultRefusal::unknown_parameter);
  setting = on();
  setting.numbers["ms"] = -1;
  EXPECT_EQ(board.set("slow", setting).error(), FaultRefusal::out_of_range);
  setting = on();
  setting.times = 0;
  EXPECT_EQ(board.set("slow", setting).error(), FaultRefusal::out_of_range);
  setting = on();
  setting.match.assign(129, 'x');
  EXPECT_EQ(board.set("slow", setting).error(), FaultRefusal::match_too_long);
  EXPECT_FALSE(board.setting("slow").on);
}

}  // namespace
}  // namespace daozhang::sandbox
