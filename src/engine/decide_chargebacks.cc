// What people tell of money that no call of ours moved, whom it flags, and orders that the shop has
// lost.
#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/sha256.h"
#include "domain/order/references.h"
#include "engine/batch.h"

namespace daozhang::engine {
namespace {

using domain::ChargebackRefusal;
using domain::ClaimKind;

Refusal refusal_of(ChargebackRefusal refusal) {
  switch (refusal) {
    case ChargebackRefusal::payment_unknown:
      return Refusal::charged_payment_unknown;
    case ChargebackRefusal::payment_unclear:
      return Refusal::charged_payment_unclear;
    case ChargebackRefusal::case_differs:
      return Refusal::charged_case_differs;
    case ChargebackRefusal::case_returned:
      return Refusal::charged_case_returned;
    case ChargebackRefusal::order_open:
      return Refusal::charged_order_open;
    case ChargebackRefusal::more_than_kept:
      return Refusal::charged_more_than_kept;
  }
  UNREACHABLE();
}

std::vector<std::string> contacts_of(const domain::Order& order) {
  const auto& header = order.header;
  return engine::contacts_of(header.shop_id, header.contact_email, header.contact_phone);
}

bool is_flagging(const domain::Order& order) {
  return std::ranges::any_of(order.chargebacks, &domain::Chargeback::flags_buyer);
}

// Under which an adopted order is claimed, since nobody knows its buyer's key any more.
domain::ClaimKey claim_of_lost(std::string_view order_no) {
  return idempotency_claim(domain::first_shop, "lost:" + std::string(order_no));
}

}  // namespace

std::vector<std::string> contacts_of(domain::ShopId shop, std::string_view email,
                                     std::string_view phone) {
  std::vector<std::string> contacts;
  const std::string of_shop = std::to_string(shop.value) + "\n";
  if (!email.empty()) contacts.push_back(of_shop + "email:" + base::lower(email));
  if (!phone.empty()) contacts.push_back(of_shop + "phone:" + std::string(phone));
  return contacts;
}

domain::ClaimKey flag_key(const std::string& contact, int no) {
  return claim_key(ClaimKind::flagged_contact, contact + "\n" + std::to_string(no));
}

// A contact's first flag is looked for with everything else; the rest of the chain, and the orders
// that it names, only where there is one. Whose contacts a chargeback is about, its order says.
void Batch::load_flags(std::span<const Command> commands) {
  std::vector<std::string> contacts;
  std::vector<domain::ClaimKey> first;
  const auto add_of = [&](domain::OrderKey key) {
    const Slot* slot = find(key);
    if (slot == nullptr) return;
    for (auto& contact : contacts_of(*slot->before)) {
      first.push_back(flag_key(contact, 1));
      contacts.push_back(std::move(contact));
    }
  };
  for (const auto& command : commands) {
    if (const auto* place = std::get_if<PlaceOrder>(&command.body))
      for (auto& contact :
           engine::contacts_of(place->product.shop_id, place->contact_email, place->contact_phone))
        contacts.push_back(std::move(contact));
    if (const auto* charged = std::get_if<ChargeBack>(&command.body)) add_of(charged->order);
    if (const auto* forgiven = std::get_if<ForgiveBuyer>(&command.body)) add_of(forgiven->order);
  }
  load_claims(first);
  for (const auto& contact : contacts)
    for (int no = 2; claimed_.contains(flag_key(contact, no - 1)); ++no)
      load_claims({flag_key(contact, no)});
  std::vector<domain::OrderKey> owners;
  for (const auto& key : flagging(contacts))
    if (find(key) == nullptr) owners.push_back(key);
  load_orders(std::move(owners));
}

std::vector<domain::OrderKey> Batch::flagging(const std::vector<std::string>& contacts) {
  std::vector<domain::OrderKey> orders;
  for (const auto& contact : contacts)
    for (int no = 1;; ++no) {
      const auto known = claimed_.find(flag_key(contact, no));
      if (known == claimed_.end()) break;
      orders.push_back(known->second);
    }
  return orders;
}

void Batch::load_lost(std::span<const Command> commands) {
  std::vector<domain::ClaimKey> claims;
  const auto of_order = [&](domain::OrderKey key) {
    if (find(key) == nullptr) claims.push_back(claim_of_lost(engine_.numbers_.number_of(key)));
  };
  for (const auto& command : commands) {
    if (const auto* asked = std::get_if<AskByHand>(&command.body)) of_order(asked->order);
    const auto* told = std::get_if<TakeNotice>(&command.body);
    if (told == nullptr || told->notice.trade != ports::TradeStatus::paid) continue;
    const auto ref = domain::parse_trade_ref(told->notice.trade_ref);
    const auto key = ref ? engine_.numbers_.order_of(ref->order_no) : std::nullopt;
    if (key) of_order(*key);
  }
  load_claims(claims);
}

Answer Batch::answer_about(const Slot& slot) {
  Answer answer;
  answer.order = slot.order();
  return answer;
}

bool Batch::is_flagged(const PlaceOrder& command) {
  const auto orders = flagging(
      engine::contacts_of(command.product.shop_id, command.contact_email, command.contact_phone));
  return std::ranges::any_of(orders, [&](const domain::OrderKey& key) {
    const Slot* owner = find(key);
    return owner != nullptr && is_flagging(owner->after ? *owner->after : *owner->before);
  });
}

void Batch::flag_contacts(const domain::Order& charged) {
  for (const auto& contact : contacts_of(charged)) {
    const auto known = flagging({contact});
    if (std::ranges::find(known, charged.key()) == known.end())
      claim(flag_key(contact, static_cast<int>(known.size()) + 1), charged.key());
  }
}

Answer Batch::decide(const ChargeBack& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  base::Result<bool, ChargebackRefusal> posted = false;
  change(*slot, "staff:" + command.staff, [&](domain::Decider& decider) {
    posted = decider.charge_back(command.fact, command.reason);
    return posted && *posted;
  });
  if (!posted) return refused(refusal_of(posted.error()));
  if (*posted) flag_contacts(*slot->after);
  Answer answer = answer_about(*slot);
  answer.repeated = !*posted;
  return answer;
}

Answer Batch::decide(const ReturnChargeback& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  const bool returned = change(*slot, "staff:" + command.staff, [&](domain::Decider& decider) {
    return decider.chargeback_returned(command.case_no, command.payment, command.reason);
  });
  return returned ? answer_about(*slot) : refused(Refusal::charged_case_unknown);
}

Answer Batch::decide(const ForgiveBuyer& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  bool any = false;
  auto orders = flagging(contacts_of(slot->now()));
  orders.push_back(command.order);
  for (const auto& key : orders)
    if (Slot* owner = find(key))
      any |= change(*owner, "staff:" + command.staff, [&](domain::Decider& decider) {
        return decider.forgive_buyer(command.reason);
      });
  return any ? answer_about(*slot) : refused(Refusal::buyer_not_flagged);
}

Answer Batch::decide(const RefundWentByHand& command) {
  Slot* slot = find(command.order);
  if (slot == nullptr) return refused(Refusal::order_not_found);
  const bool ended = change(*slot, "staff:" + command.staff, [&](domain::Decider& decider) {
    return command.in_channels_books
               ? decider.refund_found_in_books(command.refund_no, command.reason)
               : decider.refund_went_by_hand(command.refund_no, command.reason);
  });
  return ended ? answer_about(*slot) : refused(Refusal::refund_not_stuck);
}

Batch::Slot* Batch::adopt(const Stray& money) {
  Slot* known = find(money.order);
  const domain::Order* order =
      known == nullptr ? nullptr : (known->after ? known->after.get() : known->before.get());
  const bool is_new = order == nullptr;
  if (!is_new && order->header.currency != money.currency) return nullptr;
  // A payment that an order of ours never opened changes nothing by being told of: a person says
  // that it was lost.
  if (!is_new && !order->is_lost() && money.is_proven) return nullptr;
  const bool can_be = money.intent_no <= engine_.settings_.policy.intents_max &&
                      money.amount_minor > 0 && money.amount_minor <= domain::amount_minor_max;
  if (!can_be) return nullptr;
  auto work = std::make_shared<domain::Order>(is_new ? domain::Order{} : *order);
  auto& header = work->header;
  if (is_new) {
    header.partition = money.order.partition;
    header.order_id = money.order.order_id;
    header.order_no = engine_.numbers_.number_of(money.order);
    header.currency = money.currency;
    header.access_hash = base::to_hex(base::view(
        base::sha256(engine_.numbers_.access_code(header.order_no, "lost:" + header.order_no))));
  }
  BatchShelf shelf(stock_[header.sku]);
  domain::Decider decider(*work, engine_.settings_.policy, engine_.terms_of(header.supplier), shelf,
                          now_, money.actor, trust_);
  decider.because(money.reason);
  if (!decider.adopt(money.intent_no, money.channel, money.amount_minor, money.is_proven))
    return nullptr;
  decider.progress();
  shelf.keep();
  const auto own = claim_of_lost(header.order_no);
  if (is_new && !claimed_.contains(own)) claim(own, money.order);
  Slot& slot = slots_[money.order];
  slot.after = std::move(work);
  keep(slot, decider.take());
  return &slot;
}

}  // namespace daozhang::engine
