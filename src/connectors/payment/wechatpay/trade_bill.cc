#include "connectors/payment/wechatpay/trade_bill.h"

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/payment/wechatpay/yuan.h"
#include "domain/money/money.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

// What is read of a row, found by name wherever it stands.
enum Column : std::size_t {
  time,
  mchid,
  transaction_id,
  out_trade_no,
  trade_state,
  currency,
  out_refund_no,
  refund_status,
  fee,
  order_amount,
  asked_refund,
  settled_amount,
  refund_no,
  settled_refund,
};
constexpr auto column_names = std::to_array<std::string_view>(
    {"交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "货币种类", "商户退款单号",
     "退款状态", "手续费", "订单金额", "申请退款金额"});
// What is read as well if the fund flow is matched.
constexpr auto due_column_names =
    std::to_array<std::string_view>({"应结订单金额", "微信退款单号", "退款金额"});

std::optional<ports::BillLineKind> kind_of(std::string_view state) {
  if (state == "SUCCESS") return ports::BillLineKind::payment;
  if (state == "REFUND" || state == "REVOKED") return ports::BillLineKind::refund;
  return std::nullopt;
}

std::optional<std::int64_t> line_amount(std::string_view text) {
  const auto fen = fen_of_yuan(text);
  if (!fen || *fen == 0 || *fen > domain::amount_minor_max) return std::nullopt;
  return fen;
}

// Far above any bill and far below what the sums can hold.
constexpr std::int64_t sum_minor_max = 1'000'000'000'000'000;

// Totals are told with fewer decimals than fees, so half a fen is no difference.
bool agrees(std::int64_t told_parts, std::int64_t sum_parts) {
  const std::int64_t difference = told_parts - sum_parts;
  return difference <= parts_of_fen / 2 && difference >= -parts_of_fen / 2;
}

}  // namespace

TradeBillReader::TradeBillReader(std::string mchid, std::string sha1_hex, ports::BillSink sink,
                                 ports::BillSink due)
    : mchid_(std::move(mchid)),
      sink_(std::move(sink)),
      due_(std::move(due)),
      hash_(std::move(sha1_hex)),
      table_({.header = [this](const Cells& names) { return take_header(names); },
              .detail = [this](const Cells& cells,
                               std::int64_t line_no) { return take_row(cells, line_no); },
              .summary = [this](const Cells& names,
                                const Cells& values) { return take_summary(names, values); }}) {}

bool TradeBillReader::feed(std::string_view piece) {
  hash_.update(piece);
  return table_.feed(piece);
}

base::Result<ports::BillTotals, ports::BillRefusal> TradeBillReader::finish() {
  const bool readable = table_.finish();
  if (!hash_.fits()) return base::refuse(ports::BillRefusal::hash_differs);
  if (!readable) return base::refuse(ports::BillRefusal::unreadable);
  if (!totals_agree_) return base::refuse(ports::BillRefusal::totals_differ);
  return totals_;
}

bool TradeBillReader::take_header(const Cells& names) {
  const auto find = [&](std::string_view name) {
    const auto position = position_of(names, name);
    if (position) columns_.push_back(*position);
    return position.has_value();
  };
  return std::ranges::all_of(column_names, find) &&
         (!due_ || std::ranges::all_of(due_column_names, find));
}

bool TradeBillReader::take_row(const Cells& cells, std::int64_t line_no) {
  const auto cell = [&](Column column) { return cells[columns_[column]]; };
  const auto kind = kind_of(cell(trade_state));
  const auto at = base::from_local_seconds(cell(time), base::beijing_offset);
  const auto fee_parts = yuan_100000ths(cell(fee));
  if (!kind || !at || !fee_parts || cell(currency) != "CNY" || cell(mchid) != mchid_) return false;
  const bool refund = *kind == ports::BillLineKind::refund;
  const auto amount = line_amount(cell(refund ? asked_refund : order_amount));
  const auto other = fen_of_yuan(cell(refund ? order_amount : asked_refund));
  if (!amount || !other || *other > domain::amount_minor_max) return false;
  if (*fee_parts > *amount * parts_of_fen || *fee_parts < -*amount * parts_of_fen) return false;

  ports::BillLine line;
  line.line_no = line_no;
  line.kind = *kind;
  line.trade_ref = cell(out_trade_no);
  line.trade_no = cell(transaction_id);
  if (refund) line.refund_ref = cell(out_refund_no);
  line.amount_minor = *amount;
  line.fee_minor = nearest_fen(*fee_parts);
  line.at = *at;
  line.status = cell(refund ? refund_status : trade_state);

  ++sums_.row_count;
  sums_.order_minor += refund ? *other : *amount;
  sums_.refund_minor += refund ? *amount : *other;
  sums_.fee_parts += *fee_parts;
  if (sums_.order_minor + sums_.refund_minor > sum_minor_max) return false;
  (refund ? totals_.refund_count : totals_.payment_count) += 1;
  (refund ? totals_.refund_minor : totals_.payment_minor) += *amount;
  totals_.fee_minor += line.fee_minor;
  if (due_ && !tell_due(cells, line)) return false;
  sink_(std::move(line));
  return true;
}

bool TradeBillReader::tell_due(const Cells& cells, const ports::BillLine& line) {
  const bool refund = line.kind == ports::BillLineKind::refund;
  const auto moved = fen_of_yuan(cells[columns_[refund ? settled_refund : settled_amount]]);
  if (!moved || *moved > domain::amount_minor_max) return false;
  ports::BillLine due = line;
  due.kind = ports::BillLineKind::fund_due;
  due.trade_no = refund ? cells[columns_[refund_no]] : cells[columns_[transaction_id]];
  due.refund_ref.clear();
  due.amount_minor = refund ? -*moved : *moved;
  due_(std::move(due));
  return true;
}

bool TradeBillReader::take_summary(const Cells& names, const Cells& values) {
  const auto value = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto position = position_of(names, name);
    return position ? yuan_100000ths(values[*position]) : std::nullopt;
  };
  const auto rows = value("总交易单数");  // Told as 45.0.
  const auto orders = value("订单总金额");
  const auto refunds = value("申请退款总金额");
  const auto fees = value("手续费总金额");
  if (!rows || !orders || !refunds || !fees) return false;
  totals_agree_ = *rows == sums_.row_count * 100'000 &&
                  *orders == sums_.order_minor * parts_of_fen &&
                  *refunds == sums_.refund_minor * parts_of_fen && agrees(*fees, sums_.fee_parts);
  return true;
}

}  // namespace daozhang::connectors::payment::wechatpay
