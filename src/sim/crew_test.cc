#include "sim/crew.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace daozhang::sim {
namespace {

PlayedRun played(std::uint64_t seed) {
  PlayedRun result;
  result.run.seed = seed;
  result.run.trace_hash = std::string(32, 'a');
  return result;
}

Crew::Seeds from(std::uint64_t first) {
  return [first](std::uint64_t nth) { return first + nth; };
}

TEST(Crew, PlaysTheSeedsThatAListNames) {
  const std::vector<std::uint64_t> seeds{9, 4, 9, 77};
  const auto nth = [&](std::uint64_t n) {
    return n < seeds.size() ? std::optional(seeds[n]) : std::nullopt;
  };
  Crew crew(nth, 3, played);
  for (const auto seed : seeds) EXPECT_EQ(crew.next()->run.seed, seed);
}

TEST(Crew, TellsTheRunsInTheOrderOfTheirSeedsWhoeverIsFaster) {
  Crew crew(from(7), 3, [](std::uint64_t seed) {
    if (seed % 3 == 1) ::usleep(2'000);
    return played(seed);
  });
  for (std::uint64_t seed = 7; seed < 60; ++seed) EXPECT_EQ(crew.next()->run.seed, seed);
}

TEST(Crew, CarriesAllThatACampaignCounts) {
  const auto full = [](std::uint64_t seed) {
    auto result = played(seed);
    auto& run = result.run;
    run.trace_hash = "0123456789abcdef0123456789abcdef";
    run.orders = 60;
    run.events = 1'234;
    run.calls = 77;
    run.happenings = 4'321;
    run.simulated = base::hours(23);
    run.halted = true;
    run.faults.back() = 5;
    run.sometimes.front() = 6;
    auto steps = run.transitions.counts();
    steps.back() = 7;
    run.transitions.set(steps);
    run.violation = Violation{"S1", "gone", {}};
    result.is_repeated = result.differs = result.passed_mark = true;
    return result;
  };
  Crew crew(from(1), 1, full);
  const auto got = crew.next();
  ASSERT_TRUE(got);
  const auto sent = full(1);
  EXPECT_EQ(got->run.trace_hash, sent.run.trace_hash);
  EXPECT_EQ(got->run.orders, 60);
  EXPECT_EQ(got->run.events, 1'234);
  EXPECT_EQ(got->run.calls, 77);
  EXPECT_EQ(got->run.happenings, 4'321);
  EXPECT_EQ(got->run.simulated, base::hours(23));
  EXPECT_TRUE(got->run.halted);
  EXPECT_EQ(got->run.faults, sent.run.faults);
  EXPECT_EQ(got->run.sometimes, sent.run.sometimes);
  EXPECT_EQ(got->run.transitions.counts(), sent.run.transitions.counts());
  EXPECT_TRUE(got->run.violation && got->is_repeated && got->differs && got->passed_mark);
}

TEST(Crew, SaysWhichRunItsProcessDiedIn) {
  Crew crew(from(1), 2, [](std::uint64_t seed) {
    if (seed == 4) std::_Exit(3);
    return played(seed);
  });
  for (std::uint64_t seed = 1; seed < 4; ++seed) EXPECT_TRUE(crew.next());
  EXPECT_FALSE(crew.next());
}

TEST(Crew, EndsItsProcessesWhenItEnds) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    Crew crew(from(1), 2, played);
    EXPECT_TRUE(crew.next());
    ::close(ends[1]);
  }
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "somebody still holds the other end";
  ::close(ends[0]);
}

}  // namespace
}  // namespace daozhang::sim
