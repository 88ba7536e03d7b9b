#include "sandbox/supplier_order.h"

#include "base/check.h"

namespace daozhang::sandbox {

std::string_view name_of(SupplyStatus status) {
  switch (status) {
    case SupplyStatus::accepted:
      return "accepted";
    case SupplyStatus::done:
      return "done";
    case SupplyStatus::failed:
      return "failed";
    case SupplyStatus::canceled:
      return "canceled";
    case SupplyStatus::reversed:
      return "reversed";
  }
  UNREACHABLE();
}

std::optional<SupplyStatus> supply_status_from(std::string_view name) {
  for (const auto status : {SupplyStatus::accepted, SupplyStatus::done, SupplyStatus::failed,
                            SupplyStatus::canceled, SupplyStatus::reversed})
    if (name_of(status) == name) return status;
  return std::nullopt;
}

std::string_view name_of(SupplyRefusal refusal) {
  switch (refusal) {
    case SupplyRefusal::reference_conflict:
      return "reference_conflict";
    case SupplyRefusal::insufficient_balance:
      return "insufficient_balance";
    case SupplyRefusal::invalid_target:
      return "invalid_target";
    case SupplyRefusal::unknown_sku:
      return "unknown_sku";
    case SupplyRefusal::cost_exceeds_limit:
      return "cost_exceeds_limit";
    case SupplyRefusal::not_found:
      return "not_found";
    case SupplyRefusal::too_late:
      return "too_late";
    case SupplyRefusal::too_many_orders:
      return "too_many_orders";
  }
  UNREACHABLE();
}

}  // namespace daozhang::sandbox
