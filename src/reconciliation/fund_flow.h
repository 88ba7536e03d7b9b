// The account at the channel against the channel's own bill: what each payment and refund of the
// bill must have moved there, fee included, and what did. Our books are matched with the bill
// (matching.h), so what agrees in both agrees with the books as well, and a difference is told
// once.
//
// A movement is known by the channel's number of the payment or refund. Its lines are added up: a
// channel may take the fee apart or at once, and only what remains must agree. Halves that do not
// stand in the same day meet as those of outcomes.h do.
//
// In memory that does not grow with the day. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "reconciliation/matching.h"
#include "reconciliation/outcomes.h"

namespace daozhang::reconciliation {

class FundFlow {
 public:
  explicit FundFlow(OutcomesOf of) : of_(std::move(of)) {}

  // Lines of one kind each, sorted by their key.
  void match(const NextLine& next_due, const NextLine& next_moved);
  // What moved for none of both, one item for all of them.
  void add_other(std::int64_t count, std::int64_t minor);
  // False if the store refused anything since the beginning; then nothing more was written.
  [[nodiscard]] bool flush();

 private:
  // The lines of one key.
  struct Movement {
    ports::BillLine line;  // The first, with the sums of all.
    std::string key;
    [[nodiscard]] std::int64_t net_minor() const { return line.amount_minor - line.fee_minor; }
  };
  class Movements;

  void compare(const Movement& due, const Movement& moved);
  void due_alone(const Movement& due);
  void moved_alone(const Movement& moved);
  bool make_good(domain::DifferenceKind kind, const std::string& day, const Movement& by,
                 std::int64_t& missing_minor);
  void met_elsewhere(const Movement& movement, const std::string& moved_day);
  void open(domain::DifferenceKind kind, const Movement& movement, std::int64_t bill_minor,
            std::int64_t moved_minor);

  OutcomesOf of_;
  ports::ReconcileChanges changes_;
  bool is_refused_ = false;
};

}  // namespace daozhang::reconciliation
