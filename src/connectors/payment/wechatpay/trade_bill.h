// Reads the daily trade bill (bill_type ALL) as it comes in and compares its lines with its own
// totals. One thread; bounded memory. Reference: protocols/wechatpay.md 8.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/payment/wechatpay/bill_hash.h"
#include "connectors/payment/wechatpay/bill_table.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::wechatpay {

class TradeBillReader {
 public:
  // `mchid`: a line of another merchant makes the bill unreadable. `sha1_hex`: the hash that the
  // channel promised, of the file as it is read here; empty: not checked. `due`, if set, is told
  // for each line what must move in the account (fund_due, under WeChat's number of the payment or
  // refund): 应结订单金额 or 退款金额, which is less than was asked for when coupons paid a part.
  TradeBillReader(std::string mchid, std::string sha1_hex, ports::BillSink sink,
                  ports::BillSink due = {});
  TradeBillReader(const TradeBillReader&) = delete;
  TradeBillReader& operator=(const TradeBillReader&) = delete;

  // Any size of piece. False once the file is known to be unreadable; no need to feed the rest.
  //
  // Lines go to the sink before the totals are known: whoever takes them keeps them apart until
  // `finish` says that this is a bill. A line is a payment (交易状态 SUCCESS) of 订单金额, or a
  // refund (REFUND, REVOKED) of 申请退款金额: what we asked for, before coupons. Fees are told to a
  // hundred-thousandth of a yuan and are rounded to fen, line by line.
  bool feed(std::string_view piece);
  // Once, at the end. Refuses hash_differs, unreadable, totals_differ.
  base::Result<ports::BillTotals, ports::BillRefusal> finish();

  // Why it is unreadable, with the line; for people.
  [[nodiscard]] const std::string& problem() const { return table_.problem(); }

 private:
  struct Sums {
    std::int64_t row_count = 0;
    std::int64_t order_minor = 0;
    std::int64_t refund_minor = 0;
    std::int64_t fee_parts = 0;
  };

  bool take_header(const Cells& names);
  bool take_row(const Cells& cells, std::int64_t line_no);
  bool take_summary(const Cells& names, const Cells& values);
  bool tell_due(const Cells& cells, const ports::BillLine& line);

  const std::string mchid_;
  ports::BillSink sink_;
  ports::BillSink due_;
  BillHash hash_;
  std::vector<std::size_t> columns_;  // Positions, by the order of the names that we want.
  Sums sums_;
  ports::BillTotals totals_;
  bool totals_agree_ = false;
  BillTable table_;
};

}  // namespace daozhang::connectors::payment::wechatpay
