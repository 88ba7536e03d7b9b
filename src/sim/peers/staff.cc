#include "sim/peers/staff.h"

#include <algorithm>

#include <fmt/format.h>

#include "domain/order/references.h"

namespace daozhang::sim {
namespace {

using domain::Order;
using domain::RefundState;
using engine::Refusal;

constexpr base::Duration between_visits = base::minutes(30);

// Whether a refund may exceed what is left of it, so that the channel says no for ever.
bool is_money_gone(const Trade* trade) {
  return trade != nullptr && (trade->charged_back_minor > 0 || trade->is_for_console);
}

void hear_nothing(const std::optional<engine::Answer>&) {}

}  // namespace

void Staff::start() {
  if (is_coming_) return;
  is_coming_ = true;
  scene_.schedule.in(between_visits, [this] { come(); });
}

const Trade* Staff::trade_of(const Order& order, const domain::Payment& payment) const {
  return channels_.at(payment.channel)
      ->find(domain::trade_ref(order.header.order_no, payment.intent_no));
}

void Staff::come() {
  is_coming_ = false;
  bool goes_on = !scene_.faults.healed() || open_cases_ > 0;
  for (const auto& [key, order] : orders_) {
    goes_on |= !order.header.closed_at.is_set();
    for (const auto& refund : order.refunds) {
      goes_on |= look_for_lost_refund(order, refund);
      goes_on |= send_money_another_way(order, refund);
      end_what_drags_on(order, refund);
      press_wrong_button(order, refund);
    }
    for (const auto& payment : order.payments) dispute(order, payment);
    if (!scene_.faults.healed() && prng_.chance(1, 200)) ask_about(order);
    if (!scene_.faults.healed() && case_prng_.chance(1, 500)) mistype_refund(order);
  }
  if (goes_on) start();
}

bool Staff::look_for_lost_refund(const Order& order, const domain::Refund& refund) {
  if (policy_.terms_of(refund.channel).idempotent_refund) return false;
  const bool is_open = refund.state != RefundState::settled;
  const bool is_old = refund.decided_at + between_visits < scene_.now();
  if (refund.state != RefundState::unknown || !is_old) return is_open;
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no - 1)];
  const Trade* trade = trade_of(order, payment);
  if (trade == nullptr) return is_open;
  const bool is_seen_twice = !unknown_.insert(refund.refund_ref).second;
  if (trade->refunds.contains(refund.refund_ref)) {
    if (is_seen_twice)
      shop_.send(
          engine::RefundWentByHand{order.key(), refund.refund_no, "li", "in the books", true},
          hear_nothing);
    return is_open;
  }
  if (is_seen_twice && !resent_.contains(refund.refund_ref) &&
      scene_.faults.strikes(FaultKind::refund_given_by_hand)) {
    give_by_hand(order, refund);
    return true;
  }
  if (!is_seen_twice) return true;
  // Its no looks like a lost answer, and will be the same for ever.
  if (resent_.contains(refund.refund_ref) && is_money_gone(trade)) {
    scene_.faults.count(FaultKind::refund_given_by_hand);
    give_by_hand(order, refund);
    return true;
  }
  resent_.insert(refund.refund_ref);
  scene_.faults.count(FaultKind::refund_lost_for_good);
  shop_.send(engine::SendRefundAgain{order.key(), refund.refund_no, "li", "not in the books"},
             [this, ref = refund.refund_ref](const std::optional<engine::Answer>& answer) {
               if (!answer || answer->refusal != Refusal::none) resent_.erase(ref);
             });
  return is_open;
}

// Only what stands refused from one visit to the next, with no call in between: then no copy of one
// is on its way any more, and the channel's books say whether an earlier one went through.
bool Staff::send_money_another_way(const Order& order, const domain::Refund& refund) {
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no - 1)];
  const Trade* trade = trade_of(order, payment);
  const bool has_short_window = policy_.terms_of(refund.channel).refund_window < base::hours(24);
  const bool may_never_end =
      (is_money_gone(trade) || has_short_window) && refund.state != RefundState::settled;
  if (refund.state != RefundState::refused || refund.call != domain::RefundCall::none)
    return may_never_end;
  if (trade != nullptr && trade->refunds.contains(refund.refund_ref)) return may_never_end;
  const auto [seen, is_new] = refused_.try_emplace(refund.refund_ref, refund.try_count);
  if (is_new || seen->second != refund.try_count) {
    seen->second = refund.try_count;
    return may_never_end;
  }
  if (may_never_end)
    scene_.faults.count(FaultKind::refund_given_by_hand);
  else if (!scene_.faults.strikes(FaultKind::refund_given_by_hand))
    return false;
  give_by_hand(order, refund);
  return may_never_end;
}

