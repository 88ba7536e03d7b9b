// What can go wrong, how often in this run, and how often it did. A swarm: every kind is off with
// probability one half, else its rate is uniform up to its maximum, so that runs differ in what
// they stress (reference: swarm testing, Groce et al.).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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
  refund_too_soon,
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
  notice_not_paid,
  notice_answer_lost,
  // A buyer.
  place_repeated,
  place_other_body,
  never_pays,
  pay_late,
  pay_twice,
  pay_short,
  pay_over,
  channel_switched,
  buyer_vanishes,
  reveal_cut_off,
  code_scanned_unseen,
  // A supplier.
  submit_not_sent,
  submit_lost,
  submit_delayed,
  supplier_reply_lost,
  supplier_reply_lost_once_only,
  supplier_balance_empty,
  supplier_fails,
  units_fail_together,
  supplier_slow,
  supplier_stuck,
  supplier_not_found,
  supplier_cancel_lost,
  supplier_failed_then_done,
  supplier_canceled_then_done,
  supplier_reverses,
  supplier_price_rises,
  callback_lost,
  callback_doubled,
  callback_forged,
  // The store.
  store_unavailable,
  store_executed_unknown,
  store_dropped_unknown,
  store_version_moved,
  last_item_taken,
  secret_imported_twice,
  row_edited,
  // The process.
  crash_before_commit,
  crash_after_commit,
  crash_after_send,
  crash_after_reply,
  long_outage,
  shop_stands_still,
  node_paused_in_commit,
  other_node_won,
  queue_full,
  time_doubted,
  // A channel's own mistakes and lacks.
  paid_told_as_closed,   // For a while it says that a paid trade is closed.
  notice_without_money,  // Rightly signed, for a trade that nobody paid: a leaked key.
  refund_stuck,          // Taken, and for a while under way or a matter for people.
  channel_lacks_much,    // It can neither close nor give back twice under one number.
  refund_lost_for_good,  // Sent once, its answer lost: people look into the books.
  charged_back,          // The channel takes a payment back from the shop; people tell of it.
  charged_back_twice_told,
  chargeback_returned,   // The dispute was won.
  refund_given_by_hand,  // The channel refuses it, and somebody sends the money another way.
  order_lost,            // Money comes for a number of ours and the store has no such order.
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
  // A channel's bill, per line; drawn from a stream of their own too.
  bill_line_missing,
  bill_line_doubled,
  bill_sum_changed,
  bill_line_unknown,  // Of an order that the shop could have and does not.
  // The store again, for several commits of a node one after the other; from here on of a stream of
  // their own.
  store_stays_away,
  store_keeps_moving,  // Somebody else is faster each time.
  node_paused_before_send,
  store_executed_late,   // Told as unknown, and there some time later.
  given_back_elsewhere,  // In the channel's own console: the shop is not told.
  crash_anywhere,        // At a moment that nothing else names.
  // A channel's terms; from here on of a stream of their own.
  refund_window_short,  // It takes refunds of a payment for minutes or hours only.
  // An insider, at the end of a run.
  leaf_edited,
  ledger_edited,
  // A channel's messages again; from here on of a stream of their own.
  refund_told_falsely,       // Rightly signed, of a refund that was not: a leaked key.
  paid_told_in_other_money,  // By its queries, for a while.
  paid_told_unclearly,       // Without a sum or a trade number.
  paid_told_of_other_trade,  // Under the number of another order's payment,
  notice_of_other_trade,     // which a notification may do too.
  notice_of_no_order,        // Of no number of the shop's, or of none that it can have made.
  channel_silent_for_days,   // Longer than the shop waits for it alone.
  refund_drags_on,           // Taken, and under way until a person ends it.
  // People again; from here on of a stream of their own.
  opens_many,            // Payment after payment, each for another payer, until the shop says no.
  opens_late,            // In the last half minute of the window.
  unknown_order,         // Somebody comes with a number of an order that the shop never made.
  case_told_wrongly,     // A chargeback with another sum, of another payment, or once more.
  charged_back_again,    // A second dispute of one payment.
  charged_back_unclear,  // Of one of two payments that have one number at two channels.
  order_lost_settled,    // Money for an order that is lost, and people tell of it from a bill.
  refund_hidden,         // For hours the channel says that it has no such refund.
  supplier_silent_long,  // For more than three days; some work on meanwhile.
  stock_scarce,          // One to three items on the shelf.
  answers_meet,  // Nothing is heard of an order's payments until its hold ends, and then all.
  supplier_does_older,  // Asked anew for a unit it does what it had refused, and refuses that.
  kinds,
};
inline constexpr auto fault_kinds = static_cast<std::size_t>(FaultKind::kinds);
constexpr auto names_of(std::type_identity<FaultKind>) {
  return base::words(
      "call_lost", "call_late", "reply_lost", "reply_slow", "system_error", "create_refused",
      "refund_query_lag", "refund_refused", "refund_balance_low", "refund_too_soon",
      "pay_after_expiry", "notice_lost", "notice_never", "notice_doubled", "notice_late",
      "notice_reordered", "notice_forged", "notice_other_amount", "notice_other_account",
      "notice_wrong_channel", "notice_replayed", "notice_not_paid", "notice_answer_lost",
      "place_repeated", "place_other_body", "never_pays", "pay_late", "pay_twice", "pay_short",
      "pay_over", "channel_switched", "buyer_vanishes", "reveal_cut_off", "code_scanned_unseen",
      "submit_not_sent", "submit_lost", "submit_delayed", "supplier_reply_lost",
      "supplier_reply_lost_once_only", "supplier_balance_empty", "supplier_fails",
      "units_fail_together", "supplier_slow", "supplier_stuck", "supplier_not_found",
      "supplier_cancel_lost", "supplier_failed_then_done", "supplier_canceled_then_done",
      "supplier_reverses", "supplier_price_rises", "callback_lost", "callback_doubled",
      "callback_forged", "store_unavailable", "store_executed_unknown", "store_dropped_unknown",
      "store_version_moved", "last_item_taken", "secret_imported_twice", "row_edited",
      "crash_before_commit", "crash_after_commit", "crash_after_send", "crash_after_reply",
      "long_outage", "shop_stands_still", "node_paused_in_commit", "other_node_won", "queue_full",
      "time_doubted", "paid_told_as_closed", "notice_without_money", "refund_stuck",
      "channel_lacks_much", "refund_lost_for_good", "charged_back", "charged_back_twice_told",
      "chargeback_returned", "refund_given_by_hand", "order_lost", "disk_full", "short_write",
      "disk_error", "sync_error", "power_cut", "machine_crash", "write_torn", "write_lost",
      "sync_ignored", "read_flipped", "bill_line_missing", "bill_line_doubled", "bill_sum_changed",
      "bill_line_unknown", "store_stays_away", "store_keeps_moving", "node_paused_before_send",
      "store_executed_late", "given_back_elsewhere", "crash_anywhere", "refund_window_short",
      "leaf_edited", "ledger_edited", "refund_told_falsely", "paid_told_in_other_money",
      "paid_told_unclearly", "paid_told_of_other_trade", "notice_of_other_trade",
      "notice_of_no_order", "channel_silent_for_days", "refund_drags_on", "opens_many",
      "opens_late", "unknown_order", "case_told_wrongly", "charged_back_again",
      "charged_back_unclear", "order_lost_settled", "refund_hidden", "supplier_silent_long",
      "stock_scarce", "answers_meet", "supplier_does_older", "kinds");
}

