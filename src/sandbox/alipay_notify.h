// What an Alipay notification says and how a fault falsifies it. Pure. Source: section "async
// notify" of the open platform's documents; V1 string to sign (`sign` and `sign_type` excluded).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/alipay_book.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/notify_sending.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// Whether Alipay tells of the trade's present status by itself: TRADE_SUCCESS and every refund; a
// close without refund only for wap. `refund` is the refund that led to the status, or null.
bool is_announced(const Trade& trade, const TradeRefund* refund);

// The fields of the notification but notify_time, sign_type and sign.
Fields notify_fields(const Trade& trade, const AlipayIdentity& identity, const TradeRefund* refund,
                     std::string_view notify_id);

// The query that the payer's browser brings back to return_url, but sign_type and sign.
Fields return_fields(const Trade& trade, const AlipayIdentity& identity, base::Instant now);

// One sending of a delivery as the faults want it; notify_time included, sign_type and sign are
// still to be added.
NotifySending prepare_notify(const Delivery& delivery, FaultBoard& faults, base::Instant now);

}  // namespace daozhang::sandbox
