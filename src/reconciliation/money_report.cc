#include "reconciliation/money_report.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "json/writer.h"

namespace daozhang::reconciliation {
namespace {

EscrowAge age_of(base::Instant since, base::Instant now) {
  if (now - since < base::hours(1)) return EscrowAge::under_1h;
  if (now - since < base::hours(24)) return EscrowAge::under_24h;
  if (now - since < base::hours(7 * 24)) return EscrowAge::under_7d;
  return EscrowAge::older;
}

void add(EscrowShare& share, std::int64_t held_minor) {
  share.held_minor += held_minor;
  ++share.order_count;
}

ChannelMoney& channel_of(CurrencyMoney& money, std::string_view name) {
  const auto found = std::find_if(money.channels.begin(), money.channels.end(),
                                  [&](const ChannelMoney& each) { return each.channel == name; });
  if (found != money.channels.end()) return *found;
  auto& added = money.channels.emplace_back();
  added.channel = name;
  return added;
}

// What follows the prefix, or nothing if the account has another.
std::string_view named(const std::string& account, std::string_view prefix) {
  std::string_view name = account;
  if (!name.starts_with(prefix)) return {};
  return name.substr(prefix.size());
}

void add_balance(CurrencyMoney& money, const domain::Balance& balance) {
  const std::int64_t owned = balance.debit_minor - balance.credit_minor;
  money.debit_minor += balance.debit_minor;
  money.credit_minor += balance.credit_minor;
  const std::string& account = balance.account;
  if (account == domain::account::escrow) {
    money.escrow_minor -= owned;
  } else if (account == domain::account::revenue) {
    money.revenue_minor -= owned;
  } else if (account == domain::account::cost_of_sales) {
    money.cost_of_sales_minor += owned;
  } else if (account == domain::account::late_supplier_loss) {
    money.late_supplier_loss_minor += owned;
  } else if (const auto channel = named(account, "channel_clearing:"); !channel.empty()) {
    channel_of(money, channel).clearing_minor += owned;
  } else if (const auto keeper = named(account, "channel_fees:"); !keeper.empty()) {
    channel_of(money, keeper).fees_minor += owned;
  } else if (const auto payer = named(account, "refund_payable:"); !payer.empty()) {
    channel_of(money, payer).refund_payable_minor -= owned;
  } else if (const auto supplier = named(account, "supplier_payable:"); !supplier.empty()) {
    money.suppliers[std::string(supplier)] -= owned;
  } else {
    money.others[account] += owned;
  }
}

void add_escrow(CurrencyMoney& money, const ports::HeldEscrow& escrow, base::Instant now) {
  add(money.held, escrow.held_minor);
  add(money.held_by_age[static_cast<std::size_t>(age_of(escrow.since, now))], escrow.held_minor);
  if (escrow.held_minor < 0) ++money.negative_count;
  if (money.oldest_at.is_set() && money.oldest_at <= escrow.since) return;
  money.oldest_at = escrow.since;
  money.oldest_order_no = escrow.order_no;
}

void write_escrow(json::Writer& json, const CurrencyMoney& money) {
  json.key("escrow").begin_object();
  json.member("account_minor", money.escrow_minor)
      .member("held_minor", money.held.held_minor)
      .member("order_count", money.held.order_count);
  if (money.oldest_at.is_set())
    json.member("oldest_at", base::to_rfc3339(money.oldest_at))
        .member("oldest_order_no", money.oldest_order_no);
  json.key("by_age").begin_object();
  for (std::size_t i = 0; i < escrow_age_count; ++i) {
    const auto& share = money.held_by_age[i];
    json.key(base::name_of(static_cast<EscrowAge>(i)))
        .begin_object()
        .member("held_minor", share.held_minor)
        .member("order_count", share.order_count)
        .end_object();
  }
  json.end_object().end_object();
}

void write_parties(json::Writer& json, const CurrencyMoney& money) {
  json.key("channels").begin_array();
  for (const auto& channel : money.channels)
    json.begin_object()
        .member("channel", channel.channel)
        .member("clearing_minor", channel.clearing_minor)
        .member("refund_payable_minor", channel.refund_payable_minor)
        .member("fees_minor", channel.fees_minor)
        .end_object();
  json.end_array().key("suppliers").begin_array();
  for (const auto& [supplier, payable] : money.suppliers)
    json.begin_object().member("supplier", supplier).member("payable_minor", payable).end_object();
  json.end_array();
}

void write_currency(json::Writer& json, const CurrencyMoney& money) {
  json.begin_object().member("currency", base::name_of(money.currency));
  write_escrow(json, money);
  write_parties(json, money);
  json.member("revenue_minor", money.revenue_minor)
      .member("cost_of_sales_minor", money.cost_of_sales_minor)
      .member("late_supplier_loss_minor", money.late_supplier_loss_minor);
  json.key("others").begin_object();
  for (const auto& [account, balance] : money.others) json.member(account, balance);
  json.end_object()
      .key("proof")
      .begin_object()
      .member("debit_minor", money.debit_minor)
      .member("credit_minor", money.credit_minor)
      .member("remainder_minor", money.remainder_minor())
      .member("negative_escrow_count", money.negative_count)
      .member("adds_up", money.adds_up())
      .end_object()
      .end_object();
}

}  // namespace

std::int64_t CurrencyMoney::remainder_minor() const {
  std::int64_t sum = cost_of_sales_minor + late_supplier_loss_minor - escrow_minor - revenue_minor;
  for (const auto& channel : channels)
    sum += channel.clearing_minor + channel.fees_minor - channel.refund_payable_minor;
  for (const auto& [supplier, payable] : suppliers) sum -= payable;
  for (const auto& [account, balance] : others) sum += balance;
  return sum;
}

bool MoneyReport::adds_up() const {
  return std::all_of(currencies.begin(), currencies.end(),
                     [](const CurrencyMoney& money) { return money.adds_up(); });
}

MoneyReport money_report(ports::LedgerReader& ledger, base::Instant now) {
  std::map<domain::Currency, CurrencyMoney> by_currency;
  ledger.read_money(
      [&](const domain::Balance& balance) { add_balance(by_currency[balance.currency], balance); },
      [&](const ports::HeldEscrow& escrow) {
        add_escrow(by_currency[escrow.currency], escrow, now);
      });
  MoneyReport report;
  report.at = now;
  for (auto& [currency, money] : by_currency) {
    money.currency = currency;
    std::sort(money.channels.begin(), money.channels.end(),
              [](const auto& a, const auto& b) { return a.channel < b.channel; });
    report.currencies.push_back(std::move(money));
  }
  return report;
}

std::string money_report_json(const MoneyReport& report) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("at", base::to_rfc3339(report.at))
      .member("adds_up", report.adds_up())
      .key("currencies")
      .begin_array();
  for (const auto& money : report.currencies) write_currency(json, money);
  json.end_array().end_object();
  return text;
}

}  // namespace daozhang::reconciliation
