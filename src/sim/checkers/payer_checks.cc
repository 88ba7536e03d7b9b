#include "sim/checkers/payer_checks.h"

#include <algorithm>

#include <fmt/format.h>

namespace daozhang::sim {

using domain::IntentState;
using domain::Order;

void PayerChecks::violated(std::string_view invariant, std::string_view what, const Order& order) {
  record_.violated(invariant, fmt::format("{} (order {})", what, order.header.order_no),
                   order.key());
}

void PayerChecks::told(const std::string& buyer, const domain::Payer& payer) {
  auto& words = told_[buyer].words;
  if (!payer.id.empty()) words.insert(payer.id);
  if (!payer.ip.empty()) words.insert(payer.ip);
}

void PayerChecks::opened(const Order& order, std::int32_t intent_no, const std::string& payer_id) {
  const auto [owner, is_new] =
      told_[order.header.request_hash].owners.try_emplace(intent_no, payer_id);
  if (is_new) return;
  record_.reached(Sometimes::payment_of_its_payer_again);
  if (owner->second != payer_id)
    violated("S11", "the payment of one payer was opened for another", order);
}

void PayerChecks::sent(const Order& order, const domain::Intent& intent,
                       const ports::PaymentCall& call) {
  const auto known = told_.find(order.header.request_hash);
  const auto& id = call.order.payer_id;
  if (known == told_.end()) {
    if (!id.empty()) violated("S11", "a payment is made for a payer whom nobody named", order);
    return;
  }
  const auto& [channel, words, owners] = known->second;
  // Of one that was paid in the commit that decided the call nothing of the payer is left, and the
  // gateway does not make it.
  const bool is_moot = id.empty() && intent.settled_at.is_set();
  if (is_moot) return;
  if (id.empty() && intent.channel == channel)
    violated("S11", "a payment is made before its payer is named", order);
  if (!id.empty() && !words.contains(id))
    violated("S11", "a payment is made for a payer whom nobody named", order);
  const auto owner = owners.find(intent.intent_no);
  if (owner != owners.end() && owner->second != id)
    violated("S11", "a payment is made for another than its payer", order);
}

// What was never at the channel is let go without a question, unless a person asks.
void PayerChecks::check_unmade(const ports::OrderChange& change, const ports::Commit& commit) {
  if (change.before == nullptr) return;
  const Order& order = *change.after;
  if (change.event.body.find("\"asked_by_hand\"") != std::string::npos) return;
  for (const auto& before : change.before->intents) {
    const auto& after = order.intents.at(static_cast<std::size_t>(before.intent_no - 1));
    if (!before.waits_for_payer() || after.state == IntentState::preparing) continue;
    // He was named in this very commit, in which another payment of the order counted.
    if (after.call == domain::IntentCall::create) continue;
    record_.reached(Sometimes::payer_never_named);
    const bool is_asked = std::ranges::any_of(commit.effects_added, [&](const auto& effect) {
      return effect.order() == order.key() && effect.subject_no == before.intent_no &&
             (effect.kind == domain::EffectKind::query_payment ||
              effect.kind == domain::EffectKind::close_payment);
    });
    if (is_asked || after.state != IntentState::closed)
      violated("L2", "the channel is asked about what was never there", order);
  }
}

// What is needed for one call is no fact about the order.
void PayerChecks::committed(const ports::Commit& commit) {
  for (const auto& change : commit.orders) {
    const Order& order = *change.after;
    const auto known = told_.find(order.header.request_hash);
    if (known == told_.end()) continue;
    check_unmade(change, commit);
    const auto& body = change.event.body;
    if (std::ranges::any_of(known->second.words,
                            [&](const auto& word) { return body.find(word) != body.npos; }))
      violated("S31", "who pays stands in an event", order);
    for (const auto& intent : order.intents) {
      const bool is_over = intent.settled_at.is_set();
      if (is_over && !(intent.payer_id.empty() && intent.payer_ip.empty()))
        violated("S31", "who paid is kept when nothing is made with it any more", order);
      if (intent.state == IntentState::ready && !intent.payer_ip.empty())
        violated("S31", "the payer's address is kept when the payment is open", order);
    }
  }
}

}  // namespace daozhang::sim
