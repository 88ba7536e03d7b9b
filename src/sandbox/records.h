// How the books stand in the journal: one JSON object a line, `kind` says of what. Pure. A line
// holds the whole record; the last one of a key is the truth.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sandbox/delivery_queue.h"
#include "sandbox/supplier_order.h"
#include "sandbox/trade.h"

namespace daozhang::sandbox {

// Everything before it does not count any more.
struct ResetMark {};
// The delivery of this id is over.
struct FinishedDelivery {
  std::string id;
};

using JournalRecord = std::variant<Trade, SupplyOrder, Delivery, FinishedDelivery, ResetMark>;

// Without the line's end.
std::string to_line(const Trade& trade);
std::string to_line(const SupplyOrder& order);
std::string to_line(const Delivery& delivery);
std::string to_line(const FinishedDelivery& finished);
std::string to_line(const ResetMark& mark);

// Nothing for a line that is cut or not ours.
std::optional<JournalRecord> from_line(std::string_view line);

}  // namespace daozhang::sandbox
