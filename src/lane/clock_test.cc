// The shop's time against a machine whose clocks are set by hand.
#include "lane/clock.h"

#include <gtest/gtest.h>

namespace daozhang::lane {
namespace {

using base::hours;
using base::Instant;
using base::minutes;
using base::seconds;
using domain::TimeTrust;

constexpr Instant start{1'795'000'000'000'000};

class HandMachine final : public MachineTime {
 public:
  [[nodiscard]] Instant wall() const override { return wall_; }
  [[nodiscard]] base::Duration monotonic() const override { return monotonic_; }
  [[nodiscard]] std::int64_t boot() const override { return boot_; }
  [[nodiscard]] base::Duration uptime() const override { return uptime_; }
  [[nodiscard]] bool is_synchronized() const override { return synchronized_; }

  void pass(base::Duration time) {
    wall_ = wall_ + time;
    monotonic_ = monotonic_ + time;
    uptime_ = uptime_ + time;
  }
  // Another process: its monotonic clock may begin anywhere.
  void restart_process(base::Duration downtime) {
    pass(downtime);
    monotonic_ = seconds(7);
  }
  void reboot(base::Duration downtime) {
    restart_process(downtime);
    ++boot_;
    uptime_ = seconds(30);
  }
  void set_wall(base::Duration step) { wall_ = wall_ + step; }

  bool synchronized_ = false;

 private:
  Instant wall_ = start;
  base::Duration monotonic_ = hours(3);
  base::Duration uptime_ = hours(40);
  std::int64_t boot_ = 1;
};

TEST(Clock, ANewShopBeginsWithTheWallClock) {
  HandMachine machine;
  const Clock clock({}, std::nullopt, machine);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, AWallClockThatIsSetMovesNothingAndMakesTimeDoubtful) {
  HandMachine machine;
  const Clock clock({}, std::nullopt, machine);
  machine.pass(minutes(1));
  machine.set_wall(hours(2));
  EXPECT_EQ(clock.now(), start + minutes(1));
  EXPECT_EQ(clock.doubts(), std::vector<std::string_view>{"wall_clock_moved"});
  EXPECT_EQ(clock.trust(), TimeTrust::doubtful);
}

TEST(Clock, AWallClockThatComesBackNeedsNoExplanation) {
  HandMachine machine;
  const Clock clock({}, std::nullopt, machine);
  machine.set_wall(hours(-2));
  EXPECT_EQ(clock.trust(), TimeTrust::doubtful);
  machine.set_wall(hours(2) + seconds(59));
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, ARestartOfTheProcessGoesOnWithTheTimeThatReallyPassed) {
  HandMachine machine;
  const auto anchor = Clock({}, std::nullopt, machine).anchor();
  machine.restart_process(minutes(20));
  const Clock clock(start + minutes(3), anchor, machine);
  EXPECT_EQ(clock.now(), start + minutes(20));
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, ARestartUnderAWallClockTwoHoursAheadIsNotFooled) {
  HandMachine machine;
  const auto anchor = Clock({}, std::nullopt, machine).anchor();
  machine.restart_process(seconds(5));
  machine.set_wall(hours(2));
  const Clock clock(start, anchor, machine);
  EXPECT_EQ(clock.now(), start + seconds(5));
  EXPECT_EQ(clock.trust(), TimeTrust::doubtful);
}

TEST(Clock, TimeNeverRunsBackwardsOverARestart) {
  HandMachine machine;
  const auto anchor = Clock({}, std::nullopt, machine).anchor();
  machine.restart_process(seconds(5));
  EXPECT_EQ(Clock(start + minutes(9), anchor, machine).now(), start + minutes(9));
}

TEST(Clock, AShortDowntimeOverARebootIsBelieved) {
  HandMachine machine;
  const auto anchor = Clock({}, std::nullopt, machine).anchor();
  machine.reboot(seconds(40));
  const Clock clock(start, anchor, machine);
  EXPECT_EQ(clock.now(), start + seconds(40));
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, ALongDowntimeOverARebootIsBelievedOnceTheKernelVouchesForTheClock) {
  HandMachine machine;
  const auto anchor = Clock({}, std::nullopt, machine).anchor();
  machine.reboot(hours(2));
  const Clock clock(start, anchor, machine);
  EXPECT_EQ(clock.doubts(), std::vector<std::string_view>{"downtime_unconfirmed"});
  machine.synchronized_ = true;
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
  machine.synchronized_ = false;
  EXPECT_EQ(clock.trust(), TimeTrust::trusted) << "what was confirmed stays confirmed";
}

TEST(Clock, AnUnconfirmedDowntimeOutlivesTheProcess) {
  HandMachine machine;
  const auto first = Clock({}, std::nullopt, machine).anchor();
  machine.reboot(hours(24));
  const auto anchor = Clock(start, first, machine).anchor();
  machine.restart_process(seconds(5));
  const Clock clock(start, anchor, machine);
  EXPECT_EQ(clock.doubts(), std::vector<std::string_view>{"downtime_unconfirmed"});
  machine.synchronized_ = true;
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, AnUnconfirmedDowntimeOutlivesTheNextReboot) {
  HandMachine machine;
  const auto first = Clock({}, std::nullopt, machine).anchor();
  machine.reboot(hours(24));
  const auto anchor = Clock(start, first, machine).anchor();
  machine.reboot(seconds(40));
  // What was committed meanwhile has raised the mark.
  const Clock clock(start + hours(24), anchor, machine);
  EXPECT_EQ(clock.doubts(), std::vector<std::string_view>{"downtime_unconfirmed"});
}

TEST(Clock, AnExplainedDowntimeIsTrustedAfterARestart) {
  HandMachine machine;
  const auto first = Clock({}, std::nullopt, machine).anchor();
  machine.reboot(hours(24));
  Clock clock(start, first, machine);
  clock.explain(TimeExplanation::keep);
  machine.restart_process(seconds(5));
  EXPECT_EQ(Clock(start, clock.anchor(), machine).trust(), TimeTrust::trusted);
}

TEST(Clock, AWallClockBehindTheStoreAfterARebootIsDoubtful) {
  HandMachine machine;
  machine.synchronized_ = true;
  const Clock clock(start + hours(1), std::nullopt, machine);
  EXPECT_EQ(clock.now(), start + hours(1));
  EXPECT_EQ(clock.doubts(), std::vector<std::string_view>{"wall_clock_moved"});
}

TEST(Clock, KeptTimeIsTrustedAlthoughTheWallClockStaysAway) {
  HandMachine machine;
  Clock clock({}, std::nullopt, machine);
  machine.set_wall(hours(2));
  clock.explain(TimeExplanation::keep);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.outside_now(), start);
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
  machine.set_wall(hours(-2));
  EXPECT_EQ(clock.trust(), TimeTrust::doubtful) << "another step is another question";
}

TEST(Clock, AShopThatIsBehindJumpsToTheAdoptedWallClock) {
  HandMachine machine;
  Clock clock({}, std::nullopt, machine);
  machine.set_wall(hours(2));
  clock.explain(TimeExplanation::adopt);
  EXPECT_EQ(clock.now(), start + hours(2));
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, AShopThatIsAheadKeepsItsTimeAndSignsByTheAdoptedWallClock) {
  HandMachine machine;
  Clock clock({}, std::nullopt, machine);
  machine.set_wall(hours(-2));
  clock.explain(TimeExplanation::adopt);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.outside_now(), start - hours(2));
  EXPECT_EQ(clock.outside(start + minutes(15)), start - hours(2) + minutes(15));
  EXPECT_EQ(clock.trust(), TimeTrust::trusted);
}

TEST(Clock, AnExplanationOutlivesTheProcess) {
  HandMachine machine;
  Clock clock({}, std::nullopt, machine);
  machine.set_wall(hours(-2));
  clock.explain(TimeExplanation::adopt);
  const auto anchor = clock.anchor();
  machine.restart_process(minutes(1));
  const Clock again(start, anchor, machine);
  EXPECT_EQ(again.trust(), TimeTrust::trusted);
  EXPECT_EQ(again.outside_now(), start - hours(2) + minutes(1));
}

TEST(Clock, ThisMachineTellsItsBootAndItsUptime) {
  const auto& machine = machine_time();
  EXPECT_NE(machine.boot(), 0);
  EXPECT_EQ(machine.boot(), machine.boot());
  EXPECT_GT(machine.uptime().micros, 0);
  const auto first = machine.monotonic();
  EXPECT_LE(first, machine.monotonic());
}

}  // namespace
}  // namespace daozhang::lane
