// The store of one run, under whichever adapter the run was asked for, with its three faces and
// what happens to it when the process that has it open dies.
#pragma once

#include <functional>
#include <memory>

#include "base/enum_names.h"
#include "ports/order_store.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

enum class StoreKind { memory };
constexpr auto names_of(std::type_identity<StoreKind>) { return base::words("memory"); }

// One thread. The faces are those of the open store: ask for them again after crash().
class RunStore {
 public:
  virtual ~RunStore() = default;

  virtual ports::OrderStore& lane() = 0;
  virtual ports::OrderReader& pages() = 0;
  // Shows one state of the whole store.
  virtual void audit(const std::function<void(ports::AuditSource&)>& look) = 0;

  // The process dies and the next one opens the store again. What a commit acknowledged is there;
  // the rest is there or not, as the adapter has it. Whoever holds a face must be gone before.
  virtual void crash() = 0;

  // What no code does: an insider changes the unit price of an order's row. False if the adapter
  // can not be edited.
  virtual bool edit_price(domain::OrderKey order, std::int64_t unit_price_minor) {
    static_cast<void>(order);
    static_cast<void>(unit_price_minor);
    return false;
  }
};

// The scene must outlive it.
std::unique_ptr<RunStore> make_run_store(StoreKind kind, Scene& scene);

}  // namespace daozhang::sim
