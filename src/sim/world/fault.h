// What can go wrong, how often in this run, and how often it did. A swarm: every kind is off with
// probability one half, else its rate is uniform up to its maximum, so that runs differ in what
// they stress (reference: swarm testing, Groce et al.).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/enum_names.h"
#include "base/prng.h"

namespace daozhang::sim {

enum class FaultKind {
  // A call to a payment channel.
  call_lost,
  call_late,
  reply_lost,
  reply_slow,
  system_error,
  create_refused,
  refund_query_lag,
  refund_refused,
  refund_balance_low,
  pay_after_expiry,
  // A channel's notification.
  notice_lost,
  notice_never,
  notice_doubled,
  notice_late,
  notice_reordered,
  notice_forged,
  notice_other_amount,
  notice_other_account,
  notice_wrong_channel,
  notice_replayed,
  // A buyer.
  place_repeated,
  place_other_body,
  never_pays,
  pay_late,
  pay_twice,
  pay_short,
  pay_over,
  channel_switched,
  // A supplier.
  submit_not_sent,
  submit_lost,
  submit_delayed,
  supplier_reply_lost,
  supplier_balance_empty,
  supplier_fails,
  supplier_slow,
  supplier_stuck,
  supplier_not_found,
  supplier_cancel_lost,
  supplier_failed_then_done,
  supplier_reverses,
  callback_lost,
  callback_doubled,
  callback_forged,
  // The store.
  store_unavailable,
  store_executed_unknown,
  store_dropped_unknown,
  store_version_moved,
  // The process.
  crash_before_commit,
  crash_after_commit,
  crash_after_send,
  crash_after_reply,
  long_outage,
  // The disk under SQLite, per call; from here on drawn from a stream of their own.
  disk_full,
  short_write,
  disk_error,
  sync_error,
  power_cut,
  machine_crash,  // Of a process that dies: with its machine.
  write_torn,     // Counted when the power goes.
  write_lost,
  sync_ignored,  // Only on a disk that lies.
  read_flipped,
  kinds,
};
inline constexpr auto fault_kinds = static_cast<std::size_t>(FaultKind::kinds);
constexpr auto names_of(std::type_identity<FaultKind>) {
  return base::words(
      "call_lost", "call_late", "reply_lost", "reply_slow", "system_error", "create_refused",
      "refund_query_lag", "refund_refused", "refund_balance_low", "pay_after_expiry", "notice_lost",
      "notice_never", "notice_doubled", "notice_late", "notice_reordered", "notice_forged",
      "notice_other_amount", "notice_other_account", "notice_wrong_channel", "notice_replayed",
      "place_repeated", "place_other_body", "never_pays", "pay_late", "pay_twice", "pay_short",
      "pay_over", "channel_switched", "submit_not_sent", "submit_lost", "submit_delayed",
      "supplier_reply_lost", "supplier_balance_empty", "supplier_fails", "supplier_slow",
      "supplier_stuck", "supplier_not_found", "supplier_cancel_lost", "supplier_failed_then_done",
      "supplier_reverses", "callback_lost", "callback_doubled", "callback_forged",
      "store_unavailable", "store_executed_unknown", "store_dropped_unknown", "store_version_moved",
      "crash_before_commit", "crash_after_commit", "crash_after_send", "crash_after_reply",
      "long_outage", "disk_full", "short_write", "disk_error", "sync_error", "power_cut",
      "machine_crash", "write_torn", "write_lost", "sync_ignored", "read_flipped", "kinds");
}

using FaultCounts = std::array<std::int64_t, fault_kinds>;

// One thread.
class Faults {
 public:
  explicit Faults(std::uint64_t seed);

  // Whether this kind happens now; counts it if so.
  bool strikes(FaultKind kind);
  // For what happens without being asked for.
  void count(FaultKind kind, std::int64_t times) {
    counts_[static_cast<std::size_t>(kind)] += times;
  }
  // From now on nothing goes wrong.
  void heal() { healed_ = true; }
  [[nodiscard]] bool healed() const { return healed_; }
  // For experiments and tests of the simulator itself: never this kind.
  void forbid(FaultKind kind) { rates_[static_cast<std::size_t>(kind)] = 0; }

  [[nodiscard]] const FaultCounts& counts() const { return counts_; }
  // `name=rate` for each kind that is on, in ten-thousandths.
  [[nodiscard]] std::string config_text() const;

 private:
  base::Prng prng_;
  base::Prng disk_prng_;
  std::array<std::uint64_t, fault_kinds> rates_{};  // In ten-thousandths.
  FaultCounts counts_{};
  bool healed_ = false;
};

}  // namespace daozhang::sim
