// The store of one run, under whichever adapter the run was asked for, with its three faces and
// what happens to it when the process that has it open dies.
#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "base/enum_names.h"
#include "ports/ledger_reader.h"
#include "ports/order_store.h"
#include "sim/world/scene.h"

namespace daozhang::sim {

enum class StoreKind {
  memory,  // storage/memory: loses nothing.
  sqlite,  // storage/sqlite over a disk of faults: loses what was not acknowledged.
};
constexpr auto names_of(std::type_identity<StoreKind>) { return base::words("memory", "sqlite"); }

// Thrown through whoever called a face: in a server the process would have ended there.
class StoreDied final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "the store died"; }
};

// One thread. The faces are those of the open store: ask for them again after crash().
class RunStore {
 public:
  virtual ~RunStore() = default;

  // These three and what they answer may throw StoreDied; then has_died(), and crash() is due.
  virtual ports::OrderStore& lane() = 0;
  virtual ports::OrderReader& pages() = 0;
  [[nodiscard]] virtual bool has_died() const = 0;

  // Shows one state of the whole store, undisturbed by faults.
  virtual void audit(const std::function<void(ports::AuditSource&)>& look) = 0;
  // Shows the books as reconciliation reads them, undisturbed by faults.
  virtual void books(const std::function<void(ports::LedgerReader&)>& look) = 0;
  // Commits and imports that were executed, whether or not anybody was told.
  virtual std::int64_t commit_count() = 0;

  // The process dies, perhaps with its machine, and the next one opens the store again. What was
  // acknowledged is there; a commit under way is there or not. Whoever holds a face must be gone
  // before.
  virtual void crash() = 0;
  // The store found that the disk has lied and does not open any more. The run is over, and well.
  [[nodiscard]] virtual bool has_halted() const = 0;

  // Whether its disk is one of those that lie.
  [[nodiscard]] virtual bool may_lie() const { return false; }

  // What no code does: somebody makes an order's unit price, the bodies and leaves of its events,
  // and the credits and amounts of its transfers those of `story`, which else is as stored.
  virtual void edit_by_hand(const ports::AuditSource::OrderStory& story) = 0;
};

// The scene must outlive it.
std::unique_ptr<RunStore> make_run_store(StoreKind kind, Scene& scene);

}  // namespace daozhang::sim
