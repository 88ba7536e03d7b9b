#include <algorithm>

#include "storage/memory/memory_store.h"

namespace daozhang::storage::memory {
namespace {

ports::LedgerFact fact_of(const domain::Order& order, const domain::Payment& payment) {
  return {.kind = ports::BillLineKind::payment,
          .channel = payment.channel,
          .trade_no = payment.trade_no,
          .refund_ref = {},
          .order_no = order.header.order_no,
          .amount_minor = payment.amount_minor,
          .currency = order.header.currency,
          .place = {payment.learned_at, payment.order_id, payment.partition, payment.payment_no},
          .is_booked = true};
}

ports::LedgerFact fact_of(const domain::Order& order, const domain::Refund& refund) {
  const auto& payment = order.payments[static_cast<std::size_t>(refund.payment_no) - 1];
  return {.kind = ports::BillLineKind::refund,
          .channel = refund.channel,
          .trade_no = payment.trade_no,
          .refund_ref = refund.refund_ref,
          .order_no = order.header.order_no,
          .amount_minor = refund.amount_minor,
          .currency = order.header.currency,
          .place = {refund.accepted_at, refund.order_id, refund.partition, refund.refund_no},
          .is_booked = refund.accepted_at.is_set()};
}

}  // namespace

void MemoryStore::each_fact(ports::BillLineKind kind,
                            const std::function<void(const ports::LedgerFact&)>& visit) const {
  for (const auto& [key, story] : orders_) {
    if (kind == ports::BillLineKind::payment)
      for (const auto& payment : story.order.payments) visit(fact_of(story.order, payment));
    else
      for (const auto& refund : story.order.refunds) visit(fact_of(story.order, refund));
  }
}

std::vector<ports::LedgerFact> MemoryStore::facts(ports::BillLineKind kind,
                                                  const std::string& channel, base::Instant from,
                                                  base::Instant until,
                                                  const ports::FactPlace& after,
                                                  std::size_t limit) {
  const std::lock_guard guard(lock_);
  std::vector<ports::LedgerFact> found;
  each_fact(kind, [&](const ports::LedgerFact& fact) {
    if (fact.channel == channel && fact.is_booked && fact.place.at >= from &&
        fact.place.at < until && fact.place > after)
      found.push_back(fact);
  });
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.place < b.place; });
  if (found.size() > limit) found.resize(limit);
  return found;
}

std::optional<ports::LedgerFact> MemoryStore::find_payment(const std::string& channel,
                                                           const std::string& trade_no) {
  const std::lock_guard guard(lock_);
  std::optional<ports::LedgerFact> found;
  each_fact(ports::BillLineKind::payment, [&](const ports::LedgerFact& fact) {
    if (fact.channel == channel && fact.trade_no == trade_no) found = fact;
  });
  return found;
}

std::optional<ports::LedgerFact> MemoryStore::find_refund(const std::string& channel,
                                                          const std::string& trade_no,
                                                          const std::string& refund_ref) {
  const std::lock_guard guard(lock_);
  std::optional<ports::LedgerFact> found;
  each_fact(ports::BillLineKind::refund, [&](const ports::LedgerFact& fact) {
    if (fact.channel == channel && fact.trade_no == trade_no && fact.refund_ref == refund_ref)
      found = fact;
  });
  return found;
}

base::Instant MemoryStore::first_order_at() {
  const std::lock_guard guard(lock_);
  base::Instant first;
  domain::OrderId lowest;
  for (const auto& [key, story] : orders_) {
    if (first.is_set() && key.order_id > lowest) continue;
    lowest = key.order_id;
    first = story.order.header.placed_at;
  }
  return first;
}

void MemoryStore::read_money(const std::function<void(const domain::Balance&)>& balance,
                             const std::function<void(const ports::HeldEscrow&)>& escrow) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, row] : balances_) balance(row);
  for (const auto& [key, story] : orders_) {
    const auto& header = story.order.header;
    if (header.closed_at.is_set()) continue;
    ports::HeldEscrow held{header.order_no, header.currency, 0, header.paid_at};
    for (const auto& transfer : story.transfers) {
      if (transfer.credit != domain::account::escrow && transfer.debit != domain::account::escrow)
        continue;
      held.held_minor += transfer.credit == domain::account::escrow ? transfer.amount_minor
                                                                    : -transfer.amount_minor;
      if (!header.paid_at.is_set()) held.since = base::earlier_set(held.since, transfer.at);
    }
    if (held.held_minor != 0) escrow(held);
  }
}

}  // namespace daozhang::storage::memory
