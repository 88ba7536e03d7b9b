// What the pages that send a buyer's browser on have in common. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/order/order.h"
#include "net/http_message.h"

namespace daozhang::api {

// The payment of the order that a path names; null if it names none. Lives as long as the order.
const domain::Intent* intent_numbered(const domain::Order& order, std::string_view text);

// 302, kept by nobody. `location` must be an address of ours or of a channel.
net::Response redirect(std::string location);

}  // namespace daozhang::api
