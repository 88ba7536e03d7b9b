// What the buyer reads on the page of his order must be true of it: the seven stages, who is waited
// for, and by when (docs/life_of_an_order.md; SETTLED 27). Written from the prose; of the core it
// calls the derivation that it judges and nothing else.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "domain/order/order.h"
#include "domain/order/order_state.h"
#include "domain/policy/policy.h"
#include "sim/world/record.h"

namespace daozhang::sim {

// One thread. Whatever it is given must outlive it.
class PageChecks {
 public:
  PageChecks(Record& record, const domain::Policy& policy) : record_(record), policy_(policy) {}

  // The page as it is pushed to whoever watches it: after each commit, in order.
  void pushed(const domain::Order& order, base::Instant now);
  // Somebody opens it, or loads it anew.
  void looked_at(const domain::Order& order, base::Instant now);

 private:
  using Page = std::vector<domain::Stage>;
  void check(const domain::Order& order, const Page& page, base::Instant now);
  void check_shape(const domain::Order& order, const domain::Stage& stage, base::Instant now);
  void check_current(const domain::Order& order, const Page& page);
  void check_waits_for(const domain::Order& order, const domain::Stage& stage);
  void check_paid(const domain::Order& order, const Page& page);
  void check_ends(const domain::Order& order, const Page& page);
  void check_deadline(const domain::Order& order, const Page& page);
  void check_next(const domain::Order& order, const Page& before, const Page& page);
  void expect(bool holds, std::string_view invariant, std::string_view what,
              const domain::Order& order);

  Record& record_;
  const domain::Policy& policy_;
  std::map<domain::OrderKey, Page> pages_;  // As they were last pushed.
};

}  // namespace daozhang::sim
