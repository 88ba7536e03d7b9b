// How WeChat names a payer to an official account: codes that his browser carries, and what the
// account gets for one. Any thread. Codes live in memory only: they are good for five minutes.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace daozhang::sandbox {

// Whoever pays here.
inline constexpr std::string_view wechat_openid = "oSandboxPayer";
// The same person as another app knows him: WeChat Pay does not take it for the shop's appid.
inline constexpr std::string_view wechat_foreign_openid = "oPayerOfAnotherApp";

class WechatLogin {
 public:
  static constexpr std::size_t codes_max = 10'000;  // Of more the oldest is forgotten.
  static constexpr base::Duration code_life = base::minutes(5);

  WechatLogin(std::string appid, std::string app_secret)
      : appid_(std::move(appid)), app_secret_(std::move(app_secret)) {}

  [[nodiscard]] const std::string& appid() const { return appid_; }

  struct CodeTricks {
    bool is_used = false;
    bool is_expired = false;
    bool is_of_other_app = false;  // The openid that it gives.
  };
  std::string make_code(const CodeTricks& tricks, base::Instant now);

  // The body of the answer to /sns/oauth2/access_token, which has status 200 whatever it says.
  std::string exchange(std::string_view appid, std::string_view app_secret, std::string_view code,
                       base::Instant now);

 private:
  struct Code {
    std::string text;
    base::Instant valid_until;
    bool is_used = false;
    bool is_of_other_app = false;
  };

  const std::string appid_;
  const std::string app_secret_;
  std::mutex mutex_;
  std::deque<Code> codes_;
};

// {"errcode","errmsg"} as WeChat says no.
std::string wechat_login_error(int code, std::string_view message);

}  // namespace daozhang::sandbox
