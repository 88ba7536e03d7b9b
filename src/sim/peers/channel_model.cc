#include "sim/peers/channel_model.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

using ports::Outcome;
using ports::PaymentAnswer;
using ports::PaymentCallKind;
using ports::TradeStatus;

// Longer than any run.
constexpr base::Duration for_ever = base::hours(24 * 365);

constexpr base::Duration call_timeout = base::seconds(10);

PaymentAnswer plain(Outcome outcome, std::string problem = "") {
  PaymentAnswer answer;
  answer.outcome = outcome;
  answer.problem = std::move(problem);
  return answer;
}

PaymentAnswer about(TradeStatus trade, Outcome outcome = Outcome::done) {
  auto answer = plain(outcome);
  answer.trade = trade;
  return answer;
}

PaymentAnswer mistaken(PaymentAnswer answer, const Trade& trade) {
  switch (trade.mistake) {
    case Mistake::none:
      break;
    case Mistake::other_money:
      answer.currency = domain::Currency::HKD;
      break;
    case Mistake::no_sum:
      answer.amount_minor = 0;
      break;
    case Mistake::no_number:
      answer.trade_no.clear();
      break;
    case Mistake::other_trade:
      answer.trade_no = trade.other_trade_no;
      break;
  }
  return answer;
}

}  // namespace

ChannelModel::ChannelModel(Scene& scene, Shop& shop, PaymentWire& wire,
                           const domain::Policy& policy, std::string name, ports::Way way)
    : scene_(scene),
      shop_(shop),
      wire_(wire),
      policy_(policy),
      name_(std::move(name)),
      way_(way),
      prng_(scene.stream("channel:" + name_)),
      refund_prng_(scene.stream("refund notices:" + name_)),
      tells_of_refunds_(wire.tells_of_refunds() && terms().refund_query &&
                        refund_prng_.chance(1, 2)),
      mistake_prng_(scene.stream("mistakes:" + name_)),
      says_some_went_back_(
          wire.name() == "wechatpay" ||
          (wire.name() == "cheap" && scene.stream("manners:" + name_).chance(1, 2))) {}

const Trade* ChannelModel::find(const std::string& trade_ref) const {
  const auto it = trades_.find(trade_ref);
  return it == trades_.end() ? nullptr : &it->second;
}

void ChannelModel::call(const ports::PaymentCall& call, Answered then) {
  auto& faults = scene_.faults;
  const auto sent = std::make_shared<const ports::PaymentCall>(call);
  const auto answered = std::make_shared<const Answered>(std::move(then));
  const auto time_out = [this, answered] {
    scene_.schedule.in(call_timeout,
                       [answered] { (*answered)(plain(Outcome::unknown, "timeout")); });
  };
  if (const Trade* trade = find(call.order.trade_ref); call.kind == PaymentCallKind::refund &&
                                                       trade != nullptr &&
                                                       call.order.amount_minor != trade->paid_minor)
    violated("S16", "refund " + call.refund_ref + " names another sum of its trade", call);
  const auto arrived =
      std::make_shared<const ports::PaymentCall>(wire_.carry_call(call, scene_.now()));
  const bool is_sent_once = call.kind == PaymentCallKind::refund && !terms().idempotent_refund;
  if (scene_.is_silent(name_)) return time_out();
  if (faults.strikes(FaultKind::call_lost)) return time_out();
  if (faults.strikes(FaultKind::call_late)) {
    scene_.schedule.in(draw_duration(prng_, call_timeout, base::minutes(2)),
                       [this, arrived] { execute(*arrived); });
    return time_out();
  }
  const bool slow = faults.strikes(FaultKind::reply_slow);
  const auto way_there = draw_duration(prng_, base::milliseconds(10), base::milliseconds(200));
  const auto way_back = slow
                            ? draw_duration(prng_, base::seconds(1), base::seconds(9))
                            : draw_duration(prng_, base::milliseconds(10), base::milliseconds(200));
  scene_.schedule.in(way_there, [this, sent, arrived, answered, time_out, way_back, is_sent_once] {
    const bool broken = scene_.faults.strikes(FaultKind::system_error);
    if (broken && prng_.chance(1, 2)) {
      scene_.schedule.in(way_back,
                         [answered] { (*answered)(plain(Outcome::unknown, "system_error")); });
      return;
    }
    if (scene_.family == Family::double_everything && !is_sent_once) execute(*arrived);
    auto told = execute(*arrived);
    if (broken) told = plain(Outcome::unknown, "system_error");
    auto answer = wire_.carry_answer(*sent, told);
    if (scene_.faults.strikes(FaultKind::reply_lost)) return time_out();
    scene_.schedule.in(way_back, [answered, answer = std::move(answer)] { (*answered)(answer); });
  });
}

