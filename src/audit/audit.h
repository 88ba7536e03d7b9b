// Checks the invariants on everything that a store holds: what `daozhang fsck` prints, and what the
// simulator asks at the end of a run. A rule has the name that the design gives its invariant.
//
// The store's own integrity check comes first; when it finds damage, the other invariants are not
// looked at.
//
// Thread: one. Memory: one order's story at a time, and about 40 bytes a held or sold item, a
// payment, an order and an item for what must be unique or matched over the whole store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::audit {

struct Violation {
  std::string subject;   // An order number, or the ids of what it is about.
  std::string sentence;  // What does not hold, in English.
};

struct RuleResult {
  std::string_view name;     // S13, orphans
  std::string_view meaning;  // What must hold.
  std::int64_t checked = 0;  // Rows or orders looked at.
  std::int64_t violation_count = 0;
  std::vector<Violation> violations;  // The first of them.
};

struct Report {
  std::vector<RuleResult> rules;  // Each name once, in a fixed order.

  [[nodiscard]] bool is_clean() const;
  // Names of the rules that are violated, in the report's order.
  [[nodiscard]] std::vector<std::string> violated_rules() const;
};

struct AuditSettings {
  std::size_t listed_max = 20;  // Violations kept a rule; all are counted.
};

Report audit(ports::AuditSource& source, const AuditSettings& settings = {});

}  // namespace daozhang::audit
