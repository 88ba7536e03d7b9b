#include "storage/sqlite/disk/disk.h"

#include <gtest/gtest.h>

#include <set>

namespace daozhang::storage::sqlite::disk {
namespace {

class OneFile : public testing::Test {
 protected:
  void open(std::uint64_t seed) {
    disk_.emplace(seed);
    path_ = disk_->path_of("file");
    file_ = disk_->open(path_, true);
  }
  void sync() { disk_->sync(path_, file_); }
  std::string left() { return disk_->image().at("file"); }

  std::optional<Disk> disk_;
  std::string path_;
  std::shared_ptr<File> file_;
};

TEST_F(OneFile, WhatWasSyncedSurvivesEveryPowerCut) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    open(seed);
    file_->write("synced", 0);
    sync();
    disk_->cut_power();
    EXPECT_EQ(left(), "synced");
  }
}

TEST_F(OneFile, WhatWasNotSyncedIsThereOrNotOrTornAtASectorsBorder) {
  const std::string old(2 * sector_size, 'o');
  const std::string fresh(2 * sector_size, 'n');
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    open(seed);
    file_->write(old, 0);
    sync();
    file_->write(fresh, 0);
    disk_->cut_power();
    seen.insert(left());
  }
  const auto half = sector_size;
  EXPECT_EQ(seen, (std::set{old, fresh, old.substr(half) + fresh.substr(half),
                            fresh.substr(half) + old.substr(half)}));
}

TEST_F(OneFile, ALaterWriteCanSurviveAnEarlierOne) {
  bool reordered = false;
  for (std::uint64_t seed = 1; seed <= 100 && !reordered; ++seed) {
    open(seed);
    file_->write("....", 0);
    sync();
    file_->write("1", 0);
    file_->write("2", 3);
    disk_->cut_power();
    reordered = left() == "...2";
  }
  EXPECT_TRUE(reordered);
}

TEST_F(OneFile, WithinASectorTimeNeverRunsBackwards) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    open(seed);
    file_->write("0", 0);
    sync();
    file_->write("1", 0);
    file_->write("2", 0);
    sync();
    file_->write("3", 0);
    disk_->cut_power();
    EXPECT_TRUE(left() == "2" || left() == "3") << left();
  }
}

TEST_F(OneFile, AProcessThatDiesLosesNothing) {
  open(1);
  file_->write("written", 0);
  disk_->end_process();
  EXPECT_EQ(left(), "written");
}

TEST_F(OneFile, AFileThatWasNeverSyncedMayBeGone) {
  std::set<bool> is_there;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    open(seed);
    disk_->cut_power();
    is_there.insert(disk_->exists(path_));
  }
  EXPECT_EQ(is_there.size(), 2U);
}

TEST_F(OneFile, ARemovedFileMayBeBackUnlessItsFolderWasSynced) {
  std::set<bool> is_there;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    open(seed);
    sync();
    disk_->remove(path_, false);
    disk_->cut_power();
    is_there.insert(disk_->exists(path_));
    open(seed);
    sync();
    disk_->remove(path_, true);
    disk_->cut_power();
    EXPECT_FALSE(disk_->exists(path_));
  }
  EXPECT_EQ(is_there.size(), 2U);
}

TEST_F(OneFile, TheSameSeedLeavesTheSame) {
  const auto run = [&](std::uint64_t seed) {
    open(seed);
    for (std::size_t i = 0; i < 20; ++i)
      file_->write(std::string(300, static_cast<char>('a' + i)), i * 250);
    disk_->cut_power();
    return disk_->exists(path_) ? left() : "";
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(4));
}

TEST(NthCall, StrikesOnceAndKnowsIt) {
  NthCall policy(Verdict::io_error, 2, Call::write);
  EXPECT_EQ(policy.judge(Call::write, "x"), Verdict::ok);
  EXPECT_EQ(policy.judge(Call::read, "x"), Verdict::ok);
  EXPECT_FALSE(policy.struck());
  EXPECT_EQ(policy.judge(Call::write, "x"), Verdict::io_error);
  EXPECT_TRUE(policy.struck());
  EXPECT_EQ(policy.judge(Call::write, "x"), Verdict::ok);
}

TEST(Disk, AfterThePowerIsCutEveryCallFailsUntilTheNextProcess) {
  Disk disk(1);
  NthCall policy(Verdict::power_cut, 1);
  disk.set_policy(&policy);
  EXPECT_EQ(disk.judge(Call::write, "x"), Verdict::power_cut);
  EXPECT_EQ(disk.judge(Call::read, "x"), Verdict::power_cut);
  disk.cut_power();
  EXPECT_EQ(disk.judge(Call::read, "x"), Verdict::ok);
}

}  // namespace
}  // namespace daozhang::storage::sqlite::disk
