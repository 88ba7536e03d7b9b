#include "sandbox/wechat_login.h"

#include <algorithm>

#include "base/hex.h"
#include "crypto/random.h"
#include "json/writer.h"

namespace daozhang::sandbox {
namespace {

std::string fresh_token() { return base::to_hex(crypto::random_bytes(16)); }

}  // namespace

std::string wechat_login_error(int code, std::string_view message) {
  std::string text;
  json::Writer(text).begin_object().member("errcode", code).member("errmsg", message).end_object();
  return text;
}

std::string WechatLogin::make_code(const CodeTricks& tricks, base::Instant now) {
  Code code{fresh_token(), tricks.is_expired ? now : now + code_life, tricks.is_used,
            tricks.is_of_other_app};
  const std::lock_guard lock(mutex_);
  codes_.push_back(code);
  if (codes_.size() > codes_max) codes_.pop_front();
  return code.text;
}

std::string WechatLogin::exchange(std::string_view appid, std::string_view app_secret,
                                  std::string_view code, base::Instant now) {
  if (appid != appid_) return wechat_login_error(40013, "invalid appid");
  if (app_secret != app_secret_) return wechat_login_error(40125, "invalid appsecret");
  if (code.empty()) return wechat_login_error(41008, "missing code");
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(codes_, code, &Code::text);
  if (found == codes_.end()) return wechat_login_error(40029, "invalid code");
  if (found->is_used) return wechat_login_error(40163, "code been used");
  if (now >= found->valid_until) return wechat_login_error(42003, "oauth_code expired");
  found->is_used = true;
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("access_token", fresh_token())
      .member("expires_in", 7'200)
      .member("refresh_token", fresh_token())
      .member("openid", found->is_of_other_app ? wechat_foreign_openid : wechat_openid)
      .member("scope", "snsapi_base")
      .end_object();
  return text;
}

}  // namespace daozhang::sandbox
