#include "sim/stores/run_store.h"

#include "base/check.h"
#include "storage/memory/memory_store.h"

namespace daozhang::sim {
namespace {

// It outlives what uses it, so a crash leaves it as it is.
class MemoryRunStore final : public RunStore {
 public:
  ports::OrderStore& lane() override { return store_; }
  ports::OrderReader& pages() override { return store_; }
  void audit(const std::function<void(ports::AuditSource&)>& look) override { look(store_); }
  void crash() override {}
  bool edit_price(domain::OrderKey order, std::int64_t unit_price_minor) override {
    store_.edit_by_hand(
        order, [&](domain::Order& row) { row.header.unit_price_minor = unit_price_minor; });
    return true;
  }

 private:
  storage::memory::MemoryStore store_;
};

}  // namespace

std::unique_ptr<RunStore> make_run_store(StoreKind kind, Scene& /*scene*/) {
  switch (kind) {
    case StoreKind::memory:
      return std::make_unique<MemoryRunStore>();
  }
  UNREACHABLE();
}

}  // namespace daozhang::sim
