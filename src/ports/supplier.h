// What the engine knows of a supplier that executes a unit (a direct top-up). The in-house vault
// has no object of this kind: it completes inside the asking batch (SETTLED 7).
//
// Ownership: the server owns suppliers for its whole life. Threads: any; `call` answers exactly
// once, on a thread of the supplier's choosing, also when it times out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "base/result.h"
#include "domain/money/money.h"
#include "ports/outcome.h"

namespace daozhang::ports {

struct SupplierCapabilities {
  bool idempotent = true;            // The same reference sent again executes once.
  bool cancel = true;                // A cancel answers definitely when it wins.
  base::Duration in_flight_horizon;  // After it, "not found" is an answer and the same reference
                                     // may be sent again.
};

enum class SupplierCallKind { submit, query, cancel };
constexpr auto names_of(std::type_identity<SupplierCallKind>) {
  return base::words("submit", "query", "cancel");
}

struct SupplierCall {
  SupplierCallKind kind = SupplierCallKind::query;
  std::string reference;  // Ours; fixed per attempt, 1 to 64 of [A-Za-z0-9_].
  std::string sku;        // The supplier's product code.
  std::vector<std::pair<std::string, std::string>>
      target;  // Field name and value, in the product's order.
  std::int64_t face_minor = 0;
  std::int64_t cost_minor_max = 0;
  domain::Currency currency = domain::Currency::CNY;
};

// What the supplier says of the reference. An outcome of `unknown` means that none of the others
// may be concluded.
enum class SupplierWord {
  none,       // Nothing readable.
  working,    // outcome accepted.
  done,       // outcome done.
  failed,     // outcome failed: nothing was or will be delivered.
  canceled,   // outcome failed: our cancel won.
  too_late,   // outcome unknown or accepted: the cancel lost; go on asking.
  not_found,  // outcome unknown: may still be in flight.
  reversed,   // outcome failed, after having been done (SETTLED 18).
};
constexpr auto names_of(std::type_identity<SupplierWord>) {
  return base::words("none", "working", "done", "failed", "canceled", "too_late", "not_found",
                     "reversed");
}

struct SupplierAnswer {
  Outcome outcome = Outcome::unknown;
  SupplierWord word = SupplierWord::none;
  // Outcome failed only: nothing was sent, or our balance there is empty, so a new attempt may
  // succeed.
  bool retry_can_help = false;
  std::string supplier_order_no;
  std::int64_t cost_minor = 0;
  std::string
      proof;  // What shows the buyer that it arrived, for example the carrier's serial number.
  std::string reason;  // Why not, in the supplier's words or ours; for people.
};

// A callback is a hint: it names a reference to ask about and proves nothing by itself (F37).
struct SupplierHint {
  std::string reference;
};

enum class HintRefusal {
  unreadable,
  signature_missing,
  signature_invalid,
  timestamp_outside,
  key_unknown
};
constexpr auto names_of(std::type_identity<HintRefusal>) {
  return base::words("unreadable", "signature_missing", "signature_invalid", "timestamp_outside",
                     "key_unknown");
}

// The parts of an incoming callback that a supplier's signature covers.
struct CallbackRequest {
  std::string_view method;
  std::string_view path;  // Without query.
  std::string_view body;
  std::function<std::string_view(std::string_view)> header;  // Value by name, empty if absent.
};

class Supplier {
 public:
  virtual ~Supplier() = default;
  [[nodiscard]] virtual const SupplierCapabilities& capabilities() const = 0;
  // One attempt, no retry of its own.
  virtual void call(SupplierCall call, std::function<void(SupplierAnswer)> answer) = 0;
  // No I/O. Refuses as HintRefusal says.
  virtual base::Result<SupplierHint, HintRefusal> read_callback(const CallbackRequest& request,
                                                                base::Instant now) = 0;
};

}  // namespace daozhang::ports
