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

void take_time(PageTimes& times, base::Instant at) {
  if (!at.is_set()) return;
  const base::Instant before = times.latest_seen;
  if (before.is_set() && at > before) times.never_rises = false;
  if (before.is_set() && at < before) times.falls = true;
  times.latest_seen = at;
  times.oldest = base::earlier_set(times.oldest, at);
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
    take_time(page.added, added_at);
    const std::string_view status = field(order, "status");
    if (status != account.dialect.status_paid && status != account.dialect.status_refunded)
      continue;
    auto line = line_of(order);
    if (!line) return base::refuse(BillRefusal::unreadable);
    line->line_no = line_no;
    take_time(page.paid, line->at);
    page.lines.push_back(std::move(*line));
  }
  return page;
}

void DayInList::Sort::take(const PageTimes& times) {
  if (!times.oldest.is_set()) return;
  const bool goes_back_up = oldest.is_set() && times.oldest > oldest;
  if (!times.never_rises || goes_back_up) is_possible = false;
  if (times.falls || (oldest.is_set() && times.oldest < oldest)) is_seen = true;
  oldest = times.oldest;
}

bool DayInList::ends_with(const OrderPage& page) {
  by_added_.take(page.added);
  by_paid_.take(page.paid);
  const bool added_is_over = !by_added_.is_possible || by_added_.is_before(from_ - paid_late_max);
  const bool paid_is_over = !by_paid_.is_possible || by_paid_.is_before(from_);
  return added_is_over && paid_is_over && (by_added_.is_possible || by_paid_.is_possible);
}

}  // namespace daozhang::connectors::payment::epay
