// An epay gateway's side of every trade, both versions, after a request proved itself, on the books
// of trade_book.h. Reference: the epay fact sheet, sections 1, 2, 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "connectors/payment/epay/epay_provider.h"
#include "sandbox/trade_book.h"

namespace daozhang::sandbox {

using EpayVersion = connectors::payment::epay::Version;

struct EpayIdentity {
  std::string pid;
  std::string public_url = {};  // What pay links begin with; no slash at the end.
  bool notifies_by_post = false;
};

// What the gateway says to a call: `fields` with the code of success, a list of orders, or its no.
struct EpayAnswer {
  Fields fields;
  std::optional<std::vector<Fields>> orders;
  std::string no;  // Not empty: failure, in these words.
  Manner manner = {};
  connectors::payment::epay::ReplyFormat format = {};
};
EpayAnswer epay_no(std::string_view words);

EpayVersion version_of(TradeProduct product);

class EpayBook final : public TradeBook {
 public:
  // Keeps references to both; `seed` makes numbers.
  EpayBook(EpayIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
           std::uint64_t seed);

  // submit.php and /api/pay/submit: the payer's browser brought the signed link. Gives the
  // out_trade_no, or what the gateway's error page would say.
  base::Result<std::string, std::string> open(EpayVersion version, const Fields& fields,
                                              base::Instant now);

  // `create`, `query`, `close` (V2), `refund`, `refundquery` (V2), `orders`, `merchant`.
  EpayAnswer call(EpayVersion version, std::string_view act, const Fields& fields,
                  base::Instant now);

  [[nodiscard]] const EpayIdentity& identity() const { return identity_; }
  [[nodiscard]] std::string payee() const override { return identity_.pid; }

 private:
  [[nodiscard]] bool announces(const Trade& trade, const TradeRefund* refund) const override;
  [[nodiscard]] Fields notice_of(const Trade& trade, const TradeRefund* refund,
                                 std::string_view notice_id) const override;

  base::Result<Trade*, std::string> make(EpayVersion version, bool by_call, const Fields& fields,
                                         base::Instant now);
  EpayAnswer act(EpayVersion version, std::string_view act, const Fields& fields,
                 base::Instant now);
  EpayAnswer create_trade(EpayVersion version, const Fields& fields, base::Instant now);
  EpayAnswer query(EpayVersion version, const Fields& fields);
  EpayAnswer close(const Fields& fields, base::Instant now);
  EpayAnswer refund(EpayVersion version, const Fields& fields, base::Instant now);
  EpayAnswer give_back(EpayVersion version, Trade& trade, std::int64_t amount_minor,
                       std::string_view request_no, base::Instant now);
  EpayAnswer refund_query(const Fields& fields);
  EpayAnswer orders(const Fields& fields);
  [[nodiscard]] Fields order_fields(const Trade& trade);
  [[nodiscard]] Fields refund_fields(const Trade& trade, const TradeRefund& refund);
  [[nodiscard]] std::string money(const FaultSubject& subject, std::int64_t minor);
  Trade* named(const Fields& fields);

  EpayIdentity identity_;
};

}  // namespace daozhang::sandbox
