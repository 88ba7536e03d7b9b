#include "sim/checkers/page_checks.h"

#include <algorithm>

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

using domain::Order;
using domain::Stage;
using domain::StageName;
using domain::StageState;
using domain::UnitState;

const Stage& stage_of(const std::vector<Stage>& page, StageName name) {
  return page.at(static_cast<std::size_t>(name));
}

// What of the money that came still pays for the order.
bool has_its_price(const Order& order) {
  std::int64_t sum = 0;
  for (const auto& payment : order.payments) sum += payment.applied_minor;
  for (const auto& refund : order.refunds)
    if (refund.purpose == domain::RefundPurpose::shortfall) sum -= refund.amount_minor;
  return sum >= order.header.unit_price_minor * std::ssize(order.units);
}

bool is_ended(const Stage& stage) {
  return stage.state == StageState::done || stage.state == StageState::failed;
}

}  // namespace

void PageChecks::expect(bool holds, std::string_view invariant, std::string_view what,
                        const Order& order) {
  if (!holds)
    record_.violated(invariant,
                     fmt::format("the page says: {} (order {})", what, order.header.order_no),
                     order.key());
}

void PageChecks::pushed(const Order& order, base::Instant now) {
  auto page = domain::derive_stages(order);
  check(order, page, now);
  auto& before = pages_[order.key()];
  if (!before.empty()) check_next(order, before, page);
  before = std::move(page);
}

void PageChecks::looked_at(const Order& order, base::Instant now) {
  check(order, domain::derive_stages(order), now);
}

void PageChecks::check(const Order& order, const Page& page, base::Instant now) {
  constexpr auto names = names_of(std::type_identity<StageName>{});
  bool is_in_order = page.size() == names.size();
  for (std::size_t i = 0; i < page.size() && is_in_order; ++i)
    is_in_order = page[i].name == static_cast<StageName>(i);
  expect(is_in_order, "S2", "not the seven stages in their order", order);
  if (!is_in_order) return;
  for (const auto& stage : page) check_shape(order, stage, now);
  check_current(order, page);
  check_paid(order, page);
  check_ends(order, page);
  check_deadline(order, page);
}

// What ended has a time, and nothing that is still to come has one.
void PageChecks::check_shape(const Order& order, const Stage& stage, base::Instant now) {
  expect(stage.ended_at.is_set() == is_ended(stage), "L1",
         "an end without a time, or a time without an end", order);
  expect(!is_ended(stage) || (stage.began_at.is_set() && stage.began_at <= stage.ended_at), "L1",
         "a stage ended before it began", order);
  expect(stage.began_at <= now && stage.ended_at <= now, "L1", "something of the future is over",
         order);
  const bool has_begun = is_ended(stage) || stage.state == StageState::current;
  expect(stage.began_at.is_set() == has_begun, "L1", "a beginning of what has not begun", order);
  expect(stage.waits_for.empty() == (stage.state != StageState::current), "L1",
         "nobody is named who has to act, or somebody who has not", order);
  const bool may_be_skipped = order.is_expired() || stage.name == StageName::review;
  expect(stage.state != StageState::skipped || may_be_skipped, "S2", "skipped, and it is not",
         order);
}

// One thing at a time, and none in an order that is at rest; while there is something to wait for,
// one.
void PageChecks::check_current(const Order& order, const Page& page) {
  const auto count = std::ranges::count(page, StageState::current, &Stage::state);
  const bool has_open_unit =
      std::ranges::any_of(order.units, [](const auto& unit) { return !unit.is_final(); });
  const bool waits = order.is_paid() ? has_open_unit : !order.is_expired();
  expect(count == (waits ? 1 : 0), "L1", "not what the order waits for", order);
  expect(count == 0 || !order.header.closed_at.is_set(), "S10", "an order at rest waits", order);
  for (const auto& stage : page) {
    if (stage.state != StageState::current) continue;
    expect(stage.due_at.is_set(), "S23", "waited for without an end", order);
    check_waits_for(order, stage);
  }
}

