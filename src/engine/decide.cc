// What each command means for its order. Checks that need more than the order itself (whose claim,
// which channel) stand here; everything about one order is the decider's.
#include <algorithm>

#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "domain/order/references.h"
#include "engine/batch.h"

namespace daozhang::engine {
namespace {

using domain::InboxVerdict;
using domain::OrderKey;

Refusal refusal_of(domain::OpenRefusal refusal) {
  switch (refusal) {
    case domain::OpenRefusal::already_paid:
      return Refusal::already_paid;
    case domain::OpenRefusal::payment_window_over:
      return Refusal::payment_window_over;
    case domain::OpenRefusal::too_many_payments:
      return Refusal::too_many_payments;
  }
  UNREACHABLE();
}

Answer refused(Refusal refusal) {
  Answer answer;
  answer.refusal = refusal;
  return answer;
}

std::string sha256_hex(std::string_view text) {
  return base::to_hex(base::view(base::sha256(text)));
}

void freeze(domain::OrderHeader& header, const PlaceOrder& command) {
  const auto& product = command.product;
  header.shop_id = product.shop_id;
  header.sku = product.sku;
  header.product_version = product.product_version;
  header.kind = product.kind;
  header.product_name = command.product_name;
  header.quantity = command.quantity;
  header.unit_price_minor = product.price_minor;
  header.currency = product.currency;
  header.supplier = product.supplier;
  header.supplier_sku = product.supplier_sku;
  header.face_minor = product.face_minor;
  header.cost_minor_max = product.cost_minor_max;
  header.contact_email = command.contact_email;
  header.contact_phone = command.contact_phone;
  header.request_hash = command.request_hash;
  header.promise_seconds = product.promise_seconds;
  header.target = command.target;
  header.target_display = command.target_display;
}

// The answer to a call about a payment intent.
void tell_intent(domain::Decider& decider, const domain::Effect& effect,
                 const ports::PaymentAnswer& answer) {
  using ports::Outcome;
  using ports::TradeStatus;
  const auto no = effect.subject_no;
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
      return decider.intent_unpaid(no);
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
      return query ? decider.refund_not_found(no)
                   : decider.refund_refused(no, answer.problem, answer.retry_later);
  }
}

void tell_attempt(domain::Decider& decider, const domain::Effect& effect,
                  const ports::SupplierAnswer& answer) {
  using ports::Outcome;
  using ports::SupplierWord;
  const auto no = effect.subject_no;
  switch (answer.outcome) {
    case Outcome::done:
      return decider.attempt_done(no, answer.supplier_order_no, answer.proof, answer.cost_minor);
    case Outcome::accepted:
      return decider.attempt_accepted(no, answer.supplier_order_no);
    case Outcome::unknown:
      if (answer.word == SupplierWord::not_found)
        return decider.attempt_not_found(no, answer.reason, effect.decided_at);
      return decider.attempt_unknown(no, answer.reason);
    case Outcome::failed:
      break;
  }
  if (answer.word == SupplierWord::canceled) return decider.attempt_canceled(no);
  if (answer.word == SupplierWord::reversed) return decider.attempt_reversed(no, answer.reason);
  // Only a submit can say "try anew": a query or cancel that was not sent says nothing about the
  // attempt.
  if (answer.retry_can_help && effect.kind != domain::EffectKind::submit_attempt)
    return decider.attempt_unknown(no, answer.reason);
  decider.attempt_failed(no, answer.reason, answer.retry_can_help);
}

}  // namespace

Answer Batch::decide(const PlaceOrder& command) {
  const auto claim =
      claim_key(domain::ClaimKind::idempotency_key,
                std::to_string(command.product.shop_id.value) + "\n" + command.idempotency_key);
  const auto known = claimed_.find(claim);
  return known == claimed_.end() ? place_new(command, claim) : replay(command, known->second);
}

Answer Batch::replay(const PlaceOrder& command, OrderKey owner) {
  const Slot* slot = find(owner);
  CHECK(slot != nullptr);
  const auto& order =
      slot->after ? std::shared_ptr<const domain::Order>(slot->after) : slot->before;
  if (order->header.request_hash != command.request_hash)
    return refused(Refusal::idempotency_conflict);
  Answer answer;
  answer.order = order;
  answer.repeated = true;
  return answer;
}

