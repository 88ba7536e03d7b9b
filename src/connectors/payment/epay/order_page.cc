#include "connectors/payment/epay/order_page.h"

#include <optional>

#include "connectors/payment/epay/reply.h"
#include "connectors/payment/epay/yuan.h"
#include "json/reader.h"

namespace daozhang::connectors::payment::epay {
namespace {

using ports::BillRefusal;

std::optional<json::Array> orders_of(const Reply& reply) {
  const json::Value* data = reply.document.find("data");
  if (data == nullptr) return std::nullopt;
  if (data->array() != nullptr) return *data->array();
  if (data->text() == nullptr) return std::nullopt;
  const auto inner = json::read(*data->text(), json::Numbers::as_text);
  if (!inner || inner->array() == nullptr) return std::nullopt;
  return *inner->array();
}

base::Instant beijing_time(std::string_view text) {
  return base::from_local_seconds(text, base::beijing_offset).value_or(base::Instant{});
}

std::optional<ports::BillLine> line_of(const FormFields& order) {
  const auto amount = minor_of_yuan(field(order, "money"));
  ports::BillLine line;
  line.trade_ref = field(order, "out_trade_no");
  line.trade_no = field(order, "trade_no");
  line.amount_minor = amount.value_or(0);
  line.at = beijing_time(field(order, "endtime"));
  line.status = field(order, "status");
  const bool readable = line.amount_minor > 0 && line.at.is_set() && !line.trade_ref.empty() &&
                        !line.trade_no.empty();
  return readable ? std::optional(std::move(line)) : std::nullopt;
}

}  // namespace

base::Result<OrderPage, BillRefusal> read_order_page(const Account& account, std::string_view raw,
                                                     std::int64_t line_no_first,
                                                     base::Instant now) {
  const auto reply = read_reply(account, raw, now);
  if (!reply || !reply->success) return base::refuse(BillRefusal::unavailable);
  const auto orders = orders_of(*reply);
  if (!orders) return base::refuse(BillRefusal::unreadable);
  OrderPage page;
  for (const json::Value& each : *orders) {
    const FormFields order = fields_of(each);
    const std::int64_t line_no = line_no_first + static_cast<std::int64_t>(page.order_count++);
    const base::Instant added_at = beijing_time(field(order, "addtime"));
    page.oldest_at = base::earlier_set(page.oldest_at, added_at);
    const std::string_view status = field(order, "status");
    if (status != account.dialect.status_paid && status != account.dialect.status_refunded)
      continue;
    auto line = line_of(order);
    if (!line) return base::refuse(BillRefusal::unreadable);
    line->line_no = line_no;
    page.lines.push_back(std::move(*line));
  }
  return page;
}

}  // namespace daozhang::connectors::payment::epay
