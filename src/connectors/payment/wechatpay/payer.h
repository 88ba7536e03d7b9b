// How WeChat says who the payer is: web authorization (OAuth 2.0) of an official account, scope
// snsapi_base, which asks the payer nothing. His browser goes to `authorize_link` and comes back
// with a code; our server exchanges the code for the openid. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/payment/wechatpay/account.h"

namespace daozhang::connectors::payment::wechatpay {

// Whether the account can have payers named.
bool names_payer(const Account& account);

// WeChat wants its parameters in this very order and the fragment behind them.
std::string authorize_link(const Account& account, std::string_view return_url,
                           std::string_view state);

// The address of the exchange. It holds the secret and the code: never for a page or a log.
std::string token_link(const Account& account, std::string_view code);

// The openid in the exchange's reply, which has status 200 whether it says yes or no. Refuses:
// code_used, code_expired, code_invalid, account_refused, and unavailable for everything else,
// such as a reply without openid.
base::Result<std::string, ports::PayerRefusal> read_token_reply(int status, std::string_view body);

// 1 to 128 of [0-9A-Za-z_-].
bool is_openid(std::string_view text);

}  // namespace daozhang::connectors::payment::wechatpay
