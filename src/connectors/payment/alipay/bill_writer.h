// The other side of the bill, for sandbox and tests: the CSV texts that Alipay would make of these
// lines, in UTF-8; whoever sends them turns them into GB18030 and puts them into a ZIP. Pure; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ports/bill.h"

namespace daozhang::connectors::payment::alipay {

// The list of trades with its titles and sums. `day`: YYYY-MM-DD.
std::string bill_detail(std::string_view seller_id, std::string_view day,
                        std::span<const ports::BillLine> lines);
// The other file of the same bill.
std::string bill_summary(std::string_view seller_id, std::string_view day,
                         std::span<const ports::BillLine> lines);

}  // namespace daozhang::connectors::payment::alipay
