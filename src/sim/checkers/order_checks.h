// Invariants of one order (reference FAULTS 3.2), checked after every commit on what it touched.
// Written from the prose: none calls the decider, and the row is compared with the replay of its
// events.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "domain/order/order.h"
#include "domain/policy/policy.h"
#include "ports/order_store.h"
#include "sim/checkers/few_sums.h"
#include "sim/peers/channel_model.h"
#include "sim/world/record.h"

namespace daozhang::sim {

// What the money of one order stands at, from its transfers alone.
struct OrderBooks {
  FewSums<std::string> balances;  // Debit minus credit, by account.
  std::set<std::pair<domain::TransferReason, std::int32_t>> posted;
  std::int32_t last_transfer_no = 0;
};

// What accounts of channels and suppliers are called; each name is made once.
class AccountNames {
 public:
  explicit AccountNames(std::string (*name_of)(std::string_view)) : name_of_(name_of) {}
  const std::string& of(const std::string& whose) {
    const auto [known, is_new] = names_.try_emplace(whose);
    if (is_new) known->second = name_of_(whose);
    return known->second;
  }

 private:
  std::string (*name_of_)(std::string_view);
  std::map<std::string, std::string> names_;
};

// One thread. Whatever it is given must outlive it.
class OrderChecks {
 public:
  OrderChecks(Record& record, const std::map<std::string, ChannelModel*>& channels,
              const domain::Policy& policy)
      : record_(record), channels_(channels), policy_(policy) {}

  // Every commit that was executed, in order.
  void see(const ports::Commit& commit);
  // The store's row of an order, for the whole-set pass.
  void compare(const domain::Order& stored);

  [[nodiscard]] const std::map<domain::OrderKey, domain::Order>& orders() const { return orders_; }
  [[nodiscard]] const OrderBooks& books(domain::OrderKey key) const { return books_.at(key); }
  [[nodiscard]] std::int64_t events() const { return events_; }
  // Orders on which money was learned of.
  [[nodiscard]] std::int64_t paid_count() const;

 private:
  void replay(const ports::OrderChange& change, const ports::Commit& commit);
  void check_transitions(const domain::Order& before, const domain::Order& after);
  void check_order_state(const domain::Order& before, const domain::Order& after);
  void check_state_of_units(const domain::Order& order);
  void check_frozen(const domain::Order& before, const domain::Order& after);
  void check_payments(const domain::Order& order);
  void check_units_of_refunds(const domain::Order& order);
  void check_refunds(const domain::Order& order);
  void check_attempts(const domain::Order& order);
  void check_closed(const domain::Order& order);
  void check_promises(const domain::Order& before, const domain::Order& after);
  void check_promised_moment(const domain::Order& before, const domain::Order& after);
  void check_reveals(const domain::Order& order);
  void check_reversals(const domain::Order& before, const domain::Order& after);
  void check_refunds_stay(const domain::Order& before, const domain::Order& after);
  void check_refunds_in_turn(const domain::Order& order);
  void check_refund_is_true(const domain::Order& order, const domain::Refund& refund);
  void check_conduct(const domain::Order& before, const domain::Order& after,
                     const ports::Commit& commit);
  void check_money_counts(const domain::Order& before, const domain::Order& after);
  void check_given_up(const domain::Order& before, const domain::Order& after,
                      const ports::Commit& commit);
  void check_begun(const domain::Order& before, const domain::Order& order,
                   const domain::Attempt& begun, const ports::Commit& commit);
  void check_bought(const ports::Commit& commit, const domain::Effect& effect);
  void check_refunds_are_spaced(const domain::Order& before, const domain::Order& after,
                                base::Instant now);
  void check_reason(const domain::Event& event, const domain::Order& order);
  void check_flags(const domain::Order& before, const domain::Order& after);
  void check_moments(const domain::Order& before, const domain::Order& after, base::Instant now);
  void check_person_is_told(const domain::Order& order, base::Instant now);
  void check_questions_are_near(const domain::Order& before, const domain::Order& order,
                                base::Instant now);
  void check_items(const ports::Commit& commit);
  void check_claims(const ports::Commit& commit);
  void post(const domain::Transfer& transfer);
  void check_books(const domain::Order& order);
  void expect(bool holds, std::string_view invariant, std::string_view what,
              const domain::Order& order) {
    if (!holds) violated(invariant, what, order);
  }
  void violated(std::string_view invariant, std::string_view what, const domain::Order& order);

  Record& record_;
  const std::map<std::string, ChannelModel*>& channels_;
  const domain::Policy& policy_;
  std::map<domain::OrderKey, domain::Order> orders_;  // Rebuilt from events.
  std::unordered_map<domain::OrderKey, OrderBooks> books_;
  std::map<std::string, std::map<std::string, domain::OrderKey>> trades_;        // By channel.
  std::map<domain::ItemKey, std::pair<domain::OrderKey, std::int32_t>> owners_;  // Issued to.
  std::set<domain::ClaimKey> claims_;
  std::unordered_set<std::string> salts_;
  AccountNames clearings_{domain::account::channel_clearing};
  AccountNames refund_payables_{domain::account::refund_payable};
  AccountNames supplier_payables_{domain::account::supplier_payable};
  std::int64_t events_ = 0;
};

}  // namespace daozhang::sim
