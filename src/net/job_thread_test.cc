#include "net/job_thread.h"

#include <gtest/gtest.h>

#include <future>

namespace daozhang::net {
namespace {

TEST(JobThread, RunsOneJobAtATime) {
  JobThread thread;
  std::promise<void> go_on;
  std::promise<void> ended;
  ASSERT_TRUE(thread.run([&] { go_on.get_future().wait(); }, [&] { ended.set_value(); }));
  EXPECT_FALSE(thread.run([] {}, [] {}));
  go_on.set_value();
  ended.get_future().wait();
  std::promise<void> again;
  ASSERT_TRUE(thread.run([] {}, [&] { again.set_value(); }));
  again.get_future().wait();
}

TEST(JobThread, RunsNothingFromWithinItself) {
  JobThread thread;
  std::promise<bool> ran;
  ASSERT_TRUE(thread.run([] {}, [&] { ran.set_value(thread.run([] {}, [] {})); }));
  EXPECT_FALSE(ran.get_future().get());
}

TEST(JobThread, TellsItsJobThatItEndsAndWaitsForIt) {
  std::promise<void> begun;
  bool is_done = false;
  {
    JobThread thread;
    ASSERT_TRUE(thread.run(
        [&] {
          begun.set_value();
          while (!thread.is_ending()) std::this_thread::yield();
        },
        [&] { is_done = true; }));
    begun.get_future().wait();
  }
  EXPECT_TRUE(is_done);
}

}  // namespace
}  // namespace daozhang::net
