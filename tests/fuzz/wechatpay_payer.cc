// What WeChat answers when a payer's code is exchanged: it names somebody only by status 200 and
// one plain openid, and says no by a number.
#include "connectors/payment/wechatpay/payer.h"
#include "json/reader.h"
#include "tests/fuzz/input.h"

namespace daozhang::fuzz {

namespace wechatpay = connectors::payment::wechatpay;
using ports::PayerRefusal;

void wechatpay_payer(std::string_view bytes) {
  const auto named = wechatpay::read_token_reply(200, bytes);
  for (const int status : {0, 201, 302, 400, 502}) {
    const auto otherwise = wechatpay::read_token_reply(status, bytes);
    CHECK(!otherwise && otherwise.error() == PayerRefusal::unavailable);
  }
  const auto document = json::read(bytes);
  if (!document) {
    CHECK(!named && named.error() == PayerRefusal::unavailable);
    return;
  }
  const json::Value* const error = document->find("errcode");
  if (named) {
    CHECK(wechatpay::is_openid(*named) && *named == document->text_of("openid"));
    CHECK(error == nullptr || (error->integer() != nullptr && *error->integer() == 0));
    return;
  }
  // Every other no than "not now" was said as a number.
  if (named.error() != PayerRefusal::unavailable)
    CHECK(error != nullptr && error->integer() != nullptr && *error->integer() != 0);
}

}  // namespace daozhang::fuzz
