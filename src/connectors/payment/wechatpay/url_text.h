// Text inside an address. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace daozhang::connectors::payment::wechatpay {

// Everything but the unreserved characters (RFC 3986) becomes %XX in upper case.
std::string url_encoded(std::string_view text);

}  // namespace daozhang::connectors::payment::wechatpay
