#include "sim/campaign.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace daozhang::sim {
namespace {

TEST(Schedule, GoesByTimeAndNeverBack) {
  Schedule schedule(1, start_of_time);
  std::vector<int> order;
  schedule.in(base::seconds(2), [&] { order.push_back(2); });
  schedule.in(base::seconds(1), [&] {
    order.push_back(1);
    schedule.at(start_of_time, [&] { order.push_back(0); });
  });
  while (!schedule.empty()) schedule.run_next();
  EXPECT_EQ(order, (std::vector<int>{1, 0, 2}));
  EXPECT_EQ(schedule.now(), start_of_time + base::seconds(2));
}

TEST(Schedule, TiesAreDrawnFromTheSeed) {
  const auto order_of = [](std::uint64_t seed) {
    Schedule schedule(seed, start_of_time);
    std::string order;
    for (char c = 'a'; c < 'j'; ++c) schedule.in({}, [&order, c] { order += c; });
    while (!schedule.empty()) schedule.run_next();
    return order;
  };
  EXPECT_EQ(order_of(1), order_of(1));
  EXPECT_NE(order_of(1), order_of(2));
}

TEST(Faults, AfterHealingNothingStrikes) {
  Faults faults(1);
  faults.heal();
  for (std::size_t kind = 0; kind < fault_kinds; ++kind)
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(faults.strikes(static_cast<FaultKind>(kind)));
}

TEST(Faults, RunsDifferInWhatTheyStress) {
  EXPECT_NE(Faults(1).config_text(), Faults(2).config_text());
  EXPECT_EQ(Faults(1).config_text(), Faults(1).config_text());
}

TEST(World, TheSameSeedIsTheSameRunToTheLastBit) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto once = World(seed).run();
    const auto again = World(seed).run();
    EXPECT_EQ(once.trace_hash, again.trace_hash);
    EXPECT_EQ(once.events, again.events);
  }
  EXPECT_NE(World(1).run().trace_hash, World(2).run().trace_hash);
}

Scenario over_sqlite() {
  Scenario scenario;
  scenario.store = StoreKind::sqlite;
  return scenario;
}

TEST(World, OverSqliteTooTheSameSeedIsTheSameRun) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto once = World(seed, over_sqlite()).run();
    const auto again = World(seed, over_sqlite()).run();
    EXPECT_EQ(once.trace_hash, again.trace_hash);
    EXPECT_EQ(once.faults, again.faults);
    EXPECT_FALSE(once.violation) << once.violation->what;
  }
}

TEST(World, ALyingDiskIsNoticedOrDoesNoHarm) {
  std::int64_t lies = 0;
  std::int64_t halts = 0;
  for (std::uint64_t seed = 1; seed <= 100 && halts == 0; ++seed) {
    const auto run = World(seed, over_sqlite()).run();
    EXPECT_FALSE(run.violation) << run.violation->what;
    lies += run.faults[static_cast<std::size_t>(FaultKind::sync_ignored)] +
            run.faults[static_cast<std::size_t>(FaultKind::read_flipped)];
    halts += run.halted ? 1 : 0;
  }
  EXPECT_GT(lies, 0);
  EXPECT_GT(halts, 0);
}

TEST(World, AFailureTellsItsSeedAndTheStoryOfItsOrder) {
  const auto healthy = World(1).run();
  ASSERT_FALSE(healthy.violation);
  Record record;
  record.follow({domain::Partition{1}, domain::OrderId{2}});
  for (int i = 0; i < 300; ++i)
    record.note(start_of_time, {domain::Partition{1}, domain::OrderId{2}}, std::to_string(i));
  record.note(start_of_time, {domain::Partition{1}, domain::OrderId{3}}, "another order");
  record.violated("S9", "first");
  record.violated("S10", "second");
  EXPECT_EQ(record.story().size(), 200U);
  EXPECT_TRUE(record.story().back().ends_with(" 299"));
  RunResult failed;
  failed.seed = 42;
  failed.violation = record.violation();
  const auto text = failure_report(failed);
  EXPECT_NE(text.find("seed 42"), std::string::npos);
  EXPECT_NE(text.find("S9: first"), std::string::npos);
  EXPECT_EQ(text.find("S10"), std::string::npos);
}

TEST(World, AFailureOfNoOrderTellsTheLastOfAllThatHappened) {
  Record record;
  record.follow_all();
  record.note(start_of_time, {domain::Partition{1}, domain::OrderId{2}}, "paid");
  record.note(start_of_time, {}, "refused");
  ASSERT_EQ(record.story().size(), 2U);
  EXPECT_TRUE(record.story()[0].ends_with(" 1/2 paid"));
  EXPECT_TRUE(record.story()[1].ends_with(" - refused"));
}

