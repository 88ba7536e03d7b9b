#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "domain/money/money.h"
#include "load.h"
#include "reconciliation/bills_json.h"
#include "reconciliation/calendar.h"
#include "report_words.h"
#include "storage/sqlite/sqlite_reconcile_store.h"
#include "verbs.h"

namespace daozhang::app {
namespace {

constexpr std::size_t differences_max = 200;
constexpr std::size_t days_max = 400;

base::Instant wall_now() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return {now.count()};
}

std::string first_day_shown() { return reconciliation::day_of(wall_now() - base::hours(24 * 31)); }

void print_day(const domain::BillDayView& view, const ReportWords& words, Language language) {
  const auto& day = view.day;
  fmt::print("{}  {:<16} {:<8} {}", day.day, day.account, base::name_of(view.verdict()),
             meaning_of(view.verdict(), language));
  if (!day.refusal.empty()) fmt::print("  {}: {}", day.refusal, day.problem);
  fmt::print("\n");
  if (day.state == domain::BillDayState::expected) return;
  fmt::print("    {} {} {} / {} {} {}, {} {} / {}, {} {}\n", words.bill, words.payments,
             domain::decimal_of_minor(day.bill_payment_minor), words.books, words.payments,
             domain::decimal_of_minor(day.ledger_payment_minor), words.refunds,
             domain::decimal_of_minor(day.bill_refund_minor),
             domain::decimal_of_minor(day.ledger_refund_minor), words.fees,
             domain::decimal_of_minor(day.bill_fee_minor));
  if (day.fund_count > 0)
    fmt::print("    {} +{} -{}\n", words.moved, domain::decimal_of_minor(day.fund_in_minor),
               domain::decimal_of_minor(day.fund_out_minor));
}

// What stands beside the bill: our books, or how the account at the channel moved.
std::string_view other_side(domain::DifferenceKind kind, const ReportWords& words) {
  if (kind == domain::DifferenceKind::fee_corrected) return words.booked;
  return domain::is_of_funds(kind) ? words.moved : words.books;
}

void print_difference(const domain::Difference& each, const ReportWords& words, Language language) {
  fmt::print("{}  {}  {}  {}\n    {}\n", each.difference_id, each.day, each.account,
             base::name_of(each.kind), meaning_of(each.kind, language));
  fmt::print("    {} {} / {} {} {}  {}", words.bill, domain::decimal_of_minor(each.bill_minor),
             other_side(each.kind, words), domain::decimal_of_minor(each.ledger_minor),
             base::name_of(each.currency), each.key);
  if (each.line_count > 1) fmt::print(" ({})", each.line_count);
  if (!each.order_no.empty()) fmt::print("  {}", each.order_no);
  fmt::print("\n");
  if (each.state == domain::DifferenceState::closed)
    fmt::print("    {} {} {}: {} {}\n", words.closed, base::to_rfc3339(each.closed_at),
               each.closed_by, each.reason, each.evidence);
  else
    fmt::print("    {} {}; {}: {}\n", words.owner, each.owner, words.cause,
               meaning_of(each.cause, language));
}

// The account whose bill the channel last had a share in; empty if there is none.
std::string account_of(ports::ReconcileStore& store, const std::string& channel) {
  std::string account;
  for (const auto& view : store.days("", first_day_shown(), days_max))
    if ((" " + view.day.channels + " ").find(" " + channel + " ") != std::string::npos)
      account = view.day.account;
  return account;
}

int list(ports::ReconcileStore& store, const BillsOptions& options, Language language) {
  const auto& words = report_words(language);
  const std::string from = options.day.empty() ? first_day_shown() : options.day;
  std::string account;
  if (!options.channel.empty()) {
    account = account_of(store, options.channel);
    if (account.empty()) {
      tell("no bill of a channel " + options.channel + " was asked for in the last 31 days");
      return exit_status::usage;
    }
  }
  auto days = store.days(account, from, days_max);
  if (!options.day.empty())
    std::erase_if(days, [&](const auto& view) { return view.day.day != options.day; });
  ports::DifferenceFilter filter;
  filter.account = account;
  filter.day = options.day;
  if (!options.all) filter.state = domain::DifferenceState::open;
  filter.limit = options.json ? 100'000 : differences_max;
  const auto differences = store.differences(filter);
  filter.state = domain::DifferenceState::open;
  filter.limit = 1;
  const bool is_open = !store.differences(filter).empty();
  const int status = is_open ? exit_status::failed : exit_status::ok;
  if (options.json) {
    fmt::print("{}\n", reconciliation::bills_json(days, differences));
    return status;
  }
  for (const auto& view : days) print_day(view, words, language);
  if (days.empty()) fmt::print("{}\n", words.no_days);
  for (const auto& each : differences) print_difference(each, words, language);
  if (!is_open) fmt::print("{}\n", words.no_differences);
  if (differences.size() == differences_max) fmt::print("{}\n", words.more);
  return status;
}

int show(ports::ReconcileStore& store, const BillsOptions& options, Language language) {
  const auto found = store.find_difference(options.difference);
  if (!found) {
    tell("no difference has the number " + options.difference);
    return exit_status::failed;
  }
  const auto journal = store.journal_of(options.difference);
  if (options.json) {
    fmt::print("{}\n", reconciliation::difference_json(*found, journal));
    return exit_status::ok;
  }
  print_difference(*found, report_words(language), language);
  for (const auto& entry : journal)
    fmt::print("    {} {} {}: {}\n", base::to_rfc3339(entry.at), base::name_of(entry.step),
               entry.by, entry.words);
  return exit_status::ok;
}

int told(const base::Result<void, ports::ReconcileRefusal>& result, const BillsOptions& options,
         const std::string& success) {
  if (result) {
    fmt::print("{}\n", success);
    return exit_status::ok;
  }
  switch (result.error()) {
    case ports::ReconcileRefusal::unavailable:
      tell("nothing was written: no space is left, or another process holds the file; try again");
      break;
    case ports::ReconcileRefusal::unknown_item:
      tell("no difference has the number " + options.difference);
      break;
    case ports::ReconcileRefusal::already_closed:
      tell(options.difference + " is closed; `daozhang bills show` tells by whom");
      break;
  }
  return exit_status::failed;
}

int change(ports::ReconcileStore& store, const BillsOptions& options, Language language) {
  const auto& words = report_words(language);
  if (options.action == BillsOptions::Action::assign)
    return told(store.assign(options.difference, options.to, options.acting.as, wall_now()),
                options, fmt::format("{} {} {}", options.difference, words.assigned, options.to));
  return told(store.close({options.difference, options.acting.as, options.acting.reason,
                           options.evidence, wall_now()}),
              options, fmt::format("{} {}", options.difference, words.closed));
}

// The shop that runs, or the next one that starts, finds that the day is due. Fees are booked by
// what they lack of the new bill's, and its differences are the same items as before.
int again(ports::ReconcileStore& store, const BillsOptions& options, Language language) {
  const std::string account = account_of(store, options.channel);
  const auto known = store.find_day(account, options.day);
  if (!known || options.day < first_day_shown()) {
    tell("no bill of " + options.channel + " for " + options.day +
         " was asked for in the last 31 days");
    return exit_status::usage;
  }
  ports::ReconcileChanges changes;
  changes.day = *known;
  changes.day->state = domain::BillDayState::expected;
  changes.day->next_try_at = {};
  changes.day->refusal = "asked_again";
  changes.day->problem = options.acting.as + ": " + options.acting.reason;
  return told(store.save(changes), options,
              fmt::format("{} {} {}", options.day, account, report_words(language).asked_again));
}

bool is_complete(const BillsOptions& options) {
  using Action = BillsOptions::Action;
  if (!options.day.empty() && !reconciliation::is_day(options.day)) {
    tell("--day is a date like 2026-11-22");
    return false;
  }
  const bool is_change = options.action == Action::close || options.action == Action::assign ||
                         options.action == Action::again;
  if (is_change && options.acting.as.empty()) {
    tell("say who does it (--as NAME); the journal keeps it");
    return false;
  }
  if (options.acting.as == domain::closed_by_itself) {
    tell("that name is for what closes by itself; say yours");
    return false;
  }
  const bool wants_reason = options.action == Action::close || options.action == Action::again;
  if (wants_reason && options.acting.reason.empty()) {
    tell("say why (--reason TEXT); it is kept");
    return false;
  }
  return true;
}

}  // namespace

int bills(const CommonOptions& options, const BillsOptions& bills_options) {
  const auto settings = load_settings_or_tell(options);
  if (!settings || !is_complete(bills_options)) return exit_status::usage;
  const Language language = language_named(bills_options.language);
  const std::string path = settings->store_path + ".bills";
  if (!std::filesystem::exists(path)) {
    fmt::print("{}\n", bills_options.json ? reconciliation::bills_json({}, {})
                                          : std::string(report_words(language).no_days));
    return exit_status::ok;
  }
  const auto store = storage::sqlite::SqliteReconcileStore::open(path);
  if (!store) {
    tell(store.error().words);
    return exit_status::usage;
  }
  switch (bills_options.action) {
    case BillsOptions::Action::list:
      return list(**store, bills_options, language);
    case BillsOptions::Action::show:
      return show(**store, bills_options, language);
    case BillsOptions::Action::again:
      return again(**store, bills_options, language);
    case BillsOptions::Action::close:
    case BillsOptions::Action::assign:
      return change(**store, bills_options, language);
  }
  return exit_status::usage;
}

}  // namespace daozhang::app
