// The messages of the supplier protocol, for both sides: the shop that orders and the supplier that
// executes (docs/reference/supplier_protocol.md). Pure; any thread.
//
//   POST {base}/v1/orders                     order     -> 200 record | 4xx refusal
//   GET  {base}/v1/orders/{reference}                   -> 200 record | 404 not_found
//   POST {base}/v1/orders/{reference}/cancel  no body   -> 200 record | 409 too_late | 404
//   not_found GET  {base}/v1/balance                              -> 200 balance POST
//   {callback_url}                       callback  -> 2xx {"ok":true}
//
// The reference is looked up before anything else about an order is judged: a known one with the
// same body gets its record, with another body 409 reference_conflict. So the refusals below that
// are called definite prove that no order of that reference exists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/result.h"

namespace daozhang::connectors::supplier::http {

inline constexpr std::size_t body_bytes_max = 64 * 1024;

enum class OrderStatus {
  accepted,  // Taken, in progress.
  done,      // Executed; `proof` says how it shows.
  failed,    // Nothing was or will be executed.
  canceled,  // As failed, because the shop asked for it.
  reversed,  // Was done and was taken back by the supplier.
};
constexpr auto names_of(std::type_identity<OrderStatus>) {
  return base::words("accepted", "done", "failed", "canceled", "reversed");
}

enum class ErrorCode {
  // Definite: no order of this reference exists, nothing was charged.
  insufficient_balance,
  invalid_target,
  unknown_sku,
  cost_exceeds_limit,
  // About this request only; they prove nothing about an order.
  reference_conflict,
  not_found,
  too_late,
  bad_request,
  unauthorized,  // The signature's refusal is in `detail`.
  rate_limited,
};
constexpr auto names_of(std::type_identity<ErrorCode>) {
  return base::words("insufficient_balance", "invalid_target", "unknown_sku", "cost_exceeds_limit",
                     "reference_conflict", "not_found", "too_late", "bad_request", "unauthorized",
                     "rate_limited");
}
// The HTTP status that carries the code.
[[nodiscard]] int http_status_of(ErrorCode code);
// True for the first four: the order was refused and will not be executed.
[[nodiscard]] bool is_definite(ErrorCode code);

struct Order {
  std::string reference;                                    // 1 to 64 of [A-Za-z0-9_].
  std::string sku;                                          // 1 to 64 bytes.
  std::vector<std::pair<std::string, std::string>> target;  // In the order of the text.
  std::int64_t face_minor = 0;                              // What the receiver gets.
  std::string currency;                                     // ISO 4217, for face and cost.
  std::int64_t max_cost_minor = 0;  // More is refused with cost_exceeds_limit.
  std::string callback_url;         // May be empty: no callbacks.

  friend bool operator==(const Order&, const Order&) = default;
};

struct Record {
  std::string reference;
  OrderStatus status = OrderStatus::accepted;
  std::string supplier_order_no;
  std::int64_t cost_minor = 0;  // 0 to domain::amount_minor_max.
  std::optional<std::string> proof;
  std::optional<std::string> reason;

  friend bool operator==(const Record&, const Record&) = default;
};

struct Balance {
  std::int64_t balance_minor = 0;
  std::string currency;
};

struct Error {
  ErrorCode code = ErrorCode::bad_request;
  std::string detail;
};

[[nodiscard]] bool is_reference(std::string_view text);

std::string to_json(const Order& order);
std::string to_json(const Record& record);
std::string callback_json(const Record& record);  // The record with "event":"order.updated".
std::string to_json(const Balance& balance);
std::string error_json(ErrorCode code, std::string_view detail);

// Why a message does not count, in English and without values; for logs and error details.
struct Unreadable {
  std::string why;
};

// Strict: an unknown member is refused, so that a misspelled limit is not ignored.
base::Result<Order, Unreadable> read_order(std::string_view body);
// Members that are not known are skipped: the protocol may grow.
base::Result<Record, Unreadable> read_record(std::string_view body);
base::Result<Record, Unreadable> read_callback(std::string_view body);
base::Result<Balance, Unreadable> read_balance(std::string_view body);
// Refuses a code that is not in the list.
base::Result<Error, Unreadable> read_error(std::string_view body);

}  // namespace daozhang::connectors::supplier::http
