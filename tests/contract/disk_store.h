// The SQLite store over a disk in memory, with the deaths that a real one can die, and a script of
// commits to play on it beside the model.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "storage/sqlite/disk/disk.h"
#include "storage/sqlite/disk/disk_vfs.h"
#include "storage/sqlite/sqlite_audit.h"
#include "storage/sqlite/sqlite_reader.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/contract/model.h"
#include "tests/contract/stories.h"

namespace daozhang::contract {

// What the end of the process is in a test.
class StoreDied : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class DiskStore {
 public:
  explicit DiskStore(std::uint64_t seed) : disk(seed) {}

  [[nodiscard]] std::string path() const { return disk.path_of("shop.db"); }
  [[nodiscard]] static storage::sqlite::FileSystem files() {
    return {storage::sqlite::disk::disk_vfs(),
            [](const std::string& reason) { throw StoreDied(reason); }};
  }

  // Answers why not, or nothing. May throw StoreDied.
  std::optional<storage::sqlite::OpenProblem> open() {
    auto opened = storage::sqlite::SqliteStore::open(
        {.path = path(), .checkpoint_pages = 12, .cache_kib = cache_kib, .files = files()});
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    return std::nullopt;
  }
  void close() { store_.reset(); }
  // The process dies with its store; what follows is another one.
  void end_process() {
    disk.end_process();
    store_.reset();
  }
  void cut_power() {
    // The dead process may do no more, so its power goes first.
    disk.cut_power();
    store_.reset();
  }

  storage::sqlite::SqliteStore& store() { return *store_; }
  [[nodiscard]] bool is_open() const { return store_ != nullptr; }
  std::unique_ptr<storage::sqlite::SqliteAudit> audit() {
    auto opened = storage::sqlite::SqliteAudit::open(path(), files());
    if (!opened) throw StoreDied(opened.error().words);
    return std::move(*opened);
  }
  // These two look at the store and not at the disk: nothing fails meanwhile.
  Snapshot snapshot() {
    const Undisturbed pause(disk);
    const auto source = audit();
    return take_snapshot(store(), *source);
  }
  // fsck's own part of the check, in words; empty if it finds nothing.
  std::string damage() {
    const Undisturbed pause(disk);
    const auto source = audit();
    std::string found;
    for (const auto& problem : source->integrity_problems()) found += problem + "; ";
    for (const auto& [table, count] : source->orphan_rows()) found += "orphans in " + table + "; ";
    return found;
  }

  storage::sqlite::disk::Disk disk;
  int cache_kib = 256;

 private:
  // Puts the policy back when it has read.
  struct Undisturbed {
    explicit Undisturbed(storage::sqlite::disk::Disk& its_disk)
        : disk(its_disk), policy(its_disk.policy()) {
      disk.set_policy(nullptr);
    }
    ~Undisturbed() { disk.set_policy(policy); }
    storage::sqlite::disk::Disk& disk;
    storage::sqlite::disk::Policy* policy;
  };
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
};

// A step is one commit or one import, the same on the store and on the model.
struct Step {
  ports::StockImport import;  // If it has items.
  std::shared_ptr<Draft> draft;

  [[nodiscard]] bool is_import() const { return !import.items.empty(); }
  base::Result<void, ports::CommitRefusal> on(ports::OrderStore& store) const {
    if (!is_import()) return store.commit(draft->commit);
    const auto stored = store.import_stock(import);
    if (!stored) return base::refuse(stored.error());
    return {};
  }
  void on(Model& model) const {
    if (is_import())
      model.import_stock(import);
    else
      CHECK(model.commit(draft->commit));
  }
};

// Imports, new orders with their claims, holds, transfers, effects and messages, and changes.
std::vector<Step> script();

// The first file system of a shop, ready for the script.
const std::map<std::string, std::string>& empty_shop();

}  // namespace daozhang::contract
