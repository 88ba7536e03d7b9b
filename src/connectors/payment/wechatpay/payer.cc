#include "connectors/payment/wechatpay/payer.h"

#include <algorithm>

#include "base/ascii.h"
#include "connectors/payment/wechatpay/url_text.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

using ports::PayerRefusal;

constexpr std::size_t openid_size_max = 128;

PayerRefusal refusal_of(std::int64_t error_code) {
  switch (error_code) {
    case 40163:
      return PayerRefusal::code_used;
    case 42003:
      return PayerRefusal::code_expired;
    case 40029:  // Invalid.
    case 41008:  // Missing.
      return PayerRefusal::code_invalid;
    case 40013:  // App id.
    case 40125:  // Secret.
    case 41002:
    case 41004:
    case 48001:  // The account has no right to web authorization.
      return PayerRefusal::account_refused;
    default:
      return PayerRefusal::unavailable;
  }
}

}  // namespace

bool names_payer(const Account& account) {
  return account.way == ports::Way::jsapi && !account.app_secret.empty();
}

std::string authorize_link(const Account& account, std::string_view return_url,
                           std::string_view state) {
  return account.authorize_url + "?appid=" + account.appid +
         "&redirect_uri=" + url_encoded(return_url) +
         "&response_type=code&scope=snsapi_base&state=" + std::string(state) + "#wechat_redirect";
}

std::string token_link(const Account& account, std::string_view code) {
  return account.token_url + "?appid=" + account.appid + "&secret=" + account.app_secret +
         "&code=" + url_encoded(code) + "&grant_type=authorization_code";
}

base::Result<std::string, PayerRefusal> read_token_reply(int status, std::string_view body) {
  const auto reply = json::read(body);
  if (status != 200 || !reply || reply->object() == nullptr)
    return base::refuse(PayerRefusal::unavailable);
  const json::Value* const error = reply->find("errcode");
  const std::int64_t* const error_code = error == nullptr ? nullptr : error->integer();
  if (error != nullptr && (error_code == nullptr || *error_code != 0))
    return base::refuse(error_code == nullptr ? PayerRefusal::unavailable
                                              : refusal_of(*error_code));
  std::string openid(reply->text_of("openid"));
  if (!is_openid(openid)) return base::refuse(PayerRefusal::unavailable);
  return openid;
}

bool is_openid(std::string_view text) {
  return !text.empty() && text.size() <= openid_size_max && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
           c == '_' || c == '-';
  });
}

}  // namespace daozhang::connectors::payment::wechatpay
