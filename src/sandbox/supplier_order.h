// One order at the sandbox's supplier. Plain data; docs/reference/supplier_protocol.md is the
// truth.
//
//   accepted --> done --> reversed
//       |  '---> failed (--> done, only by the fault fail_then_done)
//       '------> canceled
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "connectors/supplier/http/supplier_protocol.h"

namespace daozhang::sandbox {

using SupplyRequest = connectors::supplier::http::Order;
using SupplyStatus = connectors::supplier::http::OrderStatus;
using SupplyRefusal = connectors::supplier::http::ErrorCode;

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

// The order as the protocol shows it.
connectors::supplier::http::Record record_of(const SupplyOrder& order);

}  // namespace daozhang::sandbox
