#include "connectors/payment/wechatpay/bill_table.h"

#include <algorithm>

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view separator = ",`";
constexpr std::size_t columns_max = 256;

Cells split(std::string_view line, std::string_view between) {
  Cells cells;
  for (;;) {
    const auto at = line.find(between);
    cells.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return cells;
    line.remove_prefix(at + between.size());
  }
}

Cells views_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

std::optional<std::size_t> position_of(const Cells& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end() || std::count(names.begin(), names.end(), name) != 1) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - names.begin());
}

bool BillTable::feed(std::string_view piece) {
  if (!problem_.empty()) return false;
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    if (rest_.size() + part.size() > line_bytes_max) {
      ++line_no_;
      return fail("line_too_long");
    }
    if (end == std::string_view::npos) {
      rest_.append(part);
      return true;
    }
    piece.remove_prefix(end + 1);
    if (rest_.empty()) {
      if (!take_line(part)) return false;
      continue;
    }
    const std::string whole = std::move(rest_.append(part));
    rest_.clear();
    if (!take_line(whole)) return false;
  }
  return true;
}

bool BillTable::finish() {
  if (!problem_.empty()) return false;
  if (!rest_.empty()) {
    const std::string last = std::move(rest_);
    rest_.clear();
    if (!take_line(last)) return false;
  }
  return stage_ == Stage::after || fail("summary_missing");
}

bool BillTable::take_line(std::string_view line) {
  ++line_no_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  switch (stage_) {
    case Stage::header:
      return take_header(line);
    case Stage::details:
      return take_detail(line);
    case Stage::summary_values:
      return take_summary(line);
    case Stage::after:
      return line.empty() || fail("line_after_the_summary");
  }
  return false;
}

bool BillTable::take_header(std::string_view line) {
  if (line.starts_with(byte_order_mark)) {
    has_mark_ = true;
    line.remove_prefix(byte_order_mark.size());
  }
  const Cells names = split(line, ",");
  if (names.size() < 2 || names.size() > columns_max) return fail("header_unreadable");
  columns_.assign(names.begin(), names.end());
  for (std::size_t i = 0; i < columns_.size() && !free_text_at_; ++i) {
    if (columns_[i] == "商品名称" || columns_[i] == "备注") free_text_at_ = i;
  }
  stage_ = Stage::details;
  return rows_.header(names) || fail("columns_differ");
}

bool BillTable::take_detail(std::string_view line) {
  if (line.starts_with('`')) {
    const auto cells = cells_of(line);
    if (!cells) return fail("cell_count_differs");
    return rows_.detail(*cells, line_no_) || fail("row_unreadable");
  }
  const Cells names = split(line, ",");
  if (names.size() < 2) return fail("row_unreadable");
  summary_names_.assign(names.begin(), names.end());
  stage_ = Stage::summary_values;
  return true;
}

bool BillTable::take_summary(std::string_view line) {
  if (!line.starts_with('`')) return fail("summary_unreadable");
  const Cells values = split(line.substr(1), separator);
  if (values.size() != summary_names_.size()) return fail("summary_unreadable");
  stage_ = Stage::after;
  return rows_.summary(views_of(summary_names_), values) || fail("summary_unreadable");
}

bool BillTable::fail(std::string_view why) {
  problem_ = std::string("line ").append(std::to_string(line_no_)).append(": ").append(why);
  return false;
}

std::optional<Cells> BillTable::cells_of(std::string_view line) const {
  Cells cells = split(line.substr(1), separator);
  if (cells.size() < columns_.size()) return std::nullopt;
  const std::size_t surplus = cells.size() - columns_.size();
  if (surplus == 0) return cells;
  if (!free_text_at_) return std::nullopt;
  const auto first = cells.begin() + static_cast<std::ptrdiff_t>(*free_text_at_);
  const auto last = first + static_cast<std::ptrdiff_t>(surplus);
  const char* const end = last->data() + last->size();
  *first = {first->data(), static_cast<std::size_t>(end - first->data())};
  cells.erase(first + 1, last + 1);
  return cells;
}

}  // namespace daozhang::connectors::payment::wechatpay
