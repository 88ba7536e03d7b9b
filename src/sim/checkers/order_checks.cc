#include "sim/checkers/order_checks.h"

#include <algorithm>

#include <fmt/format.h>

#include "domain/order/change.h"
#include "domain/order/references.h"

namespace daozhang::sim {
namespace {

using domain::AttemptState;
using domain::Order;
using domain::OrderState;
using domain::RefundPurpose;
using domain::UnitState;

std::int64_t paid_minor(const Order& order) {
  std::int64_t sum = 0;
  for (const auto& payment : order.payments) sum += payment.amount_minor;
  return sum;
}

std::int64_t units_in(const Order& order, UnitState state) {
  return std::count_if(order.units.begin(), order.units.end(),
                       [&](const domain::Unit& unit) { return unit.state == state; });
}

// Commits fold several steps of a machine into one, so a change is legal when the table connects
// the two.
template <class State, std::size_t n>
bool connects(const base::Machine<State, n>& machine, State from, State to, int steps_left = 4) {
  if (from == to) return true;
  if (steps_left == 0) return false;
  if (machine.allows(from, to)) return true;
  for (const auto& step : machine.steps)
    if (step.from == from && connects(machine, step.to, to, steps_left - 1)) return true;
  return false;
}

template <class List, class Machine>
bool all_connect(const List& before, const List& after, const Machine& machine) {
  if (after.size() < before.size()) return false;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!connects(machine, before[i].state, after[i].state)) return false;
  return true;
}

// What stands in the row alone (docs/decisions/0021), so that the rest can be compared.
void take_private(Order& replayed, const Order& row) {
  for (std::size_t i = 0; i < std::min(replayed.intents.size(), row.intents.size()); ++i) {
    replayed.intents[i].payer_ip = row.intents[i].payer_ip;
    replayed.intents[i].payer_id = row.intents[i].payer_id;
  }
}

bool is_final(OrderState state) {
  return state == OrderState::delivered || state == OrderState::partially_delivered;
}

}  // namespace

void OrderChecks::violated(std::string_view invariant, std::string_view what, const Order& order) {
  record_.violated(invariant, fmt::format("{} (order {})", what, order.header.order_no),
                   order.key());
}

std::int64_t OrderChecks::paid_count() const {
  return std::count_if(orders_.begin(), orders_.end(),
                       [](const auto& entry) { return !entry.second.payments.empty(); });
}

void OrderChecks::see(const ports::Commit& commit) {
  for (const auto& transfer : commit.transfers) post(transfer);
  for (const auto& effect : commit.effects_added) check_bought(commit, effect);
  for (const auto& change : commit.orders) replay(change, commit);
  check_items(commit);
  check_claims(commit);
}

void OrderChecks::replay(const ports::OrderChange& change, const ports::Commit& commit) {
  ++events_;
  const Order& row = *change.after;
  const auto [known, is_new] = orders_.try_emplace(row.key());
  auto& shadow = known->second;
  // What the engine says that it loaded is taken for the state before only where it is.
  const bool is_as_loaded = change.before != nullptr && *change.before == shadow;
  const Order kept = is_as_loaded ? Order{} : shadow;
  const Order& before = is_as_loaded ? *change.before : kept;
  expect(change.event.version == before.header.version + 1, "S5",
         "a version has two successors or none", row);
  expect(domain::leaf_hash(change.event.salt, change.event.body) == change.event.leaf, "S26",
         "the leaf is not the hash of its event", row);
  check_reason(change.event, row);
  expect(salts_.insert(change.event.salt).second, "S31",
         "two events have one salt, so that forgetting it mutes neither", row);
  if (!domain::replay(shadow, change.event)) expect(false, "S26", "an event can not be read", row);
  shadow.header.version = change.event.version;
  take_private(shadow, row);
  expect(shadow == row, "S26", "the replay of the events is not the row", row);
  if (!is_new) {
    check_transitions(before, row);
    check_order_state(before, row);
    check_frozen(before, row);
  }
  check_state_of_units(row);
  check_payments(row);
  check_refunds(row);
  check_attempts(row);
  check_books(row);
  check_promises(before, row);
  check_closed(row);
  if (!is_new) check_conduct(before, row, commit);
}

