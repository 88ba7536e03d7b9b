// What the store must hold, row by row, after the commits that were executed: the outbox, claims,
// transfers, items, the inbox and the leaves of the events. The row of an order is compared by
// OrderChecks; this finds what a store forgets, keeps or overwrites beside it (S1).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ports/order_store.h"
#include "sim/world/record.h"

namespace daozhang::sim {

// One thread.
class StoreShadow {
 public:
  // All of it was new.
  void imported(const ports::StockImport& import);
  // Every commit that was executed, in order.
  void see(const ports::Commit& commit);
  // How many notifications the inbox has taken in.
  [[nodiscard]] std::int64_t notices() const { return notices_; }
  // Items that nobody has.
  [[nodiscard]] std::int64_t available() const { return available_; }
  // Names the first row of each kind that is not as it was committed.
  void compare(ports::AuditSource& source, Record& record) const;

 private:
  struct Rows {
    std::vector<std::pair<base::Instant, std::string>> leaves;  // By version: when, and which.
    std::vector<domain::Transfer> transfers;                    // By number.
    std::map<std::int32_t, domain::Effect> effects;             // By number, those that are open.
  };

  void compare_orders(ports::AuditSource& source, Record& record) const;
  void compare_items(ports::AuditSource& source, Record& record) const;
  void compare_claims(ports::AuditSource& source, Record& record) const;
  void compare_inbox(ports::AuditSource& source, Record& record) const;

  std::map<domain::OrderKey, Rows> orders_;
  std::map<domain::ItemKey, domain::StockItem> items_;
  std::int64_t available_ = 0;
  std::int64_t notices_ = 0;
  std::map<domain::ClaimKey, domain::Claim> claims_;
  std::map<domain::InboxEntry::Key, domain::InboxEntry> inbox_;
};

}  // namespace daozhang::sim
