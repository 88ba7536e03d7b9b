#include "reconciliation/fund_flow.h"

#include <utility>

#include "base/check.h"
#include "reconciliation/calendar.h"

namespace daozhang::reconciliation {

using domain::DifferenceKind;
using ports::BillLineKind;

namespace {

constexpr std::size_t batch_size = 500;

// That what moved on `bill_day` has met what was due on another day.
std::string key_of_meeting(const std::string& key, const std::string& bill_day) {
  return key + "@" + bill_day;
}

std::string day_before(const std::string& day) { return day_of(start_of(day) - base::hours(24)); }

}  // namespace

// The lines of each key as one. What is due is due once, however often the bill lists it: that it
// does is a difference of its own.
class FundFlow::Movements {
 public:
  Movements(const NextLine& next, bool adds_up) : next_(next), adds_up_(adds_up) {
    line_ = next_();
    advance();
  }

  [[nodiscard]] bool is_over() const { return !present_; }
  [[nodiscard]] const Movement& present() const { return *present_; }
  void advance() {
    present_.reset();
    if (!line_) return;
    present_ = Movement{std::move(*line_), {}};
    present_->key = ports::key_of(present_->line);
    while ((line_ = next_()) && ports::key_of(*line_) == present_->key) {
      if (!adds_up_) continue;
      present_->line.amount_minor += line_->amount_minor;
      present_->line.fee_minor += line_->fee_minor;
    }
    CHECK(!line_ || ports::key_of(*line_) > present_->key);
  }

