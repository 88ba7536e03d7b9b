// Who pays, where a channel asks for it: what the payers said, and what became of it
// (docs/decisions/0021). A payment is made for the payer who opened it and for nobody else, never
// before he is known, and nothing of him outlives it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "domain/order/order.h"
#include "ports/order_store.h"
#include "ports/payment_channel.h"
#include "sim/world/record.h"

namespace daozhang::sim {

// One thread. The record must outlive it.
class PayerChecks {
 public:
  explicit PayerChecks(Record& record) : record_(record) {}

  // At this channel nothing can be opened for him before he is named.
  void must_be_named(const std::string& buyer, const std::string& channel) {
    told_[buyer].channel = channel;
  }
  // About to be said to the shop. `buyer`: the hash of his request, which his order keeps.
  void told(const std::string& buyer, const domain::Payer& payer);
  // The shop's answer: this payment is his.
  void opened(const domain::Order& order, std::int32_t intent_no, const std::string& payer_id);
  // A call that makes the payment leaves for the channel.
  void sent(const domain::Order& order, const domain::Intent& intent,
            const ports::PaymentCall& call);
  void committed(const ports::Commit& commit);

 private:
  struct Told {
    std::string channel;
    std::set<std::string> words;  // Each id and address that was said.
    std::map<std::int32_t, std::string> owners;
  };
  void check_unmade(const ports::OrderChange& change, const ports::Commit& commit);
  void violated(std::string_view invariant, std::string_view what, const domain::Order& order);

  Record& record_;
  std::map<std::string, Told> told_;  // By the buyer's request.
};

}  // namespace daozhang::sim
