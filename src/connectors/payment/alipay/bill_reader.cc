#include "connectors/payment/alipay/bill_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/payment/alipay/yuan.h"
#include "domain/money/money.h"

namespace daozhang::connectors::payment::alipay {
namespace {

// In the order of BillReader::Column.
constexpr std::array<std::string_view, 8> titles = {
    "支付宝交易号",   "商户订单号",     "业务类型",          "完成时间",
    "订单金额（元）", "商家实收（元）", "退款批次号/请求号", "服务费（元）"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Cells of a line, with quotes as spreadsheets write them. False for a quote that does not close.
bool split(std::string_view line, std::vector<std::string>& cells) {
  cells.clear();
  std::size_t at = 0;
  for (;;) {
    std::string cell;
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        if (at >= line.size()) return false;
        if (line[at] == '"' && (++at >= line.size() || line[at] != '"')) break;
        cell += line[at];
      }
    }
    const std::size_t comma = std::min(line.find(',', at), line.size());
    cell += line.substr(at, comma - at);
    cells.emplace_back(trimmed(cell));
    if (comma == line.size()) return true;
    at = comma + 1;
  }
}

std::optional<std::int64_t> signed_minor(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto minor = minor_of_yuan(text);
  if (!minor) return std::nullopt;
  return is_negative ? -*minor : *minor;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t from = text.find(before);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + before.size());
  return text.substr(0, text.find(after));
}

std::optional<std::int64_t> count_of(std::string_view text) {
  if (text.empty() || text.size() > 15) return std::nullopt;
  std::int64_t count = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  return count;
}

// A day's sum: always two decimals, and over what a single amount may be.
std::optional<std::int64_t> sum_of_yuan(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() - point != 3) return std::nullopt;
  const auto yuan = count_of(text.substr(0, point));
  const auto fen = count_of(text.substr(point + 1));
  if (!yuan || !fen) return std::nullopt;
  return (*yuan * 100 + *fen) * (is_negative ? -1 : 1);
}

}  // namespace

BillReader::BillReader(DecodeLine decode, ports::BillSink sink)
    : decode_(std::move(decode)), sink_(std::move(sink)) {}

