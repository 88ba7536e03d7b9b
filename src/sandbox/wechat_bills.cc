#include "sandbox/wechat_bills.h"

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "connectors/payment/wechatpay/trade_bill_writer.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::wechatpay;

constexpr std::string_view flow_header =
    "\xEF\xBB\xBF"
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号\n";
constexpr std::string_view flow_summary_header =
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n";
constexpr std::int64_t opening_balance_minor = 100'000'000;

std::string row_of(std::initializer_list<std::string_view> cells) {
  std::string row;
  for (const std::string_view cell : cells) row.append(row.empty() ? "`" : ",`").append(cell);
  return row + '\n';
}

// What goes in and out of the merchant's account, in the order of the file.
class FundFlow {
 public:
  void add(const BillItem& item, std::int64_t fee_more_minor) {
    const ports::BillLine& line = item.line;
    const bool payment = line.kind == ports::BillLineKind::payment;
    const std::string_view voucher = payment ? line.trade_ref : line.refund_ref;
    move(item, payment, line.amount_minor, payment ? "交易" : "退款", voucher);
    const std::int64_t fee = (payment ? line.fee_minor : -line.fee_minor) + fee_more_minor;
    if (fee > 0) move(item, !payment, fee, payment ? "扣除交易手续费" : "退还交易手续费", voucher);
  }
  [[nodiscard]] std::string finish(std::int64_t in_minor_more) const {
    std::string text(flow_header);
    text.append(rows_).append(flow_summary_header);
    return text +
           row_of({std::to_string(in_.count + out_.count) + ".0", std::to_string(in_.count) + ".0",
                   minor_to_yuan(in_.minor + in_minor_more), std::to_string(out_.count) + ".0",
                   minor_to_yuan(out_.minor)});
  }

 private:
  struct Sum {
    std::int64_t count = 0;
    std::int64_t minor = 0;
  };

  void move(const BillItem& item, bool in, std::int64_t amount, std::string_view name,
            std::string_view voucher) {
    Sum& sum = in ? in_ : out_;
    sum.count += 1;
    sum.minor += amount;
    const std::string flow_no = std::to_string(in_.count + out_.count);
    rows_ += row_of(
        {base::to_local_seconds(item.line.at, base::beijing_offset), item.movement_no,
         item.movement_no + flow_no, name, name, in ? "收入" : "支出", minor_to_yuan(amount),
         minor_to_yuan(opening_balance_minor + in_.minor - out_.minor), "system", "", voucher});
  }

  std::string rows_;
  Sum in_;
  Sum out_;
};

}  // namespace

std::string wechat_trade_bill(const DayBill& bill, const WechatIdentity& identity) {
  provider::TradeBillWriter writer(identity.mchid, identity.appid);
  for (const BillItem& item : bill.items)
    writer.add(item.line, item.subject, item.attach,
               item.line.kind == ports::BillLineKind::refund ? item.movement_no : "");
  return writer.finish(bill.has_wrong_totals ? 1 : 0);
}

std::string wechat_fund_flow_bill(const DayBill& bill) {
  FundFlow flow;
  std::int64_t fee_more = bill.first_fee_more_minor;
  for (const BillItem& item : bill.items) flow.add(item, std::exchange(fee_more, 0));
  return flow.finish(bill.has_wrong_totals ? 1 : 0);
}

}  // namespace daozhang::sandbox