void ChannelModel::violated(std::string_view invariant, std::string what,
                            const ports::PaymentCall& call) {
  scene_.record.violated(invariant, std::move(what),
                         shop_.order_of(call.order.trade_ref).value_or(domain::OrderKey{}));
}

PaymentAnswer ChannelModel::execute(const ports::PaymentCall& call) {
  switch (call.kind) {
    case PaymentCallKind::create: {
      // A refusal need not be the truth: in some the code was made all the same.
      const bool refused = scene_.faults.strikes(FaultKind::create_refused);
      if (!refused || prng_.chance(1, 2)) codes_[call.order.trade_ref] = call.order;
      if (wire_.code_begins_trade() && knows_code(call.order.trade_ref)) begin_trade(call.order);
      if (refused) return plain(Outcome::failed, "create_refused");
      auto answer = plain(Outcome::done);
      answer.pay_content = "https://qr.example/" + call.order.trade_ref;
      return answer;
    }
    case PaymentCallKind::query:
      return query(call.order.trade_ref);
    case PaymentCallKind::close:
      return close(call.order.trade_ref);
    case PaymentCallKind::refund:
      return refund(call);
    case PaymentCallKind::query_refund:
      return query_refund(call);
  }
  UNREACHABLE();
}

PaymentAnswer ChannelModel::query(const std::string& trade_ref) const {
  const Trade* trade = find(trade_ref);
  if (trade == nullptr) return about(TradeStatus::not_exist);
  if (trade->status != TradeStatus::paid) return about(trade->status);
  if (scene_.now() < trade->told_closed_until) return about(TradeStatus::closed);
  const bool all_went_back = trade->refunded_minor == trade->paid_minor;
  auto answer =
      about(all_went_back && !says_some_went_back_ ? TradeStatus::closed : TradeStatus::paid);
  answer.some_went_back = says_some_went_back_ && trade->refunded_minor > 0;
  answer.trade_no = trade->trade_no;
  answer.amount_minor = trade->paid_minor;
  answer.paid_at = trade->paid_at;
  const bool is_mistaken =
      scene_.now() >= trade->mistaken_from && scene_.now() < trade->mistaken_until;
  return is_mistaken && answer.trade == TradeStatus::paid ? mistaken(answer, *trade) : answer;
}

PaymentAnswer ChannelModel::close(const std::string& trade_ref) {
  if (!terms().close) {
    scene_.record.violated("F21", "closed " + trade_ref + " at a channel that can not close",
                           shop_.order_of(trade_ref).value_or(domain::OrderKey{}));
    return plain(Outcome::failed, "close_not_supported");
  }
  const auto it = trades_.find(trade_ref);
  if (it == trades_.end()) return about(TradeStatus::not_exist, Outcome::failed);
  if (it->second.status == TradeStatus::paid) {
    auto answer = about(TradeStatus::paid, Outcome::failed);
    answer.problem = "trade_status_error";
    return answer;
  }
  it->second.status = TradeStatus::closed;
  return about(TradeStatus::closed);
}