bool BillReader::feed(std::string_view bytes) {
  while (!bytes.empty() && !problem_ && is_detail_.value_or(true)) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (open_line_.size() + part.size() > line_bytes_max) {
      ++line_no_;
      fail("the line is over 64 KiB");
      break;
    }
    if (end == std::string_view::npos) {
      open_line_ += part;
      break;
    }
    if (open_line_.empty()) {
      take_line(part);
    } else {
      open_line_ += part;
      take_line(open_line_);
      open_line_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  return !problem_ && is_detail_.value_or(true);
}

ports::BillResult BillReader::finish() {
  if (!problem_ && is_detail_.value_or(true) && !open_line_.empty()) {
    take_line(open_line_);
    open_line_.clear();
  }
  if (!problem_ && !is_detail_.value_or(false)) problem_ = "it is no list of trades";
  if (problem_) return base::refuse(ports::BillProblem{ports::BillRefusal::unreadable, *problem_});
  if (auto difference = difference_of_sums())
    return base::refuse(
        ports::BillProblem{ports::BillRefusal::totals_differ, std::move(*difference)});
  return totals_;
}

void BillReader::take_line(std::string_view bytes) {
  ++line_no_;
  const auto line = decode_(bytes);
  if (!line) return fail("the bytes are not text of GB18030");
  std::string_view text = *line;
  if (line_no_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (trimmed(text).empty()) return;
  if (text.starts_with('#')) return take_remark(trimmed(text));
  if (!is_detail_) return take_titles(text);
  if (*is_detail_) take_row(text);
}

void BillReader::take_titles(std::string_view line) {
  if (!split(line, cells_)) return fail("a quotation mark does not close");
  cell_count_ = cells_.size();
  places_.clear();
  for (const std::string_view title : titles) {
    const auto found = std::find(cells_.begin(), cells_.end(), title);
    if (found == cells_.end()) continue;
    if (std::find(found + 1, cells_.end(), title) != cells_.end())
      return fail("the column " + std::string(title) + " is there twice");
    places_.push_back(static_cast<std::size_t>(found - cells_.begin()));
  }
  // The summary of the same bill has neither of the two numbers.
  const auto has = [this](std::string_view title) {
    return std::find(cells_.begin(), cells_.end(), title) != cells_.end();
  };
  is_detail_ = has(titles[0]) || has(titles[1]);
  if (!*is_detail_ || places_.size() == titles.size()) return;
  for (const std::string_view title : titles)
    if (!has(title)) return fail("the column " + std::string(title) + " is missing");
}

std::string_view BillReader::cell(Column column) const {
  return cells_[places_[static_cast<std::size_t>(column)]];
}

std::optional<std::int64_t> BillReader::money(Column column) const {
  return signed_minor(cell(column));
}

void BillReader::take_row(std::string_view line) {
  if (!split(line, cells_)) return fail("a quotation mark does not close");
  if (cells_.size() != cell_count_)
    return fail(std::to_string(cells_.size()) + " cells under " + std::to_string(cell_count_) +
                " columns");
  ports::BillLine row;
  row.line_no = line_no_;
  const std::string_view type = cell(Column::type);
  if (type == "交易") {
    row.kind = ports::BillLineKind::payment;
  } else if (type == "退款") {
    row.kind = ports::BillLineKind::refund;
  } else {
    return fail("the kind of business " + std::string(type.substr(0, 60)) + " is unknown");
  }
  const bool is_refund = row.kind == ports::BillLineKind::refund;
  row.trade_no = cell(Column::trade_no);
  row.trade_ref = cell(Column::trade_ref);
  if (row.trade_no.empty()) return fail("there is no trade number");
  if (is_refund) row.refund_ref = cell(Column::refund_ref);
  const auto amount = money(Column::amount);
  const auto received = money(Column::received);
  const auto fee = money(Column::fee);
  if (!amount || !received || !fee) return fail("an amount is no decimal number of yuan");
  if (is_refund ? *amount >= 0 : *amount <= 0)
    return fail(is_refund ? "a refund is not below zero" : "a payment is not over zero");
  row.amount_minor = is_refund ? -*amount : *amount;
  // Its sign in the file is not documented; that a payment costs it and a refund brings it back is.
  row.fee_minor = (is_refund ? -1 : 1) * (*fee < 0 ? -*fee : *fee);
  const auto at = base::from_local_seconds(cell(Column::ended_at), base::beijing_offset);
  if (!at) return fail("the time is not of the form yyyy-MM-dd HH:mm:ss");
  row.at = *at;
  row.status = type;
  add(row, *received);
  sink_(std::move(row));
}

void BillReader::add(const ports::BillLine& line, std::int64_t received_minor) {
  const bool is_refund = line.kind == ports::BillLineKind::refund;
  ++(is_refund ? totals_.refund_count : totals_.payment_count);
  (is_refund ? totals_.refund_minor : totals_.payment_minor) += line.amount_minor;
  totals_.fee_minor += line.fee_minor;
  Sum& sum = is_refund ? refunded_ : paid_;
  ++sum.count;
  sum.received_minor += received_minor;
}

// `#交易合计：3笔，商家实收共29.70元，…` and `#退款合计：1笔，商家实收退款共-9.90元，…`
void BillReader::take_remark(std::string_view line) {
  const bool of_refunds = line.starts_with("#退款合计：");
  if (!of_refunds && !line.starts_with("#交易合计：")) return;
  const auto count = count_of(between(line, "合计：", "笔"));
  const auto received =
      sum_of_yuan(between(line, of_refunds ? "商家实收退款共" : "商家实收共", "元"));
  if (!count || !received) return fail("the sum can not be read");
  (of_refunds ? refunded_as_told_ : paid_as_told_) = Sum{*count, *received};
}

std::optional<std::string> BillReader::difference_of_sums() const {
  const auto say = [](std::string_view what, const Sum& told, const Sum& counted) {
    const auto words = [](const Sum& sum) {
      const std::int64_t minor = sum.received_minor;
      return std::to_string(sum.count) + " of " + (minor < 0 ? "-" : "") +
             domain::decimal_of_minor(minor < 0 ? -minor : minor) + " CNY";
    };
    return std::string(what) + ": the bill says " + words(told) + ", its lines are " +
           words(counted);
  };
  if (paid_as_told_ && *paid_as_told_ != paid_) return say("payments", *paid_as_told_, paid_);
  if (refunded_as_told_ && *refunded_as_told_ != refunded_)
    return say("refunds", *refunded_as_told_, refunded_);
  return std::nullopt;
}

void BillReader::fail(std::string_view why) {
  problem_ = "line " + std::to_string(line_no_) + ": " + std::string(why);
}

}  // namespace daozhang::connectors::payment::alipay
