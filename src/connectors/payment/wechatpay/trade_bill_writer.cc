#include "connectors/payment/wechatpay/trade_bill_writer.h"

#include <array>
#include <utility>

#include "domain/money/money.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::string_view header =
    "\xEF\xBB\xBF"
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\n";
constexpr std::string_view summary_header =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,"
    "申请退款总金额\n";

std::string signed_yuan(std::int64_t fen) {
  return fen < 0 ? "-" + domain::decimal_of_minor(-fen) : domain::decimal_of_minor(fen);
}

template <class Cells>
void append_row(std::string& text, const Cells& cells) {
  bool first = true;
  for (const auto& cell : cells) {
    text.append(first ? "`" : ",`").append(cell);
    first = false;
  }
  text += '\n';
}

}  // namespace

TradeBillWriter::TradeBillWriter(std::string mchid, std::string appid)
    : mchid_(std::move(mchid)), appid_(std::move(appid)) {}

void TradeBillWriter::add(const ports::BillLine& line, std::string_view product,
                          std::string_view attach, std::string_view refund_no) {
  const bool refund = line.kind == ports::BillLineKind::refund;
  const std::string paid = domain::decimal_of_minor(refund ? 0 : line.amount_minor);
  const std::string given_back = domain::decimal_of_minor(refund ? line.amount_minor : 0);
  const std::string fee = signed_yuan(line.fee_minor) + "000";
  append_row(rows_, std::to_array<std::string>({
                        base::to_local_seconds(line.at, base::beijing_offset),
                        appid_,
                        mchid_,
                        "0",
                        "",
                        line.trade_no,
                        line.trade_ref,
                        "oBuyer",
                        "NATIVE",
                        refund ? "REFUND" : "SUCCESS",
                        "OTHERS",
                        "CNY",
                        paid,
                        "0.00",
                        !refund             ? "0"
                        : refund_no.empty() ? "5" + line.trade_no
                                            : std::string(refund_no),
                        refund ? line.refund_ref : "0",
                        given_back,
                        "0.00",
                        refund ? "ORIGINAL" : "",
                        refund ? "SUCCESS" : "",
                        std::string(product),
                        std::string(attach),
                        fee,
                        "0.60%",
                        paid,
                        given_back,
                        "",
                    }));
  (refund ? totals_.refund_count : totals_.payment_count) += 1;
  (refund ? totals_.refund_minor : totals_.payment_minor) += line.amount_minor;
  totals_.fee_minor += line.fee_minor;
}

std::string TradeBillWriter::finish(std::int64_t fee_minor_more) const {
  std::string text(header);
  text.append(rows_).append(summary_header);
  const std::string paid = domain::decimal_of_minor(totals_.payment_minor);
  const std::string given_back = domain::decimal_of_minor(totals_.refund_minor);
  append_row(text, std::to_array<std::string>(
                       {std::to_string(totals_.payment_count + totals_.refund_count) + ".0", paid,
                        given_back, "0.00", signed_yuan(totals_.fee_minor + fee_minor_more), paid,
                        given_back}));
  return text;
}

}  // namespace daozhang::connectors::payment::wechatpay
