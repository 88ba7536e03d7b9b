#include "connectors/payment/wechatpay/url_text.h"

#include "base/ascii.h"

namespace daozhang::connectors::payment::wechatpay {

std::string url_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= '0' && c <= '9') ||
                            (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') ||
                            std::string_view("-._~").find(c) != std::string_view::npos;
    if (unreserved) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
  return encoded;
}

}  // namespace daozhang::connectors::payment::wechatpay
