// What only a file can do: be in use, be of another kind or a newer binary, and be left by a crash.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "storage/sqlite/sqlite_audit.h"
#include "storage/sqlite/sqlite_reader.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/contract/snapshot.h"
#include "tests/contract/stories.h"
#include "tests/contract/temporary_folder.h"

namespace daozhang::contract {
namespace {

using storage::sqlite::OpenRefusal;
using storage::sqlite::SqliteAudit;
using storage::sqlite::SqliteReader;
using storage::sqlite::SqliteStore;

class SqliteFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return folder_.path() / "shop.db"; }
  [[nodiscard]] auto open() const { return SqliteStore::open({.path = path()}); }

  static void place(SqliteStore& store, std::int64_t order_id) {
    Draft draft;
    draft.add(new_order(order_id));
    ASSERT_TRUE(store.commit(draft.commit));
  }

  TemporaryFolder folder_;
};

TEST_F(SqliteFile, ASecondWriterIsRefusedAndTold) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().refusal, OpenRefusal::in_use);
  EXPECT_NE(second.error().words.find(std::to_string(::getpid())), std::string::npos);
}

TEST_F(SqliteFile, AfterTheFirstWriterTheNextMayOpen) {
  { ASSERT_TRUE(open()); }
  EXPECT_TRUE(open());
}

TEST_F(SqliteFile, WhereTimeStoodIsThereAfterTheNextOpen) {
  ports::TimeAnchor anchor;
  anchor.boot = 77;
  anchor.uptime = base::hours(3);
  anchor.time = base::Instant{1'795'000'000'000'000};
  anchor.explained = base::hours(-2);
  anchor.outside_by_wall = true;
  anchor.downtime_unconfirmed = true;
  {
    const auto store = open();
    ASSERT_TRUE(store);
    EXPECT_EQ((*store)->time_anchor(), std::nullopt);
    ASSERT_TRUE((*store)->keep_time_anchor({}));
    ASSERT_TRUE((*store)->keep_time_anchor(anchor));
  }
  EXPECT_EQ((*open())->time_anchor(), anchor);
}

TEST_F(SqliteFile, AFolderThatDoesNotExistIsRefused) {
  const auto opened = SqliteStore::open({.path = folder_.path() / "no" / "shop.db"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().refusal, OpenRefusal::cannot_open);
}

TEST_F(SqliteFile, AFileOfAnotherKindIsRefused) {
  std::ofstream(path()) << std::string(5000, 'x');
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().refusal, OpenRefusal::cannot_open);
}

TEST_F(SqliteFile, WhatACrashLeavesIsAllThatWasCommitted) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto opened = open();
    place(**opened, 1);
    place(**opened, 2);
    ::_exit(0);  // No destructor runs: the write-ahead log stays as a power cut would leave it.
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto opened = open();
  ASSERT_TRUE(opened);
  const std::vector keys{order_key(1), order_key(2), order_key(3)};
  EXPECT_EQ((*opened)->load_orders(keys), (std::vector{new_order(1), new_order(2)}));
}

// A store that died with two commits in its log, and the log as it was after the first.
class TwoCommits : public SqliteFile {
 protected:
  void SetUp() override {
    const pid_t child = ::fork();
    if (child == 0) {
      auto opened = open();
      place(**opened, 1);
      std::filesystem::copy_file(log(), folder_.path() / "log_of_one");
      place(**opened, 2);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }

  [[nodiscard]] std::string log() const { return path() + "-wal"; }
  static std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void tear_second_commit() const {
    const auto one = bytes_of(folder_.path() / "log_of_one");
    auto both = bytes_of(log());
    auto end = both.size();
    while (end <= one.size() && both[end - 1] == one[end - 1]) --end;
    both.replace(end - 100, 100, 100, '\0');
    std::ofstream(log(), std::ios::binary) << both;
  }
};

TEST_F(TwoCommits, ATornEndOfTheLogIsACommitThatNeverWas) {
  tear_second_commit();
  std::filesystem::remove(path() + ".commits");  // As if it had not been acknowledged.
  const auto opened = open();
  ASSERT_TRUE(opened);
  const std::vector keys{order_key(1), order_key(2)};
  EXPECT_EQ((*opened)->load_orders(keys), std::vector{new_order(1)});
  const auto audit = SqliteAudit::open(path());
  ASSERT_TRUE(audit);
  EXPECT_TRUE((*audit)->integrity_problems().empty());
  EXPECT_TRUE((*audit)->orphan_rows().empty());
}

TEST_F(TwoCommits, AnAcknowledgedCommitThatIsGoneIsNoticed) {
  tear_second_commit();
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().refusal, OpenRefusal::commits_lost);
  EXPECT_NE(opened.error().words.find("ends with commit 1, but commit 2"), std::string::npos)
      << opened.error().words;
}