// F25, D5: under way for longer than money takes. It was done, whatever the queries say, or the
// channel calls it off and the money is sent another way.
void Staff::end_what_drags_on(const Order& order, const domain::Refund& refund) {
  const auto settle_within = policy_.refund_settle_within;
  if (refund.state != RefundState::accepted || refund.call != domain::RefundCall::none ||
      !order.header.quarantined || scene_.now() < refund.accepted_at + settle_within)
    return;
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no - 1)];
  const auto trade_ref = domain::trade_ref(order.header.order_no, payment.intent_no);
  auto& channel = *channels_.at(refund.channel);
  const auto known = channel.find(trade_ref)->refunds.find(refund.refund_ref);
  if (!known->second.drags_on) return;
  const auto [found, is_new] = found_.try_emplace(refund.refund_ref, false);
  if (is_new) found->second = prng_.chance(1, 2);
  if (!found->second) {
    channel.call_off(trade_ref, refund.refund_ref);
    return give_by_hand(order, refund);
  }
  channel.end_in_books(trade_ref, refund.refund_ref);
  shop_.send(engine::RefundWentByHand{order.key(), refund.refund_no, "li", "in the books", true},
             hear_nothing);
}

// Of what the channel has and gives back by itself no person may say that he gave it.
void Staff::press_wrong_button(const Order& order, const domain::Refund& refund) {
  if (scene_.faults.healed() || refund.state != RefundState::accepted || !refund.problem.empty())
    return;
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no - 1)];
  const Trade* trade = trade_of(order, payment);
  const auto known = trade->refunds.find(refund.refund_ref);
  if (known == trade->refunds.end() || known->second.stuck_until.is_set()) return;
  // What the channel denies often enough becomes a person's, perhaps before the shop hears him.
  if (scene_.now() < known->second.visible_at) return;
  give_by_hand(order, refund);
}

void Staff::give_by_hand(const Order& order, const domain::Refund& refund) {
  shop_.send(engine::RefundWentByHand{order.key(), refund.refund_no, "li", "sent by bank"},
             hear_nothing);
}

// Once a payment it is drawn whether its payer disputes it.
void Staff::dispute(const Order& order, const domain::Payment& payment) {
  if (!order.is_paid() || scene_.faults.healed()) return;
  const bool is_at_end = std::ranges::all_of(order.units, &domain::Unit::is_final);
  const auto trade_ref = domain::trade_ref(order.header.order_no, payment.intent_no);
  if (!asked_.insert(payment.channel + trade_ref).second) return;
  const Trade* trade = trade_of(order, payment);
  if (trade != nullptr && trade->is_for_console) return;
  const bool is_double = is_unclear({order.key(), trade_ref, {{payment.trade_no, {}}, {}, 0}, {}});
  const bool is_disputed = scene_.faults.strikes(FaultKind::charged_back);
  if (!is_disputed && !(is_double && scene_.faults.strikes(FaultKind::charged_back_unclear)))
    return;
  const auto kept = kept_of(order, payment);
  if (kept <= 0) return;
  const auto amount = prng_.chance(1, 2) ? kept : prng_.between(1, kept);
  const bool names_channel = !is_double && !case_prng_.chance(1, 4);
  const Case of{order.key(),
                trade_ref,
                {{payment.trade_no, payment.channel}, fmt::format("CASE{}", ++cases_), amount},
                payment.channel,
                names_channel,
                !is_at_end};
  if (is_at_end) channels_.at(payment.channel)->charge_back(trade_ref, amount);
  ++open_cases_;
  tell(of);
}

void Staff::tell_again(const Case& of) {
  scene_.schedule.in(draw_duration(prng_, base::minutes(1), base::hours(2)),
                     [this, of] { tell(of); });
}

