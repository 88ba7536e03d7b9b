// Writes a trade bill as WeChat Pay does (bill_type ALL, 27 columns), for sandbox, simulator and
// tests. One thread.
#pragma once

#include <string>
#include <string_view>

#include "ports/bill.h"

namespace daozhang::connectors::payment::wechatpay {

class TradeBillWriter {
 public:
  TradeBillWriter(std::string mchid, std::string appid);

  // `line.at`, numbers, amounts and fee are taken from it; `line_no` is not. `product` and `attach`
  // go in as they are, without quoting. `refund_no`: WeChat's number of a refund; one is made if it
  // is empty.
  void add(const ports::BillLine& line, std::string_view product, std::string_view attach = {},
           std::string_view refund_no = {});
  // The whole file. `fee_minor_more` makes the totals wrong on purpose.
  [[nodiscard]] std::string finish(std::int64_t fee_minor_more = 0) const;

 private:
  std::string mchid_;
  std::string appid_;
  std::string rows_;
  ports::BillTotals totals_;
};

}  // namespace daozhang::connectors::payment::wechatpay
