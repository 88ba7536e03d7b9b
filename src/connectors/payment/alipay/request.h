// Signed requests to Alipay's gateway. Pure: the moment of sending is an argument; any thread. One
// RSA signature (about half a millisecond) per call.
// Source: Alipay open platform, alipay.trade.page.pay, wap.pay, precreate, query, close, refund and
// fastpay.refund.query.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "connectors/payment/alipay/account.h"
#include "connectors/payment/alipay/form_fields.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

// A server-to-server call: POST `body` to `url` as application/x-www-form-urlencoded;charset=utf-8.
struct GatewayCall {
  std::string method;  // alipay.trade.query; the reply is read under this name.
  std::string url;     // With the common parameters and the signature.
  std::string body;    // biz_content.
};

// `create` is precreate (a QR code); page and wap orders have no call, they come into being when
// the payer opens the link.
GatewayCall gateway_call(const Account& account, const ports::PaymentCall& call, base::Instant now);

// Any other call, of its `biz_content`.
GatewayCall signed_call(const Account& account, std::string_view method, std::string biz_content,
                        base::Instant now);

// The address to which the payer's browser is sent. The account's way is page or wap.
std::string pay_link(const Account& account, const ports::ChannelOrder& order, base::Instant now);

// All parameters of a request, signed; what the two above put on the wire.
FormFields signed_request(const Account& account, std::string_view method, std::string biz_content,
                          std::string_view return_url, base::Instant now);

// What Alipay accepts as a subject: without `/`, `=`, `&` and control characters, at most 256
// characters.
std::string subject_for_alipay(std::string_view subject);

}  // namespace daozhang::connectors::payment::alipay