Answer Batch::place_new(const PlaceOrder& command, const domain::ClaimKey& claim) {
  domain::Order order;
  auto& header = order.header;
  header.partition = claim.partition;
  header.order_id = engine_.next_order_id();
  header.order_no = engine_.numbers_.number_of(order.key());
  header.access_hash =
      sha256_hex(engine_.numbers_.access_code(header.order_no, command.idempotency_key));
  freeze(header, command);
  BatchShelf shelf(stock_[header.sku]);
  domain::Decider decider(order, engine_.settings_.policy, engine_.terms_of(header.supplier), shelf,
                          now_, "buyer", trust_);
  if (!decider.place()) return refused(Refusal::out_of_stock);
  const auto opened = decider.open_intent(command.channel, command.needs_create);
  CHECK(opened);
  decider.progress();
  shelf.keep();

  domain::Claim row;
  row.partition = claim.partition;
  row.kind = claim.kind;
  row.name = claim.name;
  row.order_partition = header.partition;
  row.order_id = header.order_id;
  row.claimed_at = now_;
  new_claims_.push_back(row);
  claimed_[claim] = order.key();
  Slot& slot = slots_[order.key()];
  slot.after = std::make_shared<domain::Order>(std::move(order));
  keep(slot, decider.take());
  Answer answer;
  answer.order = slot.after;
  answer.number = *opened;
  return answer;
}

Answer Batch::decide(const OpenPayment& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  Answer answer;
  change(*slot, "buyer", [&](domain::Decider& decider) {
    const auto opened = decider.open_intent(command.channel, command.needs_create);
    if (opened)
      answer.number = *opened;
    else
      answer.refusal = refusal_of(opened.error());
    return opened.has_value();
  });
  answer.order = slot->after ? std::shared_ptr<const domain::Order>(slot->after) : slot->before;
  return answer;
}

InboxVerdict Batch::judge_notice(const TakeNotice& command, Slot& slot, std::int32_t intent_no,
                                 std::string& reason) {
  const auto& notice = command.notice;
  const domain::Order& order = slot.after ? *slot.after : *slot.before;
  if (intent_no > std::ssize(order.intents)) {
    reason = "payment_unknown";
    return InboxVerdict::refused;
  }
  const auto& intent = order.intents[static_cast<std::size_t>(intent_no - 1)];
  if (intent.channel != command.channel) {
    reason = "channel_differs";
    return InboxVerdict::refused;
  }
  if (notice.about_refund) {
    reason = "about_refund";
    return InboxVerdict::ignored;
  }
  if (notice.trade != ports::TradeStatus::paid) {
    reason = "not_paid";
    return InboxVerdict::ignored;
  }
  if (notice.currency != order.header.currency) {
    reason = "currency_differs";
    return InboxVerdict::refused;
  }
  if (notice.amount_minor != intent.amount_minor) {
    // A signature is not a payment (FAULTS D6): what was really paid, the channel shall say.
    reason = "amount_differs";
    change(slot, "channel:" + command.channel, [&](domain::Decider& decider) {
      decider.ask_intent(intent_no);
      return true;
    });
    return InboxVerdict::asked;
  }
  if (!claim_trade(command.channel, notice.trade_no, order.key())) {
    reason = "trade_of_another_order";
    return InboxVerdict::refused;
  }
  auto verdict = domain::FactVerdict::repeated;
  change(slot, "channel:" + command.channel, [&](domain::Decider& decider) {
    domain::PaymentFact fact;
    fact.intent_no = intent_no;
    fact.trade_no = notice.trade_no;
    fact.amount_minor = notice.amount_minor;
    fact.paid_at = notice.paid_at;
    fact.source = domain::FactSource::notification;
    const bool known = std::any_of(
        order.payments.begin(), order.payments.end(), [&](const domain::Payment& payment) {
          return payment.channel == command.channel && payment.trade_no == notice.trade_no;
        });
    if (known) return false;
    verdict = decider.apply_payment(fact);
    return true;
  });
  return verdict == domain::FactVerdict::applied ? InboxVerdict::applied : InboxVerdict::repeated;
}

Answer Batch::decide(const TakeNotice& command) {
  const auto ref = domain::parse_trade_ref(command.notice.trade_ref);
  const auto key = ref ? engine_.numbers_.order_of(ref->order_no) : std::nullopt;
  Slot* slot = key ? find(*key) : nullptr;
  Answer answer;
  std::string reason;
  if (slot == nullptr) {
    reason = "order_unknown";
    answer.verdict = InboxVerdict::refused;
  } else {
    answer.verdict = judge_notice(command, *slot, ref->intent_no, reason);
    answer.order = slot->after ? std::shared_ptr<const domain::Order>(slot->after) : slot->before;
  }
  if (answer.verdict == InboxVerdict::refused) answer.refusal = Refusal::notice_refused;
  record(command.channel, command.message, answer.verdict, std::move(reason),
         slot ? key : std::nullopt);
  return answer;
}

