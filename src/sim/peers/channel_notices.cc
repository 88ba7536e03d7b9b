// What a channel tells by itself, until it is answered, and what others say in its name.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/peers/channel_model.h"

namespace daozhang::sim {

using ports::TradeStatus;

ports::PaymentNotice ChannelModel::notice_of(const Trade& trade) const {
  ports::PaymentNotice notice;
  notice.trade_ref = trade.trade_ref;
  notice.trade_no = trade.trade_no;
  notice.trade = TradeStatus::paid;
  notice.amount_minor = trade.paid_minor;
  notice.paid_at = trade.paid_at;
  notice.notice_id = "N" + trade.trade_no;
  return notice;
}

void ChannelModel::post_notice(const Trade& trade) {
  tell(std::make_shared<Told>(notice_of(trade)), 0);
}

// Of each refund that it has done, of one that nobody asked for too, as of a payment.
void ChannelModel::post_refund_notice(const Trade& trade, const std::string& refund_ref) {
  if (!tells_of_refunds_) return;
  const auto& refund = trade.refunds.at(refund_ref);
  if (refund.drags_on) return;
  const auto done_at = std::max(refund.stuck_until, scene_.now());
  scene_.schedule.at(done_at, [this, trade_ref = trade.trade_ref, refund_ref] {
    const auto& of = trades_.at(trade_ref);
    const auto back = of.refunds.find(refund_ref);
    if (back == of.refunds.end()) return;
    const bool is_ours = back->first != refund_elsewhere;
    Told told{refund_notice_of(of), {back->second.amount_minor, of.refunded_minor}};
    told.notice.notice_id += back->first;
    if (is_ours || refund_prng_.chance(1, 2)) told.notice.refund_ref = back->first;
    tell(std::make_shared<Told>(std::move(told)), 0);
  });
}

ports::PaymentNotice ChannelModel::refund_notice_of(const Trade& trade) const {
  auto notice = notice_of(trade);
  notice.about_refund = true;
  notice.notice_id += 'R';
  if (trade.refunded_minor == trade.paid_minor && !says_some_went_back_)
    notice.trade = TradeStatus::closed;
  return notice;
}

std::string ChannelModel::write(const Told& told) {
  return told.notice.about_refund ? wire_.write_refund_notice(told.notice, told.went_back)
                                  : wire_.write_notice(told.notice);
}

void ChannelModel::tell(const std::shared_ptr<Told>& told, std::size_t attempt) {
  const auto delays = wire_.notice_delays();
  if (attempt >= delays.size()) return;
  auto& faults = scene_.faults;
  auto delay = delays[attempt];
  if (faults.strikes(FaultKind::notice_reordered))
    delay = delay + draw_duration(prng_, {}, base::minutes(2));
  if (faults.strikes(FaultKind::notice_late))
    delay = delay + draw_duration(prng_, base::minutes(1), base::hours(3));
  const int copies = faults.strikes(FaultKind::notice_doubled) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    const bool lost = faults.strikes(FaultKind::notice_lost);
    const auto jitter = draw_duration(prng_, {}, base::seconds(1));
    scene_.schedule.in(delay + jitter, [this, told, attempt, copy, lost] {
      const auto again = [this, told, attempt, copy] {
        if (copy == 0) tell(told, attempt + 1);
      };
      if (told->is_answered) return;
      if (lost || scene_.is_silent(name_)) return again();
      shop_.notify(name_, write(*told),
                   [this, told, again](const std::optional<engine::Answer>& answer) {
                     const bool taken = answer && answer->refusal == engine::Refusal::none;
                     if (taken && !scene_.faults.strikes(FaultKind::notice_answer_lost))
                       told->is_answered = true;
                     else
                       again();
                   });
    });
  }
}

// Nobody who has not the channel's key gets a yes for what he says, nor does whoever has it for
// what is of no order.
void ChannelModel::post_to_be_refused(std::string body, std::string_view what) {
  scene_.schedule.in(
      draw_duration(prng_, {}, base::minutes(1)), [this, body = std::move(body), what] {
        shop_.notify(name_, body, [this, what](const std::optional<engine::Answer>& answer) {
          if (answer && answer->refusal == engine::Refusal::none)
            scene_.record.violated("S11", fmt::format("a message {} was accepted", what));
        });
      });
}

void ChannelModel::post_forgery(std::string body) {
  post_to_be_refused(std::move(body), "that is not of the channel");
}

