#include "sim/scenario/scenario.h"

#include <gtest/gtest.h>

namespace daozhang::sim {
namespace {

std::string problem_of(std::string_view text) {
  const auto read = read_scenario("x.txt", text);
  return read ? "" : read.error();
}

TEST(Scenario, IsReadLineByLine) {
  const auto read = read_scenario("storm.txt", R"(# Everything at once.
seeds 3..5   # three runs
seed 9
family storm
buyers 40
nodes 3
kind topup
only
fault call_lost 300
expect disown_taken
)");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->seeds, (std::vector<std::uint64_t>{3, 4, 5, 9}));
  EXPECT_EQ(read->family, Family::storm);
  EXPECT_EQ(read->buyers, 40);
  EXPECT_EQ(read->nodes, 3);
  EXPECT_EQ(read->kind, domain::ProductKind::topup);
  EXPECT_TRUE(read->faults.only_named);
  EXPECT_EQ(read->faults.rates.at(FaultKind::call_lost), 300U);
  EXPECT_EQ(read->expects, std::vector<Sometimes>{Sometimes::disown_taken});
}

TEST(Scenario, WhatIsWrittenIsReadBack) {
  Scenario failure;
  failure.name = "x.txt";
  failure.seeds = {18};
  failure.family = Family::pause;
  failure.faults.strikes = {{FaultKind::call_lost, 12}, {FaultKind::time_doubted, 1}};
  const auto read = read_scenario("x.txt", text_of(failure));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(text_of(*read), text_of(failure));
  EXPECT_EQ(read->faults.strikes, failure.faults.strikes);
}

// Without any line about strikes it would be read as the whole swarm.
TEST(Scenario, AReplayWithoutAnyStrikeIsReadBackAsOne) {
  Scenario failure;
  failure.seeds = {18};
  failure.family = Family::double_everything;
  failure.faults.strikes.emplace();
  const auto read = read_scenario("x.txt", text_of(failure));
  ASSERT_TRUE(read) << read.error();
  ASSERT_TRUE(read->faults.strikes);
  EXPECT_TRUE(read->faults.strikes->empty());
  EXPECT_EQ(text_of(*read), text_of(failure));
}

TEST(Scenario, WhatIsWrongIsNamedWithItsLine) {
  EXPECT_EQ(problem_of("seed 1\nfault no_such 3\n"),
            "x.txt:2: `no_such` is not a name that is known here");
  EXPECT_EQ(problem_of("seed 1\nfault call_lost 10001\n"),
            "x.txt:2: `10001` is no rate of a fault (0 to 10000)");
  EXPECT_EQ(problem_of("seed 1\nfault kinds 1\n"),
            "x.txt:2: `kinds` is not a name that is known here");
  EXPECT_EQ(problem_of("seed 1\nstrike kinds 1\n"),
            "x.txt:2: `kinds` is not a name that is known here");
  EXPECT_EQ(problem_of("seed 1\nexpect kinds\n"),
            "x.txt:2: `kinds` is not a name that is known here");
  for (const auto* verb : {"family", "store", "kind"})
    EXPECT_EQ(problem_of(std::string("seed 1\n") + verb + " kinds\n"),
              "x.txt:2: `kinds` is not a name that is known here");
  EXPECT_EQ(problem_of("seed 1\nstrike none\nfault call_lost 1"),
            "x.txt: strikes are all that happens; take `fault` and `only` out");
  EXPECT_EQ(problem_of("seeds 5..3"), "x.txt:1: `5..3` is no seed, nor a range of at most 10000");
  EXPECT_EQ(problem_of("seeds 0..18446744073709551615"),
            "x.txt:1: `0..18446744073709551615` is no seed, nor a range of at most 10000");
  EXPECT_EQ(problem_of("seed -1"), "x.txt:1: `-1` is no seed, nor a range of at most 10000");
  EXPECT_EQ(problem_of("seed 1\nbuyers 0"), "x.txt:2: `0` is no number of buyers (1 to 10000)");
  EXPECT_EQ(problem_of("seed 1\nnodes 6"), "x.txt:2: `6` is no number of nodes (1 to 5)");
  EXPECT_EQ(problem_of("seed 1\nstrike call_lost 0"),
            "x.txt:2: `0` is no question of a fault (1 and up)");
  EXPECT_EQ(problem_of("hello"), "x.txt:1: `hello` is not a line of a scenario");
  EXPECT_EQ(problem_of("# nothing\n"), "x.txt: it names no seed");
  EXPECT_EQ(problem_of(std::string(201, 'x')), "x.txt:1: the line is too long");
  EXPECT_EQ(problem_of("seed 1\nonly\nstrike call_lost 3"),
            "x.txt: strikes are all that happens; take `fault` and `only` out");
}

TEST(Scenario, TheLargestSeedIsOneRun) {
  const auto read = read_scenario("x.txt", "seed 18446744073709551615");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->seeds.size(), 1U);
}

}  // namespace
}  // namespace daozhang::sim
