#include "sandbox/truth.h"

#include <algorithm>

#include "json/writer.h"

namespace daozhang::sandbox {
namespace {

void write_refund(json::Writer& json, const Trade& trade, const TradeRefund& refund) {
  json.begin_object()
      .member("out_trade_no", trade.out_trade_no)
      .member("channel", base::name_of(channel_of(trade.product)))
      .member("out_request_no", refund.out_request_no)
      .member("amount_minor", refund.amount_minor)
      .member("state", base::name_of(refund.state))
      .member("at", base::to_rfc3339(refund.at))
      .end_object();
}

void write_taken(json::Writer& json, const Trade& trade) {
  if (trade.paid_minor == 0) return;
  json.begin_object()
      .member("out_trade_no", trade.out_trade_no)
      .member("channel", base::name_of(channel_of(trade.product)))
      .member("trade_no", trade.trade_no)
      .member("amount_minor", trade.paid_minor)
      .member("given_back_minor", trade.refunded_minor)
      .member("at", base::to_rfc3339(trade.paid_at))
      .end_object();
}

// Refunds that did not happen are no money given back.
void write_given_back(json::Writer& json, const Trade& trade) {
  for (const TradeRefund& refund : trade.refunds)
    if (refund.state == RefundState::success) write_refund(json, trade, refund);
}

void write_goods(json::Writer& json, const SupplyOrder& order) {
  json.begin_object()
      .member("reference", order.request.reference)
      .member("sku", order.request.sku)
      .member("status", base::name_of(order.status))
      .member("executed", order.executed)
      .member("reversed", order.reversed)
      .member("face_minor", order.request.face_minor)
      .member("cost_minor", order.cost_minor)
      .key("target")
      .begin_object();
  for (const auto& [name, value] : order.request.target) json.member(name, value);
  json.end_object().end_object();
}

void write_fault(json::Writer& json, const FaultSpec& spec, const FaultSetting& setting) {
  json.begin_object()
      .member("name", spec.name)
      .member("side", base::name_of(spec.side))
      .member("at_every_channel", spec.at_every_channel)
      .member("on", setting.on)
      .key("times");
  if (setting.times)
    json.integer(*setting.times);
  else
    json.null();
  json.member("skip", setting.skip).member("match", setting.match);
  json.member("struck", setting.struck).key("parameters").begin_object();
  for (const auto& [name, value] : setting.numbers) json.member(name, value);
  json.end_object();
  json.member("meaning_en", spec.meaning_en).member("meaning_zh", spec.meaning_zh).end_object();
}

}  // namespace

Sums sums_of(const World::Books& books) {
  Sums sums;
  for (const TradeBook* const book : books.channels()) {
    sums.trades += static_cast<std::int64_t>(book->trades().size());
    for (const auto& [key, trade] : book->trades()) {
      sums.taken_minor += trade.paid_minor;
      sums.given_back_minor += trade.refunded_minor;
    }
  }
  for (const auto& [key, order] : books.supplier.orders()) {
    sums.executed += order.executed;
    sums.executed_cost_minor += order.executed * order.cost_minor;
    sums.reversed += order.reversed;
  }
  return sums;
}

std::string truth_json(const World::Books& books) {
  std::string text;
  json::Writer json(text);
  const auto each_trade = [&](auto write) {
    json.begin_array();
    for (const TradeBook* const book : books.channels())
      for (const auto& [key, trade] : book->trades()) write(json, trade);
    json.end_array();
  };
  json.begin_object().key("money_taken");
  each_trade(write_taken);
  json.key("money_given_back");
  each_trade(write_given_back);
  json.key("goods_executed").begin_array();
  for (const auto& [key, order] : books.supplier.orders())
    if (order.executed > 0) write_goods(json, order);
  const Sums sums = sums_of(books);
  json.end_array().key("sums").begin_object();
  json.member("taken_minor", sums.taken_minor).member("given_back_minor", sums.given_back_minor);
  json.member("executed", sums.executed).member("executed_cost_minor", sums.executed_cost_minor);
  json.member("reversed", sums.reversed).member("balance_minor", books.supplier.balance_minor());
  json.member("trades", sums.trades).member("orders", books.supplier.orders().size());
  json.end_object().end_object();
  return text;
}

std::string trade_json(const Trade& trade) {
  std::string text;
  json::Writer json(text);
  json.begin_object()
      .member("out_trade_no", trade.out_trade_no)
      .member("trade_no", trade.trade_no)
      .member("channel", base::name_of(channel_of(trade.product)))
      .member("product", base::name_of(trade.product))
      .member("trade_status", name_of(trade.status))
      .member("total_minor", trade.total_minor)
      .member("paid_minor", trade.paid_minor)
      .member("refunded_minor", trade.refunded_minor)
      .member("expires_at", base::to_rfc3339(trade.expires_at))
      .member("notify_url", trade.notify_url)
      .member("return_url", trade.return_url)
      .key("refunds")
      .begin_array();
  for (const TradeRefund& refund : trade.refunds) write_refund(json, trade, refund);
  json.end_array().end_object();
  return text;
}

std::string fault_json(const FaultSpec& spec, const FaultSetting& setting) {
  std::string text;
  json::Writer json(text);
  write_fault(json, spec, setting);
  return text;
}

std::string faults_json(const FaultBoard& board) {
  std::string text;
  json::Writer json(text);
  json.begin_object().key("faults").begin_array();
  for (const FaultSpec& spec : all_faults()) write_fault(json, spec, board.setting(spec.name));
  json.end_array().end_object();
  return text;
}

std::string notifications_json(const DeliveryQueue& deliveries, std::string_view number,
                               std::size_t limit) {
  std::vector<const DeliveryLog*> chosen;
  const auto& entries = deliveries.entries();
  for (auto entry = entries.rbegin(); entry != entries.rend() && chosen.size() < limit; ++entry)
    if (entry->number.find(number) != std::string::npos) chosen.push_back(&*entry);
  std::string text;
  json::Writer json(text);
  json.begin_object().key("notifications").begin_array();
  for (auto entry = chosen.rbegin(); entry != chosen.rend(); ++entry)
    json.begin_object()
        .member("id", (*entry)->id)
        .member("kind", base::name_of((*entry)->kind))
        .member("number", (*entry)->number)
        .member("url", (*entry)->url)
        .member("attempt", (*entry)->attempt)
        .member("at", base::to_rfc3339((*entry)->at))
        .member("tampering", (*entry)->tampering)
        .member("status", (*entry)->status)
        .member("answer", (*entry)->answer)
        .member("acknowledged", (*entry)->acknowledged)
        .end_object();
  json.end_array().member("waiting", deliveries.open_count()).end_object();
  return text;
}

}  // namespace daozhang::sandbox
