#include <algorithm>

#include "storage/memory/memory_store.h"

namespace daozhang::storage::memory {
namespace {

using Name = std::pair<ports::PeerKind, std::string>;

std::set<Name> peers_of(const domain::Order& order) {
  using ports::PeerKind;
  std::set<Name> names;
  for (const auto& intent : order.intents)
    if (!intent.settled_at.is_set()) names.emplace(PeerKind::channel, intent.channel);
  for (const auto& payment : order.payments) names.emplace(PeerKind::channel, payment.channel);
  for (const auto& refund : order.refunds)
    if (refund.state != domain::RefundState::settled)
      names.emplace(PeerKind::channel, refund.channel);
  for (const auto& attempt : order.attempts)
    if (attempt.is_open()) names.emplace(PeerKind::supplier, attempt.supplier);
  const bool unfinished = std::any_of(order.units.begin(), order.units.end(),
                                      [](const auto& unit) { return !unit.is_final(); });
  if (unfinished && !order.header.supplier.empty())
    names.emplace(PeerKind::supplier, order.header.supplier);
  return names;
}

}  // namespace

std::vector<ports::OpenPeer> MemoryStore::open_peers() {
  const std::lock_guard guard(lock_);
  std::map<Name, std::int64_t> counts;
  for (const auto& [key, row] : orders_) {
    if (row.order.header.closed_at.is_set()) continue;
    for (const auto& name : peers_of(row.order)) ++counts[name];
  }
  std::vector<ports::OpenPeer> peers;
  for (const auto& [name, count] : counts) peers.push_back({name.first, name.second, count});
  return peers;
}

}  // namespace daozhang::storage::memory
