#include "sandbox/alipay_book.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "sandbox/alipay_notify.h"

namespace daozhang::sandbox {
namespace {

constexpr std::int64_t pay_most = 10'000'000'000;

FaultSubject subject_of(const Trade& trade) { return {trade.out_trade_no, trade.subject, {}}; }

base::Duration standard_expiry(TradeProduct product) {
  return product == TradeProduct::face_to_face ? base::hours(3) : base::hours(15 * 24);
}

bool same_creation(const Trade& a, const Trade& b) {
  return a.product == b.product && a.total_minor == b.total_minor && a.subject == b.subject &&
         a.body == b.body && a.time_expire == b.time_expire;
}

}  // namespace

AlipayBook::AlipayBook(AlipayIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
                       std::uint64_t seed)
    : identity_(std::move(identity)),
      faults_(faults),
      deliveries_(deliveries),
      prng_(seed, "alipay") {}

GatewayAnswer AlipayBook::call(const GatewayRequest& request, base::Instant now) {
  step(now);
  const Trade* trade = named(request.biz);
  const FaultSubject subject = trade != nullptr
                                   ? subject_of(*trade)
                                   : FaultSubject{field(request.biz, "out_trade_no"), {}, {}};
  const Manner manner = manner_of(subject);
  if (manner.down) return {service_unavailable(), manner};
  GatewayAnswer answer;
  const std::string& method = request.method;
  if (method == "alipay.trade.query")
    answer = query(request, now);
  else if (method == "alipay.trade.close")
    answer = close(request, now);
  else if (method == "alipay.trade.refund")
    answer = refund(request, now);
  else if (method == "alipay.trade.fastpay.refund.query")
    answer = refund_query(request);
  else if (method == "alipay.trade.precreate")
    answer = {precreate(request, now), {}};
  else if (method == "alipay.trade.cancel")
    answer = {cancel(request, now), {}};
  else
    answer = {invalid_parameter("isv.invalid-method"), {}};
  answer.manner.delay = answer.manner.delay + manner.delay;
  answer.manner.spoil_signature = manner.spoil_signature;
  return answer;
}

Manner AlipayBook::manner_of(const FaultSubject& subject) {
  Manner manner;
  manner.down = faults_.strike("gateway_down", subject).has_value();
  if (const auto slow = faults_.strike("slow", subject)) manner.delay = slow->duration("ms");
  manner.spoil_signature = faults_.strike("bad_response_signature", subject).has_value();
  return manner;
}

Trade* AlipayBook::named(const Fields& biz) {
  std::string_view out_trade_no = field(biz, "out_trade_no");
  if (const auto trade_no = field(biz, "trade_no"); !trade_no.empty()) {
    const auto found = by_trade_no_.find(trade_no);
    if (found == by_trade_no_.end()) return nullptr;
    out_trade_no = found->second;
  }
  const auto found = trades_.find(out_trade_no);
  if (found == trades_.end() || found->second.status == TradeStatus::not_created) return nullptr;
  return &found->second;
}

base::Result<Trade, GatewayReply> AlipayBook::read_creation(const GatewayRequest& request,
                                                            TradeProduct product,
                                                            base::Instant now) {
  Trade trade;
  trade.product = product;
  trade.out_trade_no = field(request.biz, "out_trade_no");
  trade.subject = field(request.biz, "subject");
  trade.body = field(request.biz, "body");
  trade.passback_params = field(request.biz, "passback_params");
  trade.quit_url = field(request.biz, "quit_url");
  trade.time_expire = field(request.biz, "time_expire");
  trade.notify_url = request.notify_url;
  trade.return_url = request.return_url;
  const auto total = yuan_to_minor(field(request.biz, "total_amount"));
  if (!is_out_trade_no(trade.out_trade_no) || !total || trade.subject.empty() ||
      trade.subject.find_first_of("/=&") != std::string::npos)
    return base::refuse(business_failure("INVALID_PARAMETER"));
  trade.total_minor = *total;
  trade.expires_at = now + standard_expiry(product);
  const auto express = field(request.biz, "timeout_express");
  if (!trade.time_expire.empty()) {
    const auto given = base::from_local_seconds(trade.time_expire, base::beijing_offset);
    if (!given) return base::refuse(business_failure("INVALID_PARAMETER"));
    trade.expires_at = *given;
  } else if (!express.empty()) {
    const auto given = after_express(express, now);
    if (!given) return base::refuse(business_failure("INVALID_PARAMETER"));
    trade.expires_at = *given;
  }
  return trade;
}

base::Result<std::string, GatewayReply> AlipayBook::open(const GatewayRequest& request,
                                                         base::Instant now) {
  step(now);
  const bool wap = request.method == "alipay.trade.wap.pay";
  if (!wap && request.method != "alipay.trade.page.pay")
    return base::refuse(invalid_parameter("isv.invalid-method"));
  const std::string_view product_code = wap ? "QUICK_WAP_WAY" : "FAST_INSTANT_TRADE_PAY";
  if (field(request.biz, "product_code") != product_code)
    return base::refuse(business_failure("INVALID_PARAMETER"));
  auto wanted = read_creation(request, wap ? TradeProduct::wap : TradeProduct::page, now);
  if (!wanted) return base::refuse(wanted.error());
  const auto found = trades_.find(wanted->out_trade_no);
  if (found == trades_.end()) {
    if (trades_.size() >= trades_max) return base::refuse(service_unavailable());
    const bool late = wanted->expires_at <= now;
    if (late && !faults_.setting("pay_after_expiry").on)
      return base::refuse(business_failure("INVALID_PARAMETER"));
    Trade& trade = insert(*std::move(wanted), now);
    create(trade, now);
    if (late) expire(trade);
    return trade.out_trade_no;
  }
  Trade& trade = found->second;
  if (!same_creation(trade, *wanted)) return base::refuse(business_failure("CONTEXT_INCONSISTENT"));
  if (trade.status == TradeStatus::success)
    return base::refuse(business_failure("TRADE_HAS_SUCCESS"));
  if (trade.status == TradeStatus::closed && !can_pay(trade, now))
    return base::refuse(business_failure("TRADE_HAS_CLOSE"));
  return trade.out_trade_no;
}

GatewayReply AlipayBook::precreate(const GatewayRequest& request, base::Instant now) {
  auto wanted = read_creation(request, TradeProduct::face_to_face, now);
  if (!wanted) return wanted.error();
  const auto product_code = field(request.biz, "product_code");
  if (!product_code.empty() && product_code != "FACE_TO_FACE_PAYMENT")
    return business_failure("INVALID_PARAMETER");
  const auto found = trades_.find(wanted->out_trade_no);
  const bool is_new = found == trades_.end();
  if (is_new && trades_.size() >= trades_max) return service_unavailable();
  if (is_new && wanted->expires_at <= now) return business_failure("INVALID_PARAMETER");
  if (!is_new && !same_creation(found->second, *wanted))
    return business_failure("CONTEXT_INCONSISTENT");
  const Trade& trade = is_new ? insert(*std::move(wanted), now) : found->second;
  if (trade.status == TradeStatus::success) return business_failure("TRADE_HAS_SUCCESS");
  if (trade.status == TradeStatus::closed || trade.expired)
    return business_failure("TRADE_HAS_CLOSE");
  GatewayReply reply;
  reply.fields = {{"out_trade_no", trade.out_trade_no},
                  {"qr_code", fmt::format("{}/qr/{}", identity_.public_url, trade.trade_no)}};
  return reply;
}

base::Result<std::string, GatewayReply> AlipayBook::scan(std::string_view code, base::Instant now) {
  step(now);
  const auto found = by_trade_no_.find(code);
  if (found == by_trade_no_.end()) return base::refuse(business_failure("TRADE_NOT_EXIST"));
  Trade& trade = trades_.find(found->second)->second;
  if (trade.product != TradeProduct::face_to_face)
    return base::refuse(business_failure("TRADE_NOT_EXIST"));
  if (trade.status == TradeStatus::success)
    return base::refuse(business_failure("TRADE_HAS_SUCCESS"));
  if (!can_pay(trade, now)) return base::refuse(business_failure("TRADE_HAS_CLOSE"));
  if (trade.status == TradeStatus::not_created) create(trade, now);
  if (trade.status == TradeStatus::wait_buyer_pay && trade.expires_at <= now) expire(trade);
  return trade.out_trade_no;
}

bool AlipayBook::can_pay(const Trade& trade, base::Instant now) const {
  const bool late_allowed = faults_.setting("pay_after_expiry").on;
  switch (trade.status) {
    case TradeStatus::not_created:
      return late_allowed || now < trade.expires_at;
    case TradeStatus::wait_buyer_pay:
      return late_allowed || now < trade.expires_at;
    case TradeStatus::success:
      return false;
    case TradeStatus::closed:
      return late_allowed && trade.expired;
  }
  UNREACHABLE();
}

PayOutcome AlipayBook::pay(std::string_view out_trade_no, std::optional<std::int64_t> amount_minor,
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

Trade& AlipayBook::insert(Trade trade, base::Instant now) {
  do trade.trade_no = number(now, "22001");
  while (by_trade_no_.contains(trade.trade_no));
  trade.offered_at = now;
  changed(trade);
  const std::string key = trade.out_trade_no;
  restore(std::move(trade));
  return trades_.find(key)->second;
}

void AlipayBook::create(Trade& trade, base::Instant now) {
  trade.status = TradeStatus::wait_buyer_pay;
  trade.created_at = now;
  changed(trade);
}

void AlipayBook::close_trade(Trade& trade, base::Instant now) {
  expiries_.erase({trade.expires_at, trade.out_trade_no});
  trade.status = TradeStatus::closed;
  trade.closed_at = now;
  changed(trade);
  notify(trade, nullptr, now);
}

void AlipayBook::expire(Trade& trade) {
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

void AlipayBook::step(base::Instant now) {
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const std::string key = expiries_.begin()->second;
    expire(trades_.find(key)->second);
  }
}

base::Instant AlipayBook::next_due() const {
  return expiries_.empty() ? base::Instant{} : expiries_.begin()->first;
}

void AlipayBook::notify(const Trade& trade, const TradeRefund* refund, base::Instant now) {
  if (trade.notify_url.empty() || !is_announced(trade, refund)) return;
  Delivery delivery;
  delivery.id = number(now, "22200");
  delivery.number = trade.out_trade_no;
  delivery.title = trade.subject;
  delivery.url = trade.notify_url;
  delivery.fields = notify_fields(trade, identity_, refund, delivery.id);
  delivery.due_at = now;
  if (const auto late = faults_.strike("delay_notify", subject_of(trade)))
    delivery.due_at = now + late->duration("s");
  deliveries_.add(std::move(delivery));
}

bool AlipayBook::notify_now(std::string_view out_trade_no, std::string_view forge,
                            base::Instant now) {
  const auto found = trades_.find(out_trade_no);
  if (found == trades_.end() || found->second.notify_url.empty()) return false;
  Trade pretended = found->second;
  if (pretended.paid_minor == 0) {
    pretended.paid_minor = pretended.total_minor;
    pretended.paid_at = now;
  }
  pretended.status = TradeStatus::success;
  Delivery delivery;
  delivery.id = number(now, "22200");
  delivery.number = pretended.out_trade_no;
  delivery.title = pretended.subject;
  delivery.url = pretended.notify_url;
  delivery.fields = notify_fields(pretended, identity_, nullptr, delivery.id);
  delivery.due_at = now;
  if (!forge.empty()) set_field(delivery.fields, forge_mark, forge);
  deliveries_.add(std::move(delivery));
  return true;
}

std::string AlipayBook::number(base::Instant now, std::string_view middle) {
  const std::string local = base::to_local_seconds(now, base::beijing_offset);
  return fmt::format("{}{}{}{}{:015}", local.substr(0, 4), local.substr(5, 2), local.substr(8, 2),
                     middle, prng_.below(1'000'000'000'000'000));
}

const Trade* AlipayBook::find(std::string_view out_trade_no) const {
  const auto found = trades_.find(out_trade_no);
  return found == trades_.end() ? nullptr : &found->second;
}

const Trade* AlipayBook::find_by_trade_no(std::string_view trade_no) const {
  const auto found = by_trade_no_.find(trade_no);
  return found == by_trade_no_.end() ? nullptr : find(found->second);
}

std::vector<std::string> AlipayBook::take_changed() {
  std::vector<std::string> keys(changed_.begin(), changed_.end());
  changed_.clear();
  return keys;
}

void AlipayBook::restore(Trade trade) {
  by_trade_no_.emplace(trade.trade_no, trade.out_trade_no);
  const bool open =
      trade.status == TradeStatus::not_created || trade.status == TradeStatus::wait_buyer_pay;
  if (open && !trade.expired) expiries_.emplace(trade.expires_at, trade.out_trade_no);
  const std::string key = trade.out_trade_no;
  const bool is_new = trades_.emplace(key, std::move(trade)).second;
  CHECK(is_new);
}

void AlipayBook::reset() {
  trades_.clear();
  by_trade_no_.clear();
  expiries_.clear();
  changed_.clear();
}

}  // namespace daozhang::sandbox
