// Alipay's side of every trade: what exists, what was paid, what was given back. The wire protocol
// of gateway.do after the signature was verified, without I/O and without a clock (`now` is passed
// in). One thread at a time, the owner locks. Money is in fen.
//
// Refusals are Alipay's own: `code` and `sub_code` in the reply.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/prng.h"
#include "base/result.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/fault_board.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

struct AlipayIdentity {
  std::string app_id;
  std::string seller_id;
  std::string public_url;  // What precreate's code begins with; no slash at the end.
};

class AlipayBook {
 public:
  static constexpr std::size_t trades_max = 200'000;
  static constexpr std::size_t refunds_max = 100;  // of one trade

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

  // Takes the money: `amount_minor`, or what the trade asks for as changed by pay_short and
  // pay_over. A precreated trade that nobody scanned is scanned first.
  PayOutcome pay(std::string_view out_trade_no, std::optional<std::int64_t> amount_minor,
                 base::Instant now);
  [[nodiscard]] bool can_pay(const Trade& trade, base::Instant now) const;

  // A success notification for the trade, whatever its state; `forge` names what is wrong with it
  // (see alipay_notify.h) or is empty. False if there is no such trade or no notify_url.
  bool notify_now(std::string_view out_trade_no, std::string_view forge, base::Instant now);

  // Closes what has run out of time.
  void step(base::Instant now);
  [[nodiscard]] base::Instant next_due() const;  // Unset if nothing runs out.

  [[nodiscard]] const Trade* find(std::string_view out_trade_no) const;
  [[nodiscard]] const Trade* find_by_trade_no(std::string_view trade_no) const;
  [[nodiscard]] const std::map<std::string, Trade, std::less<>>& trades() const { return trades_; }
  [[nodiscard]] const AlipayIdentity& identity() const { return identity_; }
  // Known only when the server listens.
  void set_public_url(std::string url) { identity_.public_url = std::move(url); }
  // How the answer to a call about the subject travels.
  [[nodiscard]] Manner manner_of(const FaultSubject& subject);

  // For the journal: out_trade_nos changed since the last call, and the way back.
  std::vector<std::string> take_changed();
  void restore(Trade trade);
  void reset();

 private:
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
  Trade& insert(Trade trade, base::Instant now);
  void create(Trade& trade, base::Instant now);
  void close_trade(Trade& trade, base::Instant now);
  void expire(Trade& trade);
  void notify(const Trade& trade, const TradeRefund* refund, base::Instant now);
  void changed(const Trade& trade) { changed_.insert(trade.out_trade_no); }
  std::string number(base::Instant now, std::string_view middle);

  AlipayIdentity identity_;
  FaultBoard& faults_;
  DeliveryQueue& deliveries_;
  base::Prng prng_;
  std::map<std::string, Trade, std::less<>> trades_;
  std::map<std::string, std::string, std::less<>> by_trade_no_;
  std::set<std::pair<base::Instant, std::string>> expiries_;
  std::set<std::string> changed_;
};

}  // namespace daozhang::sandbox
