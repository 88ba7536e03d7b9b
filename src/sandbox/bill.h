// A day's bill of the sandbox's trades, as Alipay makes it: a ZIP with the list of trades and the
// summary, GB18030. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "connectors/payment/alipay/bill_writer.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// The midnight with which a day begins, if there is a bill of it: nothing for what is no date, and
// for a day that has not begun. Today's bill is what there is so far.
std::optional<base::Instant> bill_day(std::string_view day, base::Instant now);

// What was paid and given back in the 24 hours from `from`, in the order of time.
std::vector<ports::BillLine> bill_lines(const std::map<std::string, Trade, std::less<>>& trades,
                                        base::Instant from);

// The file.
std::string bill_file(std::span<const ports::BillLine> lines, std::string_view seller_id,
                      std::string_view day);

}  // namespace daozhang::sandbox
