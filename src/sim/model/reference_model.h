// The second oracle of the simulator (SIMULATOR 4.6): what must become of an order, written from
// the documents by someone who had not read the core. It hears the commands and nothing else, and
// keeps each order as its row must be; no storage, no calls, no back-offs. One thread.
// Facts come first, time second: a command says what is now known, then deadlines take effect. What
// the documents leave to the engine is taken over from the row, within what they allow: numbers,
// intents, when a next attempt begins, how refunds are split over payments, items of stock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "domain/order/decision.h"
#include "domain/order/order.h"
#include "domain/policy/policy.h"
#include "engine/command.h"

namespace daozhang::sim {
class ReferenceModel {
 public:
  ReferenceModel(domain::Policy policy, std::map<std::string, domain::SupplierTerms> suppliers)
      : policy_(policy), suppliers_(std::move(suppliers)) {}

  // A command of a committed batch, in the order of decisions. While time is not trusted no
  // deadline takes effect. `placed`: what a PlaceOrder made or replayed, none if it was refused;
  // what a TakeNotice told of as lost.
  void decided(const engine::Command& command, base::Instant now, bool time_is_trusted,
               std::optional<domain::OrderKey> placed);

  // The row after that commit and before the next: nothing, or how it differs from the documents.
  std::optional<std::string> compare(const domain::Order& row);

 private:
  struct Story {
    domain::Order order;               // As its row must be.
    std::int64_t escrow_minor = 0;     // Paid for the order and not gone back as too little.
    std::set<std::int32_t> gone_back;  // Payments that were too little when the order expired.
    std::set<std::int32_t> over;       // Intents on which no money can come any more.
    std::set<std::pair<std::int32_t, base::Instant>> answered;  // Calls that have had their result.
    std::map<std::int32_t, std::int64_t> reversed;              // By unit, what is owed for it.
    std::map<std::int32_t, std::int32_t> there;                 // And how often it arrived.
    std::set<std::int32_t> copies;  // Attempts that may have been sent before this time.
    bool person_may_look = false;   // After an hour at whatever is still open (SETTLED 12).
  };
  void place(const engine::PlaceOrder& asked, domain::OrderKey key);
  void place(const engine::TakeNotice& told, domain::OrderKey key);
  // A person says it, from the channel's bill.
  void place(const engine::AskByHand& told, domain::OrderKey key) {
    engine::TakeNotice as_if;
    as_if.notice.amount_minor = told.amount_minor;
    place(as_if, key);
  }
  void hear(Story& story, const engine::TakeNotice& told);
  void hear(Story& story, const engine::PaymentAnswered& told);
  void hear(Story& story, const engine::SupplierAnswered& told);
  void hear(Story& story, const engine::ForgiveBuyer&) {
    const auto& his = story.order.header;
    const auto is_his = [&his](const domain::OrderHeader& other) {
      return (!his.contact_email.empty() && other.contact_email == his.contact_email) ||
             (!his.contact_phone.empty() && other.contact_phone == his.contact_phone);
    };
    for (auto& [key, other] : stories_)
      if (is_his(other.order.header))
        for (auto& each : other.order.chargebacks) each.flags_buyer = false;
  }
  static void hear(Story& story, const engine::CallAgain& told) {
    if (told.may_have_left && told.effect.kind == domain::EffectKind::submit_attempt)
      story.copies.insert(told.effect.subject_no);
  }
  void hear(Story& story, const engine::ChargeBack& told) const;
  void hear(Story& story, const engine::ReturnChargeback& told) const;
  void hear(Story& story, const engine::RefundWentByHand& told) const;
  void take_money(Story& story, std::int32_t intent_no, const auto& fact, domain::FactSource by);
  void begin(domain::Order& order) const;
  void let_time_pass(Story& story) const;
  [[nodiscard]] bool ends_within(const domain::OrderHeader& h, base::Duration left) const {
    return now_ + left + policy_.cancel_before(h.promise_seconds) >= h.fulfill_by;
  }
  void take_over(Story& story, const domain::Order& row);
  void take_over_attempt(domain::Order& order, std::size_t i, domain::Attempt seen) const;
  void take_over_unit(domain::Order& order, domain::Unit& unit, const domain::Unit& seen);
  domain::Policy policy_;
  std::map<std::string, domain::SupplierTerms> suppliers_;
  base::Instant now_;
  bool time_is_trusted_ = true;
  std::unordered_map<domain::OrderKey, Story> stories_;
  std::unordered_map<std::string, domain::OrderKey> numbers_;  // By order number.
  // By channel and trade number: whose money it counted as.
  std::map<std::pair<std::string, std::string>, domain::OrderKey> trades_;
  std::map<domain::ItemKey, std::pair<domain::OrderKey, std::int32_t>> owners_;  // Of secrets.
};

}  // namespace daozhang::sim
