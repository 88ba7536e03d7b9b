#include "reconciliation/matching.h"

#include <string>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace daozhang::reconciliation {
namespace {

using Key = std::pair<ports::BillLineKind, std::string>;

template <class Row>
Key full_key(const Row& row) {
  return {row.kind, ports::key_of(row)};
}

// A stream with its present row and that row's key.
template <class Row, class Next>
class Stream {
 public:
  explicit Stream(const Next& next) : next_(next) { advance(); }

  [[nodiscard]] bool is_over() const { return !row_; }
  [[nodiscard]] const Row& row() const { return *row_; }
  [[nodiscard]] const Key& key() const { return key_; }
  void advance() {
    row_ = next_();
    if (!row_) return;
    Key key = full_key(*row_);
    CHECK(key_ <= key);
    key_ = std::move(key);
  }

 private:
  const Next& next_;
  std::optional<Row> row_;
  Key key_;
};

}  // namespace

void match(const NextLine& next_line, const NextFact& next_fact, const MatchVisitor& visit) {
  Stream<ports::BillLine, NextLine> lines(next_line);
  Stream<ports::LedgerFact, NextFact> facts(next_fact);
  std::optional<Key> seen;
  while (!lines.is_over() || !facts.is_over()) {
    if (!lines.is_over() && seen == lines.key()) {
      visit.line_again(lines.row());
      lines.advance();
    } else if (facts.is_over() || (!lines.is_over() && lines.key() < facts.key())) {
      visit.line_alone(lines.row());
      seen = lines.key();
      lines.advance();
    } else if (lines.is_over() || facts.key() < lines.key()) {
      visit.fact_alone(facts.row());
      facts.advance();
    } else {
      visit.pair(lines.row(), facts.row());
      seen = lines.key();
      lines.advance();
      facts.advance();
    }
  }
}

std::optional<domain::DifferenceKind> difference_of(const ports::BillLine& line,
                                                    const ports::LedgerFact& fact) {
  const bool is_refund = line.kind == ports::BillLineKind::refund;
  if (line.amount_minor != fact.amount_minor || line.currency != fact.currency)
    return is_refund ? domain::DifferenceKind::refund_amount_differs
                     : domain::DifferenceKind::amount_differs;
  if (!fact.is_booked) return domain::DifferenceKind::refund_not_accepted_here;
  return std::nullopt;
}

}  // namespace daozhang::reconciliation
