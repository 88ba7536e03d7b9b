#include "sim/world/watched_store.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace daozhang::sim {

using ports::CommitRefusal;

namespace {

constexpr base::Duration late_by_max = base::seconds(20);

}  // namespace

WatchedStore::WatchedStore(Scene& scene, RunStore& store, Witness witness, Pause pause,
                           WitnessLate witness_late)
    : scene_(scene),
      store_(store),
      witness_(std::move(witness)),
      pause_(std::move(pause)),
      witness_late_(std::move(witness_late)),
      prng_(scene.stream("late_commits")) {}

void WatchedStore::begin_step() {
  for (auto& late : on_their_way_) late->in_its_step = false;
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

void WatchedStore::lose_to_other_node() {
  scene_.faults.count(FaultKind::other_node_won);
  scene_.record.reached(Sometimes::commit_lost_to_other_node);
}

std::unique_ptr<WatchedStore::InDoubt> WatchedStore::copy_of(const ports::Commit& changes) {
  auto in_doubt = std::make_unique<InDoubt>();
  in_doubt->commit = changes;
  const auto copy = [&](const domain::Order* order) {
    return order == nullptr ? nullptr : &in_doubt->orders.emplace_back(*order);
  };
  for (auto& change : in_doubt->commit.orders) {
    change.before = copy(change.before);
    change.after = copy(change.after);
  }
  return in_doubt;
}

// The connection is lost with the commit on its way: it arrives before the engine tries again, or
// when the engine has given it up.
void WatchedStore::send_late(const ports::Commit& changes) {
  auto late = copy_of(changes);
  if (prng_.chance(1, 2)) {
    late->in_its_step = true;
    on_their_way_.push_back(std::move(late));
    return;
  }
  scene_.schedule.in(draw_duration(prng_, base::milliseconds(1), late_by_max),
                     [this, late = std::shared_ptr(std::move(late))] { arrive(*late); });
}

void WatchedStore::arrive() {
  for (const auto& late : std::exchange(on_their_way_, {})) arrive(*late);
}

// Unless somebody was faster: it holds only for the versions that it was decided for.
void WatchedStore::arrive(const InDoubt& late) {
  if (!store_.lane().commit(late.commit)) return;
  scene_.record.reached(Sometimes::commit_unknown_and_late);
  note(late.commit);
  witness_late_(late.commit, late.in_its_step);
}

void WatchedStore::settle() {
  const auto in_doubt = std::move(in_doubt_);
  if (in_doubt == nullptr) return;
  const bool is_there = store_.commit_count() > in_doubt->commits_before;
  scene_.record.reached(is_there ? Sometimes::commit_in_doubt_was_executed
                                 : Sometimes::commit_in_doubt_was_lost);
  if (!is_there) return;
  note(in_doubt->commit);
  witness_(in_doubt->commit);
}

void WatchedStore::note(const ports::Commit& changes) {
  for (const auto& change : changes.orders)
    scene_.note(change.after->key(), change.event.leaf, change.event.body);
}

// The store itself refuses it, after all the rest was written, so that what a refusal leaves shows.
void WatchedStore::refuse_at_its_end(const ports::Commit& changes) {
  if (changes.orders.empty()) return;
  auto spoiled = changes;
  domain::Effect gone;
  gone.partition = changes.orders.front().after->header.partition;
  gone.order_id = changes.orders.front().after->header.order_id;
  gone.effect_no = std::numeric_limits<std::int32_t>::max();
  spoiled.effects_ended.push_back(gone);
  if (store_.lane().commit(spoiled))
    scene_.record.violated("S1", "a commit that ends a call which is not there was executed");
}

bool WatchedStore::goes_on(FaultKind kind, int& left) {
  // Some end before the engine has given the batch up, some go on for several steps.
  constexpr int lengths[] = {3, 12, 5, 30};
  if (scene_.faults.healed()) return false;
  if (left > 0) return left-- > 0;
  if (!scene_.faults.strikes(kind)) return false;
  left = lengths[bursts_++ % std::size(lengths)] - 1;
  return true;
}

base::Result<void, CommitRefusal> WatchedStore::commit(const ports::Commit& changes) {
  arrive();
  look_at(changes);
  auto& faults = scene_.faults;
  auto& record = scene_.record;
  if (died_ || faults.strikes(FaultKind::crash_before_commit)) {
    died_ = true;
    return base::refuse(CommitRefusal::unavailable);
  }
  if (goes_on(FaultKind::store_stays_away, away_for_) ||
      faults.strikes(FaultKind::store_unavailable))
    return base::refuse(CommitRefusal::unavailable);
  if (goes_on(FaultKind::store_keeps_moving, moving_for_) ||
      faults.strikes(FaultKind::store_version_moved)) {
    record.reached(Sometimes::commit_lost_race);
    refuse_at_its_end(changes);
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
  if (witness_late_ && faults.strikes(FaultKind::store_executed_late)) {
    send_late(changes);
    return base::refuse(CommitRefusal::unknown);
  }
  pause_();
  const auto commits_before = store_.commit_count();
  base::Result<void, CommitRefusal> committed;
  try {
    committed = store_.lane().commit(changes);
  } catch (const StoreDied&) {
    in_doubt_ = copy_of(changes);
    in_doubt_->commits_before = commits_before;
    throw;
  }
  if (!committed) {
    if (committed.error() == CommitRefusal::unavailable)
      record.reached(Sometimes::disk_full_refused);
    else
      lose_to_other_node();
    return committed;
  }
  note(changes);
  witness_(changes);
  if (faults.strikes(FaultKind::store_executed_unknown)) {
    record.reached(Sometimes::commit_unknown_but_executed);
    return base::refuse(CommitRefusal::unknown);
  }
  return {};
}

base::Result<std::vector<bool>, CommitRefusal> WatchedStore::import_stock(
    const ports::StockImport& import) {
  auto& faults = scene_.faults;
  if (died_ || faults.strikes(FaultKind::crash_before_commit)) {
    died_ = true;
    return base::refuse(CommitRefusal::unavailable);
  }
  if (faults.strikes(FaultKind::store_unavailable)) return base::refuse(CommitRefusal::unavailable);
  if (faults.strikes(FaultKind::store_dropped_unknown)) return base::refuse(CommitRefusal::unknown);
  auto imported = store_.lane().import_stock(import);
  if (imported && faults.strikes(FaultKind::store_executed_unknown))
    return base::refuse(CommitRefusal::unknown);
  return imported;
}

}  // namespace daozhang::sim
