// What a run leaves behind: a hash of everything that happened in order (two runs of one seed must
// agree), which rare states were reached, the first invariant that broke, and on demand the story
// of one order.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "domain/identity/ids.h"

namespace daozhang::sim {

// States that a campaign must have reached, else it proves nothing about them (SIMULATOR 4.9).
enum class Sometimes {
  disown_taken,
  late_success_after_disown,
  late_failure_after_disown,
  cancel_won,
  cancel_lost,
  failed_then_done,
  supplier_reversed,
  resubmitted_after_not_found,
  attempt_3_used,
  partially_delivered,
  partial_secrets,
  partial_topups,
  partial_memberships,
  double_payment_returned,
  paid_short_then_rest,
  shortfall_given_back,
  surplus_given_back,
  payment_after_expiry_delivered,
  payment_after_expiry_refunded,
  hold_released,
  refund_found_by_query,
  refund_sent_again,
  refund_retried_3,
  refund_refused_then_accepted,
  quarantined,
  notice_refused,
  notice_asked,
  order_replayed,
  idempotency_conflict,
  commit_lost_race,
  commit_lost_to_other_node,
  commit_unknown_but_executed,
  commit_unknown_and_dropped,
  commit_unknown_and_late,
  buyer_forgiven,
  copy_refused,
  given_back_before_known,
  given_back_while_known,
  late_reply_to_new_engine,
  crash_before_place_commit,
  crash_before_paid_commit,
  crash_before_submit_commit,
  crash_after_submit_commit,
  crash_after_submit_sent,
  crash_after_submit_reply,
  crash_before_result_commit,
  crash_after_result_commit,
  crash_before_refund_commit,
  crash_after_refund_commit,
  crash_after_refund_sent,
  crash_after_refund_reply,
  late_unit_spared_by_doubt,
  late_money_found_by_look,
  call_too_late_to_leave,
  charged_back,
  chargeback_returned,
  flagged_buyer_refused,
  refund_given_by_hand,
  lost_order_given_back,
  bill_difference_told,
  refund_window_missed,
  odd_money_told,
  payment_not_told,
  refund_not_settled,
  refund_found_in_books,
  payer_named_later,
  payer_never_named,
  payment_of_its_payer_again,
  second_payer_apart,
  too_many_payments_refused,
  opened_too_late_refused,
  unknown_order_refused,
  charged_back_twice,
  case_told_wrongly_refused,
  unclear_payment_refused,
  flagged_phone_refused,
  lost_order_settled_by_hand,
  refund_that_is_none_refused,
  refund_not_confirmed,
  supplier_silent_told,
  expired_and_paid_at_once,
  one_of_two_successes_reversed,
  // Over SQLite only.
  disk_full_refused,
  store_died,
  commit_in_doubt_was_executed,
  commit_in_doubt_was_lost,
  disk_lie_noticed,
  kinds,
};
inline constexpr auto sometimes_kinds = static_cast<std::size_t>(Sometimes::kinds);
inline constexpr auto first_of_disk = static_cast<std::size_t>(Sometimes::disk_full_refused);
constexpr auto names_of(std::type_identity<Sometimes>) {
  return base::words(
      "disown_taken", "late_success_after_disown", "late_failure_after_disown", "cancel_won",
      "cancel_lost", "failed_then_done", "supplier_reversed", "resubmitted_after_not_found",
      "attempt_3_used", "partially_delivered", "partial_secrets", "partial_topups",
      "partial_memberships", "double_payment_returned", "paid_short_then_rest",
      "shortfall_given_back", "surplus_given_back", "payment_after_expiry_delivered",
      "payment_after_expiry_refunded", "hold_released", "refund_found_by_query",
      "refund_sent_again", "refund_retried_3", "refund_refused_then_accepted", "quarantined",
      "notice_refused", "notice_asked", "order_replayed", "idempotency_conflict",
      "commit_lost_race", "commit_lost_to_other_node", "commit_unknown_but_executed",
      "commit_unknown_and_dropped", "commit_unknown_and_late", "buyer_forgiven", "copy_refused",
      "given_back_before_known", "given_back_while_known", "late_reply_to_new_engine",
      "crash_before_place_commit", "crash_before_paid_commit", "crash_before_submit_commit",
      "crash_after_submit_commit", "crash_after_submit_sent", "crash_after_submit_reply",
      "crash_before_result_commit", "crash_after_result_commit", "crash_before_refund_commit",
      "crash_after_refund_commit", "crash_after_refund_sent", "crash_after_refund_reply",
      "late_unit_spared_by_doubt", "late_money_found_by_look", "call_too_late_to_leave",
      "charged_back", "chargeback_returned", "flagged_buyer_refused", "refund_given_by_hand",
      "lost_order_given_back", "bill_difference_told", "refund_window_missed", "odd_money_told",
      "payment_not_told", "refund_not_settled", "refund_found_in_books", "payer_named_later",
      "payer_never_named", "payment_of_its_payer_again", "second_payer_apart",
      "too_many_payments_refused", "opened_too_late_refused", "unknown_order_refused",
      "charged_back_twice", "case_told_wrongly_refused", "unclear_payment_refused",
      "flagged_phone_refused", "lost_order_settled_by_hand", "refund_that_is_none_refused",
      "refund_not_confirmed", "supplier_silent_told", "expired_and_paid_at_once",
      "one_of_two_successes_reversed", "disk_full_refused", "store_died",
      "commit_in_doubt_was_executed", "commit_in_doubt_was_lost", "disk_lie_noticed", "kinds");
}

using SometimesCounts = std::array<std::int64_t, sometimes_kinds>;

struct Violation {
  std::string invariant;  // As in reference FAULTS: S9, L1, …
  std::string what;
  domain::OrderKey order;  // Id zero if it is about no single order.
};

// One thread.
class Record {
 public:
  // Keeps the last lines about this order; others are only hashed.
  void follow(domain::OrderKey order) { followed_ = order; }
  // Keeps the last lines about whatever it is.
  void follow_all() { follows_all_ = true; }

  // `more` is not hashed.
  void note(base::Instant at, domain::OrderKey order, std::string_view line,
            std::string_view more = {});
  void reached(Sometimes state) { ++sometimes_[static_cast<std::size_t>(state)]; }
  // Keeps the first.
  void violated(std::string_view invariant, std::string what, domain::OrderKey order = {});

  [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }
  [[nodiscard]] const SometimesCounts& sometimes() const { return sometimes_; }
  [[nodiscard]] std::string trace_hash() const;
  [[nodiscard]] const std::deque<std::string>& story() const { return story_; }
  [[nodiscard]] std::int64_t notes() const { return notes_; }

 private:
  void mix(std::uint64_t word);

  std::array<std::uint64_t, 2> hash_{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL};
  std::int64_t notes_ = 0;
  SometimesCounts sometimes_{};
  std::optional<Violation> violation_;
  std::optional<domain::OrderKey> followed_;
  bool follows_all_ = false;
  std::deque<std::string> story_;
};

}  // namespace daozhang::sim
