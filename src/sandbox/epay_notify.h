// What a notification of an epay gateway says and how a fault falsifies it. Pure. It is signed for
// each sending (epay_wire.h).
#pragma once

#include <cstdint>
#include <string>

#include "sandbox/epay_book.h"
#include "sandbox/notify_sending.h"

namespace daozhang::sandbox {

// With so many decimals, but never fewer than the amount needs: 990 is 9.9 with none or one, 9.90
// with two, 9.9000 with three or four.
std::string epay_money(std::int64_t minor, std::int64_t decimals);

// Those that begin with `_` are for the sandbox and never leave: `_version` (v1, v2), `_method`
// (get, post), and the addresses that a replayed link has.
Fields epay_notice_fields(const Trade& trade, const EpayIdentity& identity);

NotifySending prepare_epay_notify(const Delivery& delivery, FaultBoard& faults);

}  // namespace daozhang::sandbox