TEST(Campaign, ReportsOneLineOfJson) {
  const auto result = run_campaign({.first_seed = 1, .orders = 1}, Scenario{});
  EXPECT_FALSE(result.failed);
  const auto line = report_line(result, 1'000, 1);
  EXPECT_TRUE(line.starts_with(R"({"store":"memory","runs":1,"orders":)")) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(Campaign, ComesToTheSameEndWithAnyNumberOfProcesses) {
  for (const auto store : {StoreKind::memory, StoreKind::sqlite}) {
    Scenario scenario;
    scenario.store = store;
    CampaignPlan plan{.first_seed = 5, .orders = store == StoreKind::memory ? 1'500 : 400};
    const auto alone = run_campaign(plan, scenario);
    plan.jobs = 3;
    const auto together = run_campaign(plan, scenario);
    EXPECT_EQ(report_line(alone, 1'000, 1), report_line(together, 1'000, 1));
    EXPECT_EQ(alone.faults, together.faults);
    EXPECT_EQ(alone.transitions.counts(), together.transitions.counts());
  }
}

TEST(Campaign, TellsHowOftenEachKindOfFaultWasPlayed) {
  const auto result = run_campaign({.first_seed = 1, .orders = 100}, Scenario{});
  const auto lost = result.faults[static_cast<std::size_t>(FaultKind::call_lost)];
  const auto line = report_line(result, 1'000, 1);
  EXPECT_NE(line.find("\"call_lost\":" + std::to_string(lost) + ","), std::string::npos) << line;
}

TEST(Campaign, AScenarioIsPlayedByAnyNumberOfProcesses) {
  Scenario scenario;
  scenario.seeds = {3, 9, 4, 4, 77};
  EXPECT_EQ(report_line(run_scenario(scenario), 1, 1),
            report_line(run_scenario(scenario, 3), 1, 1));
  EXPECT_EQ(run_scenario(scenario, 8).runs, 5);
}

TEST(Campaign, TheConfigurationNamesAllThatWasDrawn) {
  const auto config = World(1).run().config;
  for (const auto* word :
       {"family=", "nodes=", "store=memory", "disk=honest", "wire=", "batch_max=", "cache=",
        "confirm_from=", "telco=", "horizon:", "promise:", "page="})
    EXPECT_NE(config.find(word), std::string::npos) << word << " in " << config;
}

TEST(Campaign, AKeptFailureSaysWhatBrokeAndIsReadBack) {
  RunResult failed;
  failed.seed = 42;
  failed.config = "family=storm " + std::string(1'000, 'x') + " nodes=3";
  failed.violation = Violation{"S9", "given\ntwice", {}};
  Scenario shortest;
  shortest.seeds = {42};
  shortest.faults.strikes = {{FaultKind::call_lost, 12}};
  const auto text = kept_text(failed, shortest, "abc123");
  EXPECT_TRUE(
      text.starts_with("# violated S9: given twice\n# commit abc123\n# config family=storm"))
      << text;
  const auto read = read_scenario("x.txt", text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(text_of(*read), text_of(shortest));
}

TEST(Campaign, TheStrikesThatNothingAskedForAreTold) {
  Scenario replay;
  replay.faults.strikes = {{FaultKind::call_lost, 12}, {FaultKind::pay_late, 3}};
  RunResult run;
  run.struck = {{FaultKind::pay_late, 3}};
  EXPECT_EQ(never_asked(replay, run), (std::vector<FaultStrike>{{FaultKind::call_lost, 12}}));
}

// Without a product to choose from the buyers' first draw is refused by a CHECK.
Scenario that_dies() {
  Scenario scenario;
  scenario.kind = static_cast<domain::ProductKind>(99);
  scenario.seeds = {41};
  return scenario;
}

TEST(Campaign, ARunWhoseProcessDiesIsAFailureWithSeedConfigurationAndText) {
  for (const int jobs : {1, 3}) {
    const auto result = run_campaign({.first_seed = 41, .orders = 100, .jobs = jobs}, that_dies());
    ASSERT_TRUE(result.failed);
    EXPECT_EQ(result.runs, 1);
    EXPECT_EQ(result.failed->seed, 41U);
    EXPECT_NE(result.failed->config.find("nodes="), std::string::npos);
    EXPECT_EQ(result.failed->violation->invariant, "CHECK");
    EXPECT_NE(result.failed->violation->what.find("CHECK failed:"), std::string::npos);
  }
  EXPECT_TRUE(run_scenario(that_dies()).failed);
}

TEST(Campaign, AFailureThatNeedsNoFaultIsShortenedToNone) {
  auto failed = run_seed(41, that_dies());
  ASSERT_TRUE(failed.violation);
  failed.struck = {{FaultKind::call_lost, 1}, {FaultKind::pay_late, 2}};
  auto shortest = shortened(failed, that_dies(), 10);
  shortest.kind.reset();  // It has no name.
  ASSERT_TRUE(shortest.faults.strikes);
  EXPECT_TRUE(shortest.faults.strikes->empty());
  EXPECT_NE(text_of(shortest).find("strike none"), std::string::npos);
}

TEST(Campaign, TellsHowFarItIs) {
  std::vector<std::int64_t> orders;
  CampaignPlan plan{.first_seed = 1, .orders = 150, .jobs = 2};
  plan.progress = [&](const CampaignResult& so_far) { orders.push_back(so_far.orders); };
  const auto result = run_campaign(plan, Scenario{});
  ASSERT_EQ(std::ssize(orders), result.runs);
  EXPECT_TRUE(std::ranges::is_sorted(orders));
  EXPECT_EQ(orders.back(), result.orders);
}

}  // namespace
}  // namespace daozhang::sim
