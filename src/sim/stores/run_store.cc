#include "sim/stores/run_store.h"

#include "base/check.h"
#include "sim/stores/sqlite_run_store.h"
#include "storage/memory/memory_store.h"

namespace daozhang::sim {
namespace {

// It outlives what uses it, so a crash leaves it as it is.
class MemoryRunStore final : public RunStore {
 public:
  ports::OrderStore& lane() override { return store_; }
  ports::OrderReader& pages() override { return store_; }
  [[nodiscard]] bool has_died() const override { return false; }
  void audit(const std::function<void(ports::AuditSource&)>& look) override { look(store_); }
  void books(const std::function<void(ports::LedgerReader&)>& look) override { look(store_); }
  std::int64_t commit_count() override { return store_.executed_count(); }
  void crash() override {}
  [[nodiscard]] bool has_halted() const override { return false; }
  void edit_by_hand(const ports::AuditSource::OrderStory& story) override {
    store_.edit_by_hand(story);
  }

 private:
  storage::memory::MemoryStore store_;
};

}  // namespace

std::unique_ptr<RunStore> make_run_store(StoreKind kind, Scene& scene) {
  switch (kind) {
    case StoreKind::memory:
      return std::make_unique<MemoryRunStore>();
    case StoreKind::sqlite:
      return std::make_unique<SqliteRunStore>(scene);
  }
  UNREACHABLE();
}

}  // namespace daozhang::sim
