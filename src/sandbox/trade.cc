#include "sandbox/trade.h"

#include "base/check.h"

namespace daozhang::sandbox {

Channel channel_of(TradeProduct product) {
  switch (product) {
    case TradeProduct::page:
    case TradeProduct::wap:
    case TradeProduct::face_to_face:
      return Channel::alipay;
    case TradeProduct::native:
    case TradeProduct::h5:
    case TradeProduct::jsapi:
      return Channel::wechatpay;
    case TradeProduct::submit:
    case TradeProduct::create:
    case TradeProduct::submit_v2:
    case TradeProduct::create_v2:
      return Channel::epay;
  }
  UNREACHABLE();
}

bool has_code(TradeProduct product) {
  return product == TradeProduct::face_to_face || product == TradeProduct::native ||
         product == TradeProduct::create || product == TradeProduct::create_v2;
}

std::int64_t Trade::refundable_minor() const {
  std::int64_t rest = paid_minor - refunded_minor;
  for (const TradeRefund& refund : refunds) {
    const bool held =
        refund.state == RefundState::processing || refund.state == RefundState::abnormal;
    if (held) rest -= refund.amount_minor;
  }
  return rest;
}

std::string_view name_of(TradeStatus status) {
  switch (status) {
    case TradeStatus::not_created:
      return "";
    case TradeStatus::wait_buyer_pay:
      return "WAIT_BUYER_PAY";
    case TradeStatus::success:
      return "TRADE_SUCCESS";
    case TradeStatus::closed:
      return "TRADE_CLOSED";
  }
  UNREACHABLE();
}

std::string_view name_of(PayOutcome outcome) {
  switch (outcome) {
    case PayOutcome::paid:
      return "paid";
    case PayOutcome::returned_unpaid:
      return "returned_unpaid";
    case PayOutcome::no_such_trade:
      return "no_such_trade";
    case PayOutcome::already_paid:
      return "already_paid";
    case PayOutcome::trade_closed:
      return "trade_closed";
    case PayOutcome::expired:
      return "expired";
    case PayOutcome::amount_invalid:
      return "amount_invalid";
  }
  UNREACHABLE();
}

}  // namespace daozhang::sandbox
