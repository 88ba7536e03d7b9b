// What an Alipay notification says and how a fault falsifies it. Pure. Source: section "async
// notify" of the open platform's documents; V1 string to sign (`sign` and `sign_type` excluded).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/alipay_book.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/fault_board.h"
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

// A field that never leaves: it names what a hand-made notification falsifies, one of `signature`,
// `amount`, `app`, `seller`, `status`.
inline constexpr std::string_view forge_mark = "_forge";
bool is_forge_word(std::string_view word);

// One sending of a delivery as the faults want it.
struct NotifySending {
  Fields fields;  // notify_time included; sign_type and sign are still to be added
  bool spoil_signature = false;
  bool lost = false;
  std::uint32_t copies = 1;
  std::string tampering;  // names of the faults that struck
};
NotifySending prepare_notify(const Delivery& delivery, FaultBoard& faults, base::Instant now);

}  // namespace daozhang::sandbox
