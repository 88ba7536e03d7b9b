#include "sim/world/watched_store.h"

#include <algorithm>

namespace daozhang::sim {

using ports::CommitRefusal;

WatchedStore::WatchedStore(Scene& scene, RunStore& store, Witness witness)
    : scene_(scene), store_(store), witness_(std::move(witness)) {}

void WatchedStore::forget_last() {
  added_.clear();
  ended_.clear();
  placed_ = false;
  paid_ = false;
}

void WatchedStore::look_at(const ports::Commit& changes) {
  for (const auto& effect : changes.effects_added) added_.push_back(effect.kind);
  for (const auto& effect : changes.effects_ended) ended_.push_back(effect.kind);
  for (const auto& change : changes.orders) {
    placed_ = placed_ || change.before == nullptr;
    paid_ =
        paid_ || (change.before != nullptr && !change.before->is_paid() && change.after->is_paid());
  }
}

base::Result<void, CommitRefusal> WatchedStore::commit(const ports::Commit& changes) {
  look_at(changes);
  auto& faults = scene_.faults;
  auto& record = scene_.record;
  if (died_ || faults.strikes(FaultKind::crash_before_commit)) {
    died_ = true;
    return base::refuse(CommitRefusal::unavailable);
  }
  if (faults.strikes(FaultKind::store_unavailable)) return base::refuse(CommitRefusal::unavailable);
  if (faults.strikes(FaultKind::store_version_moved)) {
    record.reached(Sometimes::commit_lost_race);
    return base::refuse(CommitRefusal::version_moved);
  }
  const bool takes_items =
      std::any_of(changes.items.begin(), changes.items.end(),
                  [](const auto& i) { return i.from == domain::ItemState::available; });
  if (takes_items && faults.strikes(FaultKind::last_item_taken))
    return base::refuse(CommitRefusal::item_moved);
  if (faults.strikes(FaultKind::store_dropped_unknown)) {
    record.reached(Sometimes::commit_unknown_and_dropped);
    return base::refuse(CommitRefusal::unknown);
  }
  const auto committed = store_.lane().commit(changes);
  if (!committed) return committed;
  for (const auto& change : changes.orders)
    scene_.note(change.after->key(), change.event.leaf + " " + change.event.body);
  witness_(changes);
  if (faults.strikes(FaultKind::store_executed_unknown)) {
    record.reached(Sometimes::commit_unknown_but_executed);
    return base::refuse(CommitRefusal::unknown);
  }
  return {};
}

}  // namespace daozhang::sim
