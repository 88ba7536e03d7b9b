// What the SQLite store makes of a disk that refuses, fails, tears, lies or forgets.
#include <gtest/gtest.h>

#include "tests/contract/disk_store.h"

namespace daozhang::contract {
namespace {

using ports::CommitRefusal;
using storage::sqlite::OpenRefusal;
using storage::sqlite::disk::Call;
using storage::sqlite::disk::NthCall;
using storage::sqlite::disk::Policy;
using storage::sqlite::disk::Verdict;

enum class Death { of_process, of_machine };

// Plays the script on a store and on the model; a death is followed by the next process.
class Play {
 public:
  explicit Play(std::uint64_t seed, Death death = Death::of_machine)
      : shop_(seed), death_(death), steps_(script()) {
    shop_.disk.load(empty_shop());
  }

  DiskStore& shop() { return shop_; }
  [[nodiscard]] int deaths() const { return deaths_; }
  [[nodiscard]] int refusals() const { return refusals_; }
  [[nodiscard]] const std::string& last_words() const { return last_words_; }

  // Everything that was acknowledged is there in the end, and nothing else.
  void run(Policy* policy) {
    shop_.disk.set_policy(policy);
    for (std::size_t i = 0; i < steps_.size() && !testing::Test::HasFailure(); ++i) {
      bool done = false;
      for (int tries = 0; !done && tries < 20; ++tries) done = attempt(steps_[i]);
      EXPECT_TRUE(done) << "step " << i << " never succeeded";
    }
    shop_.disk.set_policy(nullptr);
    if (!shop_.is_open()) reopen();
    compare();
    shop_.close();
    reopen();
    compare();
  }

 private:
  bool attempt(const Step& step) {
    try {
      if (!shop_.is_open())
        if (const auto problem = shop_.open()) {
          EXPECT_TRUE(problem->refusal == OpenRefusal::cannot_open ||
                      problem->refusal == OpenRefusal::damaged ||
                      problem->refusal == OpenRefusal::no_space)
              << problem->words;
          if (shop_.disk.is_cut()) shop_.cut_power();
          ++refusals_;
          return false;
        }
      const auto done = step.on(shop_.store());
      if (done) {
        step.on(model_);
        return true;
      }
      EXPECT_EQ(done.error(), CommitRefusal::unavailable);
      ++refusals_;
      EXPECT_EQ(difference(shop_.snapshot(), model_.snapshot()), "") << "a refusal left something";
      return false;
    } catch (const StoreDied& death) {
      last_words_ = death.what();
      return after_death(step);
    }
  }

  // The commit under way is there or not, and nothing else differs. Answers whether it is.
  bool after_death(const Step& step) {
    ++deaths_;
    if (death_ == Death::of_machine)
      shop_.cut_power();
    else
      shop_.end_process();
    shop_.disk.set_policy(nullptr);
    reopen();
    auto with = model_;
    if (shop_.is_open() && !step_is_there(step)) {
      compare();
      return false;
    }
    step.on(with);
    model_ = with;
    compare();
    return true;
  }
  bool step_is_there(const Step& step) {
    auto with = model_;
    step.on(with);
    return difference(shop_.snapshot(), with.snapshot()).empty();
  }
  void reopen() {
    const auto problem = shop_.open();
    EXPECT_FALSE(problem) << problem->words;
  }
  void compare() {
    if (!shop_.is_open()) return;
    EXPECT_EQ(difference(shop_.snapshot(), model_.snapshot()), "");
    EXPECT_EQ(shop_.damage(), "");
  }

  DiskStore shop_;
  Death death_;
  std::vector<Step> steps_;
  Model model_;
  int deaths_ = 0;
  int refusals_ = 0;
  std::string last_words_;  // Of the store that died.
};

// Strikes at every n from 1 on until a run is not struck; answers how many runs there were.
std::int64_t sweep(Verdict verdict, std::optional<Call> call, Death death, std::int64_t length,
                   const std::function<void(const Play&)>& look) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    NthCall policy(verdict, n, call, length);
    Play play(static_cast<std::uint64_t>(n), death);
    play.run(&policy);
    if (testing::Test::HasFailure() || !policy.struck()) return n;
    look(play);
  }
}

TEST(DiskFaults, WithoutFaultsTheScriptIsClean) {
  Play play(1);
  play.run(nullptr);
  EXPECT_EQ(play.deaths() + play.refusals(), 0);
}

TEST(DiskFaults, AFullDiskRefusesAndNothingIsWrittenAndLaterItWorks) {
  for (const auto verdict : {Verdict::no_space, Verdict::short_write})
    for (const std::int64_t length : {1, 7}) {
      int refusals = 0;
      const auto runs =
          sweep(verdict, Call::write, Death::of_machine, length, [&](const Play& play) {
            refusals += play.refusals();
            EXPECT_EQ(play.deaths(), 0) << play.last_words();
          });
      EXPECT_GT(runs, 100);
      EXPECT_GT(refusals, 50);
    }
}

TEST(DiskFaults, AfterAnErrorOfAnyCallEveryAcknowledgedCommitIsThere) {
  for (const auto death : {Death::of_process, Death::of_machine}) {
    int deaths = 0;
    const auto runs = sweep(Verdict::io_error, std::nullopt, death, 1,
                            [&](const Play& play) { deaths += play.deaths(); });
    EXPECT_GT(runs, 300);
    EXPECT_GT(deaths, 100);
  }
}

TEST(DiskFaults, AnErrorOfASyncEndsTheProcess) {
  const auto runs =
      sweep(Verdict::io_error, Call::sync, Death::of_machine, 1,
            [](const Play& play) { EXPECT_EQ(play.deaths(), 1) << play.last_words(); });
  EXPECT_GT(runs, 10);
}

TEST(DiskFaults, ThePowerMayGoInAnyCall) {
  for (std::uint64_t round = 0; round < 3; ++round) {
    std::int64_t n = 1;
    for (;; ++n) {
      SCOPED_TRACE("call " + std::to_string(n) + " round " + std::to_string(round));
      NthCall policy(Verdict::power_cut, n);
      Play play(static_cast<std::uint64_t>(n) * 16 + round);
      play.run(&policy);
      if (testing::Test::HasFailure() || !policy.struck()) break;
    }
    EXPECT_GT(n, 300);
  }
}

}  // namespace
}  // namespace daozhang::contract
