// One CSV file of a bill of Alipay, read as a stream. Pure; one thread at a time.
//
// The bytes are GB18030 and come in pieces of any size. A line feed or comma is never part of a
// longer sequence in it, so lines are cut first and decoded one by one; `decode` gives the UTF-8 of
// a line, or nothing if it has none. Lines that begin with `#` are titles, sums and remarks; the
// first other line names the columns, and cells are found by these names, in any order. A file
// whose columns are not those of a detail list (the summary of the same bill) is told by
// `is_detail`. Source: Alipay open platform, alipay.data.dataservice.bill.downloadurl.query,
// business bill.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::alipay {

using DecodeLine = std::function<std::optional<std::string>(std::string_view)>;

class BillReader {
 public:
  static constexpr std::size_t line_bytes_max = 64 * 1024;

  // `sink` runs for each row within `feed` and `finish`.
  BillReader(DecodeLine decode, ports::BillSink sink);

  // False once the file turned out unreadable or no detail list; more pieces change nothing.
  bool feed(std::string_view bytes);
  // After the last piece. Refuses: unreadable (`problem` names the line), totals_differ.
  ports::BillResult finish();

  // Known after the line with the columns: whether this is the list of trades.
  [[nodiscard]] std::optional<bool> is_detail() const { return is_detail_; }

 private:
  enum class Column {
    trade_no,
    trade_ref,
    type,
    ended_at,
    amount,
    received,
    refund_ref,
    fee,
  };
  static constexpr std::size_t column_count = 8;

  // What a `#` line at the end says of all rows of a kind.
  struct Sum {
    std::int64_t count = 0;
    std::int64_t received_minor = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
  };

  void take_line(std::string_view bytes);
  void take_titles(std::string_view line);
  void take_row(std::string_view line);
  void take_remark(std::string_view line);
  void fail(std::string_view why);
  [[nodiscard]] std::string_view cell(Column column) const;
  [[nodiscard]] std::optional<std::int64_t> money(Column column) const;
  void add(const ports::BillLine& line, std::int64_t received_minor);
  [[nodiscard]] std::optional<std::string> difference_of_sums() const;

  DecodeLine decode_;
  ports::BillSink sink_;
  std::string open_line_;
  std::int64_t line_no_ = 0;
  std::optional<bool> is_detail_;
  std::vector<std::size_t> places_;  // Of each column among the cells.
  std::size_t cell_count_ = 0;
  std::vector<std::string> cells_;
  std::optional<std::string> problem_;
  ports::BillTotals totals_;
  Sum paid_;
  Sum refunded_;
  std::optional<Sum> paid_as_told_;
  std::optional<Sum> refunded_as_told_;
};

}  // namespace daozhang::connectors::payment::alipay
