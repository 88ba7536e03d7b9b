// Asking Alipay where a day's bill lies. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/alipay/account.h"
#include "connectors/payment/alipay/request.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::alipay {

// `day`: YYYY-MM-DD of Beijing.
GatewayCall bill_call(const Account& account, std::string_view day, base::Instant now);

// The address of the file, good for 30 seconds. Refuses: not_ready or empty_day (Alipay has one
// word for both, BILL_NOT_EXIST; from the second noon after the day on it is taken for empty),
// refused, unavailable (unsigned, unreadable or unknown), unreadable (an address that is not to be
// called: neither https nor on this machine like the gateway itself).
base::Result<std::string, ports::BillProblem> bill_address(const Account& account,
                                                           std::string_view raw_reply,
                                                           std::string_view day, base::Instant now);

}  // namespace daozhang::connectors::payment::alipay
