#include "api/order_json.h"

#include "domain/order/order_state.h"

namespace daozhang::api {
namespace {

void instant(json::Writer& json, std::string_view name, base::Instant t) {
  json.key(name);
  if (t.is_set())
    json.text(base::to_rfc3339(t));
  else
    json.null();
}

void text_or_null(json::Writer& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty())
    json.null();
  else
    json.text(text);
}

void write_promise(json::Writer& json, const domain::OrderHeader& header) {
  json.key("promise").begin_object();
  json.member("deadline", base::to_rfc3339(header.deadline));
  json.member("pay_by", base::to_rfc3339(header.pay_by));
  json.member("seconds", header.promise_seconds);
  json.end_object();
}

void write_stages(json::Writer& json, const domain::Order& order) {
  json.key("stages").begin_array();
  for (const auto& stage : domain::derive_stages(order)) {
    json.begin_object();
    json.member("name", base::name_of(stage.name)).member("state", base::name_of(stage.state));
    instant(json, "began_at", stage.began_at);
    instant(json, "ended_at", stage.ended_at);
    instant(json, "due_at", stage.due_at);
    text_or_null(json, "waits_for", stage.waits_for);
    json.end_object();
  }
  json.end_array();
}

std::string unit_waits_for(const domain::Order& order, const domain::Unit& unit) {
  if (unit.is_final() || order.is_expired()) return "";
  if (!order.is_paid()) return "buyer";
  return order.header.supplier.empty() ? "vault" : "supplier:" + order.header.supplier;
}

void write_units(json::Writer& json, const domain::Order& order) {
  json.key("units").begin_array();
  for (const auto& unit : order.units) {
    const bool revealable =
        unit.state == domain::UnitState::delivered && unit.hold == domain::HoldState::consumed;
    json.begin_object();
    json.member("unit_no", unit.unit_no).member("state", base::name_of(unit.state));
    text_or_null(
        json, "reason",
        unit.reason == domain::UnitReason::none ? std::string_view{} : base::name_of(unit.reason));
    instant(json, "delivered_at", unit.delivered_at);
    json.member("revealable", revealable);
    instant(json, "revealed_at", unit.revealed_at);
    text_or_null(json, "proof", unit.proof);
    text_or_null(json, "waits_for", unit_waits_for(order, unit));
    json.end_object();
  }
  json.end_array();
}

std::string_view refund_reason(const domain::Order& order, const domain::Refund& refund) {
  if (refund.purpose == domain::RefundPurpose::unit)
    return base::name_of(order.units[static_cast<std::size_t>(refund.unit_no - 1)].reason);
  return base::name_of(refund.purpose);
}

void write_refunds(json::Writer& json, const domain::Order& order) {
  json.key("refunds").begin_array();
  for (const auto& refund : order.refunds) {
    json.begin_object();
    json.member("refund_no", refund.refund_ref).member("state", base::name_of(refund.state));
    json.member("amount_minor", refund.amount_minor);
    json.member("currency", base::name_of(order.header.currency));
    json.member("channel", refund.channel).member("reason", refund_reason(order, refund));
    json.key("units").begin_array();
    for (const auto unit_no : refund.units()) json.integer(unit_no);
    json.end_array();
    instant(json, "decided_at", refund.decided_at);
    instant(json, "accept_by", refund.accept_by);
    instant(json, "accepted_at", refund.accepted_at);
    instant(json, "settled_at", refund.settled_at);
    json.end_object();
  }
  json.end_array();
}

// The payment that counted, else the one opened last.
const domain::Intent* current_intent(const domain::Order& order) {
  for (const auto& payment : order.payments)
    if (payment.applied_minor > 0)
      return &order.intents[static_cast<std::size_t>(payment.intent_no - 1)];
  return order.intents.empty() ? nullptr : &order.intents.back();
}

struct PaidSoFar {
  std::int64_t minor = 0;
  base::Instant first_at;
};

PaidSoFar paid_on(const domain::Order& order, const domain::Intent& intent) {
  PaidSoFar paid;
  for (const auto& payment : order.payments) {
    if (payment.intent_no != intent.intent_no) continue;
    paid.minor += payment.amount_minor;
    if (!paid.first_at.is_set()) paid.first_at = payment.learned_at;
  }
  return paid;
}

void write_pay_sheet(json::Writer& json, std::string_view channel, std::string_view pay_content,
                     const OrderView& view) {
  const auto sheet = pay_content.empty() || !view.pay_sheet_of
                         ? std::nullopt
                         : view.pay_sheet_of(channel, pay_content);
  json.key("pay_sheet");
  if (sheet)
    json.raw(*sheet);
  else
    json.null();
}

// Where the buyer's browser goes to pay; empty where it goes nowhere (yet).
std::string redirect_of(const domain::Order& order, const domain::Intent& intent,
                        const OrderView& view, bool waits_for_payer, std::string_view pay_content) {
  const ports::Way way = view.way_of(intent.channel);
  const std::string payment_no = std::to_string(intent.intent_no);
  if (way == ports::Way::jsapi && waits_for_payer && view.names_payer &&
      view.names_payer(intent.channel))
    return view.public_url + "/v1/orders/" + order.header.order_no + "/payments/" + payment_no +
           "/payer";
  const bool is_page = way == ports::Way::page || way == ports::Way::wap;
  if (!is_page && (way != ports::Way::h5 || pay_content.empty())) return {};
  return view.public_url + "/pay/" + order.header.order_no + "/" + payment_no;
}

void write_payment_as(json::Writer& json, const domain::Order& order, const domain::Intent& intent,
                      const OrderView& view, domain::IntentState state, bool waits_for_payer,
                      std::string_view pay_content, PaidSoFar paid) {
  const ports::Way way = view.way_of(intent.channel);
  json.begin_object();
  json.member("payment_no", std::to_string(intent.intent_no));
  json.member("channel", intent.channel).member("way", base::name_of(way));
  json.member("state", base::name_of(state));
  json.member("amount_minor", intent.amount_minor);
  json.member("currency", base::name_of(order.header.currency));
  text_or_null(json, "redirect_url",
               redirect_of(order, intent, view, waits_for_payer, pay_content));
  text_or_null(json, "qr_content", way == ports::Way::qr ? pay_content : "");
  write_pay_sheet(json, intent.channel, way == ports::Way::jsapi ? pay_content : "", view);
  json.member("expires_at", base::to_rfc3339(intent.expires_at));
  instant(json, "paid_at", paid.first_at);
  json.member("paid_minor", paid.minor);
  json.end_object();
}

}  // namespace

