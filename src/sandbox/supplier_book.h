// A top-up supplier: orders by reference, a prepaid balance, goods that arrive after a while.
// Without I/O and without a clock (`now` is passed in). One thread at a time, the owner locks.
// Protocol: docs/reference/supplier_protocol.md. Money is in minor units of one currency.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/prng.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/fault_board.h"
#include "sandbox/supplier_order.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

struct SupplierTerms {
  base::Duration done_after = base::milliseconds(1'500);
  std::int64_t opening_balance_minor = 100'000'000;
  std::int64_t cost_percent = 98;  // of the face value, rounded up
  std::string currency = "CNY";
  std::vector<std::string> skus;  // Empty: every sku is known.
};

// The order as it stands, or a refusal, or both (too_late shows the order). `view` may differ from
// the truth where a fault wants it so.
struct SupplyAnswer {
  std::optional<SupplyRefusal> refusal;
  std::optional<SupplyOrder> view;
  Manner manner;
};

class SupplierBook {
 public:
  static constexpr std::size_t orders_max = 200'000;

  SupplierBook(SupplierTerms terms, FaultBoard& faults, DeliveryQueue& deliveries,
               std::uint64_t seed);

  // Idempotent by reference; `request.target` is sorted by name. Refuses: reference_conflict,
  // insufficient_balance, invalid_target, unknown_sku, cost_exceeds_limit, rate_limited (over
  // `orders_max`).
  SupplyAnswer submit(const SupplyRequest& request, base::Instant now);
  // Refuses: not_found.
  SupplyAnswer query(std::string_view reference, base::Instant now);
  // A canceled order stays canceled. Refuses: not_found, too_late.
  SupplyAnswer cancel(std::string_view reference, base::Instant now);
  // How the answer to a call about the subject travels.
  Manner manner_of(const FaultSubject& subject);

  // Carries out what has become due and queues callbacks.
  void step(base::Instant now);
  [[nodiscard]] base::Instant next_due() const;

  [[nodiscard]] std::int64_t balance_minor() const { return balance_minor_; }
  [[nodiscard]] const SupplierTerms& terms() const { return terms_; }
  [[nodiscard]] const SupplyOrder* find(std::string_view reference) const;
  [[nodiscard]] const std::map<std::string, SupplyOrder, std::less<>>& orders() const {
    return orders_;
  }

  // For the journal: references changed since the last call, and the way back.
  std::vector<std::string> take_changed();
  void restore(SupplyOrder order);
  void reset();

 private:
  std::optional<SupplyRefusal> objection(const SupplyRequest& request, std::int64_t cost_minor);
  std::optional<SupplyRefusal> place(const SupplyRequest& request, base::Instant now);
  void plan(SupplyOrder& order, base::Instant now);
  void become(SupplyOrder& order, SupplyStatus status, base::Instant now);
  void call_back(const SupplyOrder& order, base::Instant now);

  SupplierTerms terms_;
  FaultBoard& faults_;
  DeliveryQueue& deliveries_;
  base::Prng prng_;
  std::int64_t balance_minor_;
  std::map<std::string, SupplyOrder, std::less<>> orders_;
  std::set<std::pair<base::Instant, std::string>> due_;
  std::set<std::string> changed_;
};

// One sending of a callback as the faults want it.
struct CallbackSending {
  std::string body;
  bool spoil_signature = false;
  std::uint32_t copies = 1;  // 0: a fault swallowed it
  std::string tampering;
};
CallbackSending prepare_callback(const Delivery& delivery, FaultBoard& faults);

}  // namespace daozhang::sandbox