void OrderChecks::compare(const Order& stored) {
  const auto it = orders_.find(stored.key());
  expect(it != orders_.end() && it->second == stored, "S26", "a stored row differs from its events",
         stored);
}

void OrderChecks::check_transitions(const Order& before, const Order& after) {
  expect(all_connect(before.units, after.units, domain::unit_machine), "S2",
         "unit left its machine", after);
  expect(all_connect(before.intents, after.intents, domain::intent_machine), "S2",
         "intent left its machine", after);
  expect(all_connect(before.attempts, after.attempts, domain::attempt_machine), "S2",
         "attempt left its machine", after);
  expect(all_connect(before.refunds, after.refunds, domain::refund_machine), "S2",
         "refund left its machine", after);
  expect(all_connect(before.chargebacks, after.chargebacks, domain::chargeback_machine), "S2",
         "chargeback left its machine", after);
  for (std::size_t i = 0; i < before.units.size(); ++i) {
    const auto& unit = before.units[i];
    expect(connects(domain::hold_machine, unit.hold, after.units[i].hold), "S2",
           "hold left its machine", after);
    expect(!unit.is_final() || unit.state == after.units[i].state, "S19", "a unit left its end",
           after);
  }
  const auto payments = std::min(before.payments.size(), after.payments.size());
  expect(std::equal(before.payments.begin(), before.payments.end(), after.payments.begin(),
                    after.payments.begin() + static_cast<std::ptrdiff_t>(payments)),
         "S6", "a payment fact was changed", after);
}

// expired and given_back end an order unless the whole price comes in late (SETTLED 14).
void OrderChecks::check_order_state(const Order& before, const Order& after) {
  const auto from = before.header.state;
  const auto to = after.header.state;
  if (from == to) return;
  expect(!is_final(from), "S2", "a delivered order changed its state", after);
  expect(to != OrderState::awaiting_payment && to != OrderState::in_review, "S2",
         "an order went back to its beginning", after);
  expect(!before.is_paid() || after.is_paid(), "S2", "a paid order became unpaid", after);
  expect(from != OrderState::given_back || (!before.is_paid() && after.is_paid()), "S2",
         "a given back order changed its state", after);
  expect(to != OrderState::expired || !after.is_paid(), "S2", "a paid order expired", after);
  expect(to != OrderState::paid || !before.is_paid(), "S2", "a paid order became paid again",
         after);
  expect(from != OrderState::giving_back || to == OrderState::given_back ||
             to == OrderState::partially_delivered || !before.is_paid(),
         "S2", "an order that gives back went elsewhere", after);
}

void OrderChecks::check_state_of_units(const Order& order) {
  const auto all = std::ssize(order.units);
  const auto delivered = units_in(order, UnitState::delivered);
  const auto failed = units_in(order, UnitState::failed);
  const auto state = order.header.state;
  expect(all == order.header.quantity, "S3", "units and quantity differ", order);
  expect((state == OrderState::delivered) == (delivered == all), "S3",
         "delivered is not: all units delivered", order);
  if (state == OrderState::partially_delivered)
    expect(delivered > 0 && failed > 0 && delivered + failed == all, "S3",
           "partially_delivered without both kinds", order);
  if (state == OrderState::given_back && order.is_paid())
    expect(failed == all, "S3", "given_back with a unit that did not fail", order);
  const bool is_given_back =
      state == OrderState::given_back || state == OrderState::partially_delivered;
  for (const auto& refund : order.refunds)
    expect(!is_given_back || refund.money_is_on_its_way() ||
               refund.purpose == RefundPurpose::surplus ||
               refund.purpose == RefundPurpose::reversal,
           "S3", "given back, and the channel has not taken the refund", order);
  if (!order.is_paid())
    expect(delivered == 0 && failed == 0 && order.attempts.empty(), "S8",
           "work was done for an unpaid order", order);
}

