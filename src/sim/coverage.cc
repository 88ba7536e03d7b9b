#include "sim/coverage.h"

#include <fmt/format.h>

namespace daozhang::sim {
namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t times_per_million = 100;

bool is_of_disk(FaultKind kind) {
  return kind >= FaultKind::disk_full && kind <= FaultKind::read_flipped;
}

// Over a store that nobody shares they do not happen.
bool takes_several_nodes(FaultKind kind) {
  return kind == FaultKind::node_paused_in_commit || kind == FaultKind::node_paused_before_send ||
         kind == FaultKind::store_executed_late || kind == FaultKind::other_node_won;
}

bool takes_several_nodes(Sometimes state) {
  return state == Sometimes::call_too_late_to_leave ||
         state == Sometimes::commit_unknown_and_late ||
         state == Sometimes::commit_lost_to_other_node;
}

// Once in some ten thousand orders.
constexpr std::int64_t very_rare_from = 200'000;

bool is_very_rare(Sometimes state) {
  return state == Sometimes::partial_secrets || state == Sometimes::payment_not_told ||
         state == Sometimes::refund_not_settled || state == Sometimes::refund_found_in_books ||
         state == Sometimes::expired_and_paid_at_once || state == Sometimes::supplier_silent_told;
}

// They make a run of days or weeks.
bool is_very_rare(FaultKind kind) {
  return kind == FaultKind::channel_silent_for_days || kind == FaultKind::refund_drags_on ||
         kind == FaultKind::supplier_silent_long;
}

}  // namespace

std::vector<Sometimes> required_of(StoreKind store) {
  std::vector<Sometimes> required;
  for (std::size_t i = 0; i < sometimes_kinds; ++i) {
    const auto state = static_cast<Sometimes>(i);
    const bool is_of_disk = i >= first_of_disk;
    const bool is_here = store == StoreKind::memory ? !is_of_disk : !takes_several_nodes(state);
    if (is_here) required.push_back(state);
  }
  return required;
}

bool can_play(StoreKind store, FaultKind kind) {
  return store == StoreKind::memory ? !is_of_disk(kind) : !takes_several_nodes(kind);
}

std::vector<std::string> gaps_of(const CampaignResult& result) {
  std::vector<std::string> gaps;
  for (const auto state : required_of(result.store)) {
    if (is_very_rare(state) && result.orders < very_rare_from) continue;
    if (result.sometimes[static_cast<std::size_t>(state)] == 0)
      gaps.push_back(fmt::format("never reached: {}", base::name_of(state)));
  }
  for (const auto& step : result.transitions.missed())
    gaps.push_back(fmt::format("never taken: {}", step));
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    const auto count = result.faults[i];
    if (!can_play(result.store, kind)) continue;
    if (is_very_rare(kind) && result.orders < very_rare_from) continue;
    if (count == 0) gaps.push_back(fmt::format("never played: {}", base::name_of(kind)));
    const auto wanted = result.orders / million * times_per_million;
    if (count > 0 && count < wanted)
      gaps.push_back(fmt::format("played {} times in {} orders, which is seldom: {}", count,
                                 result.orders, base::name_of(kind)));
  }
  return gaps;
}

}  // namespace daozhang::sim
