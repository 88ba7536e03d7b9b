#include "connectors/payment/alipay/bill_writer.h"

#include "domain/money/money.h"

namespace daozhang::connectors::payment::alipay {
namespace {

constexpr std::string_view detail_titles =
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）"
    ",券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/"
    "请求号,服务费（元）,"
    "分润（元）,备注\r\n";
constexpr std::string_view summary_titles =
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）\r\n";

std::string signed_yuan(std::int64_t minor) {
  return minor < 0 ? "-" + domain::decimal_of_minor(-minor) : domain::decimal_of_minor(minor);
}

std::string head(std::string_view name, std::string_view seller_id, std::string_view day) {
  return "#支付宝业务" + std::string(name) + "查询\r\n#账号：[" + std::string(seller_id) +
         "]\r\n#起始日期：[" + std::string(day) + " 00:00:00]\r\n#----------业务" +
         std::string(name) + "列表----------\r\n";
}

std::string row_of(const ports::BillLine& line) {
  const bool is_refund = line.kind == ports::BillLineKind::refund;
  const std::string amount = signed_yuan(is_refund ? -line.amount_minor : line.amount_minor);
  const std::string at = base::to_local_seconds(line.at, base::beijing_offset);
  return line.trade_no + "\t," + line.trade_ref + "\t," + (is_refund ? "退款" : "交易") +
         ",商品\t," + at + "," + at + ",\t,\t,\t,\t,payer@example.com\t," + amount + "," + amount +
         ",0.00,0.00,0.00,0.00,0.00,\t,0.00,0.00," + line.refund_ref + "\t," +
         signed_yuan(-line.fee_minor) + ",0.00,\t\r\n";
}

}  // namespace

std::string bill_detail(std::string_view seller_id, std::string_view day,
                        std::span<const ports::BillLine> lines) {
  ports::BillTotals totals;
  std::string text = head("明细", seller_id, day).append(detail_titles);
  for (const ports::BillLine& line : lines) {
    text += row_of(line);
    const bool is_refund = line.kind == ports::BillLineKind::refund;
    ++(is_refund ? totals.refund_count : totals.payment_count);
    (is_refund ? totals.refund_minor : totals.payment_minor) += line.amount_minor;
  }
  return text + "#----------业务明细列表结束----------\r\n#交易合计：" +
         std::to_string(totals.payment_count) + "笔，商家实收共" +
         signed_yuan(totals.payment_minor) + "元，商家优惠共0.00元\r\n#退款合计：" +
         std::to_string(totals.refund_count) + "笔，商家实收退款共" +
         signed_yuan(-totals.refund_minor) + "元，商家优惠退款共0.00元\r\n";
}

std::string bill_summary(std::string_view seller_id, std::string_view day,
                         std::span<const ports::BillLine> lines) {
  std::int64_t payments = 0;
  std::int64_t net_minor = 0;
  for (const ports::BillLine& line : lines) {
    const bool is_refund = line.kind == ports::BillLineKind::refund;
    payments += is_refund ? 0 : 1;
    net_minor += is_refund ? -line.amount_minor : line.amount_minor;
  }
  return head("汇总", seller_id, day)
      .append(summary_titles)
      .append("合计\t,\t,")
      .append(std::to_string(payments) + ",")
      .append(std::to_string(static_cast<std::int64_t>(lines.size()) - payments) + ",")
      .append(signed_yuan(net_minor) + "," + signed_yuan(net_minor) + "\r\n");
}

}  // namespace daozhang::connectors::payment::alipay