void OrderChecks::check_frozen(const Order& before, const Order& after) {
  const auto frozen = [](const domain::OrderHeader& h) {
    return std::tie(h.order_no, h.sku, h.product_version, h.kind, h.quantity, h.unit_price_minor,
                    h.currency, h.supplier, h.supplier_sku, h.face_minor, h.cost_minor_max,
                    h.request_hash, h.access_hash, h.placed_at, h.pay_by, h.promise_seconds,
                    h.deadline);
  };
  expect(frozen(before.header) == frozen(after.header), "S23", "frozen terms were changed", after);
  for (std::size_t i = 0; i < before.attempts.size() && i < after.attempts.size(); ++i)
    expect(before.attempts[i].reference == after.attempts[i].reference, "S15",
           "a reference was changed", after);
  expect(before.attempts.empty() || before.header.target == after.header.target, "S23",
         "the target was changed after an attempt", after);
}

void OrderChecks::check_payments(const Order& order) {
  std::int64_t applied = 0;
  for (const auto& payment : order.payments) {
    applied += payment.applied_minor;
    const auto [known, is_new] =
        trades_[payment.channel].try_emplace(payment.trade_no, order.key());
    expect(known->second == order.key(), "S7", "one trade paid for two orders", order);
    expect(payment.applied_minor >= 0 && payment.applied_minor <= payment.amount_minor, "S12",
           "more was applied than was paid", order);
    if (!is_new) continue;
    const auto ref = domain::trade_ref(order.header.order_no, payment.intent_no);
    const Trade* truth = channels_.at(payment.channel)->find(ref);
    expect(truth != nullptr && truth->status == ports::TradeStatus::paid &&
               truth->trade_no == payment.trade_no && truth->paid_minor == payment.amount_minor,
           "S11", "a payment from nothing", order);
  }
  for (std::size_t i = 0; i < order.payments.size(); ++i)
    for (std::size_t j = i + 1; j < order.payments.size(); ++j)
      expect(order.payments[i].trade_no != order.payments[j].trade_no ||
                 order.payments[i].channel != order.payments[j].channel,
             "S7", "one trade is two payments", order);
  if (units_in(order, UnitState::delivered) > 0)
    expect(applied >= order.price_minor(), "S8", "delivered for less than the price", order);
}

void OrderChecks::check_refunds(const Order& order) {
  std::int64_t given_back = 0;
  FewSums<std::int32_t> by_payment;
  FewSums<std::int32_t> surplus;
  FewSums<std::int32_t> reversed;
  std::int64_t for_units = 0;
  for (const auto& charged : order.chargebacks)
    if (charged.state == domain::ChargebackState::taken)
      by_payment.add(charged.payment_no, charged.amount_minor);
  for (const auto& refund : order.refunds) {
    given_back += refund.amount_minor;
    if (!refund.went_by_hand()) by_payment.add(refund.payment_no, refund.amount_minor);
    if (refund.purpose == RefundPurpose::surplus)
      surplus.add(refund.payment_no, refund.amount_minor);
    if (refund.purpose == RefundPurpose::unit) for_units += refund.amount_minor;
    if (refund.purpose == RefundPurpose::reversal)
      reversed.add(refund.unit_no, refund.amount_minor);
    expect(refund.refund_ref == domain::refund_ref(order.header.order_no, refund.payment_no,
                                                   refund.purpose, refund.unit_no),
           "S16", "a refund number is not the function of its purpose", order);
    expect(std::ranges::count(order.refunds, refund.refund_ref, &domain::Refund::refund_ref) == 1,
           "S16", "two refunds have one number", order);
    check_refund_is_true(order, refund);
  }
  expect(given_back <= paid_minor(order), "S9", "more is given back than was paid", order);
  for (const auto& payment : order.payments) {
    expect(by_payment.of(payment.payment_no) <= payment.amount_minor, "S9",
           "a payment is given back twice", order);
    expect(surplus.of(payment.payment_no) == payment.amount_minor - payment.applied_minor, "S8",
           "a surplus has no refund of its amount", order);
  }
  const auto price = order.header.unit_price_minor;
  const auto failed = std::ranges::count(order.units, UnitState::failed, &domain::Unit::state);
  expect(for_units >= failed * price, "S10", "a failed unit is not given back in full", order);
  expect(for_units <= failed * price, "S9", "a unit is given back twice", order);
  for (const auto& unit : order.units)
    expect(reversed.of(unit.unit_no) <= price, "S9", "a unit is given back twice", order);
  check_units_of_refunds(order);
}

