// Signed requests to an epay gateway. Pure: the moment of sending is an argument; any thread.
// Source: the epay fact sheet; V1 submit.php, mapi.php, api.php; V2 /api/pay/submit, create, query,
// refund, refundquery, close and /api/merchant/orders.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "connectors/payment/epay/account.h"
#include "connectors/payment/epay/form_fields.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::epay {

// A server-to-server call. POST `body` as application/x-www-form-urlencoded, or GET without body.
// With ApiMethod::get the merchant key stands in `url`: logs and problems name `log_url`.
struct GatewayCall {
  bool by_get = false;
  std::string url;
  std::string log_url;  // Without query.
  std::string body;
};

// `create` is mapi.php or /api/pay/create. V1 has neither close nor a query of refunds: close has
// no call (see `why_no_call`), and query_refund asks for the order.
GatewayCall gateway_call(const Account& account, const ports::PaymentCall& call, base::Instant now);
// Whether the gateway can be called for this; if not, why. Refused: `close_not_supported`,
// `refund_not_supported`, `created_by_link`. Empty: it can.
std::string_view why_no_call(const Account& account, ports::PaymentCallKind kind);

// One page of the order list, newest first; `page_no` from 1. V2 gateways differ in how they count
// pages, so page and offset are both sent.
inline constexpr int orders_per_page = 50;
GatewayCall orders_call(const Account& account, int page_no, base::Instant now);

// The address to which the payer's browser is sent. epay knows no expiry: an opened page may be
// paid late.
std::string pay_link(const Account& account, const ports::ChannelOrder& order, base::Instant now);

// What is sent as the product's name: no `&`, no control characters, no blanks at the ends, at most
// 120 bytes (many gateways cut at 127, and what is signed must be what arrives).
std::string name_for_epay(std::string_view subject);
// A return address that can not pass for further fields: cut where one would begin.
std::string return_url_for_epay(std::string_view url);

}  // namespace daozhang::connectors::payment::epay