void PageChecks::check_waits_for(const Order& order, const Stage& stage) {
  const auto& who = stage.waits_for;
  if (stage.name == StageName::fulfilling) {
    const auto& supplier = order.header.supplier;
    return expect(who == (supplier.empty() ? "vault" : "supplier:" + supplier), "L1",
                  "somebody else has the goods", order);
  }
  expect(stage.name == StageName::paid, "S2", "current is what takes no time", order);
  // Whoever is told to wait for a channel would not pay; whoever is told to pay must be able to.
  using enum domain::IntentState;
  bool is_channels = false;
  bool is_its = false;
  for (const auto& intent : order.intents) {
    const bool is_opened = intent.state == preparing &&
                           (intent.call != domain::IntentCall::none || intent.next_ask_at.is_set());
    const bool waits = is_opened || intent.state == closing;
    is_channels |= waits;
    is_its |= waits && who == "channel:" + intent.channel;
  }
  expect(is_channels ? is_its : who == "buyer", "L2", "it is another's turn to see to the payment",
         order);
}

void PageChecks::check_paid(const Order& order, const Page& page) {
  expect(stage_of(page, StageName::submitted).state == StageState::done, "S1",
         "an order that was not submitted", order);
  const auto& paid = stage_of(page, StageName::paid);
  expect((paid.state == StageState::done) == has_its_price(order), "S8",
         "paid and it is not, or the reverse", order);
  const bool is_late = order.header.expired_at.is_set() && !has_its_price(order);
  expect((paid.state == StageState::failed) == is_late, "S8", "out of date and it is not", order);
  for (const auto name : {StageName::accepted, StageName::checking})
    expect((stage_of(page, name).state == StageState::done) == (paid.state == StageState::done),
           "S2", "accepted and not paid, or the reverse", order);
}

// Delivered is said of goods that came and of nothing else (S8, S19).
void PageChecks::check_ends(const Order& order, const Page& page) {
  std::int64_t arrived = 0;
  std::int64_t gone = 0;
  base::Instant last_arrived;
  for (const auto& unit : order.units) {
    arrived += unit.state == UnitState::delivered;
    gone += unit.state == UnitState::failed;
    if (unit.state == UnitState::delivered)
      last_arrived = std::max(last_arrived, unit.delivered_at);
  }
  const bool is_over = arrived + gone == std::ssize(order.units);
  for (const auto name : {StageName::fulfilling, StageName::delivered}) {
    const auto& stage = stage_of(page, name);
    expect((stage.state == StageState::done) == (is_over && arrived > 0), "S19",
           "delivered and it is not, or the reverse", order);
    expect((stage.state == StageState::failed) == (is_over && arrived == 0), "S19",
           "nothing will come, and something may, or the reverse", order);
  }
  const auto& delivered = stage_of(page, StageName::delivered);
  expect(delivered.state != StageState::done || delivered.ended_at == last_arrived, "S19",
         "delivered at a time at which nothing came", order);
}

// The moment of the offer, and once paid that of the promise (SETTLED 14).
void PageChecks::check_deadline(const Order& order, const Page& page) {
  const auto& header = order.header;
  const auto promise = base::seconds(header.promise_seconds);
  const auto window_end = header.placed_at + policy_.payment_window;
  auto promised = window_end + promise;
  if (order.is_paid() && header.paid_at < promised)
    promised = std::min(promised, header.paid_at + promise);
  else if (order.is_paid())
    promised = header.paid_at + promise;
  for (const auto name : {StageName::fulfilling, StageName::delivered}) {
    const auto& stage = stage_of(page, name);
    expect(stage.due_at == (stage.state == StageState::skipped ? base::Instant{} : promised), "S23",
           "another moment than was promised", order);
  }
  expect(stage_of(page, StageName::paid).due_at == window_end, "S23",
         "another end of the payment window", order);
}

// What is over stays as it was. Only a payment that came after the end of its window turns a stage
// that had failed; and only one that was learned after the promised moment moves it.
void PageChecks::check_next(const Order& order, const Page& before, const Page& page) {
  for (std::size_t i = 0; i < std::min(before.size(), page.size()); ++i) {
    const auto& was = before[i];
    const auto& is = page[i];
    const bool is_revived = order.header.expired_at.is_set() && order.is_paid();
    expect(was.state != StageState::done || (is.state == was.state && is.ended_at == was.ended_at),
           "S19", "what was done is not", order);
    expect(was.state != StageState::failed || is.state == was.state || is_revived, "S19",
           "what had failed has not", order);
    const bool is_promised_anew = order.is_paid() && was.due_at <= order.header.paid_at;
    const bool are_both_set = was.due_at.is_set() && is.due_at.is_set();
    expect(!are_both_set || is.due_at <= was.due_at || is_promised_anew, "S23",
           "the deadline moved to later", order);
  }
}

}  // namespace daozhang::sim
