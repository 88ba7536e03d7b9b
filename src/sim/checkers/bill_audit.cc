#include "sim/checkers/bill_audit.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "domain/order/references.h"
#include "reconciliation/calendar.h"
#include "reconciliation/day_run.h"
#include "sim/checkers/truth_audit.h"
#include "storage/memory/memory_reconcile_store.h"

namespace daozhang::sim {
namespace {

// Reads the bills of all days, and two more in which whatever waits is due.
class BillsOfChannel {
 public:
  BillsOfChannel(const BillModel& bills, const ChannelModel& channel,
                 const domain::OrderNumbers& numbers, ports::LedgerReader& ledger)
      : bills_(bills), channel_(channel), numbers_(numbers), ledger_(ledger) {}

  void match_until(base::Instant end) {
    const std::string last = reconciliation::day_of(end + base::hours(48));
    for (std::string day = reconciliation::day_of(start_of_time); day <= last;
         day = reconciliation::day_after(day))
      match(day, end);
  }

  std::multiset<DueItem> items() {
    std::multiset<DueItem> found;
    ports::DifferenceFilter filter;
    filter.limit = 100'000;
    for (const auto& each : store_.differences(filter)) {
      std::string key = each.key;
      if (each.kind == domain::DifferenceKind::duplicate_line) key.resize(key.rfind('#'));
      found.insert({each.kind, std::move(key)});
    }
    return found;
  }

 private:
  void match(const std::string& day, base::Instant now) {
    const auto is_ours = [this](const std::string& trade_ref) {
      const auto parsed = domain::parse_trade_ref(trade_ref);
      return parsed && numbers_.order_of(parsed->order_no).has_value();
    };
    reconciliation::DayRun run(
        store_, ledger_, rules_, is_ours,
        {channel_.name(), {channel_.name()}, BillModel::has_refunds(channel_)}, day);
    ports::BillTotals totals;
    for (auto& line : bills_.bill_of(channel_, day)) {
      const bool is_refund = line.kind == ports::BillLineKind::refund;
      ++(is_refund ? totals.refund_count : totals.payment_count);
      (is_refund ? totals.refund_minor : totals.payment_minor) += line.amount_minor;
      run.take(std::move(line));
    }
    const auto row = run.finish(totals, now);
    CHECK(row && row->state == domain::BillDayState::done);
  }

  const BillModel& bills_;
  const ChannelModel& channel_;
  const domain::OrderNumbers& numbers_;
  ports::LedgerReader& ledger_;
  storage::memory::MemoryReconcileStore store_;
  const reconciliation::Rules rules_;
};

std::string told(const ChannelModel& channel, const DueItem& item) {
  return fmt::format("{} of {} at {}", base::name_of(item.kind), item.key, channel.name());
}

void compare(const ChannelModel& channel, const std::multiset<DueItem>& due,
             const std::multiset<DueItem>& found, Record& record) {
  std::vector<DueItem> unlike;
  std::ranges::set_difference(due, found, std::back_inserter(unlike));
  for (const auto& item : unlike)
    record.violated("S14", "bill and books differ, and no item says so: " + told(channel, item));
  unlike.clear();
  std::ranges::set_difference(found, due, std::back_inserter(unlike));
  for (const auto& item : unlike)
    record.violated("S14", "an item about what does not differ: " + told(channel, item));
  if (!due.empty()) record.reached(Sometimes::bill_difference_told);
}

}  // namespace

void check_bills(const BillModel& bills, const BillModel::Channels& channels,
                 const OrderChecks& checks, const domain::OrderNumbers& numbers, RunStore& store,
                 Scene& scene) {
  store.books([&](ports::LedgerReader& ledger) {
    for (const auto& [name, channel] : channels) {
      BillsOfChannel matched(bills, *channel, numbers, ledger);
      matched.match_until(scene.now());
      const auto is_booked = [&, channel = channel](const Trade& trade) {
        const auto parsed = domain::parse_trade_ref(trade.trade_ref);
        const auto key = parsed ? numbers.order_of(parsed->order_no) : std::nullopt;
        const auto order = key ? checks.orders().find(*key) : checks.orders().end();
        return order != checks.orders().end() &&
               payment_of(order->second, channel->name(), trade) != nullptr;
      };
      compare(*channel, bills.due_of(*channel, is_booked), matched.items(), scene.record);
    }
  });
}

}  // namespace daozhang::sim