// Each refund says which units it is for, and no payment gives back twice for one.
void OrderChecks::check_units_of_refunds(const Order& order) {
  std::set<std::pair<std::int32_t, std::int32_t>> named;
  std::set<std::int32_t> units;
  for (const auto& refund : order.refunds) {
    expect(refund.more_units.empty() || refund.purpose == RefundPurpose::unit, "S16",
           "a refund that is not for units names some", order);
    if (refund.purpose != RefundPurpose::unit) continue;
    for (const auto unit_no : refund.units()) {
      expect(named.emplace(refund.payment_no, unit_no).second, "S9",
             "two refunds of a payment are for one unit", order);
      units.insert(unit_no);
    }
  }
  for (const auto& unit : order.units)
    expect((unit.state == UnitState::failed) == units.contains(unit.unit_no), "S10",
           "a refund is for a unit that has not failed, or none is for one that has", order);
}

void OrderChecks::check_attempts(const Order& order) {
  FewSums<std::int32_t> open;
  FewSums<std::int32_t> useful;
  const auto& books = books_[order.key()];
  for (const auto& attempt : order.attempts) {
    open.add(attempt.unit_no, attempt.is_open());
    const bool succeeded =
        attempt.state == AttemptState::done || attempt.state == AttemptState::reversed;
    useful.add(attempt.unit_no, succeeded && !attempt.loss_booked);
    expect(
        attempt.loss_booked == books.posted.contains({domain::TransferReason::late_supplier_success,
                                                      attempt.attempt_no}),
        "S18", "a late success and its posting differ", order);
    expect(!attempt.loss_booked || succeeded, "S18", "a loss without a success", order);
  }
  for (const auto& unit : order.units) {
    expect(open.of(unit.unit_no) <= 1, "S15", "two attempts of a unit are open", order);
    const bool by_supplier = order.header.kind != domain::ProductKind::secret;
    expect(!by_supplier || useful.of(unit.unit_no) == (unit.state == UnitState::delivered), "S18",
           "a success beyond the delivered one is not booked", order);
  }
}

void OrderChecks::check_closed(const Order& order) {
  if (!order.header.closed_at.is_set()) return;
  expect(!order.header.due_at.is_set(), "S10", "closed with something still to be looked at",
         order);
  for (const auto& attempt : order.attempts)
    expect(!attempt.is_open(), "S10", "closed with an open attempt", order);
  for (const auto& intent : order.intents)
    expect(intent.settled_at.is_set() && intent.call == domain::IntentCall::none, "S10",
           "closed while money may still come", order);
  std::int64_t kept = paid_minor(order);
  std::int64_t reversed = 0;
  for (const auto& refund : order.refunds) {
    expect(refund.state == domain::RefundState::settled, "S10", "closed with an open refund",
           order);
    kept -= refund.amount_minor;
    if (refund.purpose == RefundPurpose::reversal) reversed += refund.amount_minor;
  }
  const auto sold = units_in(order, UnitState::delivered) * order.header.unit_price_minor;
  expect(kept + reversed == sold, "S10", "money kept is not the price of what was delivered",
         order);
}

void OrderChecks::post(const domain::Transfer& transfer) {
  auto& books = books_[{transfer.partition, transfer.order_id}];
  books.balances.add(transfer.debit, transfer.amount_minor);
  books.balances.add(transfer.credit, -transfer.amount_minor);
  // A refund has one for each of its units; that they are its sum is seen in the balances.
  const bool is_new = transfer.reason == domain::TransferReason::refund_decided ||
                      books.posted.insert({transfer.reason, transfer.subject_no}).second;
  const domain::OrderKey key{transfer.partition, transfer.order_id};
  if (!is_new)
    record_.violated(transfer.reason == domain::TransferReason::payment_received ? "S7" : "S13",
                     fmt::format("{} of {} was posted twice", base::name_of(transfer.reason),
                                 transfer.subject_no),
                     key);
  if (transfer.transfer_no != ++books.last_transfer_no || transfer.amount_minor <= 0)
    record_.violated("S13", "transfers are not numbered in order, or not of money", key);
}

