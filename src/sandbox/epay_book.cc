#include "sandbox/epay_book.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "sandbox/epay_notify.h"

namespace daozhang::sandbox {
namespace {

constexpr std::size_t orders_most = 50;
// epay knows no expiry; what nobody paid is forgotten after a week.
constexpr base::Duration trade_life = base::hours(7 * 24);

std::string local(base::Instant t) {
  return t.is_set() ? base::to_local_seconds(t, base::beijing_offset) : std::string();
}

TradeProduct product_of(EpayVersion version, bool by_call) {
  if (version == EpayVersion::v1) return by_call ? TradeProduct::create : TradeProduct::submit;
  return by_call ? TradeProduct::create_v2 : TradeProduct::submit_v2;
}

bool is_http(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

std::string_view objection_to(const Trade& trade, bool has_money) {
  if (!is_out_trade_no(trade.out_trade_no)) return "商户订单号格式不正确";
  if (trade.subject.empty()) return "商品名称(name)不能为空";
  if (!has_money) return "金额不合法";
  return is_http(trade.notify_url) ? "" : "通知地址(notify_url)不能为空";
}

bool same_creation(const Trade& a, const Trade& b) {
  return a.product == b.product && a.total_minor == b.total_minor && a.subject == b.subject &&
         a.pay_type == b.pay_type && a.notify_url == b.notify_url;
}

// 0 unpaid, 1 paid, 2 refunded.
std::string_view status_of(const Trade& trade) {
  if (trade.paid_minor == 0) return "0";
  return trade.refunded_minor == trade.paid_minor ? "2" : "1";
}

std::size_t count_in(const Fields& fields, std::string_view name, std::size_t standard) {
  const std::string_view text = field(fields, name);
  std::size_t value = standard;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

EpayAnswer epay_no(std::string_view words) {
  EpayAnswer answer;
  answer.no = words;
  return answer;
}

EpayVersion version_of(TradeProduct product) {
  CHECK(channel_of(product) == Channel::epay);
  const bool v1 = product == TradeProduct::submit || product == TradeProduct::create;
  return v1 ? EpayVersion::v1 : EpayVersion::v2;
}

EpayBook::EpayBook(EpayIdentity identity, FaultBoard& faults, DeliveryQueue& deliveries,
                   std::uint64_t seed)
    : TradeBook(Channel::epay, {"31001", "32001"}, identity.public_url, faults, deliveries, seed),
      identity_(std::move(identity)) {}

bool EpayBook::announces(const Trade& trade, const TradeRefund* refund) const {
  return refund == nullptr && trade.status == TradeStatus::success;
}

Fields EpayBook::notice_of(const Trade& trade, const TradeRefund*, std::string_view) const {
  return epay_notice_fields(trade, identity_);
}

std::string EpayBook::money(const FaultSubject& subject, std::int64_t minor) {
  const auto format = faults_.strike("money_format", subject);
  return epay_money(minor, format ? format->number("decimals") : 2);
}

Trade* EpayBook::named(const Fields& fields) {
  const auto trade_no = field(fields, "trade_no");
  return trade_no.empty() ? known(field(fields, "out_trade_no")) : known_by_trade_no(trade_no);
}

base::Result<Trade*, std::string> EpayBook::make(EpayVersion version, bool by_call,
                                                 const Fields& fields, base::Instant now) {
  Trade wanted;
  wanted.product = product_of(version, by_call);
  wanted.out_trade_no = field(fields, "out_trade_no");
  wanted.subject = field(fields, "name");
  wanted.body = field(fields, "param");
  wanted.pay_type = field(fields, "type");
  wanted.notify_url = field(fields, "notify_url");
  wanted.return_url = field(fields, "return_url");
  wanted.expires_at = now + trade_life;
  const auto total = yuan_to_minor(field(fields, "money"));
  wanted.total_minor = total.value_or(0);
  if (const auto wrong = objection_to(wanted, total.has_value()); !wrong.empty())
    return base::refuse(std::string(wrong));
  if (wanted.pay_type.empty()) {
    if (by_call) return base::refuse(std::string("支付方式(type)不能为空"));
    wanted.pay_type = "alipay";  // What the payer would choose.
  }
  Trade* const present = held(wanted.out_trade_no);
  if (present == nullptr) {
    if (is_full()) return base::refuse(std::string("系统繁忙"));
    Trade& trade = insert(std::move(wanted), now);
    create(trade, now);
    return &trade;
  }
  if (present->paid_minor > 0) return base::refuse(std::string("该订单已支付"));
  if (present->status == TradeStatus::closed) return base::refuse(std::string("该订单已关闭"));
  if (!same_creation(*present, wanted)) return base::refuse(std::string("商户订单号重复"));
  return present;
}

base::Result<std::string, std::string> EpayBook::open(EpayVersion version, const Fields& fields,
                                                      base::Instant now) {
  step(now);
  const auto trade = make(version, false, fields, now);
  if (!trade) return base::refuse(trade.error());
  return (*trade)->out_trade_no;
}

EpayAnswer EpayBook::call(EpayVersion version, std::string_view name, const Fields& fields,
                          base::Instant now) {
  step(now);
  const Trade* const trade = named(fields);
  const std::string number(trade != nullptr ? trade->out_trade_no : field(fields, "out_trade_no"));
  const FaultSubject subject = subject_named(trade, number);
  const Manner manner = manner_of(subject);
  EpayAnswer answer;
  if (!manner.down) answer = act(version, name, fields, now);
  answer.manner.down = manner.down;
  answer.manner.delay = answer.manner.delay + manner.delay;
  answer.manner.spoil_signature = manner.spoil_signature;
  answer.format.numbers_as_text = faults_.strike("numbers_as_text", subject).has_value();
  answer.format.unsigned_reply =
      version == EpayVersion::v2 && faults_.strike("unsigned_reply", subject).has_value();
  return answer;
}

EpayAnswer EpayBook::act(EpayVersion version, std::string_view act, const Fields& fields,
                         base::Instant now) {
  if (act == "create") return create_trade(version, fields, now);
  if (act == "query") return query(version, fields);
  if (act == "refund") return refund(version, fields, now);
  if (act == "orders") return orders(fields);
  if (act == "refundquery") return refund_query(fields);
  if (act == "close") return close(fields, now);
  CHECK(act == "merchant");
  EpayAnswer answer;
  std::int64_t balance = 0;
  for (const auto& [number, trade] : trades()) balance += trade.paid_minor - trade.refunded_minor;
  answer.fields = {{"pid", identity_.pid},
                   {"active", "1"},
                   {"money", minor_to_yuan(balance)},
                   {"orders", std::to_string(trades().size())}};
  return answer;
}

EpayAnswer EpayBook::create_trade(EpayVersion version, const Fields& fields, base::Instant now) {
  const auto made = make(version, true, fields, now);
  if (!made) return epay_no(made.error());
  const Trade& trade = **made;
  const std::string code = fmt::format("{}/qr/{}", public_url(), trade.trade_no);
  const std::string page = fmt::format("{}/pay/{}", public_url(), trade.trade_no);
  EpayAnswer answer;
  answer.fields = {{"msg", "success"}, {"trade_no", trade.trade_no}};
  if (version == EpayVersion::v1) {
    answer.fields.emplace_back("payurl", page);
    answer.fields.emplace_back("qrcode", code);
  } else {
    const bool jump = field(fields, "method") == "jump";
    answer.fields.emplace_back("pay_type", jump ? "jump" : "qrcode");
    answer.fields.emplace_back("pay_info", jump ? page : code);
  }
  if (const auto lost = faults_.strike("create_reply_lost", subject_of(trade)))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

Fields EpayBook::order_fields(const Trade& trade) {
  return {{"trade_no", trade.trade_no},
          {"out_trade_no", trade.out_trade_no},
          {"api_trade_no", trade.paid_minor > 0 ? "4200" + trade.trade_no : std::string()},
          {"type", trade.pay_type},
          {"pid", identity_.pid},
          {"addtime", local(trade.created_at)},
          {"endtime", local(trade.paid_at)},
          {"name", trade.subject},
          {"money", money(subject_of(trade), trade.amount_minor())},
          {"param", trade.body},
          {"buyer", ""},
          {"status", std::string(status_of(trade))}};
}

EpayAnswer EpayBook::query(EpayVersion version, const Fields& fields) {
  Trade* const trade = named(fields);
  const std::string number(field(fields, "out_trade_no"));
  EpayAnswer answer;
  if (const auto held = faults_.strike("query_timeout", subject_named(trade, number)))
    answer.manner = lost_after(held->duration("hold_ms"));
  if (trade == nullptr) {
    answer.no = version == EpayVersion::v1 ? "订单号不存在" : "订单不存在";
    return answer;
  }
  answer.fields = order_fields(*trade);
  set_field(answer.fields, "msg", "success");
  return answer;
}

EpayAnswer EpayBook::close(const Fields& fields, base::Instant now) {
  Trade* const trade = named(fields);
  if (trade == nullptr) return epay_no("订单不存在");
  const FaultSubject subject = subject_of(*trade);
  if (trade->status == TradeStatus::wait_buyer_pay && faults_.strike("pay_before_close", subject))
    pay(trade->out_trade_no, std::nullopt, now);
  if (trade->paid_minor > 0) return epay_no("订单已支付，无法关闭");
  if (trade->status == TradeStatus::wait_buyer_pay) close_trade(*trade, now);
  EpayAnswer answer;
  answer.fields = {{"msg", "success"}};
  if (const auto lost = faults_.strike("close_reply_lost", subject))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

EpayAnswer EpayBook::refund(EpayVersion version, const Fields& fields, base::Instant now) {
  Trade* const trade = named(fields);
  if (trade == nullptr) return epay_no("订单不存在");
  if (trade->paid_minor == 0) return epay_no("订单未支付");
  const auto amount = yuan_to_minor(field(fields, "money"));
  if (!amount) return epay_no("金额不合法");
  const FaultSubject subject = subject_of(*trade);
  if (faults_.strike("refund_refused", subject)) return epay_no("商户未开启订单退款API接口");
  // V1 has no number of its own: each call is another refund.
  const std::string request_no =
      version == EpayVersion::v1
          ? fmt::format("{}_refund_{}", trade->out_trade_no, trade->refunds.size() + 1)
          : std::string(field(fields, "out_refund_no"));
  if (request_no.empty() || request_no.size() > 64) return epay_no("退款单号不合法");
  EpayAnswer answer = give_back(version, *trade, *amount, request_no, now);
  if (!answer.no.empty()) return answer;
  if (const auto lost = faults_.strike("refund_executed_reply_lost", subject))
    answer.manner = lost_after(lost->duration("hold_ms"));
  return answer;
}

EpayAnswer EpayBook::give_back(EpayVersion version, Trade& trade, std::int64_t amount_minor,
                               std::string_view request_no, base::Instant now) {
  const Trade* const holder = held_by_refund(request_no);
  if (holder != nullptr && holder != &trade) return epay_no("退款单号重复");
  const TradeRefund* present = find_refund(trade, request_no);
  if (present != nullptr && present->amount_minor != amount_minor)
    return epay_no("退款单号重复，金额不一致");
  if (present == nullptr) {
    if (faults_.strike("refund_balance_low", subject_of(trade))) return epay_no("商户余额不足");
    if (amount_minor > trade.refundable_minor() || trade.refunds.size() >= refunds_max)
      return epay_no("退款金额超过可退金额");
    TradeRefund wanted;
    wanted.out_request_no = request_no;
    wanted.amount_minor = amount_minor;
    wanted.refund_no = number(now, "33001");
    present = &add_refund(trade, std::move(wanted), now);
  }
  EpayAnswer answer;
  answer.fields = {{"msg", "退款成功"}};
  if (version == EpayVersion::v1) return answer;
  answer.fields = refund_fields(trade, *present);
  set_field(answer.fields, "msg", "退款成功");
  return answer;
}

Fields EpayBook::refund_fields(const Trade& trade, const TradeRefund& refund) {
  const std::string sum = money(subject_of(trade), refund.amount_minor);
  return {{"refund_no", refund.refund_no},
          {"out_refund_no", refund.out_request_no},
          {"trade_no", trade.trade_no},
          {"out_trade_no", trade.out_trade_no},
          {"money", sum},
          {"reducemoney", sum}};
}

EpayAnswer EpayBook::refund_query(const Fields& fields) {
  const std::string_view request_no = field(fields, "out_refund_no");
  Trade* const trade = held_by_refund(request_no);
  EpayAnswer answer;
  if (const auto held = faults_.strike("query_timeout", subject_named(trade, request_no)))
    answer.manner = lost_after(held->duration("hold_ms"));
  if (trade == nullptr) {
    answer.no = "退款单号不存在";
    return answer;
  }
  answer.fields = refund_fields(*trade, *find_refund(*trade, request_no));
  set_field(answer.fields, "status", "1");
  return answer;
}

EpayAnswer EpayBook::orders(const Fields& fields) {
  std::vector<const Trade*> newest;
  newest.reserve(trades().size());
  for (const auto& [number, trade] : trades()) newest.push_back(&trade);
  std::sort(newest.begin(), newest.end(), [](const Trade* a, const Trade* b) {
    return std::pair(b->created_at, b->trade_no) < std::pair(a->created_at, a->trade_no);
  });
  const std::size_t limit = std::clamp<std::size_t>(count_in(fields, "limit", 20), 1, orders_most);
  const std::size_t page = std::max<std::size_t>(count_in(fields, "page", 1), 1);
  const std::size_t first = std::min(count_in(fields, "offset", (page - 1) * limit), newest.size());
  EpayAnswer answer;
  answer.orders.emplace();
  for (std::size_t i = first; i < newest.size() && answer.orders->size() < limit; ++i)
    answer.orders->push_back(order_fields(*newest[i]));
  return answer;
}

}  // namespace daozhang::sandbox
