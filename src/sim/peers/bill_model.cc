#include "sim/peers/bill_model.h"

#include "domain/order/references.h"
#include "ports/ledger_reader.h"
#include "reconciliation/calendar.h"

namespace daozhang::sim {
namespace {

using domain::DifferenceKind;
using ports::BillLine;
using ports::BillLineKind;

// Far above every order of a run, and still numbers that the shop could have given.
constexpr std::int64_t first_unknown_order = 1'000'000'000'000;

BillLine payment_line(const Trade& trade) {
  BillLine line;
  line.trade_ref = trade.trade_ref;
  line.trade_no = trade.trade_no;
  line.amount_minor = trade.paid_minor;
  line.at = trade.paid_at;
  return line;
}

std::vector<BillLine> true_lines(const ChannelModel& channel) {
  std::vector<BillLine> lines;
  for (const auto& [trade_ref, trade] : channel.trades()) {
    if (trade.status != ports::TradeStatus::paid) continue;
    lines.push_back(payment_line(trade));
    if (!BillModel::has_refunds(channel)) continue;
    for (const auto& [refund_ref, refund] : trade.refunds) {
      if (refund.is_called_off) continue;
      BillLine line = payment_line(trade);
      line.kind = BillLineKind::refund;
      line.refund_ref = refund_ref;
      line.amount_minor = refund.amount_minor;
      line.at = refund.visible_at;
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace

void BillModel::draw(const Channels& channels) {
  for (const auto& [name, channel] : channels)
    for (const auto& line : true_lines(*channel)) {
      draw_line(name, line);
      if (line.kind == BillLineKind::payment) draw_unknown(name);
    }
}

void BillModel::draw_line(const std::string& channel, const BillLine& line) {
  auto& faults = scene_.faults;
  const std::pair place{channel, ports::key_of(line)};
  if (faults.strikes(FaultKind::bill_line_missing))
    false_.emplace(place, Falsehood::missing);
  else if (faults.strikes(FaultKind::bill_line_doubled))
    false_.emplace(place, Falsehood::doubled);
  else if (faults.strikes(FaultKind::bill_sum_changed))
    false_.emplace(place, Falsehood::sum_changed);
}

// A payment under a number that only this shop can have given, of an order that it does not have.
void BillModel::draw_unknown(const std::string& channel) {
  if (!scene_.faults.strikes(FaultKind::bill_line_unknown)) return;
  const domain::OrderKey order{domain::Partition{0},
                               domain::OrderId{first_unknown_order + ++unknown_count_}};
  BillLine line;
  line.trade_ref = domain::trade_ref(numbers_.number_of(order), 1);
  line.trade_no = channel + "_unknown_" + std::to_string(unknown_count_);
  line.amount_minor = 1 + static_cast<std::int64_t>(prng_.below(100'000));
  line.at = scene_.now();
  unknown_[channel].push_back(std::move(line));
}

std::vector<BillLine> BillModel::bill_of(const ChannelModel& channel,
                                         const std::string& day) const {
  std::vector<BillLine> lines;
  const auto add = [&](BillLine line) {
    line.line_no = std::ssize(lines) + 1;
    lines.push_back(std::move(line));
  };
  for (auto& line : true_lines(channel)) {
    if (reconciliation::day_of(line.at) != day) continue;
    const auto found = false_.find({channel.name(), ports::key_of(line)});
    if (found == false_.end()) {
      add(std::move(line));
    } else if (found->second != Falsehood::missing) {
      if (found->second == Falsehood::sum_changed) line.amount_minor += 1;
      if (found->second == Falsehood::doubled) add(line);
      add(std::move(line));
    }
  }
  if (const auto unknown = unknown_.find(channel.name()); unknown != unknown_.end())
    for (const auto& line : unknown->second)
      if (reconciliation::day_of(line.at) == day) add(line);
  return lines;
}

// A line that the books lack is told as that, whatever its sum.
std::multiset<DueItem> BillModel::due_of(const ChannelModel& channel,
                                         const IsBooked& is_booked) const {
  std::multiset<DueItem> due;
  for (const auto& line : true_lines(channel)) {
    const bool is_refund = line.kind == BillLineKind::refund;
    const bool is_ours =
        is_refund ? line.refund_ref != refund_elsewhere : is_booked(*channel.find(line.trade_ref));
    const std::string key = ports::key_of(line);
    const auto found = false_.find({channel.name(), key});
    const auto falsehood = found == false_.end() ? std::nullopt : std::optional(found->second);
    if (falsehood == Falsehood::missing) {
      if (is_ours)
        due.insert({is_refund ? DifferenceKind::refund_missing_there
                              : DifferenceKind::payment_missing_there,
                    key});
      continue;
    }
    if (falsehood == Falsehood::doubled) due.insert({DifferenceKind::duplicate_line, key});
    if (!is_ours)
      due.insert(
          {is_refund ? DifferenceKind::refund_missing_here : DifferenceKind::payment_missing_here,
           key});
    else if (falsehood == Falsehood::sum_changed)
      due.insert(
          {is_refund ? DifferenceKind::refund_amount_differs : DifferenceKind::amount_differs,
           key});
  }
  if (const auto unknown = unknown_.find(channel.name()); unknown != unknown_.end())
    for (const auto& line : unknown->second)
      due.insert({DifferenceKind::payment_missing_here, ports::key_of(line)});
  return due;
}

}  // namespace daozhang::sim
