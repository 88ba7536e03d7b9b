// Signed calls to WeChat Pay. Pure: moment and nonce are arguments; any thread. One RSA signature
// (about half a millisecond) per call. Reference: protocols/wechatpay.md 2, 5, 6, 8, 9.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/signed_message.h"
#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::wechatpay {

// What makes one call different from the next.
struct Stamp {
  base::Instant now;
  std::string nonce;  // 16 to 32 letters and digits, never used before.
};

struct SignedCall {
  std::string method;  // GET or POST.
  std::string url;
  HeaderList headers;  // Authorization, Accept, User-Agent and what the call needs more.
  std::string body;    // JSON; empty for GET.
};

// Why a call can not be made. Nothing was sent.
enum class RequestRefusal {
  trade_ref_unusable,   // Not 6 to 32 of [0-9A-Za-z_-|*].
  refund_ref_unusable,  // Not 1 to 64 of [0-9A-Za-z_-|*@].
  amount_unusable,      // Zero or less, or a refund of more than the order.
  currency_unusable,    // Not CNY.
  payer_ip_missing,     // Way h5.
  payer_id_missing,     // Way jsapi: the payer's openid.
};
constexpr auto names_of(std::type_identity<RequestRefusal>) {
  return base::words("trade_ref_unusable", "refund_ref_unusable", "amount_unusable",
                     "currency_unusable", "payer_ip_missing", "payer_id_missing");
}

// Create by the account's way, query, close, refund, query_refund.
base::Result<SignedCall, RequestRefusal> signed_call(const Account& account,
                                                     const ports::PaymentCall& call,
                                                     const Stamp& stamp);

SignedCall certificates_call(const Account& account, const Stamp& stamp);
// `day` is yyyy-MM-dd, a day of Beijing. The answers name a hash and an address (bill_reply.h).
SignedCall trade_bill_call(const Account& account, std::string_view day, const Stamp& stamp);
SignedCall fund_flow_bill_call(const Account& account, std::string_view day, const Stamp& stamp);
// For the address that such an answer named; nothing for one that we do not sign for: neither https
// nor below the account's api_url, or with blanks in it.
std::optional<SignedCall> download_call(const Account& account, std::string_view url,
                                        const Stamp& stamp);

// Whether a text can be an out_trade_no at all.
bool is_trade_ref(std::string_view text);
bool is_refund_ref(std::string_view text);

// Without control characters and back-ticks (which mark the cells of bills), at most `bytes_max`
// bytes, cut between characters.
std::string plain_text(std::string_view text, std::size_t bytes_max);

// yyyy-MM-ddTHH:mm:ss+08:00
std::string beijing_time(base::Instant t);

}  // namespace daozhang::connectors::payment::wechatpay
