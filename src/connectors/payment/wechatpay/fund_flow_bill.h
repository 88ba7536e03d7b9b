// Reads the daily fund-flow bill (what went in and out of the merchant's account at WeChat Pay) as
// it comes in and compares its lines with its own totals. One thread; bounded memory.
//
// Columns as WeChat publishes them: 记账时间, 微信支付业务单号, 资金流水单号, 业务名称, 业务类型,
// 收支类型, 收支金额(元), 账户结余(元), 资金变更提交申请人, 备注, 业务凭证号; totals:
// 资金流水总笔数, 收入笔数, 收入金额, 支出笔数, 支出金额. Found by name; the brackets around 元
// come in either width.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/bill_hash.h"
#include "connectors/payment/wechatpay/bill_table.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::wechatpay {

enum class FundDirection { in, out };
constexpr auto names_of(std::type_identity<FundDirection>) { return base::words("in", "out"); }

struct FundFlowLine {
  std::int64_t line_no = 0;  // In the file, from 1; for people.
  base::Instant at;
  std::string business_no;    // WeChat's number of the payment or refund; may be empty.
  std::string flow_no;        // WeChat's number of this movement.
  std::string business_name;  // WeChat's words: 交易, 退款, 扣除交易手续费, …
  std::string business_type;
  FundDirection direction = FundDirection::in;
  std::int64_t amount_minor = 0;   // In fen, zero or more.
  std::int64_t balance_minor = 0;  // Afterwards.
  std::string remark;
  std::string voucher_no;  // Our number, or what WeChat puts in its place.
  friend bool operator==(const FundFlowLine&, const FundFlowLine&) = default;
};

// As reconciliation takes it: fund_moved of 交易, 退款 and the fees of both, under WeChat's number
// of the payment or refund; fund_other of everything else.
ports::BillLine bill_line_of(const FundFlowLine& line);

struct FundFlowTotals {
  std::int64_t in_count = 0;
  std::int64_t in_minor = 0;
  std::int64_t out_count = 0;
  std::int64_t out_minor = 0;
  friend bool operator==(const FundFlowTotals&, const FundFlowTotals&) = default;
};

class FundFlowBillReader {
 public:
  using Sink = std::function<void(FundFlowLine&&)>;

  // `sha1_hex`: the promised hash; empty: not checked.
  FundFlowBillReader(std::string sha1_hex, Sink sink);
  FundFlowBillReader(const FundFlowBillReader&) = delete;
  FundFlowBillReader& operator=(const FundFlowBillReader&) = delete;

  // Any size of piece. False once the file is known to be unreadable. Lines go to the sink before
  // the totals are known.
  bool feed(std::string_view piece);
  // Once, at the end. Refuses hash_differs, unreadable, totals_differ.
  base::Result<FundFlowTotals, ports::BillRefusal> finish();

  // Why it is unreadable, with the line; for people.
  [[nodiscard]] const std::string& problem() const { return table_.problem(); }

 private:
  bool take_header(const Cells& names);
  bool take_row(const Cells& cells, std::int64_t line_no);
  bool take_summary(const Cells& names, const Cells& values);

  Sink sink_;
  BillHash hash_;
  std::vector<std::size_t> columns_;  // Positions, by the order of the names that we want.
  FundFlowTotals totals_;
  bool totals_agree_ = false;
  BillTable table_;
};

}  // namespace daozhang::connectors::payment::wechatpay
