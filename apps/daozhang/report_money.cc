#include <chrono>

#include <fmt/format.h>

#include "domain/money/money.h"
#include "load.h"
#include "reconciliation/money_report.h"
#include "report_words.h"
#include "storage/sqlite/sqlite_ledger_reader.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

using reconciliation::CurrencyMoney;

void row(std::string_view label, std::int64_t minor, std::string_view note = "") {
  fmt::print("{:>16}  {}{}{}\n", domain::decimal_of_minor(minor), label, note.empty() ? "" : "  ",
             note);
}

void print_escrow(const CurrencyMoney& money, const ReportWords& words) {
  row(words.escrow_account, money.escrow_minor);
  row(words.escrow, money.held.held_minor,
      fmt::format("{} {}", money.held.order_count, words.orders));
  for (std::size_t i = 0; i < reconciliation::escrow_age_count; ++i) {
    const auto& share = money.held_by_age[i];
    if (share.order_count == 0) continue;
    row(fmt::format("  {}", base::name_of(static_cast<reconciliation::EscrowAge>(i))),
        share.held_minor, fmt::format("{} {}", share.order_count, words.orders));
  }
  if (money.oldest_at.is_set())
    fmt::print("{:>16}  {} {} {}\n", "", words.oldest, base::to_rfc3339(money.oldest_at),
               money.oldest_order_no);
}

void print_currency(const CurrencyMoney& money, const ReportWords& words) {
  fmt::print("{}\n", base::name_of(money.currency));
  print_escrow(money, words);
  for (const auto& channel : money.channels) {
    row(fmt::format("{} {}", words.clearing, channel.channel), channel.clearing_minor);
    row(fmt::format("{} {}", words.refund_payable, channel.channel), channel.refund_payable_minor);
    row(fmt::format("{} {}", words.channel_fees, channel.channel), channel.fees_minor);
  }
  for (const auto& [supplier, payable] : money.suppliers)
    row(fmt::format("{} {}", words.supplier_payable, supplier), payable);
  row(words.revenue, money.revenue_minor);
  row(words.cost_of_sales, money.cost_of_sales_minor);
  row(words.late_supplier_loss, money.late_supplier_loss_minor);
  for (const auto& [account, balance] : money.others)
    row(fmt::format("{} {}", words.other_account, account), balance);
  fmt::print("{:>16}  {} {}\n", domain::decimal_of_minor(money.debit_minor),
             words.debits_and_credits, domain::decimal_of_minor(money.credit_minor));
  fmt::print("{}\n", money.adds_up() ? words.adds_up : words.does_not_add_up);
}

}  // namespace

int report_money(const CommonOptions& options, const ReportOptions& report_options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings) return exit_status::usage;
  const auto ledger = storage::sqlite::SqliteLedgerReader::open(settings->store_path);
  if (!ledger) {
    tell(ledger.error().words);
    return exit_status::usage;
  }
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto report = reconciliation::money_report(**ledger, base::Instant{now.count()});
  const auto& words = report_words(language_named(report_options.language));
  if (report_options.json) {
    fmt::print("{}\n", reconciliation::money_report_json(report));
  } else {
    for (const auto& money : report.currencies) print_currency(money, words);
    if (report.currencies.empty()) fmt::print("{}\n", words.no_money);
  }
  return report.adds_up() ? exit_status::ok : exit_status::failed;
}

}  // namespace daozhang::app
