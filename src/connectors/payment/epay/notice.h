// epay's notifications: read once, proven, and checked as a ladder of named refusals. Pure; any
// thread.
//
// A notification of epay is a hint: V1 signs with a short shared key, so what was paid is asked for
// (ChannelCapabilities::confirm_by_query).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/form_fields.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::epay {

// The rungs, in this order:
//   method_differs              not the dialect's method
//   unreadable                  no form, fields in both query and body, arrays, bad escapes
//   duplicate_field
//   signature_missing
//   signature_type_unsupported  sign_type of the other version; in V1 none at all is MD5
//   signature_invalid
//   app_differs                 pid is not ours
//   timestamp_differs           V2: over 300 s from `now`, or none
//   field_ambiguous             name, out_trade_no, trade_no, pid, money, type or trade_status
//                               could be read as two fields
//   trade_ref_missing           out_trade_no absent or not 1 to 64 of [A-Za-z0-9_.-]
//   trade_no_missing            trade_no absent or not of the same form; also a trade_status that
//                               is absent: a request of ours that was sent back has neither
//   status_unknown              trade_status is neither TRADE_SUCCESS nor WAIT_BUYER_PAY
//   seller_differs              type is not the channel's: paid by another method than this one
//   amount_unreadable           money is not exact or zero
// Whether the order is ours and the amount is the order's is the engine's to check.
base::Result<ports::PaymentNotice, ports::NoticeRefusal> read_notice(
    const Account& account, const ports::NoticeMessage& message, base::Instant now);

// The same from the signature on, for fields that were decoded already.
base::Result<ports::PaymentNotice, ports::NoticeRefusal> check_notice(const Account& account,
                                                                      const FormFields& fields,
                                                                      base::Instant now);

inline constexpr std::string_view notice_accepted_body = "success";
inline constexpr std::string_view notice_refused_body = "fail";

}  // namespace daozhang::connectors::payment::epay
