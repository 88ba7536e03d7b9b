#include "sim/apart.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/check.h"
#include "base/mark.h"

namespace daozhang::sim {
namespace {

RunResult known() {
  RunResult run;
  run.seed = 42;
  run.family = Family::storm;
  run.config = "family=storm nodes=3";
  run.orders = 12;
  run.struck = {{FaultKind::call_lost, 12}, {FaultKind::time_doubted, 1}};
  run.story = {"first", "second\nand more"};
  return run;
}

RunResult dying(const std::function<void()>& die) {
  return play_apart(42, {.play =
                             [&] {
                               die();
                               return RunResult{};
                             },
                         .so_far = known});
}

void expect_known(const RunResult& run) {
  EXPECT_EQ(run.seed, 42U);
  EXPECT_EQ(run.family, Family::storm);
  EXPECT_EQ(run.config, known().config);
  EXPECT_EQ(run.orders, 12);
  EXPECT_EQ(run.struck, known().struck);
  EXPECT_EQ(run.story, (std::vector<std::string>{"first", "second and more"}));
}

TEST(Apart, ACheckThatFailsIsAViolationWithItsTextScheduleAndStory) {
  const auto run = dying([] {
    base::mark();
    const int two = 2;
    CHECK(two == 3);
  });
  expect_known(run);
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->invariant, "CHECK");
  EXPECT_NE(run.violation->what.find("apart_test.cc"), std::string::npos) << run.violation->what;
  EXPECT_NE(run.violation->what.find("two == 3"), std::string::npos) << run.violation->what;
  EXPECT_TRUE(run.passed_mark);
  EXPECT_FALSE(base::mark_was_passed) << "it was the child";
}

TEST(Apart, ASignalIsAViolationWithItsNameScheduleAndStory) {
  const auto run = dying([] { std::raise(SIGSEGV); });
  expect_known(run);
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->invariant, "signal");
  EXPECT_EQ(run.violation->what, "SIGSEGV");
}

TEST(Apart, WhatNobodyCaughtIsToldToo) {
  const auto run = dying([] { throw std::runtime_error("out of numbers"); });
  expect_known(run);
  ASSERT_TRUE(run.violation);
  EXPECT_NE(run.violation->what.find("out of numbers"), std::string::npos) << run.violation->what;
}

// As a sanitizer ends a process; the next time its number and its addresses are others.
TEST(Apart, AnEndWithoutASignalIsToldByWhatWasSaidLast) {
  const auto run = dying([] {
    std::fputs(
        "=================\n==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x60\n",
        stderr);
    std::_Exit(1);
  });
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->invariant, "CHECK");
  EXPECT_EQ(run.violation->what,
            "the process ended with 1: ERROR: AddressSanitizer: heap-use-after-free");
}

TEST(Apart, WhoCanNotEvenTellWhatItKnowsIsStillNamed) {
  const auto run = play_apart(42, {.play = []() -> RunResult { std::abort(); },
                                   .so_far = []() -> RunResult { std::abort(); }});
  EXPECT_EQ(run.seed, 42U);
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->invariant, "CHECK");
}

TEST(Apart, ARunThatEndsIsToldAsInTheProcessItself) {
  const auto here = World(3).run();
  const auto apart = run_apart(3, {});
  EXPECT_EQ(apart.config, here.config);
  EXPECT_EQ(apart.orders, here.orders);
  EXPECT_EQ(apart.family, here.family);
  EXPECT_EQ(apart.struck, here.struck);
  EXPECT_FALSE(apart.violation);
  EXPECT_TRUE(apart.story.empty());
}

TEST(Apart, TheStoryIsThatOfTheOrderOrOfTheWholeRun) {
  const auto whole = run_apart(3, {}, Follow::all);
  EXPECT_EQ(whole.story.size(), 200U);
  const domain::OrderKey first{domain::Partition{0}, domain::OrderId{1}};
  const auto one = run_apart(3, {}, Follow::order, first);
  EXPECT_NE(one.story, whole.story);
}

TEST(Apart, TheOrderOfAViolationComesBack) {
  auto failed = known();
  failed.violation = Violation{"S9", "given\ntwice", {domain::Partition{7}, domain::OrderId{99}}};
  const auto run = play_apart(42, {.play = [&] { return failed; }, .so_far = known});
  expect_known(run);
  ASSERT_TRUE(run.violation);
  EXPECT_EQ(run.violation->invariant, "S9");
  EXPECT_EQ(run.violation->what, "given twice");
  EXPECT_EQ(run.violation->order, failed.violation->order);
}

}  // namespace
}  // namespace daozhang::sim
