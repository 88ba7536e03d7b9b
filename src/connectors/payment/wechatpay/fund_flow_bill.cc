#include "connectors/payment/wechatpay/fund_flow_bill.h"

#include <array>
#include <optional>
#include <utility>

#include "connectors/payment/wechatpay/yuan.h"
#include "domain/money/money.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

enum Column : std::size_t {
  time,
  business_no,
  flow_no,
  business_name,
  business_type,
  direction,
  amount,
  balance,
  remark,
  voucher_no,
};

// The second spelling, if there is one, is as good as the first.
struct Names {
  std::string_view first;
  std::string_view second = {};
};
constexpr auto column_names = std::to_array<Names>({{"记账时间"},
                                                    {"微信支付业务单号"},
                                                    {"资金流水单号"},
                                                    {"业务名称"},
                                                    {"业务类型"},
                                                    {"收支类型"},
                                                    {"收支金额(元)", "收支金额（元）"},
                                                    {"账户结余(元)", "账户结余（元）"},
                                                    {"备注"},
                                                    {"业务凭证号"}});

// Far above any bill and far below what the sums can hold.
constexpr std::int64_t sum_minor_max = 1'000'000'000'000'000;

std::optional<FundDirection> direction_of(std::string_view word) {
  if (word == "收入") return FundDirection::in;
  if (word == "支出") return FundDirection::out;
  return std::nullopt;
}

// Below zero too: an account can be overdrawn.
std::optional<std::int64_t> signed_fen(std::string_view text) {
  const auto parts = yuan_100000ths(text);
  if (!parts || *parts % parts_of_fen != 0) return std::nullopt;
  return *parts / parts_of_fen;
}

}  // namespace

ports::BillLine bill_line_of(const FundFlowLine& line) {
  const bool is_fee = line.business_name.find("手续费") != std::string::npos;
  const bool is_trade = line.business_name == "交易" || line.business_name == "退款";
  const std::int64_t moved =
      line.direction == FundDirection::in ? line.amount_minor : -line.amount_minor;
  ports::BillLine told;
  told.line_no = line.line_no;
  told.kind =
      is_fee || is_trade ? ports::BillLineKind::fund_moved : ports::BillLineKind::fund_other;
  told.trade_ref = line.voucher_no;
  told.trade_no = line.business_no.empty() ? line.flow_no : line.business_no;
  (is_fee ? told.fee_minor : told.amount_minor) = is_fee ? -moved : moved;
  told.at = line.at;
  told.status = line.business_name;
  return told;
}

FundFlowBillReader::FundFlowBillReader(std::string sha1_hex, Sink sink)
    : sink_(std::move(sink)),
      hash_(std::move(sha1_hex)),
      table_({.header = [this](const Cells& names) { return take_header(names); },
              .detail = [this](const Cells& cells,
                               std::int64_t line_no) { return take_row(cells, line_no); },
              .summary = [this](const Cells& names,
                                const Cells& values) { return take_summary(names, values); }}) {}

bool FundFlowBillReader::feed(std::string_view piece) {
  hash_.update(piece);
  return table_.feed(piece);
}

base::Result<FundFlowTotals, ports::BillRefusal> FundFlowBillReader::finish() {
  const bool readable = table_.finish();
  if (!hash_.fits()) return base::refuse(ports::BillRefusal::hash_differs);
  if (!readable) return base::refuse(ports::BillRefusal::unreadable);
  if (!totals_agree_) return base::refuse(ports::BillRefusal::totals_differ);
  return totals_;
}

bool FundFlowBillReader::take_header(const Cells& names) {
  for (const Names& name : column_names) {
    auto position = position_of(names, name.first);
    if (!position && !name.second.empty()) position = position_of(names, name.second);
    if (!position) return false;
    columns_.push_back(*position);
  }
  return true;
}

bool FundFlowBillReader::take_row(const Cells& cells, std::int64_t line_no) {
  const auto cell = [&](Column column) { return cells[columns_[column]]; };
  const auto at = base::from_local_seconds(cell(time), base::beijing_offset);
  const auto way = direction_of(cell(direction));
  const auto moved = fen_of_yuan(cell(amount));
  const auto left = signed_fen(cell(balance));
  if (!at || !way || !moved || *moved > domain::amount_minor_max || !left) return false;

  FundFlowLine line;
  line.line_no = line_no;
  line.at = *at;
  line.business_no = cell(business_no);
  line.flow_no = cell(flow_no);
  line.business_name = cell(business_name);
  line.business_type = cell(business_type);
  line.direction = *way;
  line.amount_minor = *moved;
  line.balance_minor = *left;
  line.remark = cell(remark);
  line.voucher_no = cell(voucher_no);

  const bool in = *way == FundDirection::in;
  (in ? totals_.in_count : totals_.out_count) += 1;
  std::int64_t& sum = in ? totals_.in_minor : totals_.out_minor;
  sum += *moved;
  if (sum > sum_minor_max) return false;
  sink_(std::move(line));
  return true;
}

bool FundFlowBillReader::take_summary(const Cells& names, const Cells& values) {
  const auto value = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto position = position_of(names, name);
    return position ? yuan_100000ths(values[*position]) : std::nullopt;
  };
  const auto rows = value("资金流水总笔数");  // Counts are told as 20.0.
  const auto in_count = value("收入笔数");
  const auto in_amount = value("收入金额");
  const auto out_count = value("支出笔数");
  const auto out_amount = value("支出金额");
  if (!rows || !in_count || !in_amount || !out_count || !out_amount) return false;
  totals_agree_ = *rows == (totals_.in_count + totals_.out_count) * 100'000 &&
                  *in_count == totals_.in_count * 100'000 &&
                  *out_count == totals_.out_count * 100'000 &&
                  *in_amount == totals_.in_minor * parts_of_fen &&
                  *out_amount == totals_.out_minor * parts_of_fen;
  return true;
}

}  // namespace daozhang::connectors::payment::wechatpay
