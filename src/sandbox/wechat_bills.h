// A day's bills as WeChat Pay writes them: text with a byte order mark, a header, cells that begin
// with a back-tick, two lines of totals. Pure. Reference: the WeChat Pay fact sheet, section 8.
#pragma once

#include <string>

#include "sandbox/bill_lines.h"
#include "sandbox/wechat_book.h"

namespace daozhang::sandbox {

// bill_type ALL.
std::string wechat_trade_bill(const DayBill& bill, const WechatIdentity& identity);
// account_type BASIC: each payment and refund, and each fee apart.
std::string wechat_fund_flow_bill(const DayBill& bill);

}  // namespace daozhang::sandbox
