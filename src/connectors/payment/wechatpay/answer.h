// What a reply of WeChat Pay means in the words of ports/payment_channel.h. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/signed_message.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// A complete HTTP reply.
struct Reply {
  int status = 0;
  HeaderList headers;  // Wechatpay-… and Request-ID at least.
  std::string body;
};

// A reply that does not prove itself (signed_message.h) is unknown, whatever its status: `problem`
// is then the refusal's name, with the status. So are 202, 429, 5xx and every other status that is
// neither a success nor a definite 4xx, a success without the part that makes it one, and an object
// about another merchant, app, order, amount or currency. A definite 4xx is failed, `problem` its
// code, with WeChat's Request-ID for their support.
//
// Exact meanings:
//   create        done with code_url, h5_url (with redirect_url if the order has a return_url) or
//                 prepay_id.
//   query         404 ORDER_NOT_EXIST is done with trade not_exist.
//   close         404 ORDER_NOT_EXIST is failed with trade not_exist.
//   refund        done only for SUCCESS; other known states are accepted. 403 NOT_ENOUGH: the same
//                 number again later.
//   query_refund  SUCCESS done, PROCESSING accepted, CLOSED failed, ABNORMAL failed and
//                 needs_person. 404: there is no such refund, failed. Another 4xx tells nothing of
//                 the refund and is unknown.
ports::PaymentAnswer answer_of(const Account& account, const PlatformKeys& keys,
                               const ports::PaymentCall& call, const Reply& reply,
                               base::Instant now);

// An answer that says nothing, for transport faults.
ports::PaymentAnswer unknown_answer(std::string_view problem, std::string_view raw = {});
// An answer to a call that was never sent, because it can not be made.
ports::PaymentAnswer refused_answer(std::string_view problem);

// The Request-ID if it can be shown: letters, digits, `-` and `_`; otherwise empty.
std::string_view request_id_of(const HeaderList& headers);

}  // namespace daozhang::connectors::payment::wechatpay
