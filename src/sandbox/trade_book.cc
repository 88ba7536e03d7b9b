#include "sandbox/trade_book.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "sandbox/notify_sending.h"

namespace daozhang::sandbox {
namespace {

constexpr std::int64_t pay_most = 10'000'000'000;

DeliveryKind kind_of(Channel channel) {
  switch (channel) {
    case Channel::alipay:
      return DeliveryKind::alipay_notify;
    case Channel::wechatpay:
      return DeliveryKind::wechatpay_notify;
    case Channel::epay:
      return DeliveryKind::epay_notify;
  }
  UNREACHABLE();
}

}  // namespace

FaultSubject subject_of(const Trade& trade) {
  return {trade.out_trade_no, trade.subject, {base::name_of(channel_of(trade.product))}};
}

const TradeRefund* find_refund(const Trade& trade, std::string_view out_request_no) {
  const auto found = std::find_if(
      trade.refunds.begin(), trade.refunds.end(),
      [&](const TradeRefund& refund) { return refund.out_request_no == out_request_no; });
  return found == trade.refunds.end() ? nullptr : &*found;
}

Manner lost_after(base::Duration held) {
  Manner manner;
  manner.delay = held;
  manner.lose_reply = true;
  return manner;
}

TradeBook::TradeBook(Channel channel, Numbers numbers, std::string public_url, FaultBoard& faults,
                     DeliveryQueue& deliveries, std::uint64_t seed)
    : faults_(faults),
      channel_(channel),
      numbers_(numbers),
      public_url_(std::move(public_url)),
      deliveries_(deliveries),
      prng_(seed, base::name_of(channel)) {}

Manner TradeBook::manner_of(const FaultSubject& subject) {
  FaultSubject mine = subject;
  if (mine.targets.empty()) mine.targets = {base::name_of(channel_)};
  Manner manner;
  manner.down = faults_.strike("gateway_down", mine).has_value();
  if (const auto slow = faults_.strike("slow", mine)) manner.delay = slow->duration("ms");
  manner.spoil_signature = faults_.strike("bad_response_signature", mine).has_value();
  return manner;
}

FaultSubject TradeBook::subject_named(const Trade* trade, std::string_view number) const {
  if (trade != nullptr) return subject_of(*trade);
  return {number, {}, {base::name_of(channel_)}};
}

Trade* TradeBook::held(std::string_view out_trade_no) {
  const auto found = trades_.find(out_trade_no);
  return found == trades_.end() ? nullptr : &found->second;
}

Trade* TradeBook::held_by_trade_no(std::string_view trade_no) {
  const auto found = by_trade_no_.find(trade_no);
  return found == by_trade_no_.end() ? nullptr : held(found->second);
}

Trade* TradeBook::held_by_refund(std::string_view out_request_no) {
  const auto found = by_refund_.find(out_request_no);
  return found == by_refund_.end() ? nullptr : held(found->second);
}

Trade* TradeBook::known(std::string_view out_trade_no) {
  Trade* const trade = held(out_trade_no);
  return trade == nullptr || trade->status == TradeStatus::not_created ? nullptr : trade;
}

Trade* TradeBook::known_by_trade_no(std::string_view trade_no) {
  const auto found = by_trade_no_.find(trade_no);
  return found == by_trade_no_.end() ? nullptr : known(found->second);
}

bool TradeBook::can_pay(const Trade& trade, base::Instant now) const {
  const bool late_allowed = faults_.setting("pay_after_expiry").on;
  switch (trade.status) {
    case TradeStatus::not_created:
    case TradeStatus::wait_buyer_pay:
      return late_allowed || now < trade.expires_at;
    case TradeStatus::success:
      return false;
    case TradeStatus::closed:
      return late_allowed && trade.expired;
  }
  UNREACHABLE();
}

PayOutcome TradeBook::pay(std::string_view out_trade_no, std::optional<std::int64_t> amount_minor,
                          base::Instant now) {
  step(now);
  const auto found = trades_.find(out_trade_no);
  if (found == trades_.end()) return PayOutcome::no_such_trade;
  Trade& trade = found->second;
  const FaultSubject subject = subject_of(trade);
  if (trade.paid_minor > 0) return PayOutcome::already_paid;
  const bool late = trade.expired || now >= trade.expires_at;
  if (trade.status == TradeStatus::closed && !trade.expired) return PayOutcome::trade_closed;
  if (late && !faults_.strike("pay_after_expiry", subject)) return PayOutcome::expired;
  const auto return_only = faults_.strike("return_url_only", subject);
  if (return_only && return_only->number("paid") == 0) return PayOutcome::returned_unpaid;
  std::int64_t amount = amount_minor.value_or(trade.total_minor);
  if (!amount_minor) {
    if (const auto fault = faults_.strike("pay_short", subject))
      amount = std::max<std::int64_t>(1, amount - fault->number("minor"));
    if (const auto fault = faults_.strike("pay_over", subject)) amount += fault->number("minor");
  }
  if (amount < 1 || amount > pay_most) return PayOutcome::amount_invalid;
  if (trade.status == TradeStatus::not_created) create(trade, now);
  expiries_.erase({trade.expires_at, trade.out_trade_no});
  trade.status = TradeStatus::success;
  trade.paid_minor = amount;
  trade.paid_at = now;
  trade.closed_at = {};
  changed(trade);
  if (!return_only) notify(trade, nullptr, now);
  return PayOutcome::paid;
}

void TradeBook::set_return_url(std::string_view out_trade_no, std::string_view url) {
  const auto found = trades_.find(out_trade_no);
  if (found == trades_.end() || !found->second.return_url.empty()) return;
  found->second.return_url = url;
  changed(found->second);
}

Trade& TradeBook::insert(Trade trade, base::Instant now) {
  do trade.trade_no = number(now, numbers_.trade_middle);
  while (by_trade_no_.contains(trade.trade_no));
  trade.offered_at = now;
  changed(trade);
  const std::string key = trade.out_trade_no;
  restore(std::move(trade));
  return trades_.find(key)->second;
}

void TradeBook::create(Trade& trade, base::Instant now) {
  trade.status = TradeStatus::wait_buyer_pay;
  trade.created_at = now;
  changed(trade);
}

void TradeBook::close_trade(Trade& trade, base::Instant now) {
  expiries_.erase({trade.expires_at, trade.out_trade_no});
  trade.status = TradeStatus::closed;
  trade.closed_at = now;
  changed(trade);
  notify(trade, nullptr, now);
}

void TradeBook::expire(Trade& trade) {
  // A code that nobody scanned dies without ever having been a trade.
  const bool existed = trade.status == TradeStatus::wait_buyer_pay;
  trade.expired = true;
  if (existed) {
    close_trade(trade, trade.expires_at);
  } else {
    expiries_.erase({trade.expires_at, trade.out_trade_no});
    changed(trade);
  }
}

TradeRefund& TradeBook::add_refund(Trade& trade, TradeRefund refund, base::Instant now) {
  refund.at = now;
  if (refund.changes_at.is_set()) refunds_due_.emplace(refund.changes_at, trade.out_trade_no);
  by_refund_.emplace(refund.out_request_no, trade.out_trade_no);
  TradeRefund& added = trade.refunds.emplace_back(std::move(refund));
  changed(trade);
  if (added.state != RefundState::processing) settle(trade, added, added.state, now);
  return added;
}

void TradeBook::settle(Trade& trade, TradeRefund& refund, RefundState state, base::Instant now) {
  refund.state = state;
  refund.changes_at = {};
  changed(trade);
  if (state == RefundState::success) {
    refund.done_at = now;
    trade.refunded_minor += refund.amount_minor;
    if (channel_ == Channel::alipay && trade.refunded_minor == trade.paid_minor) {
      trade.status = TradeStatus::closed;
      trade.closed_at = now;
    }
  }
  notify(trade, &refund, now);
}

void TradeBook::step_refunds(const std::string& out_trade_no, base::Instant now) {
  Trade& trade = trades_.find(out_trade_no)->second;
  for (TradeRefund& refund : trade.refunds)
    if (refund.changes_at.is_set() && refund.changes_at <= now)
      settle(trade, refund, refund.becomes, refund.changes_at);
}

void TradeBook::step(base::Instant now) {
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const std::string key = expiries_.begin()->second;
    expire(trades_.find(key)->second);
  }
  while (!refunds_due_.empty() && refunds_due_.begin()->first <= now) {
    const std::string key = refunds_due_.begin()->second;
    refunds_due_.erase(refunds_due_.begin());
    step_refunds(key, now);
  }
}

