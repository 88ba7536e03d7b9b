// Intents and payments: how an order comes to be paid, and how it is let go if it is not.
#include <algorithm>

#include "base/check.h"
#include "domain/order/decider.h"
#include "domain/order/references.h"

namespace daozhang::domain {

namespace {

bool is_let_go(const Intent& intent) {
  return intent.state == IntentState::closed || intent.state == IntentState::failed;
}

bool is_offered(const Intent& intent) {
  return intent.state == IntentState::ready || intent.state == IntentState::preparing;
}

}  // namespace

// What of the applied money still pays for this order.
std::int64_t Decider::escrow_minor() const {
  std::int64_t sum = 0;
  for (const auto& each : order_.payments) sum += each.applied_minor;
  for (const auto& each : order_.refunds)
    if (each.purpose == RefundPurpose::shortfall || each.purpose == RefundPurpose::unit)
      sum -= each.amount_minor;
  return sum;
}

base::Result<std::int32_t, OpenRefusal> Decider::open_intent(std::string_view channel,
                                                             bool needs_create,
                                                             const Payer& payer) {
  const auto& header = order_.header;
  if (order_.is_paid()) return base::refuse(OpenRefusal::already_paid);
  if (now_ >= header.pay_by - policy_.last_open_before_expiry || order_.is_expired())
    return base::refuse(OpenRefusal::payment_window_over);
  const std::int64_t owed = order_.price_minor() - escrow_minor();
  for (auto& each : order_.intents) {
    if (each.channel != channel || each.amount_minor != owed || !is_offered(each)) continue;
    // Made anew after a loss: nobody has the code of it.
    if (needs_create && each.state == IntentState::ready && each.pay_content.empty()) continue;
    if (each.waits_for_payer() && !payer.to_be_named) name_payer(each, payer);
    if (payer.to_be_named || each.payer_id == payer.id) return each.intent_no;
  }
  if (std::ssize(order_.intents) >= policy_.intents_max)
    return base::refuse(OpenRefusal::too_many_payments);
  auto& next = add_intent(channel, owed, needs_create);
  next.payer_ip = payer.ip;
  next.payer_id = payer.id;
  if (payer.to_be_named) next.next_ask_at = {};
  return next.intent_no;
}

Intent& Decider::add_intent(std::string_view channel, std::int64_t amount_minor,
                            bool needs_create) {
  Intent next;
  next.partition = order_.header.partition;
  next.order_id = order_.header.order_id;
  next.intent_no = static_cast<std::int32_t>(order_.intents.size()) + 1;
  next.channel = channel;
  next.state = needs_create ? IntentState::preparing : IntentState::ready;
  next.amount_minor = amount_minor;
  next.opened_at = now_;
  next.expires_at = order_.header.pay_by;
  next.next_ask_at = needs_create ? now_ : now_ + policy_.payment_ask_first;
  happened("payment_opened");
  return order_.intents.emplace_back(std::move(next));
}

bool Decider::adopt(std::int32_t intent_no, std::string_view channel, std::int64_t amount_minor,
                    bool is_proven) {
  auto& header = order_.header;
  if (order_.units.empty()) {
    header.sku = lost_order_sku;
    // Of no shelf, so that nothing is taken for it.
    header.kind = ProductKind::topup;
    header.unit_price_minor = amount_minor;
    CHECK(place());
    happened("order_adopted");
  }
  if (intent_no <= std::ssize(order_.intents)) {
    auto& known = intent(intent_no);
    const bool can_be = known.problem == channel_is_guessed && known.channel != channel &&
                        known.state != IntentState::paid && known.call == IntentCall::none;
    if (!can_be) return false;
    known.channel = channel;
    known.amount_minor = amount_minor;
    if (is_proven) known.problem.clear();
    ask_intent(intent_no);
  }
  while (std::ssize(order_.intents) < intent_no) {
    auto& added = add_intent(channel, amount_minor, false);
    added.next_ask_at = now_;
    if (!is_proven || added.intent_no < intent_no) added.problem = channel_is_guessed;
  }
  happened("payment_adopted");
  return true;
}

void Decider::name_payer(Intent& each, const Payer& payer) {
  each.payer_ip = payer.ip;
  each.payer_id = payer.id;
  each.next_ask_at = now_;
  happened("payer_named");
}

FactVerdict Decider::apply_payment(const PaymentFact& fact) {
  auto& paid_intent = intent(fact.intent_no);
  for (const auto& each : order_.payments)
    if (each.channel == paid_intent.channel && each.trade_no == fact.trade_no) {
      paid_intent.call = IntentCall::none;
      // A channel that answers with another intent's trade: this one is still to be asked.
      if (!paid_intent.settled_at.is_set())
        paid_intent.next_ask_at = now_ + policy_.closing_ask_max;
      return FactVerdict::repeated;
    }
  CHECK(fact.amount_minor > 0);
  const std::int64_t owed = order_.is_paid() ? 0 : order_.price_minor() - escrow_minor();
  // After the window only the whole price revives the order; a part of it goes straight back.
  const bool counts = !order_.is_expired() || fact.amount_minor >= owed;
  Payment payment;
  payment.partition = order_.header.partition;
  payment.order_id = order_.header.order_id;
  payment.payment_no = static_cast<std::int32_t>(order_.payments.size()) + 1;
  payment.intent_no = fact.intent_no;
  payment.channel = paid_intent.channel;
  payment.trade_no = fact.trade_no;
  payment.amount_minor = fact.amount_minor;
  payment.applied_minor = counts ? std::min(fact.amount_minor, owed) : 0;
  payment.source = fact.source;
  payment.paid_at = fact.paid_at;
  payment.learned_at = now_;
  order_.payments.push_back(payment);
  happened("payment_applied");
  add_transfer(TransferReason::payment_received, payment.payment_no,
               account::channel_clearing(payment.channel), account::escrow, payment.amount_minor);
  paid_intent.call = IntentCall::none;
  if (paid_intent.state != IntentState::paid) settle_intent(paid_intent, IntentState::paid);
  if (payment.amount_minor > payment.applied_minor)
    decide_refund(payment, RefundPurpose::surplus, 0, payment.amount_minor - payment.applied_minor);
  if (!order_.is_paid() && escrow_minor() == order_.price_minor()) mark_paid();
  return FactVerdict::applied;
}

void Decider::mark_paid() {
  auto& header = order_.header;
  header.paid_at = now_;
  header.fulfill_by = now_ + base::seconds(header.promise_seconds);
  // Learned before the frozen deadline, it is kept; learned after it (paid after closing), the
  // promise runs anew.
  if (now_ < header.deadline) header.fulfill_by = std::min(header.fulfill_by, header.deadline);
  happened("order_paid");
}

void Decider::settle_intent(Intent& each, IntentState state) {
  intent_machine.advance(each.state, state);
  each.settled_at = now_;
  each.next_ask_at = {};
  each.payer_ip.clear();
  each.payer_id.clear();
}

void Decider::intent_prepared(std::int32_t intent_no, std::string pay_content) {
  auto& each = intent(intent_no);
  each.call = IntentCall::none;
  each.pay_content = std::move(pay_content);
  if (each.state != IntentState::preparing) return;
  intent_machine.advance(each.state, IntentState::ready);
  each.payer_ip.clear();
  each.ask_count = 0;
  each.next_ask_at = now_ + policy_.payment_ask_first;
  happened("payment_prepared");
}

void Decider::intent_refused(std::int32_t intent_no, std::string problem) {
  auto& each = intent(intent_no);
  each.call = IntentCall::none;
  each.problem = std::move(problem);
  if (each.state == IntentState::preparing) {
    settle_intent(each, IntentState::failed);
    happened("payment_failed");
    look_once_more(each);
  } else if (!each.settled_at.is_set()) {
    intent_unknown(intent_no, each.problem);
  }
}

void Decider::intent_unpaid(std::int32_t intent_no, base::Instant asked_at) {
  auto& each = intent(intent_no);
  each.call = IntentCall::none;
  if (each.state == IntentState::paid) return;
  ++each.ask_count;
  const bool can_close = policy_.terms_of(each.channel).close;
  if (!can_close && is_let_go(each)) return look_once_more(each);
  if (!can_close && each.state == IntentState::closing) return let_go_unpaid(each, asked_at);
  // Let go because the channel did not know it or refused it, and now it is open there after all.
  if (each.state == IntentState::closing || is_let_go(each)) {
    each.call = IntentCall::close;
    each.next_ask_at = {};
    add_effect(EffectKind::close_payment, intent_no);
    return;
  }
  if (each.settled_at.is_set()) return;
  each.next_ask_at =
      now_ + back_off(policy_.payment_ask_first, policy_.payment_ask_max, each.ask_count);
  happened("payment_not_there_yet");
}

// It can not be closed: whoever has the page open can pay for as long as the channel lets him.
// What was asked before that counts for nothing, however late it is answered.
void Decider::let_go_unpaid(Intent& each, base::Instant asked_at) {
  if (!is_over(each.expires_at)) {
    each.next_ask_at = std::max(each.expires_at, now_ + policy_.closing_ask_max);
    return;
  }
  if (asked_at < each.expires_at) {
    each.next_ask_at = now_ + policy_.closing_ask_first;
    return;
  }
  settle_intent(each, IntentState::closed);
  happened("payment_let_go");
  look_once_more(each);
}

void Decider::intent_not_exist(std::int32_t intent_no, base::Instant asked_at) {
  auto& each = intent(intent_no);
  each.call = IntentCall::none;
  if (is_let_go(each)) return look_once_more(each);
  if (each.settled_at.is_set()) return;
  ++each.ask_count;
  if (each.state != IntentState::closing) {
    each.next_ask_at =
        now_ + back_off(policy_.payment_ask_first, policy_.payment_ask_max, each.ask_count);
    happened("payment_not_there_yet");
    return;
  }
  // The payer may open the page until the expiry that the link carries (SETTLED 13), so nothing
  // that was asked before it counts, however late it is answered.
  const bool over = is_over(each.expires_at);
  if (asked_at < each.expires_at || !over) {
    each.next_ask_at = now_ < each.expires_at
                           ? each.expires_at
                           : now_ + (over ? policy_.closing_ask_first : policy_.closing_ask_max);
    happened("payment_not_there_yet");
    return;
  }
  settle_intent(each, IntentState::closed);
  happened("payment_closed");
  look_once_more(each);
}

// "Not there" is no promise that no money will come (a page that was opened in time may be paid
// late, a refused code may have been made); only an answered close is.
void Decider::look_once_more(Intent& each) {
  const auto& looks = policy_.last_looks;
  const auto next = std::find_if(looks.begin(), looks.end(), [&](base::Duration after) {
    return each.settled_at + after > now_;
  });
  each.next_ask_at = next == looks.end() ? base::Instant{} : each.settled_at + *next;
}

void Decider::intent_closed(std::int32_t intent_no) {
  auto& each = intent(intent_no);
  const bool is_hinted = each.call == IntentCall::close && each.next_ask_at.is_set();
  each.call = IntentCall::none;
  if (each.state == IntentState::paid) note_closed_after_payment(each);
  if (each.settled_at.is_set()) return;
  if (each.state != IntentState::closing) intent_machine.advance(each.state, IntentState::closing);
  settle_intent(each, IntentState::closed);
  if (is_hinted) each.next_ask_at = now_;
  happened("payment_closed");
}

void Decider::intent_unknown(std::int32_t intent_no, std::string problem) {
  auto& each = intent(intent_no);
  const bool is_hinted = each.call == IntentCall::close && each.next_ask_at.is_set();
  each.call = IntentCall::none;
  if (each.state == IntentState::paid) return;
  if (each.problem != channel_is_guessed) each.problem = std::move(problem);
  ++each.ask_count;
  if (is_over(each.expires_at + policy_.silent_channel_after)) {
    // Whoever words "there is no such order" in a way that we do not know is asked for ever.
    quarantine("payment_not_told");
    each.next_ask_at = now_ + policy_.silent_channel_ask;
    happened("payment_unknown");
    return;
  }
  // A settled intent is asked only when something hinted at money on it; then until it is answered.
  const bool closing = each.state == IntentState::closing || each.state == IntentState::preparing;
  each.next_ask_at =
      now_ + (closing
                  ? back_off(policy_.closing_ask_first, policy_.closing_ask_max, each.ask_count - 1)
                  : back_off(policy_.payment_ask_first, policy_.payment_ask_max, each.ask_count));
  // What was heard while it was being told to close says more than that it would not.
  if (is_hinted) each.next_ask_at = now_;
  happened("payment_unknown");
}

void Decider::ask_intent(std::int32_t intent_no) {
  auto& each = intent(intent_no);
  if (each.call == IntentCall::query)
    to_hurry_.push_back({EffectKind::query_payment, intent_no, true});
  // What comes while it is being closed is asked about behind the answer.
  if (each.call == IntentCall::close) each.next_ask_at = now_;
  if (each.call != IntentCall::none) return;
  each.call = IntentCall::query;
  add_effect(EffectKind::query_payment, intent_no);
}

void Decider::ask_intents() {
  for (const auto& each : order_.intents) {
    // The answer to a look that is on its way may be older than what he says.
    const bool is_looked_at = each.next_ask_at.is_set() || each.call != IntentCall::none;
    const bool may_be_paid = !each.settled_at.is_set() || is_looked_at;
    if (may_be_paid && each.state != IntentState::preparing) ask_intent(each.intent_no);
  }
}

void Decider::ask_by_hand(std::string reason) {
  for (const auto& each : order_.intents)
    if (each.state != IntentState::preparing) ask_intent(each.intent_no);
  because(std::move(reason));
  happened("asked_by_hand");
}

void Decider::money_not_ours(std::int32_t intent_no, std::string problem) {
  auto& each = intent(intent_no);
  const bool is_last_word = each.state == IntentState::closing && is_over(each.expires_at);
  if (!is_last_word && !is_let_go(each)) {
    intent_unknown(intent_no, std::move(problem));
    return quarantine("payment_not_ours");
  }
  // A person has it. More than that the channel will not say, however often it is asked.
  each.call = IntentCall::none;
  if (each.problem != channel_is_guessed) each.problem = std::move(problem);
  if (is_last_word) {
    settle_intent(each, IntentState::closed);
    happened("payment_let_go");
  }
  quarantine("payment_not_ours");
  look_once_more(each);
}

// A trade that was given back in full ends as closed. One that was not was paid and is not: no
// reversal by ourselves (F18). What a person sent another way, the channel knows nothing of.
void Decider::note_closed_after_payment(const Intent& each) {
  std::int64_t kept = 0;
  for (const auto& payment : order_.payments)
    if (payment.intent_no == each.intent_no) {
      kept += payment.amount_minor;
      for (const auto& refund : order_.refunds)
        if (refund.payment_no == payment.payment_no && !refund.went_by_hand())
          kept -= refund.amount_minor;
    }
  if (kept > 0) quarantine("paid_then_closed");
}

void Decider::start_closing(Intent& each) {
  const bool was_never_there = each.waits_for_payer();
  intent_machine.advance(each.state, IntentState::closing);
  if (was_never_there) {
    settle_intent(each, IntentState::closed);
    happened("payment_closed");
    return;
  }
  each.ask_count = 0;
  each.next_ask_at = now_;
  if (each.call == IntentCall::query)
    to_hurry_.push_back({EffectKind::query_payment, each.intent_no, false});
  happened("payment_closing");
}

void Decider::progress_open_intent(Intent& each) {
  if (is_offered(each) && (is_over(each.expires_at) || order_.is_paid() || order_.is_expired()))
    start_closing(each);
  if (each.call != IntentCall::none || !each.next_ask_at.is_set() || now_ < each.next_ask_at)
    return;
  each.next_ask_at = {};
  if (each.state == IntentState::preparing) {
    each.call = IntentCall::create;
    add_effect(EffectKind::create_payment, each.intent_no);
  } else {
    each.call = IntentCall::query;
    add_effect(EffectKind::query_payment, each.intent_no);
  }
}

void Decider::progress_intents() {
  for (auto& each : order_.intents)
    if (!each.settled_at.is_set() || each.next_ask_at.is_set()) progress_open_intent(each);
}

void Decider::expire_if_unpaid() {
  auto& header = order_.header;
  if (order_.is_paid() || header.expired_at.is_set() || !is_over(header.pay_by)) return;
  const bool all_settled = std::all_of(order_.intents.begin(), order_.intents.end(),
                                       [](const Intent& i) { return i.settled_at.is_set(); });
  if (!all_settled && now_ < header.pay_by + policy_.hold_after_window) return;
  header.expired_at = now_;
  for (auto& each : order_.units) {
    if (each.hold != HoldState::held) continue;
    hold_machine.advance(each.hold, HoldState::released);
    out_.items.push_back({each.item(), ItemState::held, ItemState::available, each.unit_no, {}});
    each.item_partition = {};
    each.item_id = {};
  }
  happened("order_expired");
  const auto payments = order_.payments;
  for (const auto& each : payments)
    if (each.applied_minor > 0)
      decide_refund(each, RefundPurpose::shortfall, 0, each.applied_minor);
}

}  // namespace daozhang::domain
