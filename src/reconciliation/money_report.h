// Where the shop's money stands by its books, and the proof that they add up to the cent. Pure but
// for the reading; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/money/money.h"
#include "ports/ledger_reader.h"

namespace daozhang::reconciliation {

// How long money has been in escrow.
enum class EscrowAge { under_1h, under_24h, under_7d, older };
constexpr auto names_of(std::type_identity<EscrowAge>) {
  return base::words("under_1h", "under_24h", "under_7d", "older");
}
inline constexpr std::size_t escrow_age_count = 4;

struct EscrowShare {
  std::int64_t held_minor = 0;
  std::int64_t order_count = 0;
};

struct ChannelMoney {
  std::string channel;
  // What the channel has of ours: taken less given back, less its fees of the days whose bill was
  // read.
  std::int64_t clearing_minor = 0;
  std::int64_t refund_payable_minor = 0;  // Decided and not yet accepted by the channel.
  std::int64_t fees_minor = 0;            // What it kept, by its bills.
};

// Of one currency. An account's balance is debit less credit for what we have (clearing, costs,
// fees, losses) and credit less debit for what we owe or earned (escrow, refunds, suppliers,
// revenue).
struct CurrencyMoney {
  domain::Currency currency = domain::Currency::CNY;
  std::int64_t escrow_minor = 0;  // Of the account.
  EscrowShare held;               // Of the orders that are open.
  std::array<EscrowShare, escrow_age_count> held_by_age;
  base::Instant oldest_at;  // Of what is held; unset if nothing is.
  std::string oldest_order_no;
  std::int64_t negative_count = 0;  // Orders whose escrow is below zero.
  std::vector<ChannelMoney> channels;
  std::map<std::string, std::int64_t> suppliers;  // What we owe them.
  std::int64_t revenue_minor = 0;
  std::int64_t cost_of_sales_minor = 0;
  std::int64_t late_supplier_loss_minor = 0;
  std::map<std::string, std::int64_t>
      others;  // Accounts this report has no word for: debit less credit.
  std::int64_t debit_minor = 0;
  std::int64_t credit_minor = 0;

  [[nodiscard]] bool debits_equal_credits() const { return debit_minor == credit_minor; }
  [[nodiscard]] bool escrow_is_held() const {
    return escrow_minor == held.held_minor && negative_count == 0;
  }
  // What we have less what we owe and earned, by the rows of the report; zero if none is missing.
  [[nodiscard]] std::int64_t remainder_minor() const;
  [[nodiscard]] bool adds_up() const {
    return debits_equal_credits() && escrow_is_held() && remainder_minor() == 0;
  }
};

struct MoneyReport {
  base::Instant at;
  std::vector<CurrencyMoney> currencies;  // By currency; none in a new store.
  [[nodiscard]] bool adds_up() const;
};

MoneyReport money_report(ports::LedgerReader& ledger, base::Instant now);
std::string money_report_json(const MoneyReport& report);

}  // namespace daozhang::reconciliation
