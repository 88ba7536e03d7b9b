#include "storage/sqlite/store_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "storage/sqlite/order_rows.h"
#include "storage/sqlite/order_writer.h"

namespace daozhang::storage::sqlite {
namespace {

using ports::CommitRefusal;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "daozhang_file_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = StoreFile::open({.path = folder_ / "shop.db"});
    ASSERT_TRUE(opened) << opened.error().words;
    file_ = std::move(*opened);
  }
  void TearDown() override {
    file_.reset();
    std::filesystem::remove_all(folder_);
  }

  static domain::Order order(std::int64_t order_id) {
    domain::Order order;
    order.header.order_id.value = order_id;
    order.header.version = 1;
    order.header.order_no = order.header.sku = "x";
    order.header.unit_price_minor = 1;
    order.header.placed_at = order.header.pay_by = {1};
    order.header.target = std::string(3000, 't');
    return order;
  }
  static ports::Commit commit_of(const std::vector<domain::Order>& orders) {
    ports::Commit commit;
    for (const auto& row : orders) {
      ports::OrderChange change;
      change.after = &row;
      change.event.order_id = row.header.order_id;
      change.event.version = 1;
      change.event.at = {1};
      change.event.body = "{}";
      commit.orders.push_back(change);
    }
    return commit;
  }
  std::int64_t count() { return file_->database().number("SELECT count(*) FROM orders"); }

  std::filesystem::path folder_;
  std::unique_ptr<StoreFile> file_;
};

TEST_F(File, SyncsEveryCommitAndCheckpointsItself) {
  EXPECT_EQ(file_->database().number("PRAGMA synchronous"), 2);
  EXPECT_EQ(file_->database().number("PRAGMA wal_autocheckpoint"), 0);
  EXPECT_EQ(file_->database().number("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(file_->database().number("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(file_->database().number("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(file_->database().number("PRAGMA busy_timeout"), 5000);
  EXPECT_EQ(file_->database().number("PRAGMA mmap_size"), 0);
}

TEST_F(File, BeforeACommitTheLogsIndexHasRoomForALongLog) {
  OrderWriter writer(file_->database());
  const std::vector<domain::Order> one = {order(1)};
  const auto commit = commit_of(one);
  ASSERT_TRUE(file_->transact([&] { return writer.write(commit); }));
  const auto log_pages = static_cast<std::uintmax_t>(StoreSettings{}.checkpoint_pages);
  const std::uintmax_t pieces = log_pages / 4096 + 2;
  EXPECT_EQ(std::filesystem::file_size(folder_ / "shop.db-shm"), pieces * 32768);
}

TEST_F(File, AFullDiskRefusesTheWholeCommitAndLaterOnesSucceed) {
  OrderWriter writer(file_->database());
  const auto pages = file_->database().number("PRAGMA page_count");
  file_->database().run(("PRAGMA max_page_count=" + std::to_string(pages + 4)).c_str());
  std::vector<domain::Order> many;
  for (std::int64_t id = 1; id <= 20; ++id) many.push_back(order(id));
  const auto commit = commit_of(many);
  const auto refused = file_->transact([&] { return writer.write(commit); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), CommitRefusal::unavailable);
  EXPECT_EQ(count(), 0);
  file_->database().run("PRAGMA max_page_count=100000");
  EXPECT_TRUE(file_->transact([&] { return writer.write(commit); }));
  EXPECT_EQ(count(), 20);
}

TEST_F(File, WhatIsRefusedIsRolledBack) {
  OrderWriter writer(file_->database());
  const std::vector twice{order(1), order(1)};
  const auto commit = commit_of(twice);
  const auto refused = file_->transact([&] { return writer.write(commit); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), CommitRefusal::version_moved);
  EXPECT_EQ(count(), 0);
}

TEST_F(File, ARowThatTheSchemaForbidsStopsTheProcess) {
  OrderWriter writer(file_->database());
  auto wrong = order(1);
  wrong.header.unit_price_minor = -1;
  const std::vector orders{wrong};
  const auto commit = commit_of(orders);
  EXPECT_DEATH(static_cast<void>(file_->transact([&] { return writer.write(commit); })),
               "unit_price_minor");
}

}  // namespace
}  // namespace daozhang::storage::sqlite
