// Alipay's side of every trade: the wire protocol of gateway.do after the signature was verified,
// on the books of trade_book.h.
//
// Refusals are Alipay's own: `code` and `sub_code` in the reply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "sandbox/trade_book.h"

namespace daozhang::sandbox {

struct AlipayIdentity {
  std::string app_id;
  std::string seller_id;
  std::string public_url;  // What precreate's code begins with; no slash at the end.
};

class AlipayBook final : public TradeBook {
 public:
  // Keeps references to both; `seed` makes trade and notification numbers.
  AlipayBook(AlipayIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
             std::uint64_t seed);

  // alipay.trade.query, close, cancel, refund, fastpay.refund.query, precreate.
  // An unknown method is 40002 isv.invalid-method.
  GatewayAnswer call(const GatewayRequest& request, base::Instant now);

  // alipay.trade.page.pay and wap.pay: the payer's browser opened the signed link, and that makes
  // the trade. Gives its out_trade_no, or what Alipay's error page would say.
  base::Result<std::string, GatewayReply> open(const GatewayRequest& request, base::Instant now);
  // The payer scanned the code of precreate; `code` is the last part of its address.
  base::Result<std::string, GatewayReply> scan(std::string_view code, base::Instant now);

  [[nodiscard]] const AlipayIdentity& identity() const { return identity_; }
  [[nodiscard]] std::string payee() const override { return identity_.seller_id; }

 private:
  [[nodiscard]] bool announces(const Trade& trade, const TradeRefund* refund) const override;
  [[nodiscard]] Fields notice_of(const Trade& trade, const TradeRefund* refund,
                                 std::string_view notice_id) const override;

  GatewayAnswer query(const GatewayRequest& request, base::Instant now);
  GatewayAnswer close(const GatewayRequest& request, base::Instant now);
  GatewayReply cancel(const GatewayRequest& request, base::Instant now);
  GatewayAnswer refund(const GatewayRequest& request, base::Instant now);
  GatewayReply execute_refund(Trade& trade, std::int64_t amount_minor, std::string_view request_no,
                              std::string_view reason, base::Instant now);
  GatewayAnswer refund_query(const GatewayRequest& request);
  std::optional<GatewayAnswer> query_fault(const FaultSubject& subject);
  GatewayReply precreate(const GatewayRequest& request, base::Instant now);

  base::Result<Trade, GatewayReply> read_creation(const GatewayRequest& request,
                                                  TradeProduct product, base::Instant now);
  // The trade named by trade_no, else by out_trade_no, if Alipay would admit that it exists.
  Trade* named(const Fields& biz);

  AlipayIdentity identity_;
};

}  // namespace daozhang::sandbox