Answer Batch::decide(const RecordRefusedNotice& command) {
  record(command.channel, command.message, InboxVerdict::refused, command.reason, std::nullopt);
  return refused(Refusal::notice_refused);
}

Answer Batch::decide(const TakeHint& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->after ? *slot->after : *slot->before;
  const auto it = std::find_if(
      order.attempts.begin(), order.attempts.end(),
      [&](const domain::Attempt& attempt) { return attempt.reference == command.reference; });
  if (it == order.attempts.end()) return refused(Refusal::order_not_found);
  const auto attempt_no = it->attempt_no;
  change(*slot, "supplier:" + order.header.supplier, [&](domain::Decider& decider) {
    decider.ask_attempt(attempt_no);
    return true;
  });
  return {};
}

Answer Batch::decide(const PaymentAnswered& command) {
  Slot* slot = find(command.effect.order());
  if (slot == nullptr || !end_answered(command.effect)) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->after ? *slot->after : *slot->before;
  const auto& effect = command.effect;
  const auto& answer = command.answer;
  const bool about_refund =
      effect.kind == domain::EffectKind::refund || effect.kind == domain::EffectKind::query_refund;
  const auto& list_channel =
      about_refund ? order.refunds[static_cast<std::size_t>(effect.subject_no - 1)].channel
                   : order.intents[static_cast<std::size_t>(effect.subject_no - 1)].channel;
  const std::string channel = list_channel;
  const bool found_money = effect.kind == domain::EffectKind::query_payment &&
                           answer.outcome == ports::Outcome::done &&
                           answer.trade == ports::TradeStatus::paid;
  const bool binding = found_money && !answer.trade_no.empty() && answer.amount_minor > 0 &&
                       answer.currency == order.header.currency &&
                       claim_trade(channel, answer.trade_no, order.key());
  change(*slot, "channel:" + channel, [&](domain::Decider& decider) {
    if (about_refund) {
      tell_refund(decider, effect, answer);
    } else if (binding) {
      domain::PaymentFact fact;
      fact.intent_no = effect.subject_no;
      fact.trade_no = answer.trade_no;
      fact.amount_minor = answer.amount_minor;
      fact.paid_at = answer.paid_at;
      fact.source = domain::FactSource::query;
      decider.apply_payment(fact);
    } else if (found_money) {
      decider.intent_unknown(effect.subject_no, "paid_answer_not_ours");
    } else {
      tell_intent(decider, effect, answer);
    }
    return true;
  });
  return {};
}

Answer Batch::decide(const SupplierAnswered& command) {
  Slot* slot = find(command.effect.order());
  if (slot == nullptr || !end_answered(command.effect)) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->after ? *slot->after : *slot->before;
  auto answer = command.answer;
  // That this time nothing was sent says nothing about the time before, by an engine that is gone.
  if (answer.retry_can_help &&
      engine_.sent_again_.contains({command.effect.order(), command.effect.effect_no}))
    answer.outcome = ports::Outcome::unknown;
  change(*slot, "supplier:" + order.header.supplier, [&](domain::Decider& decider) {
    tell_attempt(decider, command.effect, answer);
    return true;
  });
  return {};
}

Answer Batch::decide(const Reveal& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  Answer answer;
  const bool revealed = change(
      *slot, "buyer", [&](domain::Decider& decider) { return decider.reveal().has_value(); });
  if (!revealed) answer.refusal = Refusal::nothing_to_reveal;
  answer.order = slot->after ? std::shared_ptr<const domain::Order>(slot->after) : slot->before;
  return answer;
}

Answer Batch::decide(const Look& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  change(*slot, "timer", [](domain::Decider&) { return true; });
  return {};
}

Answer Batch::decide(const CallAgain& command) {
  const auto& left = command.effect;
  Slot* slot = find(left.order());
  if (slot == nullptr || !end_effect(left)) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->after ? *slot->after : *slot->before;
  const bool is_submit = left.kind == domain::EffectKind::submit_attempt;
  const bool ask =
      command.may_have_left && is_submit && !engine_.terms_of(order.header.supplier).idempotent;
  const auto known = effects_added_.size();
  change(*slot, "takeover", [&](domain::Decider& decider) {
    // The supplier would do it twice: ask instead (F34).
    if (ask)
      decider.attempt_unknown(left.subject_no, "left_while_submitting");
    else
      decider.call_again(left);
    return true;
  });
  if (!command.may_have_left || !is_submit) return {};
  for (auto i = known; i < effects_added_.size(); ++i)
    if (effects_added_[i].kind == left.kind && effects_added_[i].subject_no == left.subject_no)
      sent_again_.push_back(effects_added_[i]);
  return {};
}

}  // namespace daozhang::engine
