// At the end of a run, after healing, when nothing moves any more: what the shop believes against
// what the channels and suppliers know to be true, and whether everybody got what was promised.
#pragma once

#include <map>
#include <string>

#include "sim/checkers/order_checks.h"
#include "sim/checkers/store_shadow.h"
#include "sim/peers/channel_model.h"
#include "sim/peers/supplier_model.h"
#include "sim/stores/run_store.h"

namespace daozhang::sim {

struct Truth {
  const std::map<std::string, ChannelModel*>& channels;
  const std::map<std::string, SupplierModel*>& suppliers;
};

// Every stored row against the replay of its events, every balance against the transfers, every
// item against its unit: the whole-set forms, valid at any moment between commits.
void check_whole_set(RunStore& store, OrderChecks& checks, const StoreShadow& shadow,
                     Record& record);

// The rules that a shop's owner runs, on what a run has left, when nothing moves any more: then no
// call is open either.
void check_by_fsck(RunStore& store, Record& record);

// The payment by which the order knows the trade, or nothing.
const domain::Payment* payment_of(const domain::Order& order, const std::string& channel,
                                  const Trade& trade);

// Names the first that does not hold: S9, S10, S14, S18, L1, L2 or L3.
void audit_truth(const OrderChecks& checks, const Truth& truth, Record& record);

}  // namespace daozhang::sim
