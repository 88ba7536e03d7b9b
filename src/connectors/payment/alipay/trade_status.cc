#include "connectors/payment/alipay/trade_status.h"

namespace daozhang::connectors::payment::alipay {

std::optional<ports::TradeStatus> trade_status_of(std::string_view word) {
  if (word == "WAIT_BUYER_PAY") return ports::TradeStatus::waiting;
  if (word == "TRADE_SUCCESS" || word == "TRADE_FINISHED") return ports::TradeStatus::paid;
  if (word == "TRADE_CLOSED") return ports::TradeStatus::closed;
  return std::nullopt;
}

}  // namespace daozhang::connectors::payment::alipay
