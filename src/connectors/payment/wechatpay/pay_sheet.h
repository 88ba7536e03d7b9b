// What a page inside WeChat hands to the pay sheet (JSAPI). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/payment/wechatpay/account.h"
#include "connectors/payment/wechatpay/request.h"
#include "json/value.h"

namespace daozhang::connectors::payment::wechatpay {

// {"appId","timeStamp","nonceStr","package","signType","paySign"}: all texts, as the sheet wants
// them. `prepay_id` is what `create` gave; the signature is the merchant's, good for two hours.
std::string pay_sheet(const Account& account, std::string_view prepay_id, const Stamp& stamp);

// The other side, for the sandbox: the number of the sheet if it is whole, of this app, signed by
// the merchant and not over two hours old.
std::optional<std::string> read_pay_sheet(const json::Value& sheet, std::string_view appid,
                                          const crypto::RsaPublicKey& merchant_key,
                                          base::Instant now);

// What is signed: four lines, each with a line end.
std::string pay_sheet_text(std::string_view appid, std::string_view timestamp,
                           std::string_view nonce, std::string_view package);

}  // namespace daozhang::connectors::payment::wechatpay
