// The embedded store of production over a disk in memory. The disk fails as the run's swarm says;
// an honest one never loses what was acknowledged, and that is an invariant (S1). In one run of
// some the disk lies as well: it ignores syncs and flips bits. Then the store must notice and not
// open any more, or have lost nothing, or stand at an older whole state that nobody on this machine
// can tell from the newest (decision 0016); a mixture of states that fsck takes for clean is a
// violation.
//
// Thread: one.
#pragma once

#include <memory>

#include "sim/stores/run_store.h"
#include "storage/sqlite/disk/disk.h"
#include "storage/sqlite/sqlite_reader.h"
#include "storage/sqlite/sqlite_store.h"

namespace daozhang::sim {

class SqliteRunStore final : public RunStore, private storage::sqlite::disk::Policy {
 public:
  // An empty shop, open.
  explicit SqliteRunStore(Scene& scene);
  ~SqliteRunStore() override;

  ports::OrderStore& lane() override { return *store_; }
  ports::OrderReader& pages() override { return *reader_; }
  [[nodiscard]] bool has_died() const override { return has_died_; }
  void audit(const std::function<void(ports::AuditSource&)>& look) override;
  void books(const std::function<void(ports::LedgerReader&)>& look) override;
  std::int64_t commit_count() override;
  void crash() override;
  [[nodiscard]] bool has_halted() const override { return has_halted_; }
  [[nodiscard]] bool may_lie() const override { return lies_; }
  void edit_by_hand(const ports::AuditSource::OrderStory& story) override;

 private:
  using Verdict = storage::sqlite::disk::Verdict;

  Verdict judge(storage::sqlite::disk::Call call, std::string_view path) override;
  Verdict draw(storage::sqlite::disk::Call call);
  Verdict judge_write();
  Verdict judge_sync();
  void die(const std::string& reason);
  void lose(bool machine_dies);
  void reopen();
  bool try_to_open();
  void open_reader();
  void look_after_a_lie();
  void halt();
  [[nodiscard]] storage::sqlite::FileSystem files();

  Scene& scene_;
  base::Prng prng_;
  storage::sqlite::disk::Disk disk_;
  storage::sqlite::StoreSettings settings_;
  bool lies_;  // Whether this disk is one that does.
  bool has_lied_ = false;
  bool has_struck_ = false;  // A fault that a store may die of, since it was opened.
  bool has_died_ = false;
  bool has_halted_ = false;
  bool is_paused_ = false;
  std::int64_t full_for_ = 0;          // Writes that still find no space.
  std::int64_t commits_at_death_ = 0;  // That were acknowledged.
  std::unique_ptr<storage::sqlite::SqliteStore> store_;
  std::unique_ptr<storage::sqlite::SqliteReader> reader_;
};

}  // namespace daozhang::sim
