#include "engine/calls.h"

#include "base/canonical_json.h"
#include "base/check.h"
#include "domain/order/references.h"

namespace daozhang::engine {
namespace {

using domain::EffectKind;

template <class List>
const auto& numbered(const List& list, std::int32_t no) {
  CHECK(no >= 1 && no <= std::ssize(list));
  return list[static_cast<std::size_t>(no - 1)];
}

ports::PaymentCall intent_call(const domain::Order& order, const domain::Effect& effect,
                               ports::PaymentCallKind kind) {
  ports::PaymentCall call;
  call.kind = kind;
  call.order = channel_order_of(order, numbered(order.intents, effect.subject_no));
  return call;
}

ports::PaymentCall refund_call(const domain::Order& order, const domain::Refund& refund,
                               ports::PaymentCallKind kind) {
  const auto& payment = numbered(order.payments, refund.payment_no);
  ports::PaymentCall call;
  call.kind = kind;
  call.order = channel_order_of(order, numbered(order.intents, payment.intent_no));
  // What the channel took: of an intent that was made anew the sum was a guess.
  call.order.amount_minor = payment.amount_minor;
  call.refund_ref = refund.refund_ref;
  call.refund_minor = refund.amount_minor;
  call.refund_reason = base::name_of(refund.purpose);
  return call;
}

std::vector<std::pair<std::string, std::string>> target_fields(const std::string& target) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (target.empty()) return fields;
  base::CanonicalReader reader(target);
  reader.open_object();
  while (auto name = reader.next_key()) fields.emplace_back(*name, reader.text());
  CHECK(!reader.failed());
  return fields;
}

ports::SupplierCall supplier_call(const domain::Order& order, const domain::Attempt& attempt,
                                  ports::SupplierCallKind kind) {
  const auto& header = order.header;
  ports::SupplierCall call;
  call.kind = kind;
  call.reference = attempt.reference;
  call.sku = header.supplier_sku;
  call.target = target_fields(header.target);
  call.face_minor = header.face_minor;
  call.cost_minor_max = header.cost_minor_max;
  call.currency = header.currency;
  return call;
}

}  // namespace

ports::ChannelOrder channel_order_of(const domain::Order& order, const domain::Intent& intent) {
  ports::ChannelOrder result;
  result.trade_ref = domain::trade_ref(order.header.order_no, intent.intent_no);
  result.amount_minor = intent.amount_minor;
  result.currency = order.header.currency;
  result.subject = order.header.product_name;
  result.created_at = intent.opened_at;
  result.expires_at = intent.expires_at;
  result.payer_ip = intent.payer_ip;
  result.payer_id = intent.payer_id;
  return result;
}

Call call_of(const domain::Order& order, const domain::Effect& effect) {
  Call call;
  call.effect = effect;
  const auto of_intent = [&](ports::PaymentCallKind kind) {
    call.peer = numbered(order.intents, effect.subject_no).channel;
    call.request = intent_call(order, effect, kind);
  };
  const auto of_refund = [&](ports::PaymentCallKind kind) {
    const auto& refund = numbered(order.refunds, effect.subject_no);
    call.peer = refund.channel;
    call.request = refund_call(order, refund, kind);
  };
  const auto of_attempt = [&](ports::SupplierCallKind kind) {
    const auto& attempt = numbered(order.attempts, effect.subject_no);
    call.peer = attempt.supplier;
    call.request = supplier_call(order, attempt, kind);
  };
  switch (effect.kind) {
    case EffectKind::create_payment:
      of_intent(ports::PaymentCallKind::create);
      break;
    case EffectKind::query_payment:
      of_intent(ports::PaymentCallKind::query);
      break;
    case EffectKind::close_payment:
      of_intent(ports::PaymentCallKind::close);
      break;
    case EffectKind::refund:
      of_refund(ports::PaymentCallKind::refund);
      break;
    case EffectKind::query_refund:
      of_refund(ports::PaymentCallKind::query_refund);
      break;
    case EffectKind::submit_attempt:
      of_attempt(ports::SupplierCallKind::submit);
      break;
    case EffectKind::query_attempt:
      of_attempt(ports::SupplierCallKind::query);
      break;
    case EffectKind::cancel_attempt:
      of_attempt(ports::SupplierCallKind::cancel);
      break;
  }
  return call;
}

}  // namespace daozhang::engine
