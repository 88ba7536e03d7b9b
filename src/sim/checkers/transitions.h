// Which steps of the machines' tables a run has taken. A step that no campaign ever takes is dead
// or untested; 100 % is the aim (SIMULATOR 4.10).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::sim {

// One thread.
class Transitions {
 public:
  Transitions();

  // What an executed commit did. A change that folds several steps takes the shortest way through
  // its table.
  void see(const ports::Commit& commit);
  void add(const Transitions& other);
  // How often each step was taken, in the tables' order; to be carried to another process and set.
  [[nodiscard]] const std::vector<std::int64_t>& counts() const { return counts_; }
  void set(std::span<const std::int64_t> counts) { counts_.assign(counts.begin(), counts.end()); }

  [[nodiscard]] std::size_t allowed() const { return counts_.size(); }
  [[nodiscard]] std::size_t covered() const;
  // `machine: from -> to` of each step that was not taken.
  [[nodiscard]] std::vector<std::string> missed() const;

 private:
  std::vector<std::int64_t> counts_;  // By the tables' steps, one table after the other.
};

}  // namespace daozhang::sim
