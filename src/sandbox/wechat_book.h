// WeChat Pay's side of every trade (API v3, direct merchant), after a request's signature was
// verified, on the books of trade_book.h. Reference: the WeChat Pay fact sheet, sections 5, 6, 7.
//
// Refusals are WeChat's own: a status and {"code","message"}. Replies are not signed here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "json/value.h"
#include "sandbox/trade_book.h"

namespace daozhang::sandbox {

struct WechatIdentity {
  std::string mchid;
  std::string appid;
  std::string public_url = {};       // What code_url and h5_url begin with; no slash at the end.
  base::Duration refund_after = {};  // How long a refund is PROCESSING; zero: SUCCESS at once.
};

struct WechatAnswer {
  int status = 200;
  std::string body;
  Manner manner = {};
};
WechatAnswer wechat_error(int status, std::string_view code, std::string_view message);

class WechatBook final : public TradeBook {
 public:
  // Keeps references to both; `seed` makes numbers.
  WechatBook(WechatIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
             std::uint64_t seed);

  // POST /v3/pay/transactions/{native,h5,jsapi}; `body` is the request's object. The trade is there
  // at once, as NOTPAY. The same request again gives the same answer.
  WechatAnswer create(TradeProduct product, const json::Value& body, base::Instant now);
  // GET …/out-trade-no/{no} and …/id/{transaction_id}.
  WechatAnswer query(std::string_view out_trade_no, std::string_view mchid, base::Instant now);
  WechatAnswer query_by_id(std::string_view transaction_id, std::string_view mchid,
                           base::Instant now);
  WechatAnswer close(std::string_view out_trade_no, const json::Value& body, base::Instant now);
  // POST /v3/refund/domestic/refunds and GET …/{out_refund_no}.
  WechatAnswer refund(const json::Value& body, base::Instant now);
  WechatAnswer query_refund(std::string_view out_refund_no, base::Instant now);
  // For what is about no trade: certificates and bills.
  Manner manner_of_call();

  // The trade whose pay sheet has this number.
  [[nodiscard]] const Trade* find_by_prepay_id(std::string_view prepay_id) const;

  [[nodiscard]] const WechatIdentity& identity() const { return identity_; }
  [[nodiscard]] std::string payee() const override { return identity_.mchid; }

 private:
  [[nodiscard]] bool announces(const Trade& trade, const TradeRefund* refund) const override;
  [[nodiscard]] Fields notice_of(const Trade& trade, const TradeRefund* refund,
                                 std::string_view notice_id) const override;

  // Acts as the faults of every call want it.
  template <class Act>
  WechatAnswer answered(const FaultSubject& subject, Act act);
  WechatAnswer make(const Trade& wanted, base::Instant now);
  WechatAnswer tell(Trade* trade, std::string_view number, base::Instant now);
  WechatAnswer shut(Trade& trade, base::Instant now);
  WechatAnswer give_back(Trade& trade, TradeRefund wanted, base::Instant now);
  void plan(TradeRefund& refund, const FaultSubject& subject, base::Instant now);
  [[nodiscard]] std::string created_body(const Trade& trade) const;

  WechatIdentity identity_;
};

}  // namespace daozhang::sandbox
