#include "sandbox/bill.h"

#include <vector>

#include "connectors/payment/alipay/bill_writer.h"
#include "text/encoding.h"
#include "zip/zip_writer.h"

namespace daozhang::sandbox {

namespace alipay = connectors::payment::alipay;

std::optional<base::Instant> bill_day(std::string_view day, base::Instant now) {
  const auto from = beijing_day(day);
  if (!from || *from > now) return std::nullopt;
  return from;
}

std::string bill_file(const DayBill& content, std::string_view seller_id, std::string_view day) {
  std::vector<ports::BillLine> lines;
  for (const auto& item : content.items) lines.push_back(item.line);
  const std::string name = std::string(seller_id) + "_" + std::string(day) + "_业务明细";
  const zip::ZipContent files[] = {{text::gb18030_of(name + ".csv"),
                                    text::gb18030_of(alipay::bill_detail(seller_id, day, lines))},
                                   {text::gb18030_of(name + "(汇总).csv"),
                                    text::gb18030_of(alipay::bill_summary(seller_id, day, lines))}};
  return zip::zip_of(files);
}

}  // namespace daozhang::sandbox