void write_payment(json::Writer& json, const domain::Order& order, const domain::Intent& intent,
                   const OrderView& view) {
  write_payment_as(json, order, intent, view, intent.state, intent.waits_for_payer(),
                   intent.pay_content, paid_on(order, intent));
}

std::string order_json(const domain::Order& order, const OrderView& view) {
  const auto& header = order.header;
  std::string body;
  body.reserve(2048);
  json::Writer json(body);
  json.begin_object();
  json.member("order_no", header.order_no).member("version", header.version);
  json.member("state", base::name_of(header.state)).member("sku", header.sku);
  json.member("product_name", header.product_name).member("kind", base::name_of(header.kind));
  json.member("quantity", header.quantity).member("amount_minor", order.price_minor());
  json.member("currency", base::name_of(header.currency));
  json.member("placed_at", base::to_rfc3339(header.placed_at));
  json.key("target_display").raw(header.target_display.empty() ? "[]" : header.target_display);
  write_promise(json, header);
  write_stages(json, order);
  write_units(json, order);
  json.key("payments").begin_array();
  for (const auto& intent : order.intents) write_payment(json, order, intent, view);
  json.end_array();
  json.key("payment");
  if (const domain::Intent* intent = current_intent(order))
    write_payment(json, order, *intent, view);
  else
    json.null();
  write_refunds(json, order);
  json.end_object();
  return body;
}

std::string placed_order_json(const domain::Order& order, std::string_view access_code,
                              const OrderView& view) {
  const auto& header = order.header;
  const auto& intent = order.intents.front();
  std::string body;
  body.reserve(768);
  json::Writer json(body);
  json.begin_object();
  json.member("order_no", header.order_no).member("access_code", access_code);
  json.member("state", base::name_of(domain::OrderState::awaiting_payment));
  write_promise(json, header);
  json.key("payment");
  const auto at_first = ports::begins_with_a_call(view.way_of(intent.channel))
                            ? domain::IntentState::preparing
                            : domain::IntentState::ready;
  // Who already named the payer is led back to the order by the same address.
  write_payment_as(json, order, intent, view, at_first, true, "", {});
  json.end_object();
  return body;
}

}  // namespace daozhang::api
