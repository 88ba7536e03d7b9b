#include "sim/model/reference_model.h"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>
#include "domain/order/change.h"

namespace daozhang::sim {
using namespace domain;  // Its words, and the ports', are the language of this file.
using namespace ports;
namespace {
bool is_secret(const Order& order) { return order.header.kind == ProductKind::secret; }

// A unit has one end (S19): delivered, or failed for a reason.
void end(Unit& unit, UnitReason reason, base::Instant at) {
  if (unit.is_final()) return;
  unit.reason = reason;
  unit.state = reason == UnitReason::none ? UnitState::delivered : UnitState::failed;
  (reason == UnitReason::none ? unit.delivered_at : unit.failed_at) = at;
}

// SETTLED 15 and the glossary. A surplus is nobody's goods: it moves no state (S2).
OrderState state_of(const Order& order) {
  const auto ended = std::ranges::count_if(order.units, &Unit::is_final);
  const auto arrived = std::ranges::count(order.units, UnitState::delivered, &Unit::state);
  using enum RefundPurpose;  // A surplus and a reversal are on their own (SETTLED 14, 18).
  const auto is_owed = [](const auto& r) { return r.purpose != surplus && r.purpose != reversal; };
  const auto waits = [&](const auto& r) { return is_owed(r) && !r.money_is_on_its_way(); };
  if (!order.is_paid() && std::ranges::none_of(order.refunds, is_owed))
    return order.is_expired() ? OrderState::expired : OrderState::awaiting_payment;
  if (order.is_paid() && ended == 0 && order.attempts.empty()) return OrderState::paid;
  if (order.is_paid() && ended < std::ssize(order.units)) return OrderState::fulfilling;
  if (order.is_paid() && arrived == ended) return OrderState::delivered;
  if (std::ranges::any_of(order.refunds, waits)) return OrderState::giving_back;
  return arrived > 0 ? OrderState::partially_delivered : OrderState::given_back;
}

// What came and neither goes back nor was taken back.
std::int64_t kept_of(const auto& story) {
  const Order& o = story.order;
  std::int64_t kept = 0;
  for (const auto& [unit_no, owed] : story.reversed) kept -= owed;
  for (const auto& payment : o.payments) kept += payment.amount_minor;
  for (auto& r : o.refunds) kept -= (r.purpose != RefundPurpose::reversal) * r.amount_minor;
  for (auto& c : o.chargebacks) kept -= (c.state == ChargebackState::taken) * c.amount_minor;
  return kept;
}

// What must go back, for each purpose and its unit or payment; and of no payment more than came.
std::string differ_in_refunds(const auto& story) {
  std::map<std::pair<RefundPurpose, std::int32_t>, std::int64_t> missing;
  std::map<std::int32_t, std::int64_t> left;
  for (const auto& p : story.order.payments) {
    left[p.payment_no] = p.amount_minor;
    missing[{RefundPurpose::surplus, p.payment_no}] = p.amount_minor - p.applied_minor;
    if (story.gone_back.contains(p.payment_no))
      missing[{RefundPurpose::shortfall, p.payment_no}] = p.applied_minor;
  }
  const auto price = story.order.header.unit_price_minor;
  for (const auto& unit : story.order.units)
    missing[{RefundPurpose::unit, unit.unit_no}] = (unit.state == UnitState::failed) * price;
  for (const auto& [no, owed] : story.reversed) missing[{RefundPurpose::reversal, no}] = owed;
  for (const auto& refund : story.order.refunds) {
    const auto of = refund.unit_no > 0 ? refund.units() : std::vector{refund.payment_no};
    for (auto rest = refund.amount_minor; const auto no : of) {
      auto& owed = missing[{refund.purpose, no}];
      const auto part = no == of.back() ? rest : std::clamp<std::int64_t>(owed, 0, rest);
      std::tie(owed, rest) = std::pair(owed - part, rest - part);
    }
    if (refund.amount_minor <= 0 || (left[refund.payment_no] -= refund.amount_minor) < 0)
      return fmt::format("refund {} gives back what did not come", refund.refund_no);
  }
  for (const auto& [what, sum] : missing)
    if (sum != 0)
      return fmt::format("for {} {} {} is missing", base::name_of(what.first), what.second, sum);
  return {};
}

}  // namespace

void ReferenceModel::decided(const engine::Command& command, base::Instant now,
                             bool time_is_trusted, std::optional<OrderKey> placed) {
  std::tie(now_, time_is_trusted_) = std::tie(now, time_is_trusted);
  const auto make = [&](const auto& body) {
    if constexpr (requires { place(body, *placed); }) place(body, *placed);
  };
  if (placed && !stories_.contains(*placed)) std::visit(make, command.body);
  const auto tell = [this](const auto& body) {
    OrderKey key;
    if constexpr (requires { body.order; }) key = body.order;
    if constexpr (requires { body.effect; }) key = body.effect.order();
    if constexpr (requires { body.notice; })
      key = numbers_[body.notice.trade_ref.substr(0, body.notice.trade_ref.find('_'))];
    if (!stories_.contains(key)) return;
    Story& story = stories_.at(key);
    if constexpr (requires { body.answer; })  // One call has one result.
      if (!story.answered.emplace(body.effect.effect_no, body.effect.decided_at).second) return;
    if constexpr (requires { hear(story, body); }) hear(story, body);
    let_time_pass(story);
  };
  std::visit(tell, command.body);
}

void ReferenceModel::place(const engine::PlaceOrder& asked, OrderKey key) {
  auto [order, h] = std::tie(stories_[key].order, stories_[key].order.header);
  const auto& p = asked.product;
  std::tie(h.partition, h.order_id, h.shop_id, h.sku, h.product_version, h.kind) =
      std::tie(key.partition, key.order_id, p.shop_id, p.sku, p.product_version, p.kind);
  std::tie(h.unit_price_minor, h.currency, h.promise_seconds, h.supplier, h.supplier_sku) =
      std::tie(p.price_minor, p.currency, p.promise_seconds, p.supplier, p.supplier_sku);
  std::tie(h.product_name, h.quantity, h.face_minor, h.cost_minor_max, h.placed_at) =
      std::tie(asked.product_name, asked.quantity, p.face_minor, p.cost_minor_max, now_);
  std::tie(h.contact_email, h.contact_phone, h.request_hash) =
      std::tie(asked.contact_email, asked.contact_phone, asked.request_hash);
  std::tie(h.target, h.target_display) = std::tie(asked.target, asked.target_display);
  h.pay_by = now_ + policy_.payment_window;
  h.deadline = h.pay_by + base::seconds(h.promise_seconds);
  for (std::int32_t no = 1; no <= asked.quantity; ++no) {
    Unit& unit = order.units.emplace_back();
    std::tie(unit.partition, unit.order_id, unit.unit_no) = std::tie(h.partition, h.order_id, no);
    if (is_secret(order)) unit.hold = HoldState::held;
  }
}

// Money for a number of ours and no such order: made anew, of one unit that can only go back.
void ReferenceModel::place(const engine::TakeNotice& told, OrderKey key) {
  engine::PlaceOrder asked;
  auto& p = asked.product;
  std::tie(p.sku, p.kind) = std::tuple(lost_order_sku, ProductKind::topup);
  std::tie(p.price_minor, p.currency) = std::tie(told.notice.amount_minor, told.notice.currency);
  place(asked, key);
}

// Posted once; what the shop keeps of the order is less by it.
void ReferenceModel::hear(Story& story, const engine::ChargeBack& told) const {
  auto [header, list] = std::tie(story.order.header, story.order.chargebacks);
  const auto is_meant = [&](const Payment& p) { return told.fact.payment.fits(p); };
  const auto paid = std::ranges::find_if(story.order.payments, is_meant);
  const auto no = static_cast<std::int32_t>(std::ssize(list)) + 1;
  list.push_back({header.partition, header.order_id, no, paid->payment_no, told.fact.case_no,
                  ChargebackState::taken, told.fact.amount_minor, now_});
}

void ReferenceModel::hear(Story& story, const engine::ReturnChargeback& told) const {
  auto& won = *std::ranges::find(story.order.chargebacks, told.case_no, &Chargeback::case_no);
  std::tie(won.state, won.returned_at, won.flags_buyer, story.person_may_look) =
      std::tuple(ChargebackState::returned, now_, false, true);  // A reversed unit may be owed.
}

void ReferenceModel::hear(Story& story, const engine::RefundWentByHand& told) const {
  story.order.refunds.at(told.refund_no - 1).state = RefundState::settled;
}

// A fact about money counts once, by its channel and trade number.
void ReferenceModel::take_money(Story& story, std::int32_t intent_no, const auto& fact,
                                FactSource by) {
  auto& order = story.order;
  const std::string& channel = order.intents.at(intent_no - 1).channel;
  const bool is_whole = fact.amount_minor > 0 && !fact.trade_no.empty();
  if (!is_whole || fact.currency != order.header.currency) return;
  if (!trades_.emplace(std::pair(channel, fact.trade_no), order.key()).second) return;
  const auto owed = order.price_minor() - story.escrow_minor;
  const bool counts = !order.is_expired() || fact.amount_minor >= owed;  // Late: all or nothing.
  const auto applied = counts ? std::min(fact.amount_minor, owed) : 0;
  const auto no = static_cast<std::int32_t>(order.payments.size()) + 1;
  order.payments.push_back({order.header.partition, order.header.order_id, no, intent_no, channel,
                            fact.trade_no, fact.amount_minor, applied, by, fact.paid_at, now_});
  story.over.insert(intent_no);
  story.escrow_minor += applied;
  if (!order.is_paid() && story.escrow_minor == order.price_minor()) begin(order);
}

// Channel, intent, sum, currency and status must agree; else it is asked about (0011, 0018, 0019).
void ReferenceModel::hear(Story& story, const engine::TakeNotice& told) {
  const auto& notice = told.notice;
  const bool asks = policy_.is_to_be_confirmed(told.channel, notice.amount_minor);
  if (story.order.is_lost() || asks) return;
  for (const auto& intent : story.order.intents)
    if (notice.trade_ref == fmt::format("{}_{}", story.order.header.order_no, intent.intent_no) &&
        intent.channel == told.channel && intent.amount_minor == notice.amount_minor &&
        notice.trade == TradeStatus::paid && !notice.about_refund)
      take_money(story, intent.intent_no, notice, FactSource::notification);
}

void ReferenceModel::hear(Story& story, const engine::PaymentAnswered& told) {
  const auto& [effect, answer] = told;
  const bool done = answer.outcome == Outcome::done, failed = answer.outcome == Outcome::failed;
  const bool confirm = effect.kind == EffectKind::query_refund;
  if (effect.kind == EffectKind::refund || confirm) {
    auto& refund = story.order.refunds.at(effect.subject_no - 1);
    const auto& terms = policy_.terms_of(refund.channel);
    story.person_may_look |= answer.needs_person || !terms.idempotent_refund;
    if (answer.needs_person && !refund.money_is_on_its_way()) refund.state = RefundState::accepted;
    if (done && (confirm || !terms.refund_query))
      refund.state = RefundState::settled;
    else if (refund.money_is_on_its_way() || (confirm && failed))
      story.person_may_look |= refund.try_count + 1 >= policy_.refund_confirm_tries_max;
    else if (done || (confirm && answer.outcome == Outcome::accepted))
      refund.state = RefundState::accepted;
    else if (failed && !answer.retry_later)
      story.order.header.quarantined = true;
    return;
  }
  using enum TradeStatus;
  const auto& intent = story.order.intents.at(effect.subject_no - 1);
  const bool query = effect.kind == EffectKind::query_payment && done;
  const bool close = effect.kind == EffectKind::close_payment;
  const bool create = effect.kind == EffectKind::create_payment;
  const bool closing = time_is_trusted_ && intent.state == IntentState::closing;
  const auto pay_by = story.order.header.pay_by;
  const bool let_go = answer.trade == not_exist ||
                      (answer.trade == waiting && !policy_.terms_of(intent.channel).close);
  const auto says = [&](TradeStatus trade) { return query && answer.trade == trade; };
  // Given back elsewhere before it counted, or no money of this order's. Or paid, and not (F18).
  const auto whose = trades_.find({intent.channel, answer.trade_no});
  const bool odd = whose == trades_.end() ? answer.some_went_back : whose->second != effect.order();
  const bool is_ours = answer.currency == story.order.header.currency && !odd;
  const bool is_lost = answer.needs_person || (says(paid) && !is_ours);
  const auto& came = story.order.payments;
  const bool has_paid = std::ranges::count(came, effect.subject_no, &Payment::intent_no) > 0;
  story.person_may_look |= is_lost || (says(closed) && has_paid);
  if (says(paid) && !is_lost)
    take_money(story, effect.subject_no, answer, FactSource::query);
  else if ((create && failed && intent.state == IntentState::preparing) || (close && done) ||
           says(closed) || (closing && is_lost && now_ >= pay_by) ||
           (closing && effect.decided_at >= pay_by && let_go && (query || (close && failed))))
    story.over.insert(effect.subject_no);
}

// Paid: what is held is issued, suppliers are called, at once unless the end is too near.
void ReferenceModel::begin(Order& order) const {
  auto& h = order.header;
  const auto promised = now_ + base::seconds(h.promise_seconds);
  h.paid_at = now_;
  h.fulfill_by = now_ < h.deadline ? std::min(promised, h.deadline) : promised;
  for (auto& unit : order.units) {
    if (order.is_lost()) end(unit, UnitReason::order_lost, now_);
    if (unit.hold == HoldState::held) {
      unit.hold = HoldState::consumed;
      end(unit, UnitReason::none, now_);
    } else if (!is_secret(order) && !unit.is_final() && !ends_within(h, {})) {
      unit.state = UnitState::fulfilling;
      order.attempts.emplace_back().unit_no = unit.unit_no;
    }
  }
}

void ReferenceModel::hear(Story& story, const engine::SupplierAnswered& told) {
  const auto& [effect, answer] = told;
  if (answer.retry_can_help && effect.kind != EffectKind::submit_attempt) return;  // Never left.
  auto& attempt = story.order.attempts.at(effect.subject_no - 1);
  auto& unit = story.order.units[attempt.unit_no - 1];
  const auto& terms = suppliers_[story.order.header.supplier];
  const bool done = answer.outcome == Outcome::done, failed = answer.outcome == Outcome::failed;
  const bool past = time_is_trusted_ &&  // Whatever was asked before it, comes too early.
                    effect.decided_at >= attempt.intended_at + terms.in_flight_horizon;
  // A no to a copy proves nothing: an earlier one may have left.
  const bool submit = effect.kind == EffectKind::submit_attempt;
  if (submit && story.copies.erase(effect.subject_no) > 0 && failed) return;
  // A person: two final answers, or unknown past the horizon and not to be sent twice (SETTLED 16).
  story.person_may_look |= done || failed ? !attempt.is_open() : past && !terms.idempotent;
  // Past the horizon "not found" is an answer, if nothing is to be sent again.
  const bool last = unit.is_final() || (terms.idempotent && ends_within(story.order.header, {}));
  if (past && last && attempt.is_open() && answer.word == SupplierWord::not_found) {
    attempt.state = AttemptState::failed;
    end(unit, UnitReason::deadline_missed, now_);
  } else if (done && attempt.state != AttemptState::done &&
             attempt.state != AttemptState::reversed) {
    attempt.state = AttemptState::done;
    attempt.loss_booked = unit.is_final();  // The buyer no longer needs it.
    ++story.there[unit.unit_no];
    end(unit, UnitReason::none, now_);
  } else if (answer.word == SupplierWord::reversed && attempt.state == AttemptState::done) {
    attempt.state = AttemptState::reversed;
    auto& owed = story.reversed[unit.unit_no];  // It goes back, but for what the channel took.
    if (--story.there[unit.unit_no] > 0 || unit.state != UnitState::delivered || owed > 0) return;
    owed = std::clamp<std::int64_t>(kept_of(story), 0, story.order.header.unit_price_minor);
  } else if (failed && attempt.is_open()) {
    const bool canceled = answer.word == SupplierWord::canceled;
    attempt.state = canceled ? AttemptState::canceled : AttemptState::failed;
    std::tie(attempt.ended_at, attempt.retry_can_help) = std::tie(now_, answer.retry_can_help);
    if (canceled && attempt.cancel_asked) end(unit, UnitReason::deadline_missed, now_);
    if (!answer.retry_can_help) end(unit, UnitReason::supplier_refused, now_);
    if (!unit.is_final()) unit.state = UnitState::waiting;
  }
}

// Deadlines, exactly. Unpaid: once no channel can take money any more, or was silent too long.
void ReferenceModel::let_time_pass(Story& story) const {
  auto [order, h] = std::tie(story.order, story.order.header);
  story.person_may_look |= now_ >= (order.is_paid() ? h.paid_at : h.pay_by) + base::hours(1);
  for (const auto& refund : order.refunds)
    story.person_may_look |= !refund.money_is_on_its_way() && now_ >= refund.accept_by;
  for (const auto& p : order.payments)  // Its channel gives nothing back any more (F27).
    story.person_may_look |= now_ >= p.learned_at + policy_.terms_of(p.channel).refund_window;
  if (!time_is_trusted_) return;
  for (auto& intent : order.intents) {  // Its window is over; the channel is told if it knows it.
    if (now_ >= h.pay_by && intent.waits_for_payer()) story.over.insert(intent.intent_no);
    if (now_ >= h.pay_by && intent.state == IntentState::ready) intent.state = IntentState::closing;
  }
  for (auto& unit : order.units) {
    if (!order.is_paid() || now_ < h.fulfill_by || unit.is_final() || is_secret(order)) continue;
    end(unit, UnitReason::deadline_missed, now_);
    for (auto& attempt : order.attempts)
      if (attempt.unit_no == unit.unit_no && attempt.is_open()) attempt.disowned_at = now_;
  }
  const bool is_over = story.over.size() == order.intents.size() ||
                       now_ >= h.pay_by + policy_.hold_after_window || order.is_expired();
  if (order.is_paid() || now_ < h.pay_by || !is_over) return;
  if (!order.is_expired()) h.expired_at = now_;
  for (auto& unit : order.units) unit.hold = is_secret(order) ? HoldState::released : unit.hold;
  for (const auto& payment : order.payments)
    if (payment.applied_minor > 0) story.gone_back.insert(payment.payment_no);
  story.escrow_minor = 0;
}

std::optional<std::string> ReferenceModel::compare(const Order& row) {
  if (!stories_.contains(row.key())) return "no command placed this order";
  Story& story = stories_.at(row.key());
  take_over(story, row);
  const auto told = [](const Order& o) {
    return fmt::format("{} units, {} payments, {} attempts, {} refunds", o.units.size(),
                       o.payments.size(), o.attempts.size(), o.refunds.size());
  };
  if (told(row) != told(story.order)) return told(row) + ", not " + told(story.order);
  for (const auto& unit : story.order.units)
    if (unit.hold == HoldState::consumed && unit.item_id.is_none())
      return fmt::format("unit {} has no item, or that of another unit", unit.unit_no);
  if (auto found = differ_in_refunds(story); !found.empty()) return found;
  if (story.order == row) return {};
  return "to be what the documents say the row needs: " + change_body(&row, story.order, {});
}

// What the documents leave to the engine, within what they allow.
void ReferenceModel::take_over(Story& story, const Order& row) {
  auto [order, h, r] = std::tie(story.order, story.order.header, row.header);
  if (h.order_no.empty()) std::tie(h.order_no, h.access_hash) = std::tie(r.order_no, r.access_hash);
  numbers_[h.order_no] = row.key();
  std::tie(h.version, h.closed_at, h.transfer_count, h.effect_count, h.due_at,
           h.quarantine_reason) = std::tie(r.version, r.closed_at, r.transfer_count, r.effect_count,
                                           r.due_at, r.quarantine_reason);
  h.quarantined |= story.person_may_look && r.quarantined;
  order.intents = row.intents;
  for (std::size_t i = 0; i < row.attempts.size(); ++i)
    take_over_attempt(order, i, row.attempts[i]);
  for (std::size_t i = 0; i < std::min(row.units.size(), order.units.size()); ++i)
    take_over_unit(order, order.units[i], row.units[i]);
  for (std::size_t i = 0; i < row.refunds.size(); ++i) {
    auto seen = row.refunds[i];
    if (i == order.refunds.size()) order.refunds.emplace_back(seen).state = RefundState::decided;
    auto& refund = order.refunds[i];
    if (refund.money_is_on_its_way() || seen.money_is_on_its_way()) seen.state = refund.state;
    if (refund.was_never_sent()) refund.amount_minor = seen.amount_minor;
    std::tie(seen.payment_no, seen.purpose, seen.unit_no, seen.amount_minor) =
        std::tie(refund.payment_no, refund.purpose, refund.unit_no, refund.amount_minor);
    refund = seen;
  }
  h.state = state_of(order);
}

// A next attempt may begin when the unit waits for one: nothing is under way for it.
void ReferenceModel::take_over_attempt(Order& order, std::size_t i, Attempt seen) const {
  auto& unit = order.units[std::clamp<std::size_t>(seen.unit_no, 1, order.units.size()) - 1];
  const bool waits = order.is_paid() && !is_secret(order) && unit.state == UnitState::waiting;
  if (i == order.attempts.size() && waits) {
    unit.state = UnitState::fulfilling;
    order.attempts.emplace_back().unit_no = unit.unit_no;
  }
  if (i >= order.attempts.size()) return;
  auto& attempt = order.attempts[i];
  if (!attempt.is_open() || !seen.is_open()) seen.state = attempt.state;
  std::tie(seen.unit_no, seen.disowned_at, seen.loss_booked) =
      std::tie(attempt.unit_no, attempt.disowned_at, attempt.loss_booked);
  attempt = seen;
}

void ReferenceModel::take_over_unit(Order& order, Unit& unit, const Unit& seen) {
  const bool waits = order.is_paid() && unit.state == UnitState::waiting;
  const bool failed = seen.state == UnitState::failed;
  const auto told = [&](auto& a) { return failed || a.call == AttemptCall::none ? a.unit_no : 0; };
  const auto tries = std::ranges::count(order.attempts, unit.unit_no, told);
  if (waits && is_secret(order)) {  // Its hold had gone back: stock decides.
    if (!failed) unit.hold = HoldState::consumed;
    end(unit, failed ? UnitReason::out_of_stock : UnitReason::none, order.header.paid_at);
  } else if (waits && failed && ends_within(order.header, policy_.attempt_retry_max)) {
    end(unit, seen.reason, now_);  // Hope, and hardly time for it.
  }
  if (waits && tries >= policy_.attempts_max) end(unit, UnitReason::supplier_refused, now_);
  std::tie(unit.began_at, unit.revealed_at, unit.proof) =
      std::tie(seen.began_at, seen.revealed_at, seen.proof);
  // What was held is issued, and what is issued has one owner for ever.
  const bool owns = unit.hold == HoldState::consumed;
  if (waits || unit.hold == HoldState::released) unit.item_id = {};
  const auto me = std::pair(order.key(), unit.unit_no);
  const auto owner = owns ? owners_.try_emplace(seen.item(), me).first->second : me;
  if (unit.item_id.is_none() && owner == me)
    std::tie(unit.item_partition, unit.item_id) = std::tie(seen.item_partition, seen.item_id);
}

}  // namespace daozhang::sim
