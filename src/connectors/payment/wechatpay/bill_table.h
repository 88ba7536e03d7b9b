// The shape of WeChat Pay's bill files, read in pieces of any size with bounded memory: a header
// row of column names, detail rows whose cells begin with a back-tick, a summary header and one
// summary row. UTF-8, with or without a byte order mark; lines end with LF or CRLF. One thread.
// Reference: protocols/wechatpay.md 8.
//
// There is no quoting, so a free text could look like the start of a new cell. What a shop writes
// itself stands in one place: 商品名称 and 商户数据包 beside each other, or 备注 of the fund flow.
// The cells before it are counted from the left and those behind it from the right, and what is
// left over belongs to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daozhang::connectors::payment::wechatpay {

using Cells = std::vector<std::string_view>;  // Without back-ticks; views of the current line.

// Where a column stands; nothing if no or more than one column has that name.
std::optional<std::size_t> position_of(const Cells& names, std::string_view name);

struct BillRows {
  // Column names in the order of the file. False: these are not the columns that are wanted.
  std::function<bool(const Cells&)> header;
  // False: this row can not be read.
  std::function<bool(const Cells&, std::int64_t line_no)> detail;
  std::function<bool(const Cells& names, const Cells& values)> summary;
};

class BillTable {
 public:
  static constexpr std::size_t line_bytes_max = 64 * 1024;

  explicit BillTable(BillRows rows) : rows_(std::move(rows)) {}

  // False once the file can not be read; `problem` then says why and names the line, and whatever
  // comes afterwards is ignored.
  bool feed(std::string_view piece);
  // After the last piece. False if the file is cut or was unreadable.
  bool finish();

  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] bool has_byte_order_mark() const { return has_mark_; }
  [[nodiscard]] std::size_t column_count() const { return columns_.size(); }

 private:
  enum class Stage { header, details, summary_values, after };

  bool take_line(std::string_view line);
  bool take_header(std::string_view line);
  bool take_detail(std::string_view line);
  bool take_summary(std::string_view line);
  bool fail(std::string_view why);
  [[nodiscard]] std::optional<Cells> cells_of(std::string_view line) const;

  BillRows rows_;
  Stage stage_ = Stage::header;
  std::string rest_;  // Of a line that has not ended.
  std::int64_t line_no_ = 0;
  bool has_mark_ = false;
  std::vector<std::string> columns_;
  std::optional<std::size_t> free_text_at_;
  std::vector<std::string> summary_names_;
  std::string problem_;
};

}  // namespace daozhang::connectors::payment::wechatpay
