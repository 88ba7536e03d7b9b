#include "domain/order/decider.h"

#include <algorithm>

#include "base/check.h"
#include "domain/order/order_state.h"

namespace daozhang::domain {

namespace {

// Further ones would only make the row longer.
constexpr std::int32_t refunds_named_max = 9;

}  // namespace

Decider::Decider(Order& order, const Policy& policy, const SupplierTerms& terms, Shelf& shelf,
                 base::Instant now, std::string actor, TimeTrust trust)
    : order_(order), policy_(policy), terms_(terms), shelf_(shelf), now_(now), trust_(trust) {
  out_.cause.actor = std::move(actor);
}

Intent& Decider::intent(std::int32_t no) {
  CHECK(no >= 1 && no <= std::ssize(order_.intents));
  return order_.intents[static_cast<std::size_t>(no - 1)];
}

Attempt& Decider::attempt(std::int32_t no) {
  CHECK(no >= 1 && no <= std::ssize(order_.attempts));
  return order_.attempts[static_cast<std::size_t>(no - 1)];
}

Refund& Decider::refund(std::int32_t no) {
  CHECK(no >= 1 && no <= std::ssize(order_.refunds));
  return order_.refunds[static_cast<std::size_t>(no - 1)];
}

Unit& Decider::unit(std::int32_t no) {
  CHECK(no >= 1 && no <= std::ssize(order_.units));
  return order_.units[static_cast<std::size_t>(no - 1)];
}

void Decider::happened(std::string_view what) { out_.cause.what.emplace_back(what); }

void Decider::add_effect(EffectKind kind, std::int32_t subject_no) {
  Effect effect;
  effect.partition = order_.header.partition;
  effect.order_id = order_.header.order_id;
  effect.effect_no = ++order_.header.effect_count;
  effect.kind = kind;
  effect.subject_no = subject_no;
  effect.decided_at = now_;
  out_.effects.push_back(effect);
  happened(base::name_of(kind));
}

bool Decider::is_awaited(const Effect& effect) {
  const auto no = effect.subject_no;
  switch (effect.kind) {
    case EffectKind::create_payment:
      return intent(no).call == IntentCall::create;
    case EffectKind::query_payment:
      return intent(no).call == IntentCall::query;
    case EffectKind::close_payment:
      return intent(no).call == IntentCall::close;
    case EffectKind::refund:
      return refund(no).call == RefundCall::refund;
    case EffectKind::query_refund:
      return refund(no).call == RefundCall::query;
    case EffectKind::submit_attempt:
      return attempt(no).call == AttemptCall::submit;
    case EffectKind::query_attempt:
      return attempt(no).call == AttemptCall::query;
    case EffectKind::cancel_attempt:
      return attempt(no).call == AttemptCall::cancel;
  }
  UNREACHABLE();
}

void Decider::resume_question(const Effect& question, std::int32_t asked) {
  const auto no = question.subject_no;
  auto& count =
      question.kind == EffectKind::query_attempt ? attempt(no).ask_count : intent(no).ask_count;
  count += asked;
}

// But for the payment that it has just found.
void Decider::ask_behind_answer(const Effect& question, const Order& before) {
  const auto no = question.subject_no;
  // What is to be called off is not asked first: the answer to that tells as much.
  if (question.kind == EffectKind::query_attempt) {
    if (!wants_cancel(attempt(no))) ask_attempt(no);
    return;
  }
  const bool was_paid = before.intents[static_cast<std::size_t>(no - 1)].state == IntentState::paid;
  if (was_paid || intent(no).state != IntentState::paid) ask_intent(no);
}

std::optional<AskAgain> Decider::keep_asking(const Effect& question, const Order& before) {
  // The words of an answer that tells no more than the one before are not kept.
  const auto keep = [&](auto& each, const auto& was, auto words) {
    const AskAgain again{each.next_ask_at, each.ask_count - was.ask_count};
    each.call = was.call;
    each.ask_count = was.ask_count;
    each.next_ask_at = was.next_ask_at;
    if (each.state == was.state && !(was.*words).empty()) each.*words = was.*words;
    order_.header.due_at = next_due();
    return again;
  };
  const auto is_soon = [&](base::Instant at) {
    return at.is_set() && at <= now_ + policy_.question_open_max;
  };
  const auto place = static_cast<std::size_t>(question.subject_no - 1);
  if (question.kind == EffectKind::query_attempt) {
    auto& each = order_.attempts[place];
    const bool goes_on = each.is_open() && each.call == AttemptCall::none;
    if (!goes_on || !is_soon(each.next_ask_at)) return std::nullopt;
    return keep(each, before.attempts[place], &Attempt::reason);
  }
  auto& each = order_.intents[place];
  const auto& was = before.intents[place];
  // One whose channel is a guess must be free to be asked about at another.
  const bool goes_on = !each.settled_at.is_set() && each.call == IntentCall::none &&
                       each.problem != channel_is_guessed;
  if (!goes_on || !is_soon(each.next_ask_at)) return std::nullopt;
  const auto again = keep(each, was, &Intent::problem);
  if (each == was)
    std::erase_if(out_.cause.what, [](std::string_view what) {
      return what == "payment_unknown" || what == "payment_not_there_yet";
    });
  return again;
}

void Decider::call_again(const Effect& left) {
  if (!is_awaited(left)) return;
  happened("call_taken_over");
  // Nothing is bought any more, whether the first copy has left or not: it is asked about.
  if (left.kind == EffectKind::submit_attempt && !is_wanted(attempt(left.subject_no)))
    return attempt_unknown(left.subject_no, "left_while_submitting");
  // Nor is an attempt asked about that is to be called off: there may be no time for both.
  if (left.kind == EffectKind::query_attempt && wants_cancel(attempt(left.subject_no))) {
    attempt(left.subject_no).call = AttemptCall::none;
    return progress_attempt(attempt(left.subject_no));
  }
  add_effect(left.kind, left.subject_no);
}

void Decider::add_transfer(TransferReason reason, std::int32_t subject_no, std::string debit,
                           std::string credit, std::int64_t amount_minor) {
  CHECK(amount_minor > 0);
  Transfer transfer;
  transfer.partition = order_.header.partition;
  transfer.order_id = order_.header.order_id;
  transfer.transfer_no = ++order_.header.transfer_count;
  transfer.reason = reason;
  transfer.subject_no = subject_no;
  transfer.debit = std::move(debit);
  transfer.credit = std::move(credit);
  transfer.amount_minor = amount_minor;
  transfer.currency = order_.header.currency;
  transfer.at = now_;
  out_.transfers.push_back(std::move(transfer));
}

base::Result<void, PlaceRefusal> Decider::place() {
  auto& header = order_.header;
  CHECK(order_.units.empty() && header.quantity >= 1);
  header.placed_at = now_;
  header.pay_by = now_ + policy_.payment_window;
  header.deadline = header.pay_by + base::seconds(header.promise_seconds);
  for (std::int32_t no = 1; no <= header.quantity; ++no) {
    Unit next;
    next.partition = header.partition;
    next.order_id = header.order_id;
    next.unit_no = no;
    if (header.kind == ProductKind::secret) {
      const ItemKey item = shelf_.take();
      if (item.item_id.is_none()) return base::refuse(PlaceRefusal::out_of_stock);
      hold_machine.advance(next.hold, HoldState::held);
      next.item_partition = item.partition;
      next.item_id = item.item_id;
      out_.items.push_back({item, ItemState::available, ItemState::held, no, header.pay_by});
    }
    order_.units.push_back(std::move(next));
  }
  happened("order_placed");
  return {};
}

base::Result<void, RevealRefusal> Decider::reveal() {
  bool any = false;
  bool first_time = false;
  for (auto& each : order_.units) {
    if (each.state != UnitState::delivered || each.hold != HoldState::consumed) continue;
    any = true;
    if (each.revealed_at.is_set()) continue;
    each.revealed_at = now_;
    first_time = true;
  }
  if (!any) return base::refuse(RevealRefusal::nothing_to_reveal);
  happened(first_time ? "secret_revealed" : "secret_revealed_again");
  return {};
}

// Each reason once; a person may have mended the first before the next comes.
void Decider::quarantine(std::string_view reason) {
  auto& known = order_.header.quarantine_reason;
  for (std::string_view rest = known; !rest.empty();) {
    const auto end = std::min(rest.find(','), rest.size());
    if (rest.substr(0, end) == reason) return;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!known.empty()) known += ',';
  known += reason;
  order_.header.quarantined = true;
  happened("quarantined");
}

void Decider::quarantine_refund(const Refund& each, std::string_view reason) {
  if (each.refund_no == 1) return quarantine(reason);
  const bool is_named = each.refund_no <= refunds_named_max;
  quarantine(std::string(reason) + ":" + (is_named ? std::to_string(each.refund_no) : "more"));
}

void Decider::progress() {
  // Money first: what is paid decides what is owed; what is given up decides what goes back.
  progress_intents();
  progress_units();
  expire_if_unpaid();
  for (auto& each : order_.refunds) progress_refund(each);
  auto& header = order_.header;
  const OrderState state = derive_state(order_);
  if (state != header.state) {
    header.state = state;
    happened(base::name_of(state));
  }
  header.due_at = next_due();
  if (!header.closed_at.is_set() && !header.due_at.is_set() && !has_open_question())
    header.closed_at = now_;
  else if (header.closed_at.is_set() && has_open_question())
    header.closed_at = {};
}

bool Decider::has_open_question() const {
  const auto open = [](const auto& list, auto is_open) {
    return std::any_of(list.begin(), list.end(), is_open);
  };
  return (!order_.is_paid() && !order_.header.expired_at.is_set()) ||
         open(order_.intents,
              [](const Intent& i) {
                return !i.settled_at.is_set() || i.call != IntentCall::none;
              }) ||
         (order_.is_paid() && open(order_.units, [](const Unit& u) { return !u.is_final(); })) ||
         open(order_.attempts, [](const Attempt& a) { return a.is_open(); }) ||
         open(order_.refunds, [](const Refund& r) { return r.state != RefundState::settled; });
}

base::Instant Decider::stop_at() const {
  const auto& header = order_.header;
  return header.fulfill_by - policy_.cancel_before(header.promise_seconds);
}

base::Instant Decider::next_due() const {
  using base::earlier_set;
  base::Instant due{};
  const auto& header = order_.header;
  for (const auto& each : order_.intents) {
    if (each.call == IntentCall::none) due = earlier_set(due, each.next_ask_at);
    if (each.state == IntentState::ready || each.state == IntentState::preparing)
      due = earlier_set(due, each.expires_at);
  }
  if (!order_.is_paid() && !header.expired_at.is_set())
    due = earlier_set(due, now_ < header.pay_by || trust_ == TimeTrust::doubtful
                               ? header.pay_by
                               : header.pay_by + policy_.hold_after_window);
  for (const auto& each : order_.attempts)
    if (each.is_open() ? each.call == AttemptCall::none : !is_asked_about(each.unit_no))
      due = earlier_set(due, each.next_ask_at);
  for (const auto& each : order_.units) {
    if (!order_.is_paid() || each.is_final()) continue;
    due = earlier_set(due, now_ < stop_at() ? stop_at() : header.fulfill_by);
  }
  for (const auto& each : order_.refunds) {
    due = earlier_set(due, refund_due_at(each));
    // The promise to the buyer: whoever looks after money hears of it when it is broken.
    if (!each.money_is_on_its_way() && now_ < each.accept_by)
      due = earlier_set(due, each.accept_by);
  }
  if (trust_ == TimeTrust::doubtful && due.is_set() && due <= now_)
    return now_ + policy_.doubtful_look_again;
  return due;
}

}  // namespace daozhang::domain