PaymentAnswer ChannelModel::refund(const ports::PaymentCall& call) {
  const auto it = trades_.find(call.order.trade_ref);
  if (it == trades_.end() || it->second.status != TradeStatus::paid) {
    violated("S9", "refund " + call.refund_ref + " of a trade that was never paid", call);
    return plain(Outcome::failed, "trade_not_exist");
  }
  auto& trade = it->second;
  if (const auto known = trade.refunds.find(call.refund_ref); known != trade.refunds.end()) {
    if (known->second.amount_minor != call.refund_minor)
      violated("S16", "refund " + call.refund_ref + " sent with another amount", call);
    if (!terms().idempotent_refund)
      violated("S9", "refund " + call.refund_ref + " was executed twice", call);
    return plain(Outcome::accepted, "repeated");
  }
  if (scene_.now() >= trade.paid_at + terms().refund_window)
    return plain(Outcome::failed, "trade_has_finished");
  const bool low = scene_.faults.strikes(FaultKind::refund_balance_low);
  if (low || scene_.faults.strikes(FaultKind::refund_too_soon)) {
    auto answer = plain(Outcome::failed, low ? "seller_balance_not_enough" : "too_soon");
    answer.retry_later = true;
    return answer;
  }
  // A refusal can look like a repeat (Alipay's fund_change N): it proves nothing.
  if (scene_.faults.strikes(FaultKind::refund_refused)) {
    post_false_refund(trade, call.refund_ref);
    return prng_.chance(1, 3) ? plain(Outcome::accepted, "not_moved")
                              : plain(Outcome::failed, "refund_refused");
  }
  if (trade.charged_back_minor > 0 &&
      trade.refunded_minor + trade.charged_back_minor + call.refund_minor > trade.paid_minor)
    return plain(Outcome::failed, "charged_back");
  if (trade.elsewhere_minor > 0 && trade.refunded_minor + call.refund_minor > trade.paid_minor)
    return plain(Outcome::failed, "refund_amount_over");
  if (trade.refunded_minor + call.refund_minor > trade.paid_minor) {
    violated("S9", "refund " + call.refund_ref + " exceeds what was paid", call);
    return plain(Outcome::failed, "refund_amount_over");
  }
  TrueRefund refund;
  refund.amount_minor = call.refund_minor;
  refund.visible_at = scene_.now();
  if (scene_.faults.strikes(FaultKind::refund_query_lag))
    refund.visible_at = scene_.now() + draw_duration(prng_, base::seconds(10), base::minutes(5));
  // One that takes refunds for so short would have to be believed.
  if (terms().refund_query && terms().refund_window > base::hours(24) &&
      scene_.faults.strikes(FaultKind::refund_hidden))
    refund.visible_at = scene_.now() + base::hours(3);
  if (terms().refund_query && scene_.faults.strikes(FaultKind::refund_stuck)) {
    refund.stuck_until = scene_.now() + draw_duration(prng_, base::minutes(1), base::hours(6));
    refund.is_under_way = prng_.chance(1, 2);
  }
  if (terms().refund_query && scene_.faults.strikes(FaultKind::refund_drags_on)) {
    refund.stuck_until = scene_.now() + for_ever;
    refund.is_under_way = refund.drags_on = true;
  }
  trade.refunds.emplace(call.refund_ref, refund);
  trade.refunded_minor += call.refund_minor;
  post_refund_notice(trade, call.refund_ref);
  return plain(refund.stuck_until.is_set() ? Outcome::accepted : Outcome::done);
}

PaymentAnswer ChannelModel::query_refund(const ports::PaymentCall& call) {
  const auto found = trades_.find(call.order.trade_ref);
  if (found == trades_.end()) return plain(Outcome::failed, "trade_not_exist");
  auto& trade = found->second;
  const auto it = trade.refunds.find(call.refund_ref);
  const bool is_visible = it != trade.refunds.end() && scene_.now() >= it->second.visible_at;
  // All that some can be asked is what became of the whole payment.
  if (!terms().refund_query) {
    const bool went_back = is_visible && trade.refunded_minor == trade.paid_minor;
    auto answer = about(went_back ? TradeStatus::closed : TradeStatus::paid,
                        is_visible ? Outcome::done : Outcome::unknown);
    answer.trade_no = trade.trade_no;
    answer.amount_minor = trade.paid_minor;
    if (!is_visible) answer.problem = "not_told";
    return answer;
  }
  if (!is_visible || it->second.is_called_off) return plain(Outcome::failed, "refund_not_exist");
  if (scene_.now() < it->second.stuck_until) {
    if (it->second.is_under_way) return plain(Outcome::accepted);
    auto answer = plain(Outcome::failed, "refund_abnormal");
    answer.needs_person = true;
    return answer;
  }
  it->second.is_told_as_ended = true;
  return plain(Outcome::done);
}

