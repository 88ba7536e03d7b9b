// The merge of a bill's lines with our facts, both sorted by kind and key. Pure, and in memory that
// does not grow: one line and one fact at a time. One thread.
#pragma once

#include <functional>
#include <optional>

#include "domain/reconciliation/difference.h"
#include "ports/bill.h"
#include "ports/ledger_reader.h"

namespace daozhang::reconciliation {

// Nothing after the last.
using NextLine = std::function<std::optional<ports::BillLine>()>;
using NextFact = std::function<std::optional<ports::LedgerFact>()>;

struct MatchVisitor {
  std::function<void(const ports::BillLine&, const ports::LedgerFact&)> pair;
  std::function<void(const ports::BillLine&)> line_alone;
  std::function<void(const ports::LedgerFact&)> fact_alone;
  std::function<void(const ports::BillLine&)> line_again;  // The key of the line before it.
};

// Each line and each fact is visited once, in the order of their keys. Input out of order stops the
// process.
void match(const NextLine& next_line, const NextFact& next_fact, const MatchVisitor& visit);

// What is wrong with a pair of the same key; nothing if it agrees.
std::optional<domain::DifferenceKind> difference_of(const ports::BillLine& line,
                                                    const ports::LedgerFact& fact);

}  // namespace daozhang::reconciliation
