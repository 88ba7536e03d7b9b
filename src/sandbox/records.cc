#include "sandbox/records.h"

#include "json/reader.h"
#include "json/writer.h"

namespace daozhang::sandbox {
namespace {

void write_fields(json::Writer& json, std::string_view name, const Fields& fields) {
  json.key(name).begin_array();
  for (const auto& [key, value] : fields) json.begin_array().text(key).text(value).end_array();
  json.end_array();
}

// Reads a member and notes when one is missing; a record with any missing is no record.
class Reading {
 public:
  explicit Reading(const json::Value& value) : value_(value) {}

  std::string text(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (member == nullptr || member->text() == nullptr) return ok = false, "";
    return *member->text();
  }
  std::int64_t integer(std::string_view name) {
    const json::Value* member = value_.find(name);
    if (member == nullptr || member->integer() == nullptr) return ok = false, 0;
    return *member->integer();
  }
  // Records of before a member was there have its standard value.
  std::string later_text(std::string_view name) {
    return value_.find(name) == nullptr ? std::string() : text(name);
  }
  std::int64_t later_integer(std::string_view name) {
    return value_.find(name) == nullptr ? 0 : integer(name);
  }
  base::Instant instant(std::string_view name) { return {integer(name)}; }
  const json::Array& array(std::string_view name) {
    static const json::Array none;
    const json::Value* member = value_.find(name);
    if (member == nullptr || member->array() == nullptr) return ok = false, none;
    return *member->array();
  }
  Fields fields(std::string_view name) {
    Fields read;
    for (const json::Value& pair : array(name)) {
      const json::Array* both = pair.array();
      ok = ok && both != nullptr && both->size() == 2 && (*both)[0].text() && (*both)[1].text();
      if (ok) read.emplace_back(*(*both)[0].text(), *(*both)[1].text());
    }
    return read;
  }
  template <class E>
  E enumerator(std::string_view name, E last) {
    return enumerator(integer(name), last);
  }
  template <class E>
  E enumerator(std::int64_t number, E last) {
    ok = ok && number >= 0 && number <= static_cast<std::int64_t>(last);
    return ok ? static_cast<E>(number) : E{};
  }

  bool ok = true;