void ChannelModel::end_in_books(const std::string& trade_ref, const std::string& refund_ref) {
  trades_.at(trade_ref).refunds.at(refund_ref).is_told_as_ended = true;
}

void ChannelModel::call_off(const std::string& trade_ref, const std::string& refund_ref) {
  auto& trade = trades_.at(trade_ref);
  const auto refund = trade.refunds.find(refund_ref);
  if (refund == trade.refunds.end() || refund->second.is_called_off) return;
  trade.refunded_minor -= refund->second.amount_minor;
  refund->second.is_called_off = true;
}

// Each channel counts for itself, so that two have the same numbers.
std::string ChannelModel::next_trade_no() { return fmt::format("T{:06}", ++next_trade_); }

bool ChannelModel::open(const ports::ChannelOrder& linked) {
  const auto order = way_ == ports::Way::qr ? linked : wire_.carry_link(linked, scene_.now());
  if (way_ == ports::Way::qr && !codes_.contains(order.trade_ref)) return false;
  if (const Trade* known = find(order.trade_ref)) return known->status == TradeStatus::waiting;
  if (terms().close && scene_.now() >= order.expires_at &&
      !scene_.faults.strikes(FaultKind::pay_after_expiry))
    return false;
  begin_trade(order);
  return true;
}

void ChannelModel::begin_trade(const ports::ChannelOrder& order) {
  if (find(order.trade_ref) != nullptr) return;
  Trade trade;
  trade.trade_ref = order.trade_ref;
  trade.trade_no = next_trade_no();
  trade.amount_minor = order.amount_minor;
  trade.expires_at = order.expires_at;
  trades_.emplace(order.trade_ref, trade);
  post_claims_of_payment(trade);
}

bool ChannelModel::pay(const std::string& trade_ref, std::int64_t amount_minor) {
  const auto it = trades_.find(trade_ref);
  if (it == trades_.end() || it->second.status != TradeStatus::waiting) return false;
  auto& trade = it->second;
  if (terms().close && scene_.now() >= trade.expires_at &&
      !scene_.faults.strikes(FaultKind::pay_after_expiry)) {
    trade.status = TradeStatus::closed;
    return false;
  }
  trade.status = TradeStatus::paid;
  trade.paid_minor = amount_minor;
  trade.paid_at = scene_.now();
  // Money must be found without any notification, in time (L2) or by a last look after it.
  if (!scene_.faults.strikes(FaultKind::notice_never)) post_notice(trade);
  post_false_notices(trade);
  if (scene_.faults.strikes(FaultKind::paid_told_as_closed)) tell_closed(trade);
  if (scene_.faults.strikes(FaultKind::given_back_elsewhere)) give_back_elsewhere(trade);
  draw_mistake(trade);
  return true;
}

void ChannelModel::pay_lost(const std::string& trade_ref, std::int64_t amount_minor) {
  Trade trade;
  trade.trade_ref = trade_ref;
  trade.trade_no = next_trade_no();
  trade.status = TradeStatus::paid;
  trade.is_lost = true;
  trade.amount_minor = trade.paid_minor = amount_minor;
  trade.expires_at = trade.paid_at = scene_.now();
  trades_.emplace(trade_ref, trade);
  post_notice(trade);
}

void ChannelModel::charge_back(const std::string& trade_ref, std::int64_t amount_minor) {
  trades_.at(trade_ref).charged_back_minor += amount_minor;
}

