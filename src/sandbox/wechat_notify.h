// What a notification of WeChat Pay says and how a fault falsifies it. Pure. Its content is kept as
// fields, and encrypted and signed anew for each sending (wechat_wire.h).
#pragma once

#include <string>
#include <string_view>

#include "connectors/payment/wechatpay/wechatpay_provider.h"
#include "sandbox/notify_sending.h"
#include "sandbox/wechat_book.h"

namespace daozhang::sandbox {

// NOTPAY, SUCCESS, REFUND (paid, and a refund exists) or CLOSED.
std::string_view trade_state_of(const Trade& trade);

connectors::payment::wechatpay::TradeFacts facts_of(const Trade& trade,
                                                    const WechatIdentity& identity);
connectors::payment::wechatpay::RefundFacts facts_of(const Trade& trade, const TradeRefund& refund,
                                                     const WechatIdentity& identity);

// `refund`: what the notification is about, or null for the payment.
Fields wechat_notice_fields(const Trade& trade, const WechatIdentity& identity,
                            const TradeRefund* refund, std::string_view notice_id);
// The other way: what is to be encrypted, and under which event.
connectors::payment::wechatpay::NoticeFacts wechat_notice_facts(const Fields& fields);

// `trick` is a NoticeFault's name.
NotifySending prepare_wechat_notify(const Delivery& delivery, FaultBoard& faults);

}  // namespace daozhang::sandbox
