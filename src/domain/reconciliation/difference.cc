#include "domain/reconciliation/difference.h"

namespace daozhang::domain {
namespace {

bool is_same(const Difference& left, const Difference& right) {
  return left.bill_minor == right.bill_minor && left.ledger_minor == right.ledger_minor &&
         left.line_count == right.line_count && left.currency == right.currency;
}

std::string amounts_of(const Difference& difference) {
  return decimal_of_minor(difference.bill_minor) + " / " +
         decimal_of_minor(difference.ledger_minor);
}

}  // namespace

DifferenceEntry opened_now(const Difference& difference) {
  return {difference.difference_id,      0,
          DifferenceStep::opened,        difference.opened_at,
          std::string(closed_by_itself), difference.owner};
}

std::optional<DifferenceEntry> said_again(Difference& known, const Difference& now) {
  const bool is_open = known.state == DifferenceState::open;
  if (is_same(known, now) && (is_open || known.closed_by != closed_by_itself)) return std::nullopt;
  DifferenceEntry entry = opened_now(now);
  entry.step = is_open ? DifferenceStep::corrected : DifferenceStep::reopened;
  entry.words = amounts_of(now) + ", before " + amounts_of(known);
  Difference said = now;
  said.owner = known.owner;
  said.opened_at = known.opened_at;
  known = std::move(said);
  return entry;
}

}  // namespace daozhang::domain
