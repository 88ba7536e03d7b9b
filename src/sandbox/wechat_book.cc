#include "sandbox/wechat_book.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "connectors/payment/wechatpay/request.h"
#include "connectors/payment/wechatpay/wechatpay_provider.h"
#include "json/writer.h"
#include "sandbox/wechat_login.h"
#include "sandbox/wechat_notify.h"

namespace daozhang::sandbox {
namespace {

namespace provider = connectors::payment::wechatpay;

constexpr std::string_view prepay_prefix = "wx";
constexpr std::size_t description_bytes_max = 127;
constexpr std::size_t attach_bytes_max = 128;
constexpr std::size_t refunds_of_trade_max = 50;
constexpr std::int64_t total_most = 10'000'000'000;

WechatAnswer bad_parameter(std::string_view what) { return wechat_error(400, "PARAM_ERROR", what); }
WechatAnswer no_such_order() { return wechat_error(404, "ORDER_NOT_EXIST", "订单不存在"); }
WechatAnswer invalid_request(std::string_view why) {
  return wechat_error(400, "INVALID_REQUEST", why);
}

std::string_view text_in(const json::Value& body, std::string_view object, std::string_view name) {
  const json::Value* const inner = body.find(object);
  return inner == nullptr ? std::string_view{} : inner->text_of(name);
}

// In fen, as a JSON integer; zero for everything else.
std::int64_t amount_in(const json::Value& body, std::string_view name) {
  const json::Value* const amount = body.find("amount");
  const json::Value* const member = amount == nullptr ? nullptr : amount->find(name);
  const std::int64_t* const fen = member == nullptr ? nullptr : member->integer();
  return fen != nullptr && *fen > 0 && *fen <= total_most ? *fen : 0;
}

bool is_in_yuan(const json::Value& body) {
  const std::string_view currency = text_in(body, "amount", "currency");
  return currency.empty() || currency == "CNY";
}

bool is_notify_url(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= 256 &&
         url.find('?') == url.npos;
}

// What is missing for the way of paying.
std::string_view missing_of(TradeProduct product, const json::Value& body) {
  if (product == TradeProduct::jsapi && text_in(body, "payer", "openid").empty())
    return "payer.openid";
  if (product != TradeProduct::h5) return {};
  if (text_in(body, "scene_info", "payer_client_ip").empty()) return "scene_info.payer_client_ip";
  const json::Value* const scene = body.find("scene_info");
  return text_in(*scene, "h5_info", "type").empty() ? "scene_info.h5_info.type" : "";
}

bool same_creation(const Trade& a, const Trade& b) {
  return a.product == b.product && a.total_minor == b.total_minor && a.subject == b.subject &&
         a.body == b.body && a.time_expire == b.time_expire && a.payer_id == b.payer_id &&
         a.notify_url == b.notify_url;
}

base::Result<Trade, WechatAnswer> read_creation(TradeProduct product, const json::Value& body,
                                                base::Instant now) {
  Trade trade;
  trade.product = product;
  trade.out_trade_no = body.text_of("out_trade_no");
  trade.subject = body.text_of("description");
  trade.body = body.text_of("attach");
  trade.notify_url = body.text_of("notify_url");
  trade.time_expire = body.text_of("time_expire");
  trade.payer_id = text_in(body, "payer", "openid");
  trade.total_minor = amount_in(body, "total");
  trade.expires_at = now + base::hours(7 * 24);
  if (!provider::is_trade_ref(trade.out_trade_no))
    return base::refuse(bad_parameter("out_trade_no"));
  if (trade.subject.empty() || trade.subject.size() > description_bytes_max)
    return base::refuse(bad_parameter("description"));
  if (trade.body.size() > attach_bytes_max) return base::refuse(bad_parameter("attach"));
  if (!is_notify_url(trade.notify_url)) return base::refuse(bad_parameter("notify_url"));
  if (trade.total_minor == 0 || !is_in_yuan(body)) return base::refuse(bad_parameter("amount"));
  if (const auto missing = missing_of(product, body); !missing.empty())
    return base::refuse(bad_parameter(missing));
  if (trade.payer_id == wechat_foreign_openid)
    return base::refuse(wechat_error(400, "PARAM_ERROR", "appid和openid不匹配"));
  if (!trade.time_expire.empty()) {
    const auto given = base::from_rfc3339(trade.time_expire);
    if (!given) return base::refuse(bad_parameter("time_expire"));
    trade.expires_at = *given;
  }
  return trade;
}

base::Result<TradeRefund, WechatAnswer> read_refund(const json::Value& body) {
  TradeRefund refund;
  refund.out_request_no = body.text_of("out_refund_no");
  refund.amount_minor = amount_in(body, "refund");
  refund.reason = body.text_of("reason");
  refund.notify_url = body.text_of("notify_url");
  if (!provider::is_refund_ref(refund.out_request_no))
    return base::refuse(bad_parameter("out_refund_no"));
  if (refund.amount_minor == 0 || !is_in_yuan(body)) return base::refuse(bad_parameter("amount"));
  if (!refund.notify_url.empty() && !is_notify_url(refund.notify_url))
    return base::refuse(bad_parameter("notify_url"));
  return refund;
}

}  // namespace

WechatAnswer wechat_error(int status, std::string_view code, std::string_view message) {
  return {status, provider::render_error(code, message), {}};
}

WechatBook::WechatBook(WechatIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
                       std::uint64_t seed)
    : TradeBook(Channel::wechatpay, {"42001", "43001"}, identity.public_url, faults, deliveries,
                seed),
      identity_(std::move(identity)) {}

bool WechatBook::announces(const Trade& trade, const TradeRefund* refund) const {
  if (refund != nullptr) return refund->state != RefundState::processing;
  return trade.status == TradeStatus::success;
}

Fields WechatBook::notice_of(const Trade& trade, const TradeRefund* refund,
                             std::string_view notice_id) const {
  return wechat_notice_fields(trade, identity_, refund, notice_id);
}

Manner WechatBook::manner_of_call() {
  const FaultSubject subject = subject_named(nullptr, {});
  Manner manner = manner_of(subject);
  manner.unknown_serial = faults_.strike("response_unknown_serial", subject).has_value();
  return manner;
}

template <class Act>
WechatAnswer WechatBook::answered(const FaultSubject& subject, Act act) {
  Manner manner = manner_of(subject);
  if (manner.down) return {503, {}, manner};
  manner.unknown_serial = faults_.strike("response_unknown_serial", subject).has_value();
  WechatAnswer answer;
  if (faults_.strike("answer_429", subject)) {
    answer = wechat_error(429, "FREQUENCY_LIMITED", "频率超限");
  } else if (const auto broken = faults_.strike("answer_500", subject)) {
    if (broken->number("executed") != 0) act();
    answer = wechat_error(500, "SYSTEM_ERROR", "系统错误");
  } else if (const auto taken = faults_.strike("answer_202", subject)) {
    if (taken->number("executed") != 0) act();
    answer = wechat_error(202, "ACCEPTED", "已受理，请用原参数重试");
  } else {
    answer = act();
  }
  answer.manner.delay = answer.manner.delay + manner.delay;
  answer.manner.spoil_signature = manner.spoil_signature;
  answer.manner.unknown_serial = manner.unknown_serial;
  return answer;
}

WechatAnswer WechatBook::create(TradeProduct product, const json::Value& body, base::Instant now) {
  CHECK(channel_of(product) == Channel::wechatpay);
  step(now);
  const std::string_view number = body.text_of("out_trade_no");
  return answered(subject_named(held(number), number), [&]() -> WechatAnswer {
    if (body.text_of("mchid") != identity_.mchid || body.text_of("appid") != identity_.appid)
      return wechat_error(400, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配");
    const auto wanted = read_creation(product, body, now);
    return wanted ? make(*wanted, now) : wanted.error();
  });
}

WechatAnswer WechatBook::make(const Trade& wanted, base::Instant now) {
  Trade* trade = held(wanted.out_trade_no);
  if (trade == nullptr) {
    if (is_full()) return wechat_error(500, "SYSTEM_ERROR", "the sandbox holds too many trades");
    if (wanted.expires_at <= now) return bad_parameter("time_expire");
    trade = &insert(wanted, now);
    TradeBook::create(*trade, now);
  } else if (trade->paid_minor > 0) {
    return wechat_error(400, "ORDERPAID", "该订单已支付");
  } else if (trade->status == TradeStatus::closed) {
    return wechat_error(400, "ORDER_CLOSED", "该订单已关闭");
  } else if (!same_creation(*trade, wanted)) {
    return invalid_request("订单号重复，请求参数与原订单不一致");
  }
  WechatAnswer answer{200, created_body(*trade), {}};
  if (const auto lost = faults_.strike("create_reply_lost", subject_of(*trade)))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

std::string WechatBook::created_body(const Trade& trade) const {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  if (trade.product == TradeProduct::native)
    json.member("code_url", fmt::format("{}/qr/{}", public_url(), trade.trade_no));
  if (trade.product == TradeProduct::h5)
    json.member("h5_url", fmt::format("{}/pay/{}", public_url(), trade.trade_no));
  if (trade.product == TradeProduct::jsapi)
    json.member("prepay_id", fmt::format("{}{}", prepay_prefix, trade.trade_no));
  json.end_object();
  return text;
}

WechatAnswer WechatBook::query(std::string_view out_trade_no, std::string_view mchid,
                               base::Instant now) {
  step(now);
  if (mchid != identity_.mchid) return bad_parameter("mchid");
  return tell(known(out_trade_no), out_trade_no, now);
}

WechatAnswer WechatBook::query_by_id(std::string_view transaction_id, std::string_view mchid,
                                     base::Instant now) {
  step(now);
  if (mchid != identity_.mchid) return bad_parameter("mchid");
  Trade* const trade = known_by_trade_no(transaction_id);
  return tell(trade != nullptr && trade->paid_minor > 0 ? trade : nullptr, transaction_id, now);
}

WechatAnswer WechatBook::tell(Trade* trade, std::string_view number, base::Instant now) {
  const FaultSubject subject = subject_named(trade, number);
  return answered(subject, [&]() -> WechatAnswer {
    if (const auto held = faults_.strike("query_timeout", subject))
      return {200, {}, lost_after(held->duration("hold_ms"))};
    if (trade == nullptr) return no_such_order();
    WechatAnswer answer{200, provider::render_trade(facts_of(*trade, identity_)), {}};
    if (trade->status == TradeStatus::wait_buyer_pay && faults_.strike("pay_after_query", subject))
      pay(trade->out_trade_no, std::nullopt, now);
    return answer;
  });
}

WechatAnswer WechatBook::close(std::string_view out_trade_no, const json::Value& body,
                               base::Instant now) {
  step(now);
  if (body.text_of("mchid") != identity_.mchid) return bad_parameter("mchid");
  Trade* const trade = known(out_trade_no);
  return answered(subject_named(trade, out_trade_no),
                  [&] { return trade == nullptr ? no_such_order() : shut(*trade, now); });
}

WechatAnswer WechatBook::shut(Trade& trade, base::Instant now) {
  const FaultSubject subject = subject_of(trade);
  if (trade.status == TradeStatus::wait_buyer_pay && faults_.strike("pay_before_close", subject))
    pay(trade.out_trade_no, std::nullopt, now);
  if (trade.paid_minor > 0) return wechat_error(400, "ORDERPAID", "该订单已支付");
  if (trade.status == TradeStatus::wait_buyer_pay) close_trade(trade, now);
  WechatAnswer answer{204, {}, {}};
  if (const auto lost = faults_.strike("close_reply_lost", subject))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

WechatAnswer WechatBook::refund(const json::Value& body, base::Instant now) {
  step(now);
  const std::string_view number = body.text_of("out_trade_no");
  const std::string_view id = body.text_of("transaction_id");
  Trade* const trade = id.empty() ? known(number) : known_by_trade_no(id);
  return answered(subject_named(trade, number), [&]() -> WechatAnswer {
    const auto wanted = read_refund(body);
    if (!wanted) return wanted.error();
    if (trade == nullptr) return wechat_error(404, "RESOURCE_NOT_EXISTS", "订单不存在");
    const std::int64_t total = amount_in(body, "total");
    if (trade->paid_minor == 0) return invalid_request("订单未支付");
    // What the payer gave differs from what was asked by pay_short and pay_over only.
    if (total != trade->total_minor && total != trade->paid_minor)
      return invalid_request("订单金额或退款金额与之前请求不一致");
    return give_back(*trade, *wanted, now);
  });
}

WechatAnswer WechatBook::give_back(Trade& trade, TradeRefund wanted, base::Instant now) {
  const FaultSubject subject = subject_of(trade);
  const Trade* const holder = held_by_refund(wanted.out_request_no);
  if (holder != nullptr && holder != &trade) return invalid_request("退款单号已用于其他订单");
  const TradeRefund* present = find_refund(trade, wanted.out_request_no);
  if (present != nullptr && present->amount_minor != wanted.amount_minor)
    return invalid_request("订单金额或退款金额与之前请求不一致");
  if (present == nullptr) {
    if (faults_.strike("refund_balance_low", subject))
      return wechat_error(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起");
    if (wanted.amount_minor > trade.refundable_minor() ||
        trade.refunds.size() >= refunds_of_trade_max)
      return invalid_request("可退金额不足");
    wanted.refund_no = number(now, "50001");
    plan(wanted, subject, now);
    present = &add_refund(trade, std::move(wanted), now);
  }
  WechatAnswer answer{200, provider::render_refund(facts_of(trade, *present, identity_)), {}};
  if (const auto lost = faults_.strike("refund_executed_reply_lost", subject))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

void WechatBook::plan(TradeRefund& refund, const FaultSubject& subject, base::Instant now) {
  base::Duration wait = identity_.refund_after;
  if (const auto slow = faults_.strike("refund_processing", subject)) wait = slow->duration("s");
  if (faults_.strike("refund_abnormal", subject)) {
    refund.becomes = RefundState::abnormal;
  } else if (faults_.strike("refund_closed", subject)) {
    refund.becomes = RefundState::closed;
  }
  // A bank's no never comes in the call's own answer.
  const bool at_once = wait <= base::Duration{} && refund.becomes == RefundState::success;
  refund.state = at_once ? RefundState::success : RefundState::processing;
  if (!at_once) refund.changes_at = now + wait;
}

WechatAnswer WechatBook::query_refund(std::string_view out_refund_no, base::Instant now) {
  step(now);
  const Trade* const trade = held_by_refund(out_refund_no);
  const FaultSubject subject = subject_named(trade, out_refund_no);
  return answered(subject, [&]() -> WechatAnswer {
    if (const auto held = faults_.strike("query_timeout", subject))
      return {200, {}, lost_after(held->duration("hold_ms"))};
    if (trade == nullptr) return wechat_error(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
    const TradeRefund* const refund = find_refund(*trade, out_refund_no);
    return {200, provider::render_refund(facts_of(*trade, *refund, identity_)), {}};
  });
}

const Trade* WechatBook::find_by_prepay_id(std::string_view prepay_id) const {
  if (!prepay_id.starts_with(prepay_prefix)) return nullptr;
  const Trade* const trade = find_by_trade_no(prepay_id.substr(prepay_prefix.size()));
  return trade != nullptr && trade->product == TradeProduct::jsapi ? trade : nullptr;
}

}  // namespace daozhang::sandbox
