#include "connectors/payment/wechatpay/pay_sheet.h"

#include <charconv>

#include "json/writer.h"

namespace daozhang::connectors::payment::wechatpay {
namespace {

constexpr std::string_view package_start = "prepay_id=";
constexpr base::Duration sheet_age_max = base::hours(2);

}  // namespace

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
  const std::string package = std::string(package_start).append(prepay_id);
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

std::optional<std::string> read_pay_sheet(const json::Value& sheet, std::string_view appid,
                                          const crypto::RsaPublicKey& merchant_key,
                                          base::Instant now) {
  const std::string_view timestamp = sheet.text_of("timeStamp");
  const std::string_view nonce = sheet.text_of("nonceStr");
  const std::string_view package = sheet.text_of("package");
  if (sheet.text_of("appId") != appid || sheet.text_of("signType") != "RSA" || nonce.empty() ||
      !package.starts_with(package_start))
    return std::nullopt;
  std::int64_t seconds = 0;
  std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  const base::Duration age = now - base::Instant{seconds * 1'000'000};
  if (seconds <= 0 || age > sheet_age_max || age < base::minutes(-5)) return std::nullopt;
  if (!is_signed(pay_sheet_text(appid, timestamp, nonce, package), sheet.text_of("paySign"),
                 merchant_key))
    return std::nullopt;
  return std::string(package.substr(package_start.size()));
}

}  // namespace daozhang::connectors::payment::wechatpay
