#include "sim/world/fault.h"

namespace daozhang::sim {
namespace {

constexpr std::uint64_t whole = 10'000;

// What came last, of people and of long silences.
constexpr std::uint64_t max_rate_of_people(FaultKind kind) {
  switch (kind) {
    case FaultKind::opens_many:
    case FaultKind::answers_meet:
      return 100;
    case FaultKind::refund_hidden:
      return 500;
    case FaultKind::supplier_silent_long:
      return 250;
    case FaultKind::channel_silent_for_days:
      return 400;
    case FaultKind::refund_drags_on:
      return 30;
    case FaultKind::stock_scarce:
      return 2'000;
    case FaultKind::unknown_order:
    case FaultKind::order_lost_settled:
    case FaultKind::case_told_wrongly:
    case FaultKind::charged_back_again:
      return 5'000;
    case FaultKind::charged_back_unclear:
    case FaultKind::supplier_does_older:
      return whole;
    default:
      return 1'500;
  }
}

// Rare enough that most orders of a run still get somewhere, frequent enough that each is seen in
// a campaign of some hundred runs.
constexpr std::uint64_t max_rate(FaultKind kind) {
  if (kind >= FaultKind::channel_silent_for_days) return max_rate_of_people(kind);
  switch (kind) {
    case FaultKind::crash_before_commit:
    case FaultKind::crash_after_commit:
    case FaultKind::crash_after_send:
    case FaultKind::crash_after_reply:
      return 200;
    case FaultKind::store_unavailable:
    case FaultKind::store_executed_unknown:
    case FaultKind::store_dropped_unknown:
    case FaultKind::store_executed_late:
    case FaultKind::store_version_moved:
      return 300;
    case FaultKind::secret_imported_twice:
    case FaultKind::row_edited:
    case FaultKind::leaf_edited:
    case FaultKind::ledger_edited:
    case FaultKind::long_outage:
    case FaultKind::charged_back:
    case FaultKind::machine_crash:
      return 2'000;
    case FaultKind::shop_stands_still:
    case FaultKind::node_paused_in_commit:
    case FaultKind::store_stays_away:
      return 100;
    case FaultKind::node_paused_before_send:
      return 400;
    case FaultKind::store_keeps_moving:
      return 600;
    case FaultKind::crash_anywhere:
      return 1'000;
    case FaultKind::order_lost:
    case FaultKind::sync_ignored:
    case FaultKind::charged_back_twice_told:
    case FaultKind::chargeback_returned:
      return 5'000;
    case FaultKind::time_doubted:
    case FaultKind::channel_lacks_much:
    case FaultKind::refund_window_short:
      return whole;
    case FaultKind::notice_lost:
    case FaultKind::notice_never:
    case FaultKind::refund_query_lag:
    case FaultKind::supplier_cancel_lost:
    case FaultKind::callback_lost:
      return 6'000;
    case FaultKind::pay_after_expiry:
    case FaultKind::refund_given_by_hand:
      return 8'000;
    case FaultKind::refund_refused:
    case FaultKind::refund_balance_low:
    case FaultKind::pay_late:
    case FaultKind::supplier_reverses:
    case FaultKind::supplier_slow:
      return 3'000;
    case FaultKind::disk_full:
    case FaultKind::short_write:
      return 5;
    case FaultKind::disk_error:
    case FaultKind::power_cut:
      return 2;
    case FaultKind::sync_error:
    case FaultKind::read_flipped:
      return 30;
    default:
      return 1'500;
  }
}

}  // namespace

// Runs over other stores, and what came before, stay the same, whatever is added to the later ones.
base::Prng& Faults::stream_of(FaultKind kind) {
  if (kind >= FaultKind::opens_many) return people_prng_;
  if (kind >= FaultKind::refund_told_falsely) return message_prng_;
  if (kind >= FaultKind::refund_window_short) return terms_prng_;
  if (kind >= FaultKind::store_stays_away) return burst_prng_;
  if (kind >= FaultKind::bill_line_missing) return bill_prng_;
  return kind >= FaultKind::disk_full ? disk_prng_ : prng_;
}

Faults::Faults(std::uint64_t seed, const FaultPlan& plan)
    : prng_(seed, "faults"),
      disk_prng_(seed, "disk_faults"),
      bill_prng_(seed, "bill_faults"),
      burst_prng_(seed, "burst_faults"),
      terms_prng_(seed, "terms_faults"),
      message_prng_(seed, "message_faults"),
      people_prng_(seed, "people_faults") {
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    auto& prng = stream_of(kind);
    if (prng.chance(1, 2)) continue;
    rates_[i] = 1 + prng.below(max_rate(kind));
  }
  if (plan.only_named) rates_.fill(0);
  for (const auto& [kind, rate] : plan.rates) rates_[static_cast<std::size_t>(kind)] = rate;
  if (plan.strikes) replayed_.emplace(plan.strikes->begin(), plan.strikes->end());
}

bool Faults::strikes(FaultKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  if (healed_) return false;
  const FaultStrike strike{kind, ++asked_[index]};
  auto& prng = stream_of(kind);
  if (replayed_ ? !replayed_->contains(strike)
                : rates_[index] == 0 || !prng.chance(rates_[index], whole))
    return false;
  ++counts_[index];
  struck_.push_back(strike);
  return true;
}

std::string Faults::config_text() const {
  std::string text;
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    if (rates_[i] == 0) continue;
    if (!text.empty()) text += ' ';
    text += base::name_of(static_cast<FaultKind>(i));
    text += '=' + std::to_string(rates_[i]);
  }
  return text;
}

}  // namespace daozhang::sim