 private:
  const NextLine& next_;
  const bool adds_up_;
  std::optional<ports::BillLine> line_;
  std::optional<Movement> present_;
};

void FundFlow::match(const NextLine& next_due, const NextLine& next_moved) {
  Movements due(next_due, false);
  Movements moved(next_moved, true);
  while (!due.is_over() || !moved.is_over()) {
    if (moved.is_over() || (!due.is_over() && due.present().key < moved.present().key)) {
      due_alone(due.present());
      due.advance();
    } else if (due.is_over() || moved.present().key < due.present().key) {
      moved_alone(moved.present());
      moved.advance();
    } else {
      compare(due.present(), moved.present());
      due.advance();
      moved.advance();
    }
    if (changes_.opened.size() + changes_.waiting.size() + changes_.closed.size() >= batch_size)
      static_cast<void>(flush());
  }
}

void FundFlow::compare(const Movement& due, const Movement& moved) {
  if (due.net_minor() == moved.net_minor()) {
    if (!of_.is_again) return;
    for (const auto kind :
         {DifferenceKind::movement_missing_there, DifferenceKind::movement_missing_here,
          DifferenceKind::movement_differs, DifferenceKind::fee_differs})
      changes_.closed.push_back(mended(of_, kind, of_.day, due.key));
    return;
  }
  if (due.line.amount_minor == moved.line.amount_minor)
    return open(DifferenceKind::fee_differs, due, due.line.fee_minor, moved.line.fee_minor);
  open(DifferenceKind::movement_differs, due, due.net_minor(), moved.net_minor());
}

// It may stand in the fund flow of the day before or after, whichever was read first.
void FundFlow::due_alone(const Movement& due) {
  if (due.net_minor() == 0) return;
  if (of_.store.is_elsewhere(of_.account.name, BillLineKind::fund_due, due.key)) return;
  for (const auto& day : {day_before(of_.day), day_after(of_.day)}) {
    std::int64_t moved_minor = 0;
    if (!make_good(DifferenceKind::movement_missing_here, day, due, moved_minor)) continue;
    met_elsewhere(due, day);
    if (moved_minor != due.net_minor())
      open(DifferenceKind::movement_differs, due, due.net_minor(), moved_minor);
    return;
  }
  const auto grace = due.line.amount_minor < 0 ? of_.rules.refund_grace : of_.rules.payment_grace;
  ports::WaitingFact fact;
  fact.account = of_.account.name;
  fact.kind = BillLineKind::fund_due;
  fact.key = due.key;
  fact.day = of_.day;
  fact.due_day = std::max(of_.day, day_of(due.line.at + grace));
  fact.order_no = order_no_of(due.line.trade_ref);
  fact.amount_minor = due.net_minor();
  fact.currency = due.line.currency;
  fact.at = due.line.at;
  changes_.waiting.push_back(std::move(fact));
}

void FundFlow::moved_alone(const Movement& moved) {
  const std::string meeting = key_of_meeting(moved.key, of_.day);
  if (of_.store.is_elsewhere(of_.account.name, BillLineKind::fund_moved, meeting)) return;
  if (const auto due =
          of_.store.find_waiting(of_.account.name, BillLineKind::fund_due, moved.key)) {
    met_elsewhere(moved, of_.day);
    changes_.waited.push_back(*due);
    if (due->amount_minor != moved.net_minor())
      open(DifferenceKind::movement_differs, moved, due->amount_minor, moved.net_minor());
    return;
  }
  std::string day = of_.day;
  for (int back = 0; back < 3; ++back) {
    day = day_before(day);
    std::int64_t due_minor = 0;
    if (!make_good(DifferenceKind::movement_missing_there, day, moved, due_minor)) continue;
    met_elsewhere(moved, of_.day);
    if (due_minor != moved.net_minor())
      open(DifferenceKind::movement_differs, moved, due_minor, moved.net_minor());
    return;
  }
  open(DifferenceKind::movement_missing_here, moved, 0, moved.net_minor());
}

// Closes the difference of the other half, if that is open; gives what the other half had said.
bool FundFlow::make_good(DifferenceKind kind, const std::string& day, const Movement& by,
                         std::int64_t& missing_minor) {
  const std::string id = difference_id(of_.account.name, day, kind, by.key);
  const auto found = of_.store.find_difference(id);
  if (!found || found->state != domain::DifferenceState::open) return false;
  const bool is_due = kind == DifferenceKind::movement_missing_there;
  missing_minor = is_due ? found->bill_minor : found->ledger_minor;
  changes_.closed.push_back(
      {id, std::string(domain::closed_by_itself),
       (is_due ? "it stands in the fund flow of " : "it stands in the bill of ") + of_.day,
       "line " + std::to_string(by.line.line_no), of_.now});
  return true;
}

// A run that is begun again finds that both halves have met.
void FundFlow::met_elsewhere(const Movement& movement, const std::string& moved_day) {
  changes_.elsewhere.push_back({of_.account.name, BillLineKind::fund_due, movement.key, moved_day});
  changes_.elsewhere.push_back({of_.account.name, BillLineKind::fund_moved,
                                key_of_meeting(movement.key, moved_day), moved_day});
}

void FundFlow::open(DifferenceKind kind, const Movement& movement, std::int64_t bill_minor,
                    std::int64_t moved_minor) {
  domain::Difference item = new_difference(of_, kind, of_.day, movement.key);
  item.trade_ref = movement.line.trade_ref;
  item.order_no = order_no_of(movement.line.trade_ref);
  item.line_no = movement.line.line_no;
  item.bill_minor = bill_minor;
  item.ledger_minor = moved_minor;
  item.currency = movement.line.currency;
  item.at = movement.line.at;
  changes_.opened.push_back(std::move(item));
}

void FundFlow::add_other(std::int64_t count, std::int64_t minor) {
  if (count == 0) return;
  domain::Difference item =
      new_difference(of_, DifferenceKind::movement_of_other_kind, of_.day, "*");
  item.line_count = count;
  item.ledger_minor = minor;
  item.at = start_of(of_.day);
  changes_.opened.push_back(std::move(item));
}

bool FundFlow::flush() {
  if (!is_refused_ && changes_.row_count() > 0) is_refused_ = !of_.store.save(changes_);
  changes_ = {};
  return !is_refused_;
}

}  // namespace daozhang::reconciliation
