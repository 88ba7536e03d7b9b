// One order at the sandbox's supplier. Plain data; docs/reference/supplier_protocol.md is the
// truth.
//
//   accepted --> done --> reversed
//       |  '---> failed (--> done, only by the fault fail_then_done)
//       '------> canceled
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "sandbox/delivery_queue.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

enum class SupplyStatus { accepted, done, failed, canceled, reversed };
std::string_view name_of(SupplyStatus status);
std::optional<SupplyStatus> supply_status_from(std::string_view name);

struct SupplyRequest {
  std::string reference;
  std::string sku;
  std::int64_t quantity = 1;
  Fields target;  // In the order of their names.
  std::int64_t face_minor = 0;
  std::string currency;
  std::int64_t max_cost_minor = 0;
  std::string callback_url;  // May be empty.
  friend bool operator==(const SupplyRequest&, const SupplyRequest&) = default;
};

// A change that will come by itself.
struct SupplyStep {
  base::Instant at;
  SupplyStatus status = SupplyStatus::accepted;
};

struct SupplyOrder {
  SupplyRequest request;
  SupplyStatus status = SupplyStatus::accepted;
  std::string supplier_order_no;
  std::int64_t cost_minor = 0;
  std::string proof;   // Empty until done.
  std::string reason;  // Empty unless failed, canceled or reversed.
  base::Instant accepted_at;
  base::Instant changed_at;
  std::int64_t executed = 0;  // How often goods went to the target: the truth.
  std::int64_t reversed = 0;
  std::vector<SupplyStep> steps;  // Rising in time.
};

enum class SupplyRefusal {
  reference_conflict,
  insufficient_balance,
  invalid_target,
  unknown_sku,
  cost_exceeds_limit,
  not_found,
  too_late,
  too_many_orders,  // The sandbox's own limit.
};
std::string_view name_of(SupplyRefusal refusal);

}  // namespace daozhang::sandbox
