#include "connectors/supplier/http/supplier_protocol.h"

#include <algorithm>

#include "base/check.h"
#include "domain/money/money.h"
#include "json/fields.h"
#include "json/reader.h"
#include "json/writer.h"

namespace daozhang::connectors::supplier::http {
namespace {

constexpr std::size_t word_length_max = 64;
constexpr std::size_t url_length_max = 512;
constexpr std::size_t target_field_count_max = 16;
constexpr std::size_t target_value_length_max = 256;
constexpr std::string_view callback_event = "order.updated";

tl::unexpected<Unreadable> unreadable(std::string why) {
  return base::refuse(Unreadable{std::move(why)});
}

base::Result<json::Value, Unreadable> read_object(std::string_view body, json::Numbers numbers) {
  if (body.size() > body_bytes_max) return unreadable("too long");
  auto value = json::read(body, numbers);
  if (!value) return unreadable("not JSON: " + std::string(json::name(value.error().refusal)));
  if (value->object() == nullptr) return unreadable("not an object");
  return std::move(*value);
}

const std::string* text_member(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->text();
}

const std::int64_t* integer_member(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->integer();
}

// Absent counts as null. False if the member is neither text nor null.
bool take_nullable_text(const json::Value& value, std::string_view name,
                        std::optional<std::string>& out) {
  const json::Value* member = value.find(name);
  if (member == nullptr || member->is_null()) return true;
  if (member->text() == nullptr) return false;
  out = *member->text();
  return true;
}

void write_nullable(json::Writer& json, std::string_view name,
                    const std::optional<std::string>& text) {
  json.key(name);
  if (text) {
    json.text(*text);
  } else {
    json.null();
  }
}

void write_record(json::Writer& json, const Record& record) {
  json.member("reference", record.reference)
      .member("status", base::name_of(record.status))
      .member("supplier_order_no", record.supplier_order_no)
      .member("cost_minor", record.cost_minor);
  write_nullable(json, "proof", record.proof);
  write_nullable(json, "reason", record.reason);
}

base::Result<Record, Unreadable> record_from(const json::Value& value) {
  const std::string* reference = text_member(value, "reference");
  const std::string* status_text = text_member(value, "status");
  const std::string* order_no = text_member(value, "supplier_order_no");
  const std::int64_t* cost = integer_member(value, "cost_minor");
  if (reference == nullptr || !is_reference(*reference)) return unreadable("reference");
  if (status_text == nullptr) return unreadable("status");
  const auto status = base::enum_named<OrderStatus>(*status_text);
  if (!status) return unreadable("status unknown");
  if (order_no == nullptr || order_no->size() > word_length_max) {
    return unreadable("supplier_order_no");
  }
  if (cost == nullptr || *cost < 0 || *cost > domain::amount_minor_max) {
    return unreadable("cost_minor");
  }
  Record record;
  record.reference = *reference;
  record.status = *status;
  record.supplier_order_no = *order_no;
  record.cost_minor = *cost;
  if (!take_nullable_text(value, "proof", record.proof)) return unreadable("proof");
  if (!take_nullable_text(value, "reason", record.reason)) return unreadable("reason");
  return record;
}

base::Result<Order, Unreadable> order_from(json::Fields& fields) {
  Order order;
  order.reference = fields.text("reference");
  order.sku = fields.text("sku");
  const std::int64_t quantity = fields.integer("quantity");
  const json::Value& target = fields.object("target");
  order.face_minor = fields.integer("face_minor");
  order.currency = fields.text("currency");
  order.max_cost_minor = fields.integer("max_cost_minor");
  order.callback_url = fields.text("callback_url");
  if (fields.error()) return unreadable(json::sentence(*fields.error()));
  if (quantity != 1) return unreadable("quantity must be 1");
  for (const json::Member& member : *target.object()) {
    const std::string* text = member.value.text();
    if (text == nullptr) return unreadable("target: a value is not a text");
    order.target.emplace_back(member.name, *text);
  }
  return order;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_target_in_bounds(const Order& order) {
  return order.target.size() <= target_field_count_max &&
         std::ranges::all_of(order.target, [](const auto& field) {
           return !field.first.empty() && field.first.size() <= word_length_max &&
                  field.second.size() <= target_value_length_max;
         });
}

}  // namespace

int http_status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::insufficient_balance:
      return 402;
    case ErrorCode::invalid_target:
      return 422;
    case ErrorCode::unknown_sku:
      return 422;
    case ErrorCode::cost_exceeds_limit:
      return 422;
    case ErrorCode::reference_conflict:
      return 409;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::too_late:
      return 409;
    case ErrorCode::bad_request:
      return 400;
    case ErrorCode::unauthorized:
      return 401;
    case ErrorCode::rate_limited:
      return 429;
  }
  UNREACHABLE();
}

