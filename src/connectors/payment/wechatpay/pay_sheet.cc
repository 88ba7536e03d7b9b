#include "connectors/payment/wechatpay/pay_sheet.h"

#include "json/writer.h"

namespace daozhang::connectors::payment::wechatpay {

std::string pay_sheet_text(std::string_view appid, std::string_view timestamp,
                           std::string_view nonce, std::string_view package) {
  std::string text;
  for (const std::string_view line : {appid, timestamp, nonce, package}) {
    text.append(line).push_back('\n');
  }
  return text;
}

std::string pay_sheet(const Account& account, std::string_view prepay_id, const Stamp& stamp) {
  const std::string timestamp = std::to_string(stamp.now.micros / 1'000'000);
  const std::string package = std::string("prepay_id=").append(prepay_id);
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("appId", account.appid)
      .member("timeStamp", timestamp)
      .member("nonceStr", stamp.nonce)
      .member("package", package)
      .member("signType", "RSA")
      .member("paySign",
              signature_of(pay_sheet_text(account.appid, timestamp, stamp.nonce, package),
                           account.merchant_key))
      .end_object();
  return text;
}

}  // namespace daozhang::connectors::payment::wechatpay