void Staff::tell(const Case& of) {
  const bool twice = scene_.faults.strikes(FaultKind::charged_back_twice_told);
  engine::ChargeBack told{of.order, of.fact, "wang", "disputed by its payer"};
  if (!of.names_channel) told.fact.payment.channel.clear();
  if (twice) shop_.send(told, hear_nothing);
  const bool is_double = is_unclear(of);
  shop_.send(told, [this, of, is_double](const std::optional<engine::Answer>& answer) {
    if (answer && !of.names_channel) {
      const bool is_refused = answer->refusal == Refusal::charged_payment_unclear;
      if ((is_refused && !is_unclear(of)) || (is_double && answer->refusal == Refusal::none))
        return scene_.record.violated("F19", "it was not seen whether two payments have a number",
                                      of.order);
      if (is_refused) scene_.record.reached(Sometimes::unclear_payment_refused);
    }
    const auto& cases = orders_.at(of.order).chargebacks;
    const bool is_posted =
        std::ranges::find(cases, of.fact.case_no, &domain::Chargeback::case_no) != cases.end();
    if (answer && answer->refusal == Refusal::charged_more_than_kept && is_posted)
      return scene_.record.violated("F19", "a case that is posted is refused", of.order);
    if (of.is_announced && answer && answer->refusal == Refusal::charged_more_than_kept) {
      --open_cases_;  // The payer has his money: he drops it.
      return;
    }
    if (of.is_announced && answer && answer->refusal == Refusal::none)
      channels_.at(of.channel)->charge_back(of.trade_ref, of.fact.amount_minor);
    // Until a refund that came in between is out of the way, too.
    if (!answer || answer->refusal != Refusal::none) {
      auto clearer = of;
      clearer.names_channel |= answer && answer->refusal == Refusal::charged_payment_unclear;
      return tell_again(clearer);
    }
    if (scene_.faults.strikes(FaultKind::case_told_wrongly)) tell_wrongly(of);
    dispute_again(of);
    const bool is_won = scene_.faults.strikes(FaultKind::chargeback_returned);
    if (!is_won) --open_cases_;
    scene_.schedule.in(draw_duration(prng_, base::seconds(1), base::hours(12)), [this, of, is_won] {
      buy_again(of);
      if (!is_won && prng_.chance(1, 3)) forgive(of);
      if (!is_won) return;
      channels_.at(of.channel)->charge_back(of.trade_ref, -of.fact.amount_minor);
      win(of);
    });
  });
}

void Staff::win(const Case& of) {
  const engine::ReturnChargeback told{of.order, of.fact.case_no, "wang", "won"};
  shop_.send(told, [this, of](const std::optional<engine::Answer>& answer) {
    const bool is_known = answer && (answer->refusal == Refusal::none ||
                                     answer->refusal == Refusal::charged_case_unknown);
    if (is_known) {
      --open_cases_;
      if (scene_.faults.strikes(FaultKind::case_told_wrongly))
        expect_refused(of, of.fact, {Refusal::charged_case_returned}, "that was won");
      return;
    }
    scene_.schedule.in(base::minutes(1), [this, of] { win(of); });
  });
}

// A buyer has written: whether his money is there, and that he wants to buy again.
void Staff::ask_about(const Order& order) {
  shop_.send(engine::AskByHand{order.key(), "li", "the buyer says that he paid", "", 1, 0},
             hear_nothing);
}

void Staff::forgive(const Case& of) {
  shop_.send(engine::ForgiveBuyer{of.order, "wang", "he has paid another way"},
             [this, of](const std::optional<engine::Answer>& answer) {
               if (!answer || answer->refusal != Refusal::none) return;
               scene_.record.reached(Sometimes::buyer_forgiven);
               const auto& cases = orders_.at(of.order).chargebacks;
               if (std::ranges::any_of(cases, &domain::Chargeback::flags_buyer))
                 scene_.record.violated("F19", "a buyer was forgiven and is flagged", of.order);
             });
}

// Whose payment was charged back buys nothing more.
void Staff::buy_again(const Case& of) {
  const auto order = orders_.at(of.order);
  engine::PlaceOrder command;
  command.product.sku = "card";
  command.product.price_minor = 1;
  // By whatever of him the shop knows.
  const auto& header = order.header;
  const bool by_phone = !header.contact_phone.empty() && case_prng_.chance(1, 2);
  command.contact_email = by_phone ? "" : header.contact_email;
  command.contact_phone = by_phone || header.contact_email.empty() ? header.contact_phone : "";
  command.channel = of.channel;
  command.idempotency_key = "again-" + of.fact.case_no;
  command.request_hash = "again";
  shop_.send(command, [this, of, by_phone](const std::optional<engine::Answer>& answer) {
    if (!answer || answer->refusal == Refusal::store_unavailable ||
        answer->refusal == Refusal::overloaded)
      return;
    if (answer->refusal == Refusal::buyer_flagged && by_phone)
      scene_.record.reached(Sometimes::flagged_phone_refused);
    if (answer->refusal == Refusal::buyer_flagged)
      return scene_.record.reached(Sometimes::flagged_buyer_refused);
    if (answer->refusal == Refusal::none || answer->refusal == Refusal::out_of_stock)
      if (std::ranges::any_of(orders_.at(of.order).chargebacks, &domain::Chargeback::flags_buyer))
        scene_.record.violated("F19", "a flagged buyer was sold to", of.order);
  });
}

}  // namespace daozhang::sim
