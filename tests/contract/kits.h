// What the suite needs of an adapter: a fresh store, its other two faces, and closing it and
// opening it again.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "ports/order_store.h"
#include "storage/memory/memory_store.h"
#include "storage/sqlite/sqlite_audit.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "storage/sqlite/sqlite_reader.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/contract/disk_store.h"
#include "tests/contract/temporary_folder.h"

namespace daozhang::contract {

class MemoryKit {
 public:
  ports::OrderStore& store() { return memory_; }
  ports::ChannelFees& fees() { return memory_; }
  ports::InboxUpkeep& upkeep() { return memory_; }
  ports::OrderReader& reader() { return memory_; }
  ports::LedgerReader& ledger() { return memory_; }
  std::unique_ptr<ports::AuditSource> audit() { return std::make_unique<Face>(memory_); }
  void reopen() {}  // It outlives what uses it.

 private:
  // An audit of its own to give away.
  class Face final : public ports::AuditSource {
   public:
    explicit Face(ports::AuditSource& source) : source_(source) {}
    void each_order(const std::function<void(const OrderStory&)>& visit) override {
      source_.each_order(visit);
    }
    void each_item(const std::function<void(const domain::StockItem&)>& visit) override {
      source_.each_item(visit);
    }
    void each_batch(const std::function<void(const domain::ImportBatch&)>& visit) override {
      source_.each_batch(visit);
    }
    void each_claim(const std::function<void(const domain::Claim&)>& visit) override {
      source_.each_claim(visit);
    }
    void each_balance(const std::function<void(const domain::Balance&)>& visit) override {
      source_.each_balance(visit);
    }
    void each_fee_posting(const std::function<void(const domain::FeePosting&)>& visit) override {
      source_.each_fee_posting(visit);
    }
    void each_inbox_entry(const std::function<void(const domain::InboxEntry&)>& visit) override {
      source_.each_inbox_entry(visit);
    }
    std::map<std::string, std::int64_t> orphan_rows() override { return source_.orphan_rows(); }
    std::vector<std::string> integrity_problems() override { return source_.integrity_problems(); }

   private:
    ports::AuditSource& source_;
  };

  storage::memory::MemoryStore memory_;
};

class SqliteKit {
 public:
  SqliteKit() { reopen(); }

  ports::OrderStore& store() { return *store_; }
  ports::ChannelFees& fees() { return *store_; }
  ports::InboxUpkeep& upkeep() { return *store_; }
  ports::OrderReader& reader() { return *reader_; }
  ports::LedgerReader& ledger() { return *ledger_; }
  std::unique_ptr<ports::AuditSource> audit() {
    auto opened = storage::sqlite::SqliteAudit::open(path());
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().words);
    return std::move(*opened);
  }
  void reopen() {
    reader_.reset();
    ledger_.reset();
    store_.reset();
    auto opened = storage::sqlite::SqliteStore::open({.path = path()});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().words);
    store_ = std::move(*opened);
    auto reader = storage::sqlite::SqliteReader::open(path());
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().words);
    reader_ = std::move(*reader);
    ledger_ = std::move(*storage::sqlite::SqliteLedgerReader::open(path()));
  }

 private:
  [[nodiscard]] std::string path() const { return folder_.path() / "shop.db"; }

  TemporaryFolder folder_;
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
  std::unique_ptr<storage::sqlite::SqliteReader> reader_;
  std::unique_ptr<storage::sqlite::SqliteLedgerReader> ledger_;
};

// The same over a disk in memory.
class DiskKit {
 public:
  DiskKit() : shop_(1) { reopen(); }

  ports::OrderStore& store() { return shop_.store(); }
  ports::ChannelFees& fees() { return shop_.store(); }
  ports::InboxUpkeep& upkeep() { return shop_.store(); }
  ports::OrderReader& reader() { return *reader_; }
  ports::LedgerReader& ledger() { return *ledger_; }
  std::unique_ptr<ports::AuditSource> audit() { return shop_.audit(); }
  void reopen() {
    reader_.reset();
    ledger_.reset();
    shop_.close();
    const auto problem = shop_.open();
    EXPECT_FALSE(problem) << problem->words;
    auto reader = storage::sqlite::SqliteReader::open(shop_.path(), DiskStore::files());
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().words);
    reader_ = std::move(*reader);
    ledger_ =
        std::move(*storage::sqlite::SqliteLedgerReader::open(shop_.path(), DiskStore::files()));
  }

 private:
  DiskStore shop_;
  std::unique_ptr<storage::sqlite::SqliteReader> reader_;
  std::unique_ptr<storage::sqlite::SqliteLedgerReader> ledger_;
};

using Kits = testing::Types<MemoryKit, SqliteKit, DiskKit>;

}  // namespace daozhang::contract