// F14, rightly signed: of a number that is none of the shop's, or that it can not have made.
void ChannelModel::post_of_no_order(const Trade& trade) {
  if (!scene_.faults.strikes(FaultKind::notice_of_no_order)) return;
  auto& prng = mistake_prng_;
  const auto number = trade.trade_ref.substr(0, trade.trade_ref.find('_'));
  auto mistyped = number;
  mistyped.back() = mistyped.back() == '0' ? '1' : '0';
  const std::array<std::string, 7> numbers = {number,           "20261126000001_1", mistyped + "_1",
                                              number + "_0",    number + "_9",      number + "_01",
                                              number + "_10000"};
  auto claim = notice_of(trade);
  claim.trade_ref = numbers[prng.below(numbers.size())];
  claim.amount_minor = trade.amount_minor;
  claim.paid_at = scene_.now();
  claim.about_refund = tells_of_refunds_ && prng.chance(1, 3);
  post_to_be_refused(write({claim, {claim.amount_minor, claim.amount_minor}}), "of no order");
}

void ChannelModel::post_false(const std::string& channel, std::string body) {
  scene_.schedule.in(draw_duration(prng_, {}, base::minutes(1)),
                     [this, channel, body = std::move(body)] {
                       shop_.notify(channel, body, [](const std::optional<engine::Answer>&) {});
                     });
}

// Somebody says that a trade is paid which still waits: a stranger, another shop whose customer
// paid there, the shop's other channel. Whoever believes it delivers for nothing (S11).
void ChannelModel::post_claims_of_payment(const Trade& trade) {
  auto& faults = scene_.faults;
  auto claim = notice_of(trade);
  claim.amount_minor = trade.amount_minor;
  // The channel itself, in its right: some tell of each change of state.
  if (faults.strikes(FaultKind::notice_not_paid)) {
    auto told = claim;
    told.trade = prng_.chance(1, 2) ? TradeStatus::waiting : TradeStatus::closed;
    post_false(name_, wire_.write_notice(told));
  }
  post_of_no_order(trade);
  claim.paid_at = scene_.now();
  // So many, but of another money.
  if (faults.strikes(FaultKind::notice_other_amount)) {
    auto foreign = claim;
    foreign.currency = domain::Currency::HKD;
    post_false(name_, wire_.write_notice(foreign));
  }
  // F14 with the channel's own key: another order's payment, for this one.
  auto replayed = claim;
  replayed.trade_no = some_other_trade_no(trade);
  if (!replayed.trade_no.empty() && faults.strikes(FaultKind::notice_of_other_trade))
    post_false(name_, wire_.write_notice(replayed));
  // With the channel's own key; only what the shop confirms by asking is safe from it.
  if (policy_.is_to_be_confirmed(name_, claim.amount_minor) &&
      faults.strikes(FaultKind::notice_without_money))
    post_false(name_, wire_.write_notice(claim));
  if (faults.strikes(FaultKind::notice_forged))
    post_forgery(prng_.chance(1, 2) ? wire_.write_forged_notice(claim)
                                    : wire_.write_unsigned_notice(claim));
  if (faults.strikes(FaultKind::notice_other_account))
    post_forgery(wire_.write_notice_of_other_account(claim));
  if (faults.strikes(FaultKind::notice_wrong_channel))
    post_false(sibling_, wire_.write_notice(claim));
}

// F20: of a refund that nobody made, with the channel's own key. It may lead to a question only.
void ChannelModel::post_false_refund(const Trade& trade, const std::string& refund_ref) {
  if (!tells_of_refunds_ || !scene_.faults.strikes(FaultKind::refund_told_falsely)) return;
  auto claim = refund_notice_of(trade);
  claim.notice_id += "false";
  claim.refund_ref = refund_ref;
  if (!says_some_went_back_) claim.trade = TradeStatus::closed;
  post_false(name_, wire_.write_refund_notice(claim, {trade.paid_minor, trade.paid_minor}));
}

// Messages of attackers and of other shops: none may change an order.
void ChannelModel::post_false_notices(const Trade& trade) {
  auto& faults = scene_.faults;
  const auto genuine = notice_of(trade);
  post_false_refund(trade, "");
  if (faults.strikes(FaultKind::notice_forged)) post_forgery(wire_.write_forged_notice(genuine));
  if (faults.strikes(FaultKind::notice_other_account))
    post_forgery(wire_.write_notice_of_other_account(genuine));
  if (faults.strikes(FaultKind::notice_wrong_channel))
    post_false(sibling_, wire_.write_notice(genuine));
  // With a leaked key: another amount, and this payment for another order.
  auto altered = genuine;
  altered.amount_minor = prng_.between(1, 3 * trade.amount_minor);
  if (faults.strikes(FaultKind::notice_other_amount) && altered.amount_minor != trade.amount_minor)
    post_false(name_, wire_.write_notice(altered));
  if (!faults.strikes(FaultKind::notice_replayed)) return;
  auto other = trades_.begin();
  std::advance(other, static_cast<std::ptrdiff_t>(prng_.below(trades_.size())));
  altered = genuine;
  altered.trade_ref = other->first;
  if (other->first != trade.trade_ref) post_forgery(wire_.write_forged_notice(altered));
}

}  // namespace daozhang::sim
