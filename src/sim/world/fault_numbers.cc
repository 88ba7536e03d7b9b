// Which fault of reference FAULTS each kind plays. A kind stands under the one that it plays most;
// a fault may need several kinds.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "sim/world/fault.h"

namespace daozhang::sim {
namespace {

struct Row {
  FaultKind kind;
  std::string_view number;
};

constexpr auto rows = std::to_array<Row>({
    {FaultKind::place_repeated, "F1"},
    {FaultKind::place_other_body, "F2"},
    {FaultKind::pay_twice, "F3"},
    {FaultKind::channel_switched, "F3"},
    {FaultKind::never_pays, "F4"},
    {FaultKind::pay_late, "F4"},
    {FaultKind::pay_after_expiry, "F4"},
    {FaultKind::buyer_vanishes, "F6"},
    {FaultKind::notice_doubled, "F8"},
    {FaultKind::notice_lost, "F9"},
    {FaultKind::notice_never, "F9"},
    {FaultKind::channel_silent_for_days, "F9"},
    {FaultKind::notice_reordered, "F10"},
    {FaultKind::notice_late, "F11"},
    {FaultKind::notice_forged, "F12"},
    {FaultKind::notice_other_account, "F13"},
    {FaultKind::notice_wrong_channel, "F13"},
    {FaultKind::notice_replayed, "F14"},
    {FaultKind::paid_told_of_other_trade, "F14"},
    {FaultKind::notice_of_other_trade, "F14"},
    {FaultKind::notice_of_no_order, "F14"},
    {FaultKind::paid_told_in_other_money, "F15"},
    {FaultKind::paid_told_unclearly, "F15"},
    {FaultKind::notice_other_amount, "F15"},
    {FaultKind::pay_short, "F15"},
    {FaultKind::pay_over, "F15"},
    {FaultKind::notice_not_paid, "F16"},
    {FaultKind::notice_answer_lost, "F17"},
    {FaultKind::create_refused, "F23"},
    {FaultKind::code_scanned_unseen, "F23"},
    {FaultKind::call_lost, "F23"},
    {FaultKind::call_late, "F23"},
    {FaultKind::reply_lost, "F23"},
    {FaultKind::reply_slow, "F23"},
    {FaultKind::system_error, "F23"},
    {FaultKind::refund_query_lag, "F23"},
    {FaultKind::refund_balance_low, "F24"},
    {FaultKind::units_fail_together, "F26"},
    {FaultKind::paid_told_as_closed, "F18"},
    {FaultKind::notice_without_money, "F20"},
    {FaultKind::refund_told_falsely, "F20"},
    {FaultKind::channel_lacks_much, "F21"},
    {FaultKind::refund_lost_for_good, "F21"},
    {FaultKind::charged_back, "F19"},
    {FaultKind::charged_back_twice_told, "F19"},
    {FaultKind::chargeback_returned, "F19"},
    {FaultKind::bill_line_missing, "F22"},
    {FaultKind::bill_line_doubled, "F22"},
    {FaultKind::bill_sum_changed, "F22"},
    {FaultKind::bill_line_unknown, "F22"},
    {FaultKind::refund_stuck, "F25"},
    {FaultKind::refund_drags_on, "F25"},
    {FaultKind::refund_given_by_hand, "F25"},
    {FaultKind::order_lost, "F63"},
    {FaultKind::refund_refused, "F27"},
    {FaultKind::refund_window_short, "F27"},
    {FaultKind::refund_too_soon, "F28"},
    {FaultKind::supplier_reply_lost, "F29"},
    {FaultKind::submit_lost, "F30"},
    {FaultKind::submit_not_sent, "F30"},
    {FaultKind::submit_delayed, "F31"},
    {FaultKind::supplier_not_found, "F31"},
    {FaultKind::supplier_failed_then_done, "F32"},
    {FaultKind::supplier_canceled_then_done, "F32"},
    {FaultKind::supplier_reply_lost_once_only, "F34"},
    {FaultKind::supplier_slow, "F35"},
    {FaultKind::supplier_stuck, "F35"},
    {FaultKind::supplier_cancel_lost, "F35"},
    {FaultKind::supplier_balance_empty, "F36"},
    {FaultKind::callback_forged, "F37"},
    {FaultKind::callback_lost, "F37"},
    {FaultKind::callback_doubled, "F37"},
    {FaultKind::supplier_fails, "F38"},
    {FaultKind::supplier_price_rises, "F39"},
    {FaultKind::last_item_taken, "F41"},
    {FaultKind::secret_imported_twice, "F42"},
    {FaultKind::reveal_cut_off, "F43"},
    {FaultKind::crash_before_commit, "F48"},
    {FaultKind::crash_after_commit, "F48"},
    {FaultKind::crash_after_send, "F48"},
    {FaultKind::crash_after_reply, "F48"},
    {FaultKind::store_version_moved, "F56"},
    {FaultKind::shop_stands_still, "F50"},
    {FaultKind::node_paused_in_commit, "F50"},
    {FaultKind::node_paused_before_send, "F50"},
    {FaultKind::other_node_won, "F49"},
    {FaultKind::time_doubted, "F51"},
    {FaultKind::long_outage, "F52"},
    {FaultKind::queue_full, "F54"},
    {FaultKind::store_executed_unknown, "F55"},
    {FaultKind::store_dropped_unknown, "F55"},
    {FaultKind::store_executed_late, "F55"},
    {FaultKind::given_back_elsewhere, "F22"},
    {FaultKind::crash_anywhere, "F48"},
    {FaultKind::store_unavailable, "F57"},
    {FaultKind::store_stays_away, "F57"},
    {FaultKind::store_keeps_moving, "F56"},
    {FaultKind::power_cut, "F48"},
    {FaultKind::machine_crash, "F48"},
    {FaultKind::write_torn, "F48"},
    {FaultKind::write_lost, "F48"},
    {FaultKind::disk_full, "F57"},
    {FaultKind::short_write, "F57"},
    {FaultKind::read_flipped, "F58"},
    {FaultKind::sync_ignored, "F58"},
    {FaultKind::disk_error, "F59"},
    {FaultKind::sync_error, "F59"},
    {FaultKind::row_edited, "F67"},
    {FaultKind::leaf_edited, "F67"},
    {FaultKind::ledger_edited, "F67"},
    {FaultKind::supplier_reverses, "F77"},
    {FaultKind::opens_many, "F3"},
    {FaultKind::opens_late, "F4"},
    {FaultKind::unknown_order, "F63"},
    {FaultKind::order_lost_settled, "F63"},
    {FaultKind::refund_hidden, "F23"},
    {FaultKind::supplier_silent_long, "F35"},
    {FaultKind::stock_scarce, "F41"},
    {FaultKind::answers_meet, "F4"},
    {FaultKind::supplier_does_older, "F32"},
    {FaultKind::case_told_wrongly, "F19"},
    {FaultKind::charged_back_again, "F19"},
    {FaultKind::charged_back_unclear, "F19"},
});

constexpr const Row* row_of(FaultKind kind) {
  return std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.kind == kind; });
}

constexpr bool each_kind_has_one_row() {
  for (std::size_t i = 0; i < fault_kinds; ++i)
    if (row_of(static_cast<FaultKind>(i)) == rows.end()) return false;
  return rows.size() == fault_kinds;
}
static_assert(each_kind_has_one_row());

}  // namespace

std::string_view fault_number(FaultKind kind) {
  const Row* row = row_of(kind);
  CHECK(row != rows.end());
  return row->number;
}

}  // namespace daozhang::sim
