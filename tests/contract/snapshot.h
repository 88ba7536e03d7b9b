// Everything that a store holds, to be compared.
#pragma once

#include <string>
#include <vector>

#include "ports/order_store.h"

namespace daozhang::contract {

struct Story {
  domain::Order order;
  std::vector<domain::Event> events;
  std::vector<domain::Transfer> transfers;
  std::vector<domain::Effect> effects;
  friend bool operator==(const Story&, const Story&) = default;
};

struct Snapshot {
  std::vector<Story> stories;
  std::vector<domain::StockItem> items;
  std::vector<domain::ImportBatch> batches;
  std::vector<domain::Claim> claims;
  std::vector<domain::Balance> balances;
  std::vector<domain::InboxEntry> inbox;
  base::Instant time_high_water;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// Names the first part that differs; empty if none does.
std::string difference(const Snapshot& a, const Snapshot& b);

Snapshot take_snapshot(ports::OrderStore& store, ports::AuditSource& audit);

}  // namespace daozhang::contract
