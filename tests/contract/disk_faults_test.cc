// What the SQLite store makes of a disk that refuses, fails, tears, lies or forgets.
#include <gtest/gtest.h>

#include <tuple>

#include "tests/contract/disk_store.h"

namespace daozhang::contract {
namespace {

using ports::CommitRefusal;
using storage::sqlite::OpenRefusal;
using storage::sqlite::disk::Call;
using storage::sqlite::disk::NthCall;
using storage::sqlite::disk::Policy;
using storage::sqlite::disk::Verdict;

enum class Death { of_process, of_machine, of_process_then_machine };

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
    if (!shop_.is_open()) return false;
    const bool is_there = step_is_there(step);
    if (is_there) step.on(model_);
    if (death_ == Death::of_process_then_machine) {
      shop_.cut_power();
      reopen();
    }
    compare();
    return is_there;
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
                   const std::function<void(const Play&)>& look, int cache_kib = 256) {
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    NthCall policy(verdict, n, call, length);
    Play play(static_cast<std::uint64_t>(n), death);
    play.shop().cache_kib = cache_kib;
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
  int refusals = 0;
  const auto look = [&](const Play& play) {
    refusals += play.refusals();
    EXPECT_EQ(play.deaths(), 0) << play.last_words();
  };
  EXPECT_GT(sweep(Verdict::no_space, Call::write, Death::of_machine, 1, look), 100);
  EXPECT_GT(sweep(Verdict::short_write, Call::write, Death::of_machine, 7, look), 100);
  EXPECT_GT(refusals, 100);
}

TEST(DiskFaults, AfterAnErrorOfAnyCallEveryAcknowledgedCommitIsThere) {
  int deaths = 0;
  const auto runs = sweep(Verdict::io_error, std::nullopt, Death::of_machine, 1,
                          [&](const Play& play) { deaths += play.deaths(); });
  EXPECT_GT(runs, 300);
  EXPECT_GT(deaths, 200);
}

TEST(DiskFaults, AnErrorOfASyncEndsTheProcess) {
  const auto runs =
      sweep(Verdict::io_error, Call::sync, Death::of_machine, 1,
            [](const Play& play) { EXPECT_EQ(play.deaths(), 1) << play.last_words(); });
  EXPECT_GT(runs, 10);
}

TEST(DiskFaults, ThePowerMayGoInAnyCall) {
  EXPECT_GT(sweep(Verdict::power_cut, std::nullopt, Death::of_machine, 1, [](const Play&) {}), 300);
}

// What a process left in the log is made durable before the next one acts on it.
TEST(DiskFaults, WhatTheNextProcessSawSurvivesThePowerCutAfterIt) {
  const auto runs = sweep(Verdict::io_error, Call::sync, Death::of_process_then_machine, 1,
                          [](const Play& play) { EXPECT_EQ(play.deaths(), 1); });
  EXPECT_GT(runs, 10);
}

// With a cache so small that most pages are read again, from the file and from the log.
TEST(DiskFaults, AFlippedBitIsNoticedOrWithoutConsequence) {
  int noticed = 0;
  const auto look = [&](const Play& play) { noticed += play.deaths() + play.refusals(); };
  const auto runs = sweep(Verdict::flipped, Call::read, Death::of_process, 1, look, 8);
  EXPECT_GT(runs, 200);
  EXPECT_GT(noticed, 150);
}

// The log is read twice then, to recover it and to copy it into the file; what was misread must not
// be written.
TEST(DiskFaults, AFlippedBitInALogThatIsRecoveredIsNoticedOrWithoutConsequence) {
  int noticed = 0;
  for (std::int64_t n = 1;; ++n) {
    SCOPED_TRACE("read " + std::to_string(n));
    DiskStore shop(static_cast<std::uint64_t>(n));
    shop.disk.load(empty_shop());
    Model model;
    ASSERT_FALSE(shop.open());
    for (const auto& step : script()) {
      ASSERT_TRUE(step.on(shop.store()));
      step.on(model);
    }
    shop.end_process();
    NthCall policy(Verdict::flipped, n, Call::read);
    shop.disk.set_policy(&policy);
    try {
      if (shop.open()) ++noticed;
    } catch (const StoreDied&) {
      ++noticed;
    }
    shop.disk.set_policy(nullptr);
    shop.end_process();
    const auto problem = shop.open();
    ASSERT_FALSE(problem) << problem->words;
    EXPECT_EQ(difference(shop.snapshot(), model.snapshot()), "");
    EXPECT_EQ(shop.damage(), "");
    if (!policy.struck() || testing::Test::HasFailure()) break;
  }
  EXPECT_GT(noticed, 20);
}

TEST(DiskFaults, AShopThatCanNotBeMadeCanBeMadeLater) {
  constexpr Verdict verdicts[] = {Verdict::no_space, Verdict::io_error, Verdict::power_cut};
  std::int64_t n = 1;
  for (;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    NthCall policy(verdicts[n % 3], n);
    DiskStore shop(static_cast<std::uint64_t>(n));
    shop.disk.set_policy(&policy);
    try {
      static_cast<void>(shop.open());
    } catch (const StoreDied&) {
    }
    shop.disk.set_policy(nullptr);
    shop.cut_power();
    const auto problem = shop.open();
    ASSERT_FALSE(problem) << problem->words;
    EXPECT_EQ(shop.damage(), "");
    ASSERT_TRUE(script().front().on(shop.store()));
    if (!policy.struck()) break;
  }
  EXPECT_GT(n, 100);
}

// Found by the simulator (250,000 orders over SQLite, seed 32003710): a start could not read
// PATH.commits, took it for missing, and wrote down a commit that stood in the log and was not
// durable. The power went, and the next start accused an honest disk.
class UnreadableCount final : public Policy {
 public:
  Verdict judge(Call call, std::string_view path) override {
    return call == Call::read && path.ends_with(".commits") ? Verdict::io_error : Verdict::ok;
  }
};

TEST(HonestDisk, ACountThatCanNotBeReadIsNoCountThatIsMissing) {
  for (std::uint64_t seed = 1; seed <= 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskStore shop(seed);
    shop.disk.load(empty_shop());
    ASSERT_FALSE(shop.open());
    const auto steps = script();
    ASSERT_TRUE(steps[0].on(shop.store()));
    // The next commit comes into the log, and its sync fails.
    NthCall failing_sync(Verdict::io_error, 1, Call::sync);
    shop.disk.set_policy(&failing_sync);
    EXPECT_THROW(std::ignore = steps[1].on(shop.store()), StoreDied);
    shop.end_process();
    UnreadableCount unreadable;
    shop.disk.set_policy(&unreadable);
    const auto refused = shop.open();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->refusal, OpenRefusal::cannot_open) << refused->words;
    shop.cut_power();
    shop.disk.set_policy(nullptr);
    const auto problem = shop.open();
    ASSERT_FALSE(problem) << problem->words;
    EXPECT_EQ(shop.damage(), "");
  }
}