 private:
  const json::Value& value_;
};

TradeRefund read_refund(Reading& in) {
  TradeRefund refund;
  refund.out_request_no = in.text("out_request_no");
  refund.amount_minor = in.integer("amount_minor");
  refund.reason = in.text("reason");
  refund.at = in.instant("at");
  refund.refund_no = in.later_text("refund_no");
  refund.notify_url = in.later_text("notify_url");
  refund.state = in.enumerator(in.later_integer("state"), RefundState::closed);
  refund.becomes = in.enumerator(in.later_integer("becomes"), RefundState::closed);
  refund.changes_at = {in.later_integer("changes_at")};
  refund.done_at = {in.later_integer("done_at")};
  if (refund.state == RefundState::success && !refund.done_at.is_set()) refund.done_at = refund.at;
  return refund;
}

Trade read_trade(Reading& in) {
  Trade trade;
  trade.out_trade_no = in.text("out_trade_no");
  trade.trade_no = in.text("trade_no");
  trade.product = in.enumerator("product", TradeProduct::create_v2);
  trade.status = in.enumerator("status", TradeStatus::closed);
  trade.subject = in.text("subject");
  trade.body = in.text("body");
  trade.passback_params = in.text("passback_params");
  trade.notify_url = in.text("notify_url");
  trade.return_url = in.text("return_url");
  trade.quit_url = in.text("quit_url");
  trade.time_expire = in.text("time_expire");
  trade.payer_id = in.later_text("payer_id");
  trade.pay_type = in.later_text("pay_type");
  trade.total_minor = in.integer("total_minor");
  trade.offered_at = in.instant("offered_at");
  trade.created_at = in.instant("created_at");
  trade.expires_at = in.instant("expires_at");
  trade.paid_at = in.instant("paid_at");
  trade.closed_at = in.instant("closed_at");
  trade.expired = in.integer("expired") != 0;
  trade.paid_minor = in.integer("paid_minor");
  trade.refunded_minor = in.integer("refunded_minor");
  for (const json::Value& value : in.array("refunds")) {
    Reading one(value);
    trade.refunds.push_back(read_refund(one));
    in.ok = in.ok && one.ok;
  }
  return trade;
}

SupplyOrder read_order(Reading& in) {
  SupplyOrder order;
  order.request.reference = in.text("reference");
  order.request.sku = in.text("sku");
  order.request.target = in.fields("target");
  order.request.face_minor = in.integer("face_minor");
  order.request.currency = in.text("currency");
  order.request.max_cost_minor = in.integer("max_cost_minor");
  order.request.callback_url = in.text("callback_url");
  order.status = in.enumerator("status", SupplyStatus::reversed);
  order.supplier_order_no = in.text("supplier_order_no");
  order.cost_minor = in.integer("cost_minor");
  order.proof = in.text("proof");
  order.reason = in.text("reason");
  order.accepted_at = in.instant("accepted_at");
  order.changed_at = in.instant("changed_at");
  order.executed = in.integer("executed");
  order.reversed = in.integer("reversed");
  for (const json::Value& value : in.array("steps")) {
    Reading one(value);
    order.steps.push_back({one.instant("at"), one.enumerator("status", SupplyStatus::reversed)});
    in.ok = in.ok && one.ok;
  }
  return order;
}

Delivery read_delivery(Reading& in) {
  Delivery delivery;
  delivery.id = in.text("id");
  delivery.kind = in.enumerator("of", DeliveryKind::epay_notify);
  delivery.number = in.text("number");
  delivery.title = in.text("title");
  delivery.url = in.text("url");
  delivery.fields = in.fields("fields");
  delivery.attempts = static_cast<std::uint32_t>(in.integer("attempts"));
  delivery.due_at = in.instant("due_at");
  return delivery;
}

}  // namespace

std::string to_line(const Trade& trade) {
  std::string line;
  json::Writer json(line);
  json.begin_object().member("kind", "trade").member("out_trade_no", trade.out_trade_no);
  json.member("trade_no", trade.trade_no).member("product", static_cast<int>(trade.product));
  json.member("status", static_cast<int>(trade.status)).member("subject", trade.subject);
  json.member("body", trade.body).member("passback_params", trade.passback_params);
  json.member("notify_url", trade.notify_url).member("return_url", trade.return_url);
  json.member("quit_url", trade.quit_url).member("time_expire", trade.time_expire);
  json.member("payer_id", trade.payer_id).member("pay_type", trade.pay_type);
  json.member("total_minor", trade.total_minor).member("offered_at", trade.offered_at.micros);
  json.member("created_at", trade.created_at.micros);
  json.member("expires_at", trade.expires_at.micros).member("paid_at", trade.paid_at.micros);
  json.member("closed_at", trade.closed_at.micros).member("expired", trade.expired ? 1 : 0);
  json.member("paid_minor", trade.paid_minor).member("refunded_minor", trade.refunded_minor);
  json.key("refunds").begin_array();
  for (const TradeRefund& refund : trade.refunds)
    json.begin_object()
        .member("out_request_no", refund.out_request_no)
        .member("amount_minor", refund.amount_minor)
        .member("reason", refund.reason)
        .member("at", refund.at.micros)
        .member("refund_no", refund.refund_no)
        .member("notify_url", refund.notify_url)
        .member("state", static_cast<int>(refund.state))
        .member("becomes", static_cast<int>(refund.becomes))
        .member("changes_at", refund.changes_at.micros)
        .member("done_at", refund.done_at.micros)
        .end_object();
  json.end_array().end_object();
  return line;
}

std::string to_line(const SupplyOrder& order) {
  std::string line;
  json::Writer json(line);
  json.begin_object().member("kind", "supply").member("reference", order.request.reference);
  json.member("sku", order.request.sku);
  write_fields(json, "target", order.request.target);
  json.member("face_minor", order.request.face_minor).member("currency", order.request.currency);
  json.member("max_cost_minor", order.request.max_cost_minor);
  json.member("callback_url", order.request.callback_url);
  json.member("status", static_cast<int>(order.status));
  json.member("supplier_order_no", order.supplier_order_no).member("cost_minor", order.cost_minor);
  json.member("proof", order.proof).member("reason", order.reason);
  json.member("accepted_at", order.accepted_at.micros);
  json.member("changed_at", order.changed_at.micros).member("executed", order.executed);
  json.member("reversed", order.reversed).key("steps").begin_array();
  for (const SupplyStep& step : order.steps)
    json.begin_object()
        .member("at", step.at.micros)
        .member("status", static_cast<int>(step.status))
        .end_object();
  json.end_array().end_object();
  return line;
}

std::string to_line(const Delivery& delivery) {
  std::string line;
  json::Writer json(line);
  json.begin_object().member("kind", "delivery").member("id", delivery.id);
  json.member("of", static_cast<int>(delivery.kind)).member("number", delivery.number);
  json.member("title", delivery.title).member("url", delivery.url);
  write_fields(json, "fields", delivery.fields);
  json.member("attempts", delivery.attempts).member("due_at", delivery.due_at.micros).end_object();
  return line;
}

std::string to_line(const FinishedDelivery& finished) {
  std::string line;
  json::Writer json(line);
  json.begin_object().member("kind", "finished").member("id", finished.id).end_object();
  return line;
}

std::string to_line(const ResetMark&) { return R"({"kind":"reset"})"; }

std::optional<JournalRecord> from_line(std::string_view line) {
  const auto value = json::read(line);
  if (!value || value->object() == nullptr) return std::nullopt;
  Reading in(*value);
  const std::string kind = in.text("kind");
  std::optional<JournalRecord> record;
  if (kind == "trade") record = read_trade(in);
  if (kind == "supply") record = read_order(in);
  if (kind == "delivery") record = read_delivery(in);
  if (kind == "finished") record = FinishedDelivery{in.text("id")};
  if (kind == "reset") record = ResetMark{};
  return in.ok ? record : std::nullopt;
}

}  // namespace daozhang::sandbox
