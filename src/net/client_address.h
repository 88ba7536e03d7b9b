// Who a request is from when reverse proxies stand before the server. Only for net/'s sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace daozhang::net {

// The peer, unless it is one of `trusted_proxies`: then the last address of X-Forwarded-For that is
// none of them. What stands left of that, or is no literal address, is the client's own invention
// and is not looked at.
std::string client_address(std::string_view peer, const Headers& headers,
                           const std::vector<std::string>& trusted_proxies);

}  // namespace daozhang::net
