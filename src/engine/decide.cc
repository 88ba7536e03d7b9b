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
  const auto claim = idempotency_claim(command.product.shop_id, command.idempotency_key);
  const auto known = claimed_.find(claim);
  if (known != claimed_.end()) return replay(command, known->second);
  return is_flagged(command) ? refused(Refusal::buyer_flagged) : place_new(command, claim);
}

Answer Batch::replay(const PlaceOrder& command, OrderKey owner) {
  const Slot* slot = find(owner);
  CHECK(slot != nullptr);
  const auto order = slot->order();
  if (order->header.request_hash != command.request_hash)
    return refused(Refusal::idempotency_conflict);
  Answer answer;
  answer.order = order;
  answer.repeated = true;
  return answer;
}

Answer Batch::place_new(const PlaceOrder& command, const domain::ClaimKey& key) {
  domain::Order order;
  auto& header = order.header;
  header.partition = key.partition;
  header.order_id = engine_.next_order_id();
  header.order_no = engine_.numbers_.number_of(order.key());
  header.access_hash =
      sha256_hex(engine_.numbers_.access_code(header.order_no, command.idempotency_key));
  freeze(header, command);
  BatchShelf shelf(stock_[header.sku]);
  domain::Decider decider(order, engine_.settings_.policy, engine_.terms_of(header.supplier), shelf,
                          now_, "buyer", trust_);
  if (!decider.place()) return refused(Refusal::out_of_stock);
  const auto opened = decider.open_intent(command.channel, command.needs_create, command.payer);
  CHECK(opened);
  decider.progress();
  shelf.keep();

  claim(key, order.key());
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
    const auto opened = decider.open_intent(command.channel, command.needs_create, command.payer);
    if (opened)
      answer.number = *opened;
    else
      answer.refusal = refusal_of(opened.error());
    return opened.has_value();
  });
  answer.order = slot->order();
  return answer;
}

Answer Batch::decide(const TakeHint& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->now();
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

Answer Batch::decide(const SupplierAnswered& command) {
  Slot* slot = peek(command.effect.order());
  if (slot == nullptr || !is_open(command.effect)) return refused(Refusal::order_not_found);
  const domain::Order& order = slot->now();
  auto answer = command.answer;
  // That this time it was not sent, or not taken, says nothing about the time before, by an engine
  // that is gone: the supplier is asked.
  if (answer.outcome == ports::Outcome::failed &&
      engine_.sent_again_.contains({command.effect.order(), command.effect.effect_no}))
    answer.outcome = ports::Outcome::unknown;
  return change_by_answer(
      *slot, "supplier:" + order.header.supplier, command.effect,
      [&](domain::Decider& decider) { tell_attempt(decider, command.effect, answer); });
}

Answer Batch::decide(const Reveal& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  Answer answer;
  const bool revealed = change(
      *slot, "buyer", [&](domain::Decider& decider) { return decider.reveal().has_value(); });
  if (!revealed) answer.refusal = Refusal::nothing_to_reveal;
  answer.order = slot->order();
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
  const domain::Order& order = slot->now();
  const bool is_submit = left.kind == domain::EffectKind::submit_attempt;
  const bool ask =
      command.may_have_left && is_submit && !engine_.terms_of(order.header.supplier).idempotent;
  const bool ask_refund = command.may_have_left && left.kind == domain::EffectKind::refund;
  const auto known = effects_added_.size();
  change(*slot, "takeover", [&](domain::Decider& decider) {
    // A supplier that would do it twice is asked instead (F34). So is every channel: its no to a
    // second refund would prove nothing about the first (F23).
    if (ask)
      decider.attempt_unknown(left.subject_no, "left_while_submitting");
    else if (ask_refund)
      decider.refund_unknown(left.subject_no, "left_while_refunding");
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