base::Instant TradeBook::next_due() const {
  const auto first = [](const auto& due) {
    return due.empty() ? base::Instant{} : due.begin()->first;
  };
  return base::earlier_set(first(expiries_), first(refunds_due_));
}

Delivery TradeBook::delivery_of(const Trade& trade, const TradeRefund* refund, base::Instant now) {
  Delivery delivery;
  delivery.id = number(now, numbers_.notice_middle);
  delivery.kind = kind_of(channel_);
  delivery.number = trade.out_trade_no;
  delivery.title = trade.subject;
  const bool own_address = refund != nullptr && !refund->notify_url.empty();
  delivery.url = own_address ? refund->notify_url : trade.notify_url;
  delivery.fields = notice_of(trade, refund, delivery.id);
  delivery.due_at = now;
  return delivery;
}

void TradeBook::notify(const Trade& trade, const TradeRefund* refund, base::Instant now) {
  if (!announces(trade, refund)) return;
  Delivery delivery = delivery_of(trade, refund, now);
  if (delivery.url.empty()) return;
  if (const auto late = faults_.strike("delay_notify", subject_of(trade)))
    delivery.due_at = now + late->duration("s");
  deliveries_.add(std::move(delivery));
}

bool TradeBook::notify_now(std::string_view out_trade_no, std::string_view forge,
                           base::Instant now) {
  const auto found = trades_.find(out_trade_no);
  if (found == trades_.end() || found->second.notify_url.empty()) return false;
  Trade pretended = found->second;
  if (pretended.paid_minor == 0) {
    pretended.paid_minor = pretended.total_minor;
    pretended.paid_at = now;
  }
  pretended.status = TradeStatus::success;
  Delivery delivery = delivery_of(pretended, nullptr, now);
  if (!forge.empty()) set_field(delivery.fields, forge_mark, forge);
  deliveries_.add(std::move(delivery));
  return true;
}

