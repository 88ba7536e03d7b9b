#include "sandbox/bill_lines.h"

#include <algorithm>
#include <utility>

namespace daozhang::sandbox {
namespace {

constexpr base::Duration one_day = base::hours(24);

ports::BillLine line_of(const Trade& trade, ports::BillLineKind kind, base::Instant at,
                        std::int64_t amount_minor) {
  ports::BillLine line;
  line.kind = kind;
  line.trade_ref = trade.out_trade_no;
  line.trade_no = trade.trade_no;
  line.amount_minor = amount_minor;
  line.at = at;
  const std::int64_t fee = fee_of(amount_minor);
  line.fee_minor = kind == ports::BillLineKind::payment ? fee : -fee;
  return line;
}

std::vector<BillItem> items_of(const TradeBook& book, base::Instant from) {
  std::vector<BillItem> items;
  const auto add = [&](const Trade& trade, ports::BillLine line, const std::string& movement_no) {
    if (line.at < from || line.at >= from + one_day) return;
    items.push_back({std::move(line), movement_no, trade.subject, trade.body});
  };
  for (const auto& [number, trade] : book.trades()) {
    if (trade.paid_minor > 0)
      add(trade, line_of(trade, ports::BillLineKind::payment, trade.paid_at, trade.paid_minor),
          trade.trade_no);
    for (const TradeRefund& refund : trade.refunds) {
      if (refund.state != RefundState::success) continue;
      auto line = line_of(trade, ports::BillLineKind::refund, refund.done_at, refund.amount_minor);
      line.refund_ref = refund.out_request_no;
      add(trade, std::move(line), refund.refund_no);
    }
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const BillItem& a, const BillItem& b) { return a.line.at < b.line.at; });
  return items;
}

// A payment that never was.
BillItem foreign_item(base::Instant day) {
  const std::string date = base::to_local_seconds(day, base::beijing_offset).substr(0, 10);
  std::string digits = date;
  std::erase(digits, '-');
  Trade trade;
  trade.out_trade_no = "FOREIGN" + digits;
  trade.trade_no = digits + "22001000000000000000";
  return {line_of(trade, ports::BillLineKind::payment, day + base::hours(12), 100),
          trade.trade_no,
          "foreign",
          {}};
}

}  // namespace

std::int64_t fee_of(std::int64_t amount_minor) { return (amount_minor * 6 + 500) / 1'000; }

std::optional<base::Instant> beijing_day(std::string_view day) {
  if (day.size() != 10) return std::nullopt;
  return base::from_local_seconds(std::string(day) + " 00:00:00", base::beijing_offset);
}

namespace {

void damage_trades(DayBill& bill, FaultBoard& faults, const FaultSubject& subject,
                   base::Instant day) {
  if (bill.exists && faults.strike("bill_line_missing", subject))
    bill.items.erase(bill.items.begin());
  if (!bill.items.empty()) {
    if (const auto other = faults.strike("bill_other_amount", subject)) {
      std::int64_t& amount = bill.items.front().line.amount_minor;
      amount = std::max<std::int64_t>(1, amount + other->number("minor"));
    }
  }
  if (faults.strike("bill_line_extra", subject)) {
    bill.items.push_back(foreign_item(day));
    bill.exists = true;
  }
}

void damage_funds(DayBill& bill, FaultBoard& faults, const FaultSubject& subject,
                  base::Instant day) {
  if (bill.exists && faults.strike("fund_line_missing", subject))
    bill.items.erase(bill.items.begin());
  if (const auto other = faults.strike("fund_other_fee", subject))
    bill.first_fee_more_minor = other->number("minor");
  if (faults.strike("fund_line_extra", subject)) {
    bill.items.push_back(foreign_item(day));
    bill.exists = true;
  }
}

}  // namespace

DayBill day_bill(const TradeBook& book, FaultBoard& faults, base::Instant day, BillPart part) {
  const FaultSubject subject{{}, {}, {base::name_of(book.channel())}};
  DayBill bill;
  base::Duration later;
  if (const auto moved = faults.strike("bill_days_later", subject))
    later = one_day * moved->number("days");
  bill.items = items_of(book, day + later);
  for (BillItem& item : bill.items) item.line.at = item.line.at - later;
  bill.exists = !bill.items.empty();
  if (part == BillPart::trades)
    damage_trades(bill, faults, subject, day);
  else
    damage_funds(bill, faults, subject, day);
  bill.is_creating = faults.strike("bill_creating", subject).has_value();
  bill.has_wrong_hash = faults.strike("bill_wrong_hash", subject).has_value();
  bill.has_wrong_totals = faults.strike("bill_wrong_totals", subject).has_value();
  return bill;
}

}  // namespace daozhang::sandbox
