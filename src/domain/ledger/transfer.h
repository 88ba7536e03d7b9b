// Double entry: one row moves one amount from the account it credits to the account it debits, so
// every transfer balances by construction. Balances are what transfers add up to. Escrow here is
// bookkeeping (SETTLED 20).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/money/money.h"

namespace daozhang::domain {

enum class TransferReason {
  // debit <- credit
  payment_received,  // channel_clearing <- escrow
  unit_delivered,    // escrow <- revenue
  supplier_cost,     // cost_of_sales <- supplier_payable
  refund_decided,    // escrow (revenue for a reversal) <- refund_payable: reserved before the call
  refund_accepted,   // refund_payable <- channel_clearing
  late_supplier_success,  // late_supplier_loss <- supplier_payable (FAULTS D4)
  supplier_reversal,      // supplier_payable <- cost_of_sales: the cost comes back (SETTLED 18)
  chargeback_taken,       // chargeback_loss <- channel_clearing
  chargeback_returned,    // channel_clearing <- chargeback_loss: the dispute was won
  // refund_payable <- given_back_by_hand: not through the channel. If the channel had accepted it
  // and could not end it, its money came back: channel_clearing <- given_back_by_hand.
  given_back_by_hand,
};
constexpr auto names_of(std::type_identity<TransferReason>) {
  return base::words("payment_received", "unit_delivered", "supplier_cost", "refund_decided",
                     "refund_accepted", "late_supplier_success", "supplier_reversal",
                     "chargeback_taken", "chargeback_returned", "given_back_by_hand");
}

struct Transfer {
  Partition partition;
  OrderId order_id;
  std::int32_t transfer_no =
      0;  // Counts from 1 within the order; with it the key is deterministic.
  TransferReason reason = TransferReason::payment_received;
  std::int32_t subject_no = 0;  // The payment, unit, attempt, refund or chargeback that it is for.
  std::string debit;
  std::string credit;
  std::int64_t amount_minor = 0;  // > 0
  Currency currency = Currency::CNY;
  base::Instant at;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("order_id", self.order_id);
    visit("transfer_no", self.transfer_no);
    visit("reason", self.reason);
    visit("subject_no", self.subject_no);
    visit("debit", self.debit);
    visit("credit", self.credit);
    visit("amount_minor", self.amount_minor);
    visit("currency", self.currency);
    visit("at", self.at);
  }
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// One row a partition, account and currency; updated once a batch, summed over partitions on read
// (SETTLED 8).
struct Balance {
  Partition partition;
  std::string account;
  Currency currency = Currency::CNY;
  std::int64_t debit_minor = 0;
  std::int64_t credit_minor = 0;

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("partition", self.partition);
    visit("account", self.account);
    visit("currency", self.currency);
    visit("debit_minor", self.debit_minor);
    visit("credit_minor", self.credit_minor);
  }
  friend bool operator==(const Balance&, const Balance&) = default;
};

namespace account {
inline const std::string escrow = "escrow";
inline const std::string revenue = "revenue";
inline const std::string cost_of_sales = "cost_of_sales";
inline const std::string late_supplier_loss = "late_supplier_loss";
inline const std::string chargeback_loss = "chargeback_loss";
inline const std::string given_back_by_hand = "given_back_by_hand";  // What the owner laid out.
inline std::string channel_clearing(std::string_view channel) {
  return "channel_clearing:" + std::string(channel);
}
inline std::string channel_fees(std::string_view channel) {
  return "channel_fees:" + std::string(channel);
}
inline std::string refund_payable(std::string_view channel) {
  return "refund_payable:" + std::string(channel);
}
inline std::string supplier_payable(std::string_view supplier) {
  return "supplier_payable:" + std::string(supplier);
}
}  // namespace account

}  // namespace daozhang::domain
