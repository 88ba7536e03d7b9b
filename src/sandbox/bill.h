// A day's bill of the sandbox's trades as Alipay makes it of their lines (bill_lines.h): a ZIP with
// the list of trades and the summary, GB18030. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "sandbox/bill_lines.h"

namespace daozhang::sandbox {

// The midnight with which a day begins, if there is a bill of it: nothing for what is no date, and
// for a day that has not begun. Today's bill is what there is so far.
std::optional<base::Instant> bill_day(std::string_view day, base::Instant now);

// The file.
std::string bill_file(const DayBill& content, std::string_view seller_id, std::string_view day);

}  // namespace daozhang::sandbox
