#include "sandbox/bill.h"

#include <algorithm>
#include <vector>

#include "text/encoding.h"
#include "zip/zip_writer.h"

namespace daozhang::sandbox {
namespace {

namespace alipay = connectors::payment::alipay;
using Lines = std::vector<ports::BillLine>;

void add_lines(Lines& lines, const Trade& trade, base::Instant from, base::Instant until) {
  const auto is_in = [&](base::Instant at) { return at >= from && at < until; };
  ports::BillLine line;
  line.trade_ref = trade.out_trade_no;
  line.trade_no = trade.trade_no;
  if (is_in(trade.paid_at)) {
    line.amount_minor = trade.amount_minor();
    line.at = trade.paid_at;
    lines.push_back(line);
  }
  for (const auto& refund : trade.refunds) {
    if (!is_in(refund.at)) continue;
    line.kind = ports::BillLineKind::refund;
    line.refund_ref = refund.out_request_no;
    line.amount_minor = refund.amount_minor;
    line.at = refund.at;
    lines.push_back(line);
  }
}

}  // namespace

std::optional<base::Instant> bill_day(std::string_view day, base::Instant now) {
  const auto from = base::from_local_seconds(std::string(day) + " 00:00:00", base::beijing_offset);
  if (day.size() != 10 || !from || *from > now) return std::nullopt;
  return from;
}

std::vector<ports::BillLine> bill_lines(const std::map<std::string, Trade, std::less<>>& trades,
                                        base::Instant from) {
  Lines lines;
  for (const auto& [number, trade] : trades) add_lines(lines, trade, from, from + base::hours(24));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return lines;
}

std::string bill_file(std::span<const ports::BillLine> lines, std::string_view seller_id,
                      std::string_view day) {
  const std::string name = std::string(seller_id) + "_" + std::string(day) + "_业务明细";
  const zip::ZipContent files[] = {{text::gb18030_of(name + ".csv"),
                                    text::gb18030_of(alipay::bill_detail(seller_id, day, lines))},
                                   {text::gb18030_of(name + "(汇总).csv"),
                                    text::gb18030_of(alipay::bill_summary(seller_id, day, lines))}};
  return zip::zip_of(files);
}

}  // namespace daozhang::sandbox
