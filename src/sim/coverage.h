// What a campaign must have met to prove anything: rare states, fault kinds, and steps of an order,
// as far as its store can show them.
#pragma once

#include <string>
#include <vector>

#include "sim/campaign.h"

namespace daozhang::sim {

// The rare states that runs over this store can reach.
std::vector<Sometimes> required_of(StoreKind store);
// Whether runs over this store can play this kind.
bool can_play(StoreKind store, FaultKind kind);

// A sentence for each thing that the campaign did not meet: a rare state never reached, a step
// never taken, a fault never played; and in one of a million orders or more, a fault that was
// played fewer than 100 times in a million.
std::vector<std::string> gaps_of(const CampaignResult& result);

}  // namespace daozhang::sim
