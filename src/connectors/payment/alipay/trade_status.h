// Alipay's trade_status in the port's words. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "ports/payment_channel.h"

namespace daozhang::connectors::payment::alipay {

// TRADE_SUCCESS and TRADE_FINISHED are paid; nothing for a word that we do not know.
std::optional<ports::TradeStatus> trade_status_of(std::string_view word);

}  // namespace daozhang::connectors::payment::alipay
