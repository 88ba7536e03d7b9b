// What `daozhang report` and `daozhang bills` say, in both languages. Words of the data (kinds,
// states, causes) stay as they are in the files and the API, so that one can search for them; their
// meaning stands beside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/reconciliation/bill_day.h"
#include "domain/reconciliation/difference.h"

namespace daozhang::app {

enum class Language { en, zh };
// `zh-CN` or `en`; empty: what the environment says (LC_ALL, LC_MESSAGES, LANG).
Language language_named(std::string_view name);

struct ReportWords {
  std::string_view escrow;
  std::string_view escrow_account;
  std::string_view orders;
  std::string_view oldest;
  std::string_view clearing;
  std::string_view refund_payable;
  std::string_view channel_fees;
  std::string_view supplier_payable;
  std::string_view revenue;
  std::string_view cost_of_sales;
  std::string_view late_supplier_loss;
  std::string_view other_account;
  std::string_view debits_and_credits;
  std::string_view adds_up;
  std::string_view does_not_add_up;
  std::string_view no_money;
  std::string_view days_title;
  std::string_view no_days;
  std::string_view no_differences;
  std::string_view owner;
  std::string_view cause;
  std::string_view bill;
  std::string_view books;
  std::string_view moved;
  std::string_view booked;
  std::string_view payments;
  std::string_view refunds;
  std::string_view fees;
  std::string_view closed;
  std::string_view assigned;
  std::string_view asked_again;
  std::string_view more;
};
const ReportWords& report_words(Language language);

std::string_view meaning_of(domain::DifferenceKind kind, Language language);
std::string_view meaning_of(domain::ProposedCause cause, Language language);
std::string_view meaning_of(domain::BillDayVerdict verdict, Language language);

}  // namespace daozhang::app
