// What a command did to an order, besides its new fields: stock to move, money to move, calls to
// make, and who and why. The engine adds keys and commits all of it with the order, or none of it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/instant.h"
#include "domain/identity/ids.h"
#include "domain/inventory/stock_item.h"
#include "domain/ledger/transfer.h"
#include "domain/order/change.h"
#include "domain/order/effect.h"

namespace daozhang::domain {

struct ItemMove {
  ItemKey item;
  ItemState from = ItemState::available;
  ItemState to = ItemState::held;
  std::int32_t unit_no = 0;
  base::Instant hold_expires_at;
};

struct Decision {
  Cause cause;
  std::vector<ItemMove> items;
  std::vector<Transfer> transfers;
  std::vector<Effect> effects;
};

// A question that goes on. Nothing is stored of when and how often.
struct AskAgain {
  base::Instant at;
  std::int32_t asked = 0;  // What its back-off counts beyond the stored ask_count.
};

// The question about an intent or an attempt, to be asked sooner.
struct Hurry {
  EffectKind question = EffectKind::query_payment;
  std::int32_t no = 0;
  bool is_hint = false;  // There may be news since it was asked last.
};

// Hands out free stock of the order's product. The engine's pool of one batch; a test's list.
class Shelf {
 public:
  virtual ~Shelf() = default;
  // An item that nobody holds, never the same twice; none (id zero) when nothing is left.
  virtual ItemKey take() = 0;
};

// What is agreed with the order's supplier.
struct SupplierTerms {
  bool idempotent = true;
  bool cancel = true;
  base::Duration in_flight_horizon = base::minutes(10);
};

}  // namespace daozhang::domain