bool is_definite(ErrorCode code) {
  switch (code) {
    case ErrorCode::insufficient_balance:
    case ErrorCode::invalid_target:
    case ErrorCode::unknown_sku:
    case ErrorCode::cost_exceeds_limit:
      return true;
    case ErrorCode::reference_conflict:
    case ErrorCode::not_found:
    case ErrorCode::too_late:
    case ErrorCode::bad_request:
    case ErrorCode::unauthorized:
    case ErrorCode::rate_limited:
      return false;
  }
  UNREACHABLE();
}

bool is_reference(std::string_view text) {
  if (text.empty() || text.size() > word_length_max) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

std::string to_json(const Order& order) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("reference", order.reference).member("sku", order.sku);
  json.member("quantity", 1).key("target").begin_object();
  for (const auto& [name, value] : order.target) json.member(name, value);
  json.end_object().member("face_minor", order.face_minor).member("currency", order.currency);
  json.member("max_cost_minor", order.max_cost_minor).member("callback_url", order.callback_url);
  json.end_object();
  return body;
}

std::string to_json(const Record& record) {
  std::string body;
  json::Writer json(body);
  json.begin_object();
  write_record(json, record);
  json.end_object();
  return body;
}

std::string callback_json(const Record& record) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("event", callback_event);
  write_record(json, record);
  json.end_object();
  return body;
}

std::string to_json(const Balance& balance) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("balance_minor", balance.balance_minor);
  json.member("currency", balance.currency).end_object();
  return body;
}

std::string error_json(ErrorCode code, std::string_view detail) {
  std::string body;
  json::Writer json(body);
  json.begin_object().member("code", base::name_of(code)).member("detail", detail).end_object();
  return body;
}

base::Result<Order, Unreadable> read_order(std::string_view body) {
  const auto value = read_object(body, json::Numbers::integers);
  if (!value) return unreadable(value.error().why);
  json::Fields fields(*value, {"reference", "sku", "quantity", "target", "face_minor", "currency",
                               "max_cost_minor", "callback_url"});
  auto order = order_from(fields);
  if (!order) return order;
  if (!is_reference(order->reference)) return unreadable("reference");
  if (order->sku.empty() || order->sku.size() > word_length_max) return unreadable("sku");
  if (!is_target_in_bounds(*order)) return unreadable("target");
  if (order->face_minor < 0) return unreadable("face_minor");
  if (!is_currency(order->currency)) return unreadable("currency");
  if (order->max_cost_minor < 0) return unreadable("max_cost_minor");
  if (order->callback_url.size() > url_length_max) return unreadable("callback_url");
  return order;
}

base::Result<Record, Unreadable> read_record(std::string_view body) {
  const auto value = read_object(body, json::Numbers::as_text);
  if (!value) return unreadable(value.error().why);
  return record_from(*value);
}

base::Result<Record, Unreadable> read_callback(std::string_view body) {
  const auto value = read_object(body, json::Numbers::as_text);
  if (!value) return unreadable(value.error().why);
  if (value->text_of("event") != callback_event) return unreadable("event unknown");
  return record_from(*value);
}

base::Result<Balance, Unreadable> read_balance(std::string_view body) {
  const auto value = read_object(body, json::Numbers::as_text);
  if (!value) return unreadable(value.error().why);
  const std::int64_t* minor = integer_member(*value, "balance_minor");
  if (minor == nullptr) return unreadable("balance_minor");
  const std::string_view currency = value->text_of("currency");
  if (!is_currency(currency)) return unreadable("currency");
  return Balance{*minor, std::string(currency)};
}

base::Result<Error, Unreadable> read_error(std::string_view body) {
  const auto value = read_object(body, json::Numbers::as_text);
  if (!value) return unreadable(value.error().why);
  const auto code = base::enum_named<ErrorCode>(value->text_of("code"));
  if (!code) return unreadable("code unknown");
  return Error{*code, std::string(value->text_of("detail"))};
}

}  // namespace daozhang::connectors::supplier::http