// Whether the shop has learned of it.
bool ChannelModel::is_known(const Trade& trade) const {
  const auto key = shop_.order_of(trade.trade_ref);
  const auto order = key ? shop_.look(*key) : std::nullopt;
  return order && std::ranges::any_of(order->payments, [&](const domain::Payment& payment) {
           return payment.channel == name_ && payment.trade_no == trade.trade_no;
         });
}

// F18: some time after it told of the payment it says for a while that there is none.
void ChannelModel::tell_closed(Trade& trade) {
  const auto begin = draw_duration(prng_, base::seconds(30), base::minutes(10));
  const auto length = draw_duration(prng_, base::seconds(10), base::minutes(10));
  scene_.schedule.in(begin, [this, trade_ref = trade.trade_ref, length] {
    auto& told = trades_.at(trade_ref);
    if (!is_known(told)) return;
    told.told_closed_until = scene_.now() + length;
    auto notice = notice_of(told);
    notice.trade = TradeStatus::closed;
    post_false(name_, wire_.write_notice(notice));
  });
}

// F14, F15: for a while its queries tell of the payment in another money, without what makes it a
// payment, or under the number of another order's, which the shop has had.
void ChannelModel::draw_mistake(Trade& trade) {
  auto& faults = scene_.faults;
  if (faults.strikes(FaultKind::paid_told_in_other_money)) trade.mistake = Mistake::other_money;
  if (faults.strikes(FaultKind::paid_told_unclearly))
    trade.mistake = mistake_prng_.chance(1, 2) ? Mistake::no_sum : Mistake::no_number;
  trade.other_trade_no = some_other_trade_no(trade);
  if (!trade.other_trade_no.empty() && faults.strikes(FaultKind::paid_told_of_other_trade))
    trade.mistake = Mistake::other_trade;
  if (trade.mistake == Mistake::none) return;
  const auto delay = mistake_prng_.chance(1, 2)
                         ? base::Duration{}
                         : draw_duration(mistake_prng_, {}, base::minutes(10));
  trade.mistaken_from = scene_.now() + delay;
  trade.mistaken_until =
      trade.mistaken_from + draw_duration(mistake_prng_, base::seconds(10), base::hours(1));
}

// Of some other order's payment that the shop knows; empty if the one that was drawn is none.
std::string ChannelModel::some_other_trade_no(const Trade& trade) {
  auto drawn = trades_.begin();
  std::advance(drawn, static_cast<std::ptrdiff_t>(mistake_prng_.below(trades_.size())));
  const Trade& other = drawn->second;
  const bool is_others = other.status == TradeStatus::paid && !other.is_lost &&
                         shop_.order_of(other.trade_ref) != shop_.order_of(trade.trade_ref) &&
                         is_known(other);
  return is_others ? other.trade_no : std::string();
}

// F22: somebody gives it back in the channel's own console, all or a part of it, before the shop
// has heard of it or afterwards.
void ChannelModel::give_back_elsewhere(Trade& trade) {
  auto prng = scene_.stream("console:" + name_ + trade.trade_ref);
  trade.is_for_console = true;
  const auto after = draw_duration(prng, {}, prng.chance(1, 2) ? base::seconds(2) : base::hours(1));
  scene_.schedule.in(after, [this, trade_ref = trade.trade_ref, prng]() mutable {
    auto& paid = trades_.at(trade_ref);
    const auto left = paid.paid_minor - paid.refunded_minor - paid.charged_back_minor;
    if (left <= 0) return;
    scene_.record.reached(is_known(paid) ? Sometimes::given_back_while_known
                                         : Sometimes::given_back_before_known);
    TrueRefund refund;
    refund.amount_minor = prng.chance(1, 2) ? left : prng.between(1, left);
    refund.visible_at = scene_.now();
    paid.refunds.emplace(refund_elsewhere, refund);
    paid.refunded_minor += refund.amount_minor;
    paid.elsewhere_minor = refund.amount_minor;
    post_refund_notice(paid, refund_elsewhere);
  });
}

}  // namespace daozhang::sim
