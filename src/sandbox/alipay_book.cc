#include "sandbox/alipay_book.h"

#include <utility>

#include <fmt/format.h>

#include "sandbox/alipay_notify.h"

namespace daozhang::sandbox {
namespace {

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
    : TradeBook(Channel::alipay, {"22001", "22200"}, identity.public_url, faults, deliveries, seed),
      identity_(std::move(identity)) {}

bool AlipayBook::announces(const Trade& trade, const TradeRefund* refund) const {
  return is_announced(trade, refund);
}

Fields AlipayBook::notice_of(const Trade& trade, const TradeRefund* refund,
                             std::string_view notice_id) const {
  return notify_fields(trade, identity_, refund, notice_id);
}

GatewayAnswer AlipayBook::call(const GatewayRequest& request, base::Instant now) {
  step(now);
  const Trade* trade = named(request.biz);
  const FaultSubject subject = subject_named(trade, field(request.biz, "out_trade_no"));
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

Trade* AlipayBook::named(const Fields& biz) {
  const auto trade_no = field(biz, "trade_no");
  return trade_no.empty() ? known(field(biz, "out_trade_no")) : known_by_trade_no(trade_no);
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
  Trade* const present = held(wanted->out_trade_no);
  if (present == nullptr) {
    if (is_full()) return base::refuse(service_unavailable());
    const bool late = wanted->expires_at <= now;
    if (late && !faults_.setting("pay_after_expiry").on)
      return base::refuse(business_failure("INVALID_PARAMETER"));
    Trade& trade = insert(*std::move(wanted), now);
    create(trade, now);
    if (late) expire(trade);
    return trade.out_trade_no;
  }
  Trade& trade = *present;
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
  Trade* const present = held(wanted->out_trade_no);
  const bool is_new = present == nullptr;
  if (is_new && is_full()) return service_unavailable();
  if (is_new && wanted->expires_at <= now) return business_failure("INVALID_PARAMETER");
  if (!is_new && !same_creation(*present, *wanted)) return business_failure("CONTEXT_INCONSISTENT");
  const Trade& trade = is_new ? insert(*std::move(wanted), now) : *present;
  if (trade.status == TradeStatus::success) return business_failure("TRADE_HAS_SUCCESS");
  if (trade.status == TradeStatus::closed || trade.expired)
    return business_failure("TRADE_HAS_CLOSE");
  GatewayReply reply;
  reply.fields = {{"out_trade_no", trade.out_trade_no},
                  {"qr_code", fmt::format("{}/qr/{}", public_url(), trade.trade_no)}};
  return reply;
}

base::Result<std::string, GatewayReply> AlipayBook::scan(std::string_view code, base::Instant now) {
  step(now);
  Trade* const found = held_by_trade_no(code);
  if (found == nullptr) return base::refuse(business_failure("TRADE_NOT_EXIST"));
  Trade& trade = *found;
  if (trade.product != TradeProduct::face_to_face)
    return base::refuse(business_failure("TRADE_NOT_EXIST"));
  if (trade.status == TradeStatus::success)
    return base::refuse(business_failure("TRADE_HAS_SUCCESS"));
  if (!can_pay(trade, now)) return base::refuse(business_failure("TRADE_HAS_CLOSE"));
  if (trade.status == TradeStatus::not_created) create(trade, now);
  if (trade.status == TradeStatus::wait_buyer_pay && trade.expires_at <= now) expire(trade);
  return trade.out_trade_no;
}

}  // namespace daozhang::sandbox