using FaultCounts = std::array<std::int64_t, fault_kinds>;

// The faults of reference FAULTS that a kind plays, for example "F8".
std::string_view fault_number(FaultKind kind);

// One fault that happened: the n-th time, from 1, that its kind was asked about in the run.
struct FaultStrike {
  FaultKind kind{};
  std::int64_t nth = 0;
  friend auto operator<=>(const FaultStrike&, const FaultStrike&) = default;
};

// What is laid down about the faults of a run instead of being drawn.
struct FaultPlan {
  std::map<FaultKind, std::uint64_t> rates;         // In ten-thousandths; over what the swarm drew.
  bool only_named = false;                          // Kinds without a rate above are off.
  std::optional<std::vector<FaultStrike>> strikes;  // These happen and no others.
};

// One thread.
class Faults {
 public:
  explicit Faults(std::uint64_t seed, const FaultPlan& plan = {});

  // Whether this kind happens now; counts it if so.
  bool strikes(FaultKind kind);
  // For what happens without being asked for.
  void count(FaultKind kind, std::int64_t times = 1) {
    counts_[static_cast<std::size_t>(kind)] += times;
  }
  // From now on nothing goes wrong.
  void heal() { healed_ = true; }
  [[nodiscard]] bool healed() const { return healed_; }
  // This kind always happens; for families.
  void always(FaultKind kind) { rates_[static_cast<std::size_t>(kind)] = 10'000; }

  [[nodiscard]] const FaultCounts& counts() const { return counts_; }
  // The schedule of this run: everything that struck, in order. Played again it is the same run.
  [[nodiscard]] const std::vector<FaultStrike>& struck() const { return struck_; }
  // `name=rate` for each kind that is on, in ten-thousandths.
  [[nodiscard]] std::string config_text() const;

 private:
  [[nodiscard]] base::Prng& stream_of(FaultKind kind);

  base::Prng prng_;
  base::Prng disk_prng_;
  base::Prng bill_prng_;
  base::Prng burst_prng_;
  base::Prng terms_prng_;
  base::Prng message_prng_;
  base::Prng people_prng_;
  std::array<std::uint64_t, fault_kinds> rates_{};  // In ten-thousandths.
  FaultCounts counts_{};
  FaultCounts asked_{};
  std::vector<FaultStrike> struck_;
  std::optional<std::set<FaultStrike>> replayed_;
  bool healed_ = false;
};

}  // namespace daozhang::sim