std::string TradeBook::number(base::Instant now, std::string_view middle) {
  const std::string local = base::to_local_seconds(now, base::beijing_offset);
  return fmt::format("{}{}{}{}{:015}", local.substr(0, 4), local.substr(5, 2), local.substr(8, 2),
                     middle, prng_.below(1'000'000'000'000'000));
}

const Trade* TradeBook::find(std::string_view out_trade_no) const {
  const auto found = trades_.find(out_trade_no);
  return found == trades_.end() ? nullptr : &found->second;
}

const Trade* TradeBook::find_by_trade_no(std::string_view trade_no) const {
  const auto found = by_trade_no_.find(trade_no);
  return found == by_trade_no_.end() ? nullptr : find(found->second);
}

std::vector<std::string> TradeBook::take_changed() {
  std::vector<std::string> keys(changed_.begin(), changed_.end());
  changed_.clear();
  return keys;
}

void TradeBook::restore(Trade trade) {
  by_trade_no_.emplace(trade.trade_no, trade.out_trade_no);
  const bool open =
      trade.status == TradeStatus::not_created || trade.status == TradeStatus::wait_buyer_pay;
  if (open && !trade.expired) expiries_.emplace(trade.expires_at, trade.out_trade_no);
  for (const TradeRefund& refund : trade.refunds) {
    by_refund_.emplace(refund.out_request_no, trade.out_trade_no);
    if (refund.changes_at.is_set()) refunds_due_.emplace(refund.changes_at, trade.out_trade_no);
  }
  const std::string key = trade.out_trade_no;
  const bool is_new = trades_.emplace(key, std::move(trade)).second;
  CHECK(is_new);
}

void TradeBook::reset() {
  trades_.clear();
  by_trade_no_.clear();
  by_refund_.clear();
  expiries_.clear();
  refunds_due_.clear();
  changed_.clear();
}

}  // namespace daozhang::sandbox
