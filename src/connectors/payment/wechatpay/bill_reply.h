// The answer to a request for a bill: where it is and what its hash must be. Pure; any thread.
#pragma once

#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/answer.h"
#include "ports/bill.h"

namespace daozhang::connectors::payment::wechatpay {

struct BillAddress {
  std::string download_url;
  std::string sha1_hex;  // 40 digits; of the uncompressed file.
};

// Refuses: not_ready (STATEMENT_CREATING), empty_day (NO_STATEMENT_EXIST), refused (another
// definite 4xx), unavailable (no proof, 202, 429, 5xx), unreadable (a success without what it must
// hold).
base::Result<BillAddress, ports::BillRefusal> read_bill_reply(const PlatformKeys& keys,
                                                              const Reply& reply,
                                                              base::Instant now);

}  // namespace daozhang::connectors::payment::wechatpay