void OrderChecks::check_books(const Order& order) {
  const auto& books = books_[order.key()];
  FewSums<std::string_view> expected;  // Of names that outlive it: no temporary may go in.
  const auto move = [&](std::string_view debit, std::string_view credit, std::int64_t amount) {
    expected.add(debit, amount);
    expected.add(credit, -amount);
  };
  for (const auto& payment : order.payments)
    move(clearings_.of(payment.channel), domain::account::escrow, payment.amount_minor);
  for (const auto& unit : order.units)
    if (unit.state == UnitState::delivered)
      move(domain::account::escrow, domain::account::revenue, order.header.unit_price_minor);
  for (const auto& refund : order.refunds) {
    const auto& payable = refund_payables_.of(refund.channel);
    const auto& source = refund.purpose == RefundPurpose::reversal ? domain::account::revenue
                                                                   : domain::account::escrow;
    move(source, payable, refund.amount_minor);
    const auto& from =
        refund.went_by_hand() ? domain::account::given_back_by_hand : clearings_.of(refund.channel);
    if (refund.money_is_on_its_way()) move(payable, from, refund.amount_minor);
  }
  for (const auto& charged : order.chargebacks) {
    const auto& channel = order.payments[static_cast<std::size_t>(charged.payment_no - 1)].channel;
    const auto kept = charged.state == domain::ChargebackState::taken ? charged.amount_minor : 0;
    move(domain::account::chargeback_loss, clearings_.of(channel), kept);
  }
  for (const auto& attempt : order.attempts) {
    const bool reversed = attempt.state == AttemptState::reversed;
    if (!reversed && attempt.state != AttemptState::done) continue;
    const auto& payable = supplier_payables_.of(attempt.supplier);
    const auto& target =
        attempt.loss_booked ? domain::account::late_supplier_loss : domain::account::cost_of_sales;
    // A loss whose cost nobody told is booked at what it may have cost at most.
    const auto at_most = order.header.cost_minor_max > 0 ? order.header.cost_minor_max
                                                         : order.header.unit_price_minor;
    const auto booked =
        attempt.cost_minor > 0 || !attempt.loss_booked ? attempt.cost_minor : at_most;
    move(target, payable, booked);
    if (reversed) move(payable, target, booked);
  }
  for (const auto& [account, amount] : expected)
    if (books.balances.of(account) != amount)
      violated("S13", fmt::format("the ledger differs from the order: {}", account), order);
  expect(books.balances.of(domain::account::escrow) <= 0, "S13", "escrow was overdrawn", order);
}

void OrderChecks::check_items(const ports::Commit& commit) {
  for (const auto& change : commit.items) {
    if (change.to == domain::ItemState::issued) {
      const auto [owner, is_new] =
          owners_.try_emplace(change.item, std::pair{change.order, change.unit_no});
      if (!is_new) record_.violated("S21", "a secret was issued twice", change.order);
    } else if (owners_.contains(change.item)) {
      record_.violated("S21", "an issued secret moved", change.order);
    }
  }
  for (const auto& change : commit.orders) {
    for (const auto& unit : change.after->units) {
      if (unit.hold != domain::HoldState::consumed) continue;
      const auto owner = owners_.find(unit.item());
      expect(
          owner != owners_.end() && owner->second == std::pair{change.after->key(), unit.unit_no},
          "S21", "a unit shows a secret of another", *change.after);
    }
  }
}

void OrderChecks::check_claims(const ports::Commit& commit) {
  for (const auto& claim : commit.claims)
    if (!claims_.insert(claim.key()).second)
      record_.violated(claim.kind == domain::ClaimKind::trade_no ? "S7" : "S20",
                       "a claim was made twice", claim.owner());
}

}  // namespace daozhang::sim