// A count that was never there is written down only when its commit can not be lost any more.
class PowerGoesAfterTheCount final : public Policy {
 public:
  explicit PowerGoesAfterTheCount(Call call) : call_(call) {}
  Verdict judge(Call call, std::string_view path) override {
    const bool is_count = path.ends_with(".commits");
    has_written_ = has_written_ || (is_count && call == call_);
    return has_written_ && !is_count ? Verdict::power_cut : Verdict::ok;
  }

 private:
  Call call_;
  bool has_written_ = false;
};

TEST(HonestDisk, ACountIsWrittenDownWhenItsCommitIsDurable) {
  for (std::uint64_t seed = 1; seed <= 40 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    DiskStore shop(seed);
    shop.disk.load(empty_shop());
    ASSERT_FALSE(shop.open());
    const auto steps = script();
    ASSERT_TRUE(steps[0].on(shop.store()));
    NthCall failing_sync(Verdict::io_error, 1, Call::sync);
    shop.disk.set_policy(&failing_sync);
    EXPECT_THROW(std::ignore = steps[1].on(shop.store()), StoreDied);
    shop.end_process();
    shop.disk.remove(shop.path() + ".commits", true);
    PowerGoesAfterTheCount power(Call::sync);
    shop.disk.set_policy(&power);
    try {
      if (!shop.open()) std::ignore = steps[1].on(shop.store());
    } catch (const StoreDied&) {
    }
    shop.disk.set_policy(nullptr);
    shop.cut_power();
    const auto problem = shop.open();
    ASSERT_FALSE(problem) << problem->words;
  }
}

// A disk that answers a sync and does nothing. What it forgets can be all of the newest past; then
// only whoever has seen that past can tell, for instance PATH.commits, if the disk kept that.
class LyingDisk : public testing::Test {
 protected:
  enum class End { intact, refused, found_by_fsck, an_older_state };

  // Every sync from the n-th on is a lie; the power goes after `steps` steps.
  End run(std::uint64_t seed, std::int64_t first_lie, std::size_t steps) {
    NthCall policy(Verdict::ignored, first_lie, Call::sync, 1'000'000);
    DiskStore shop(seed);
    shop.disk.load(empty_shop());
    shop.disk.set_policy(&policy);
    EXPECT_FALSE(shop.open());
    Model model;
    std::vector<Snapshot> past{shop.snapshot()};
    const auto all = script();
    for (std::size_t i = 0; i < steps; ++i) {
      EXPECT_TRUE(all[i].on(shop.store()));
      all[i].on(model);
      past.push_back(shop.snapshot());
    }
    shop.cut_power();
    shop.disk.set_policy(nullptr);
    try {
      if (shop.open()) return End::refused;
      if (!shop.damage().empty()) return End::found_by_fsck;
      const auto now = shop.snapshot();
      if (difference(now, past.back()).empty()) return End::intact;
      for (const auto& state : past)
        if (difference(now, state).empty()) return End::an_older_state;
      ADD_FAILURE() << "a mixture of states went unnoticed";
    } catch (const StoreDied&) {
      return End::refused;
    }
    return End::intact;
  }
};

TEST_F(LyingDisk, WhatItForgotIsNoticedAndNeverAMixture) {
  std::map<End, int> ends;
  const auto steps = script().size();
  for (std::uint64_t seed = 1; seed <= 400 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ++ends[run(seed, 1 + static_cast<std::int64_t>(seed % 17), 1 + seed % steps)];
  }
  EXPECT_GT(ends[End::refused] + ends[End::found_by_fsck], 200);
  EXPECT_LT(ends[End::an_older_state], 20);
}

}  // namespace
}  // namespace daozhang::contract
