// Who counts as one client where strangers are counted: an IPv4 address, or the /64 of an IPv6
// address, because that is what one line of a provider is given and may choose addresses in. Pure;
// any thread.
#pragma once

#include <string>
#include <string_view>

namespace daozhang::net {

// `2001:db8:1:2::/64` for an IPv6 address; an IPv4 address, also one that is written as IPv6
// (`::ffff:192.0.2.1`), as it is; any other text as it is.
std::string client_network(std::string_view address);

}  // namespace daozhang::net
