// What a reply of Alipay means in the words of ports/payment_channel.h. Pure; any thread.
#pragma once

#include <string_view>

#include "connectors/payment/alipay/account.h"
#include "connectors/payment/alipay/reply.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

// For a body that came with status 200. Anything that does not prove itself is unknown; `problem`
// then is the ReplyRefusal's name, otherwise Alipay's sub_code (or code).
//
// Exact meanings:
//   query         ACQ.TRADE_NOT_EXIST is done with trade not_exist.
//   close         ACQ.TRADE_NOT_EXIST is failed with trade not_exist.
//   refund        done if money moved now; accepted if Alipay knows the number already, which
//                 proves nothing: ask query_refund, not before ten seconds after the refund call.
//   query_refund  failed also when refund_status is absent: no such refund succeeded so far. The
//                 same refund number may then be sent again, Alipay refunds it once. A question
//                 that is refused (no permission, say) leaves it unknown.
ports::PaymentAnswer answer_of(const Account& account, const ports::PaymentCall& call,
                               std::string_view method, std::string_view raw);

// An answer that says nothing, for transport faults.
ports::PaymentAnswer unknown_answer(std::string_view problem, std::string_view raw = {});

}  // namespace daozhang::connectors::payment::alipay