TEST_F(TwoCommits, AnOlderCopyInTheStoresPlaceIsNoticed) {
  std::filesystem::copy_file(folder_.path() / "log_of_one", log(),
                             std::filesystem::copy_options::overwrite_existing);
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().refusal, OpenRefusal::commits_lost);
  std::filesystem::remove(path() + ".commits");
  EXPECT_TRUE(open()) << "who removes the count accepts the loss";
}

TEST_F(SqliteFile, ClosingEmptiesTheLog) {
  {
    auto opened = open();
    ASSERT_TRUE(opened);
    place(**opened, 1);
    EXPECT_GT(std::filesystem::file_size(path() + "-wal"), 0u);
  }
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

TEST_F(SqliteFile, AShortLogIsKeptByCheckpoints) {
  auto opened = SqliteStore::open({.path = path(), .checkpoint_pages = 50});
  ASSERT_TRUE(opened);
  for (std::int64_t id = 1; id <= 200; ++id) place(**opened, id);
  EXPECT_LT(std::filesystem::file_size(path() + "-wal"), 200u * 4096u);
}

TEST_F(SqliteFile, ABitThatFlippedInAPageEndsTheProcess) {
  {
    auto opened = open();
    ASSERT_TRUE(opened);
    for (std::int64_t id = 1; id <= 200; ++id) place(**opened, id);
  }
  std::ifstream in(path(), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto at = bytes.find(new_order(150).header.order_no);
  ASSERT_NE(at, std::string::npos);
  bytes[at] ^= 1;
  std::ofstream(path(), std::ios::binary) << bytes;
  EXPECT_DEATH(
      {
        const auto opened = open();
        static_cast<void>(opened.value()->load_orders(std::vector{order_key(150)}));
      },
      "came back from the disk other than it was written");
}

TEST_F(SqliteFile, AReaderWithoutAStoreIsRefused) {
  const auto reader = SqliteReader::open(path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().refusal, OpenRefusal::cannot_open);
}

TEST_F(SqliteFile, ReadersSeeEachCommitOnceItIsThere) {
  auto opened = open();
  ASSERT_TRUE(opened);
  const auto reader = SqliteReader::open(path());
  ASSERT_TRUE(reader);
  EXPECT_FALSE((*reader)->find_order(order_key(1)));
  place(**opened, 1);
  EXPECT_TRUE((*reader)->find_order(order_key(1)));
}

TEST_F(SqliteFile, ReadersOfManyThreadsSeeWholeOrders) {
  auto opened = open();
  ASSERT_TRUE(opened);
  const auto reader = SqliteReader::open(path());
  ASSERT_TRUE(reader);
  place(**opened, 1);
  std::vector<std::thread> threads;
  std::atomic<bool> torn{false};
  for (int i = 0; i < 12; ++i)  // More than there are connections.
    threads.emplace_back([&] {
      for (int read = 0; read < 100; ++read) {
        const auto order = (*reader)->find_order(order_key(1));
        // Each commit below writes the version into the unit too.
        if (!order || (order->header.version > 1 &&
                       order->units[0].proof != std::to_string(order->header.version)))
          torn = true;
      }
    });
  auto order = new_order(1);
  for (int i = 0; i < 50; ++i) {
    auto after = order;
    after.units[0].proof = std::to_string(order.header.version + 1);
    Draft draft;
    draft.change(order, after);
    ASSERT_TRUE((*opened)->commit(draft.commit));
    after.header.version = order.header.version + 1;
    order = after;
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(torn);
}

TEST_F(SqliteFile, AnAuditSeesOneStateWhileTheStoreGoesOn) {
  auto opened = open();
  ASSERT_TRUE(opened);
  place(**opened, 1);
  const auto audit = SqliteAudit::open(path());
  ASSERT_TRUE(audit);
  place(**opened, 2);
  EXPECT_EQ(take_snapshot(**opened, **audit).stories.size(), 1u);
}

}  // namespace
}  // namespace daozhang::contract
