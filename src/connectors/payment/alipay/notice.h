// Alipay's asynchronous notifications: read once, proven, and checked as a ladder of named
// refusals. Pure; any thread. Source: Alipay open platform, trade notify, "V1" signature.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/payment/alipay/account.h"
#include "connectors/payment/alipay/form_fields.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

// A notification that proved to be Alipay's and about this account. Whether the order is ours and
// the amount is the order's is the engine's to check.
struct Notice {
  std::string out_trade_no;
  std::string trade_no;
  std::string trade_status;  // Alipay's word.
  ports::TradeStatus trade = ports::TradeStatus::waiting;
  std::int64_t amount_minor = 0;  // total_amount, 0.01 to 100000000 yuan, in fen.
  base::Instant paid_at;          // gmt_payment; unset if absent.
  std::string notify_id;
  std::string app_id;
  std::string seller_id;
  // Told by refund_fee, gmt_refund or out_biz_no. Never a payment.
  bool is_refund = false;
  std::int64_t refund_minor = 0;  // Cumulative; 0 if absent.
  std::string refund_ref;         // out_biz_no: the refund's number.
};

// The rungs, in this order: unreadable, duplicate_field, signature_missing,
// signature_type_unsupported, signature_invalid, app_differs, seller_differs, trade_ref_missing
// (absent or not 1 to 64 of [A-Za-z0-9_]), unreadable (trade_no), amount_unreadable,
// currency_differs, status_unknown.
base::Result<Notice, ports::NoticeRefusal> read_notice(const Account& account,
                                                       std::string_view content_type,
                                                       std::string_view body);

// The same from the signature on, for fields that were decoded already.
base::Result<Notice, ports::NoticeRefusal> check_notice(const Account& account,
                                                        const FormFields& fields);

// Whether the query of a return address was signed by Alipay. For display only, no proof of
// payment.
bool is_genuine_return(const Account& account, std::string_view query);

ports::PaymentNotice to_port(const Notice& notice);

inline constexpr std::string_view notice_accepted_body = "success";
inline constexpr std::string_view notice_refused_body = "failure";

}  // namespace daozhang::connectors::payment::alipay
