// WeChat Pay's notifications: proven, decrypted and checked as a ladder of named refusals. Pure;
// any thread. Reference: protocols/wechatpay.md 3, 4 and 7.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/platform_keys.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// The rungs, in this order: method_differs (not POST), unreadable (content type), duplicate_field,
// signature_missing, signature_type_unsupported, timestamp_differs, serial_unknown,
// signature_invalid, unreadable (the envelope: its id, algorithm or resource), decryption_failed,
// unreadable (what was decrypted), event_unknown, seller_differs (mchid), app_differs (appid;
// refunds are told without it), trade_ref_missing, trade_no_missing, amount_unreadable,
// currency_differs (refunds are told without one), status_unknown.
//
// Whether the order is ours and the amount is the order's is the engine's to check. REFUND.…
// events are `about_refund`: never a payment. `now` is the moment of receipt, so that a stored
// message can be read again with the same result; whether it came before is NonceWindow's matter.
base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
    const Account& account, const PlatformKeys& keys, const ports::NoticeMessage& message,
    base::Instant now);

inline constexpr std::string_view notice_accepted_body = R"({"code":"SUCCESS"})";
inline constexpr std::string_view notice_refused_body =
    R"({"code":"FAIL","message":"not accepted"})";

}  // namespace daozhang::connectors::payment::wechatpay
