#include "sim/checkers/truth_audit.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "audit/audit.h"
#include "domain/order/references.h"

namespace daozhang::sim {
namespace {

using domain::AttemptState;
using domain::Order;
using domain::OrderState;

void check_items(ports::AuditSource& store, OrderChecks& checks, Record& record) {
  store.each_item([&](const domain::StockItem& item) {
    if (item.state == domain::ItemState::available) return;
    const domain::OrderKey key{item.order_partition, item.order_id};
    const auto order = checks.orders().find(key);
    if (order == checks.orders().end())
      return record.violated("S21", "an item belongs to an order that does not exist", key);
    const auto& unit = order->second.units[static_cast<std::size_t>(item.unit_no - 1)];
    const auto hold = item.state == domain::ItemState::held ? domain::HoldState::held
                                                            : domain::HoldState::consumed;
    if (unit.item() != item.key() || unit.hold != hold)
      record.violated("S21", "an item and its unit disagree", key);
  });
}

void check_balances(ports::AuditSource& store, OrderChecks& checks, Record& record) {
  std::map<std::pair<domain::Partition, std::string>, std::int64_t> expected;
  for (const auto& [key, order] : checks.orders())
    for (const auto& [account, amount] : checks.books(key).balances)
      expected[{key.partition, account}] += amount;
  std::int64_t sum = 0;
  store.each_balance([&](const domain::Balance& balance) {
    const auto net = balance.debit_minor - balance.credit_minor;
    sum += net;
    if (expected[{balance.partition, balance.account}] != net)
      record.violated("S13", "a balance is not the sum of its transfers: " + balance.account);
    expected.erase({balance.partition, balance.account});
  });
  for (const auto& [account, amount] : expected)
    if (amount != 0) record.violated("S13", "a balance row is missing: " + account.second);
  if (sum != 0) record.violated("S13", "all balances do not sum to zero");
}

// Trades by the orders that they are for.
using ByTrade = std::map<std::string, const Order*>;

ByTrade by_trade_of(const OrderChecks& checks) {
  ByTrade found;
  for (const auto& [key, order] : checks.orders())
    for (const auto& intent : order.intents)
      found.emplace(domain::trade_ref(order.header.order_no, intent.intent_no), &order);
  return found;
}

void audit_trades(const ByTrade& by_trade, const Truth& truth, Record& record) {
  for (const auto& [name, channel] : truth.channels) {
    for (const auto& [trade_ref, trade] : channel->trades()) {
      if (trade.status != ports::TradeStatus::paid) continue;
      const auto it = by_trade.find(trade_ref);
      if (it == by_trade.end()) {
        record.violated("S1", "money was taken for an order that is gone: " + trade_ref);
        continue;
      }
      const Order& order = *it->second;
      const domain::Payment* payment = payment_of(order, name, trade);
      // Whoever saw that some of it went back delivers nothing for it, and a person has the rest.
      if (payment == nullptr && trade.elsewhere_minor > 0) {
        if (trade.elsewhere_minor < trade.paid_minor && !order.header.quarantined)
          record.violated("S9",
                          "a part is kept of what went back, and nobody is told: " + trade_ref,
                          order.key());
        continue;
      }
      if (payment == nullptr) {
        record.violated("L2", "money that the channel took was never learned of: " + trade_ref,
                        order.key());
        continue;
      }
      std::int64_t given_back = 0;
      for (const auto& refund : order.refunds)
        if (refund.payment_no == payment->payment_no && refund.money_is_on_its_way() &&
            !refund.went_by_hand())
          given_back += refund.amount_minor;
      std::int64_t taken = 0;
      for (const auto& charged : order.chargebacks)
        if (charged.payment_no == payment->payment_no &&
            charged.state == domain::ChargebackState::taken)
          taken += charged.amount_minor;
      if (taken != trade.charged_back_minor)
        record.violated("F19", "the channel took back another amount than we believe: " + trade_ref,
                        order.key());
      if (given_back != trade.refunded_minor - trade.elsewhere_minor)
        record.violated("S9", "the channel gave back another amount than we believe: " + trade_ref,
                        order.key());
    }
  }
}

// What went back elsewhere is told by the bills alone.
void audit_clearing(const ByTrade& by_trade, const OrderChecks& checks, const Truth& truth,
                    Record& record) {
  for (const auto& [name, channel] : truth.channels) {
    std::int64_t believed = 0;
    const auto clearing = domain::account::channel_clearing(name);
    for (const auto& [key, order] : checks.orders())
      believed += checks.books(key).balances.of(clearing);
    std::int64_t real = 0;
    for (const auto& [ref, trade] : channel->trades()) {
      const auto order = by_trade.find(ref);
      if (order == by_trade.end() || payment_of(*order->second, name, trade) == nullptr) continue;
      real += trade.paid_minor - trade.refunded_minor + trade.elsewhere_minor -
              trade.charged_back_minor;
    }
    if (believed != real)
      record.violated(
          "S14", fmt::format("clearing of {} is {}, the channel has {}", name, believed, real));
  }
}

// What the supplier charged and proved is what we believe, and what the buyer sees.
void audit_delivery(const Order& order, const domain::Attempt& attempt, const Job& job,
                    Record& record) {
  if (attempt.cost_minor != job.cost_minor)
    record.violated("S14", "the supplier charges another sum than we believe: " + attempt.reference,
                    order.key());
  const auto& unit = order.units[static_cast<std::size_t>(attempt.unit_no - 1)];
  const bool is_its = attempt.loss_booked || unit.state != domain::UnitState::delivered ||
                      unit.proof == attempt.proof;
  if (attempt.proof != proof_of(job) || !is_its)
    record.violated("S18", "a unit has another proof than its supplier gave: " + attempt.reference,
                    order.key());
}

// A success counts against us unless the supplier itself had told that it failed (S18).
void audit_attempts(const Order& order, const SupplierModel& supplier, Record& record) {
  std::map<std::int32_t, std::int64_t> successes;
  for (const auto& attempt : order.attempts) {
    const auto it = supplier.jobs().find(attempt.reference);
    if (it == supplier.jobs().end()) continue;
    const Job& job = it->second;
    if (job.executions > 1)
      record.violated("S15", "the supplier executed twice: " + attempt.reference, order.key());
    if (job.executions == 0 || job.declared_failed) continue;
    successes[attempt.unit_no] += 1;
    const bool known = attempt.state == AttemptState::done ||
                       attempt.state == AttemptState::reversed || job.state == JobState::reversed;
    if (!known)
      record.violated("S18", "an executed attempt is not known as done: " + attempt.reference,
                      order.key());
    if (attempt.state == AttemptState::done) audit_delivery(order, attempt, job, record);
  }
  for (const auto& [unit_no, count] : successes)
    if (count > 1)
      record.violated("S18", fmt::format("unit {} was executed {} times", unit_no, count),
                      order.key());
}

void audit_liveness(const Order& order, Record& record) {
  const bool ended = order.header.state == OrderState::delivered ||
                     order.header.state == OrderState::partially_delivered ||
                     order.header.state == OrderState::given_back;
  const bool has_money = !order.payments.empty();
  const bool expired = order.header.state == OrderState::expired;
  if (has_money ? !(ended || expired) : !expired)
    record.violated("L1",
                    fmt::format("order {} ended as {}", order.header.order_no,
                                base::name_of(order.header.state)),
                    order.key());
  for (const auto& refund : order.refunds)
    if (refund.state != domain::RefundState::settled)
      record.violated(
          "L3",
          fmt::format("refund {} ended as {}", refund.refund_ref, base::name_of(refund.state)),
          order.key());
  if (!order.header.closed_at.is_set())
    record.violated("L1", fmt::format("order {} never closed", order.header.order_no), order.key());
}

void check_rows(ports::AuditSource& store, OrderChecks& checks, Record& record) {
  std::size_t count = 0;
  store.each_order([&](const ports::AuditSource::OrderStory& story) {
    ++count;
    checks.compare(story.order);
  });
  if (count != checks.orders().size()) record.violated("S1", "an acknowledged order is gone");
  check_items(store, checks, record);
  check_balances(store, checks, record);
}

}  // namespace

void check_whole_set(RunStore& store, OrderChecks& checks, const StoreShadow& shadow,
                     Record& record) {
  store.audit([&](ports::AuditSource& source) {
    check_rows(source, checks, record);
    shadow.compare(source, record);
  });
}

const domain::Payment* payment_of(const Order& order, const std::string& channel,
                                  const Trade& trade) {
  const auto found = std::ranges::find_if(order.payments, [&](const domain::Payment& payment) {
    return payment.channel == channel && payment.trade_no == trade.trade_no;
  });
  return found == order.payments.end() ? nullptr : &*found;
}

void check_by_fsck(RunStore& store, Record& record) {
  store.audit([&](ports::AuditSource& source) {
    for (const auto& rule : audit::audit(source).rules)
      for (const auto& found : rule.violations)
        record.violated(rule.name, "fsck: " + found.subject + ": " + found.sentence);
    source.each_order([&](const ports::AuditSource::OrderStory& story) {
      if (!story.effects.empty())
        record.violated("outbox", "a call is open that nobody will make", story.order.key());
    });
  });
}

void audit_truth(const OrderChecks& checks, const Truth& truth, Record& record) {
  const ByTrade by_trade = by_trade_of(checks);
  for (const auto& [key, order] : checks.orders()) {
    audit_liveness(order, record);
    const auto supplier = truth.suppliers.find(order.header.supplier);
    if (supplier != truth.suppliers.end()) audit_attempts(order, *supplier->second, record);
  }
  audit_trades(by_trade, truth, record);
  audit_clearing(by_trade, checks, truth, record);
}

}  // namespace daozhang::sim
