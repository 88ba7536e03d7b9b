// What the channels say: notifications, and answers to what they were asked. Each is kept in the
// inbox as it came, with what was made of it, in the commit that acts on it.
#include <algorithm>

#include "base/check.h"
#include "domain/order/references.h"
#include "engine/batch.h"

namespace daozhang::engine {
namespace {

using domain::EffectKind;
using domain::InboxVerdict;

// The answer to a call about a payment intent.
void tell_intent(domain::Decider& decider, const domain::Effect& effect,
                 const ports::PaymentAnswer& answer) {
  using ports::Outcome;
  using ports::TradeStatus;
  const auto no = effect.subject_no;
  if (answer.outcome == Outcome::unknown && answer.needs_person)
    return decider.money_not_ours(no, answer.problem);
  if (answer.outcome == Outcome::unknown || answer.outcome == Outcome::accepted)
    return decider.intent_unknown(no, answer.problem);
  switch (effect.kind) {
    case domain::EffectKind::create_payment:
      return answer.outcome == Outcome::done ? decider.intent_prepared(no, answer.pay_content)
                                             : decider.intent_refused(no, answer.problem);
    case domain::EffectKind::close_payment:
      if (answer.outcome == Outcome::done) return decider.intent_closed(no);
      if (answer.trade == TradeStatus::not_exist)
        return decider.intent_not_exist(no, effect.decided_at);
      return decider.intent_unknown(no, answer.problem);
    default:
      break;
  }
  if (answer.outcome == Outcome::failed) return decider.intent_unknown(no, answer.problem);
  switch (answer.trade) {
    case TradeStatus::not_exist:
      return decider.intent_not_exist(no, effect.decided_at);
    case TradeStatus::waiting:
      return decider.intent_unpaid(no, effect.decided_at);
    case TradeStatus::closed:
      return decider.intent_closed(no);
    case TradeStatus::paid:
      return;  // Handled with its fact.
  }
}

void tell_refund(domain::Decider& decider, const domain::Effect& effect,
                 const ports::PaymentAnswer& answer) {
  using ports::Outcome;
  const auto no = effect.subject_no;
  const bool query = effect.kind == domain::EffectKind::query_refund;
  switch (answer.outcome) {
    case Outcome::unknown:
      return decider.refund_unknown(no, answer.problem);
    case Outcome::done:
      return decider.refund_accepted(no, query);
    case Outcome::accepted:
      // In the answer to a refund it proves nothing (Alipay's fund_change N); only a query tells.
      return query ? decider.refund_pending(no) : decider.refund_unknown(no, "not_confirmed");
    case Outcome::failed:
      if (answer.needs_person) return decider.refund_stuck(no, answer.problem);
      return query ? decider.refund_not_found(no)
                   : decider.refund_refused(no, answer.problem, answer.retry_later);
  }
}

Heard heard(const std::string& channel, const ports::NoticeMessage& message,
            const std::string& staff = {}) {
  // Without the headers: a repeat is signed anew and says the same. Judged again by somebody it is
  // a row of its own, since a row keeps its first verdict.
  return {channel, domain::FactSource::notification,
          staff + "\n" + message.method + "\n" + message.query + "\n" + message.body,
          text_of(message)};
}

std::string actor_of(const TakeNotice& command) {
  std::string actor = "channel:" + command.channel;
  if (!command.staff.empty()) actor += ",staff:" + command.staff;
  return actor;
}

bool contradicts(const domain::Intent& intent, const ports::PaymentNotice& notice) {
  return intent.state == domain::IntentState::paid && notice.trade == ports::TradeStatus::closed;
}

bool is_about_refund(EffectKind kind) {
  return kind == EffectKind::refund || kind == EffectKind::query_refund;
}

std::string channel_asked(const domain::Order& order, const domain::Effect& effect) {
  const auto place = static_cast<std::size_t>(effect.subject_no - 1);
  return is_about_refund(effect.kind) ? order.refunds[place].channel : order.intents[place].channel;
}

domain::PaymentFact fact_of(const domain::Effect& effect, const ports::PaymentAnswer& answer) {
  domain::PaymentFact fact;
  fact.intent_no = effect.subject_no;
  fact.trade_no = answer.trade_no;
  fact.amount_minor = answer.amount_minor;
  fact.paid_at = answer.paid_at;
  fact.source = domain::FactSource::query;
  return fact;
}

}  // namespace

// A hint that asking the channel is worth it.
InboxVerdict Batch::ask_because(Slot& slot, const std::string& channel,
                                const std::function<void(domain::Decider&)>& ask) {
  change(slot, "channel:" + channel, [&](domain::Decider& decider) {
    ask(decider);
    return true;
  });
  return InboxVerdict::asked;
}

InboxVerdict Batch::judge_refund_notice(const TakeNotice& command, Slot& slot,
                                        const domain::Intent& intent, std::string& reason) {
  const domain::Order& order = slot.now();
  const auto it =
      std::ranges::find(order.refunds, command.notice.refund_ref, &domain::Refund::refund_ref);
  reason = "about_refund";
  if (it != order.refunds.end() && it->channel == command.channel)
    return ask_because(
        slot, command.channel,
        [no = it->refund_no, intent_no = intent.intent_no,
         all_went_back = contradicts(intent, command.notice)](domain::Decider& decider) {
          decider.ask_refund(no);
          if (all_went_back) decider.ask_intent(intent_no);
        });
  // One that we never asked for: somebody gave the whole payment back at the channel.
  if (!contradicts(intent, command.notice)) return InboxVerdict::ignored;
  return ask_because(slot, command.channel,
                     [no = intent.intent_no](domain::Decider& decider) { decider.ask_intent(no); });
}

InboxVerdict Batch::judge_notice(const TakeNotice& command, Slot& slot, std::int32_t intent_no,
                                 std::string& reason) {
  const auto& notice = command.notice;
  const domain::Order& order = slot.now();
  if (intent_no > std::ssize(order.intents)) {
    reason = "payment_unknown";
    return InboxVerdict::refused;
  }
  const auto& intent = order.intents[static_cast<std::size_t>(intent_no - 1)];
  if (intent.channel != command.channel) {
    reason = "channel_differs";
    return InboxVerdict::refused;
  }
  if (notice.about_refund) return judge_refund_notice(command, slot, intent, reason);
  const auto ask = [&](domain::Decider& decider) { decider.ask_intent(intent_no); };
  if (notice.trade != ports::TradeStatus::paid) {
    reason = "not_paid";
    return contradicts(intent, notice) ? ask_because(slot, command.channel, ask)
                                       : InboxVerdict::ignored;
  }
  if (notice.currency != order.header.currency) {
    reason = "currency_differs";
    return InboxVerdict::refused;
  }
  if (notice.amount_minor != intent.amount_minor) {
    // A signature is not a payment (FAULTS D6): what was really paid, the channel shall say.
    reason = "amount_differs";
    return ask_because(slot, command.channel, ask);
  }
  const bool known = std::ranges::any_of(order.payments, [&](const domain::Payment& payment) {
    return payment.channel == command.channel && payment.trade_no == notice.trade_no;
  });
  if (known) return InboxVerdict::repeated;
  // Of a lost order nobody knows what became of its money before.
  if (order.is_lost() ||
      engine_.settings_.policy.is_to_be_confirmed(command.channel, notice.amount_minor)) {
    reason = "to_be_confirmed";
    return ask_because(slot, command.channel, ask);
  }
  if (!claim_trade(command.channel, notice.trade_no, order.key())) {
    reason = "trade_of_another_order";
    return InboxVerdict::refused;
  }
  auto verdict = domain::FactVerdict::repeated;
  change(slot, actor_of(command), [&](domain::Decider& decider) {
    decider.because(command.reason);
    domain::PaymentFact fact;
    fact.intent_no = intent_no;
    fact.trade_no = notice.trade_no;
    fact.amount_minor = notice.amount_minor;
    fact.paid_at = notice.paid_at;
    fact.source = domain::FactSource::notification;
    verdict = decider.apply_payment(fact);
    return true;
  });
  return verdict == domain::FactVerdict::applied ? InboxVerdict::applied : InboxVerdict::repeated;
}

Answer Batch::decide(const TakeNotice& command) {
  const auto ref = domain::parse_trade_ref(command.notice.trade_ref);
  const auto key = ref ? engine_.numbers_.order_of(ref->order_no) : std::nullopt;
  Slot* slot = key ? find(*key) : nullptr;
  const bool is_money =
      command.notice.trade == ports::TradeStatus::paid && !command.notice.about_refund;
  // A number that only we can have made, and no such order or no such payment of it: it was lost
  // (a restored store).
  // Of a channel whose payer can repeat its notification as he likes, a person looks instead: he
  // may have had his goods before the loss.
  const bool proves = !engine_.settings_.policy.terms_of(command.channel).confirm_by_query;
  Slot* lost = nullptr;
  if (key && is_money && proves) {
    Stray stray{*key, ref->intent_no, command.channel};
    stray.amount_minor = command.notice.amount_minor;
    stray.currency = command.notice.currency;
    stray.actor = actor_of(command);
    stray.reason = command.reason;
    lost = adopt(stray);
  }
  Answer answer;
  std::string reason;
  if (lost != nullptr) {
    slot = lost;
    reason = "order_lost";
    answer.verdict = InboxVerdict::asked;
    answer.order = lost->after;
  } else if (slot == nullptr) {
    reason = key && is_money ? "order_lost" : "order_unknown";
    answer.verdict = InboxVerdict::refused;
  } else {
    answer.verdict = judge_notice(command, *slot, ref->intent_no, reason);
    answer.order = slot->order();
  }
  if (answer.verdict == InboxVerdict::refused) answer.refusal = Refusal::notice_refused;
  answer.reason = reason;
  record(heard(command.channel, command.message, command.staff), answer.verdict, std::move(reason),
         slot ? key : std::nullopt);
  return answer;
}

Answer Batch::decide(const RecordRefusedNotice& command) {
  record(heard(command.channel, command.message), InboxVerdict::refused, command.reason,
         std::nullopt);
  return refused(Refusal::notice_refused);
}

Answer Batch::decide(const AskPayments& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  change(*slot, "buyer", [](domain::Decider& decider) {
    decider.ask_intents();
    return true;
  });
  return answer_about(*slot);
}

Answer Batch::decide(const AskByHand& command) {
  Slot* slot = find(command.order);
  if (!command.channel.empty()) {
    Stray stray{command.order, command.intent_no, command.channel};
    stray.amount_minor = command.amount_minor;
    stray.actor = "staff:" + command.staff;
    stray.is_proven = false;
    stray.reason = command.reason;
    if (const Slot* lost = adopt(stray)) return answer_about(*lost);
  }
  if (slot == nullptr) return refused(Refusal::order_not_found);
  change(*slot, "staff:" + command.staff, [&](domain::Decider& decider) {
    decider.ask_by_hand(command.reason);
    return true;
  });
  return answer_about(*slot);
}

Answer Batch::decide(const SendRefundAgain& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  bool sent = false;
  change(*slot, "staff:" + command.staff, [&](domain::Decider& decider) {
    sent = decider.send_refund_again(command.refund_no, command.reason);
    return sent;
  });
  if (!sent) return refused(Refusal::refund_not_lost);
  return answer_about(*slot);
}

// What the answer to a question about money means, told to the order.
Judged Batch::tell_answer(domain::Decider& decider, const domain::Order& order,
                          const PaymentAnswered& command, bool is_ours) {
  const auto& [effect, answer] = command;
  if (is_about_refund(effect.kind)) {
    tell_refund(decider, effect, answer);
    const auto& asked = order.refunds[static_cast<std::size_t>(effect.subject_no - 1)];
    if (asked.call == domain::RefundCall::query && asked.next_try_at.is_set())
      decider.ask_refund(effect.subject_no);
    return {InboxVerdict::ignored, answer.problem};
  }
  const bool found_money = effect.kind == EffectKind::query_payment &&
                           answer.outcome == ports::Outcome::done &&
                           answer.trade == ports::TradeStatus::paid;
  if (!found_money) {
    tell_intent(decider, effect, answer);
    return {InboxVerdict::ignored, std::string(base::name_of(answer.trade))};
  }
  const bool is_known = std::ranges::any_of(order.payments, [&](const domain::Payment& payment) {
    return payment.trade_no == answer.trade_no && payment.intent_no == effect.subject_no;
  });
  // Somebody gave it back behind our back before we knew of it: no goods for it.
  if (answer.some_went_back && !is_known) {
    decider.money_not_ours(effect.subject_no, "given_back_elsewhere");
    return {InboxVerdict::refused, "given_back_elsewhere"};
  }
  if (is_ours) {
    const auto verdict = decider.apply_payment(fact_of(effect, answer));
    const bool is_new = verdict == domain::FactVerdict::applied;
    return {is_new ? InboxVerdict::applied : InboxVerdict::repeated, {}};
  }
  if (answer.currency != order.header.currency) {
    decider.money_not_ours(effect.subject_no, "currency_differs");
    return {InboxVerdict::refused, "currency_differs"};
  }
  if (answer.trade_no.empty() || answer.amount_minor <= 0) {
    decider.intent_unknown(effect.subject_no, "paid_answer_unclear");
    return {InboxVerdict::refused, "paid_answer_unclear"};
  }
  decider.money_not_ours(effect.subject_no, "trade_of_another_order");
  return {InboxVerdict::refused, "trade_of_another_order"};
}

Answer Batch::decide(const PaymentAnswered& command) {
  Slot* slot = peek(command.effect.order());
  if (slot == nullptr || !is_open(command.effect)) return refused(Refusal::order_not_found);
  const auto kept = slot->order();
  const domain::Order& order = *kept;
  const auto& [effect, answer] = command;
  const std::string channel = channel_asked(order, effect);
  const bool names_money = effect.kind == EffectKind::query_payment &&
                           answer.outcome == ports::Outcome::done &&
                           answer.trade == ports::TradeStatus::paid && !answer.trade_no.empty() &&
                           answer.amount_minor > 0 && answer.currency == order.header.currency;
  const bool is_ours = names_money && claim_trade(channel, answer.trade_no, order.key());
  Judged judged;
  auto told = change_by_answer(*slot, "channel:" + channel, effect, [&](domain::Decider& decider) {
    judged = tell_answer(decider, order, command, is_ours);
  });
  const bool is_question =
      effect.kind == EffectKind::query_payment || effect.kind == EffectKind::query_refund;
  // What did not prove itself is no fact. An answer need not name the order that it is about.
  if (is_question && answer.outcome != ports::Outcome::unknown && !answer.raw.empty())
    record(
        {channel, domain::FactSource::query, order.header.order_no + "\n" + answer.raw, answer.raw},
        judged.verdict, std::move(judged.reason), order.key());
  return told;
}

}  // namespace daozhang::engine
