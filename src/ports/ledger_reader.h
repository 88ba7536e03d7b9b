// The books, read beside the engine: facts of money for reconciliation, and balances for reports.
// Nothing here is written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/ledger/transfer.h"
#include "domain/money/money.h"
#include "ports/bill.h"

namespace daozhang::ports {

// Where a fact stands among the facts of its kind and channel; what comes after it has a larger
// one.
struct FactPlace {
  base::Instant at;
  domain::OrderId order_id;
  domain::Partition partition;
  std::int32_t number = 0;  // Of the payment or refund within its order.
  friend auto operator<=>(const FactPlace&, const FactPlace&) = default;
};

// A payment, or a refund that the channel has accepted.
struct LedgerFact {
  BillLineKind kind = BillLineKind::payment;
  std::string channel;
  std::string trade_no;
  std::string refund_ref;  // Empty for payments.
  std::string order_no;
  std::int64_t amount_minor = 0;
  domain::Currency currency = domain::Currency::CNY;
  FactPlace place;        // `at`: when our books learned of it.
  bool is_booked = true;  // False for a refund that is decided and not known as accepted.

  template <class Self, class Visitor>
  static void visit_fields(Self& self, Visitor&& visit) {
    visit("kind", self.kind);
    visit("channel", self.channel);
    visit("trade_no", self.trade_no);
    visit("refund_ref", self.refund_ref);
    visit("order_no", self.order_no);
    visit("amount_minor", self.amount_minor);
    visit("currency", self.currency);
    visit("at", self.place.at);
    visit("order_id", self.place.order_id);
    visit("partition", self.place.partition);
    visit("number", self.place.number);
    visit("is_booked", self.is_booked);
  }
  friend bool operator==(const LedgerFact&, const LedgerFact&) = default;
};

// What bill and books have in common for one movement of money: the key by which they are matched.
inline std::string fact_key(const std::string& trade_no, const std::string& refund_ref) {
  return refund_ref.empty() ? trade_no : trade_no + "/" + refund_ref;
}
inline std::string key_of(const BillLine& line) { return fact_key(line.trade_no, line.refund_ref); }
inline std::string key_of(const LedgerFact& fact) {
  return fact_key(fact.trade_no, fact.refund_ref);
}

// What one order holds in escrow.
struct HeldEscrow {
  std::string order_no;
  domain::Currency currency = domain::Currency::CNY;
  std::int64_t held_minor = 0;  // Below zero would be a broken invariant.
  base::Instant since;          // When the order was paid, or money first came.
};

// Threads: any; each call sees one committed state and holds it only as long as it lasts.
class LedgerReader {
 public:
  virtual ~LedgerReader() = default;

  // Booked facts of a channel with `from` <= at < `until` that stand after `after`, in order, at
  // most `limit`.
  virtual std::vector<LedgerFact> facts(BillLineKind kind, const std::string& channel,
                                        base::Instant from, base::Instant until,
                                        const FactPlace& after, std::size_t limit) = 0;
  // One fact of any time. A refund also if it is not booked yet.
  virtual std::optional<LedgerFact> find_payment(const std::string& channel,
                                                 const std::string& trade_no) = 0;
  virtual std::optional<LedgerFact> find_refund(const std::string& channel,
                                                const std::string& trade_no,
                                                const std::string& refund_ref) = 0;
  // When the first order was placed; unset in a new store.
  virtual base::Instant first_order_at() = 0;
  // Every balance, and what each order that is not closed holds in escrow (if it holds any), of one
  // state of the store. Costs as much as there is open. The visitors must not call the store.
  virtual void read_money(const std::function<void(const domain::Balance&)>& balance,
                          const std::function<void(const HeldEscrow&)>& escrow) = 0;
};

}  // namespace daozhang::ports
