#include "storage/sqlite/bill_schema.h"

namespace daozhang::storage::sqlite {
namespace {

// Columns are the fields of the records in their order, after `sort_key` on the workbench. Words
// are checked where they are read: an unknown one stops the process.
constexpr const char* first = R"(
CREATE TABLE days (
  account TEXT NOT NULL CHECK (account <> ''),
  channels TEXT NOT NULL,
  day TEXT NOT NULL CHECK (length(day) = 10),
  state TEXT NOT NULL CHECK (state = 'expected' OR state = 'done'),
  refusal TEXT NOT NULL,
  problem TEXT NOT NULL,
  try_count INTEGER NOT NULL,
  next_try_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL,
  bill_payment_count INTEGER NOT NULL,
  bill_payment_minor INTEGER NOT NULL,
  bill_refund_count INTEGER NOT NULL,
  bill_refund_minor INTEGER NOT NULL,
  bill_fee_minor INTEGER NOT NULL,
  ledger_payment_count INTEGER NOT NULL,
  ledger_payment_minor INTEGER NOT NULL,
  ledger_refund_count INTEGER NOT NULL,
  ledger_refund_minor INTEGER NOT NULL,
  matched_count INTEGER NOT NULL,
  PRIMARY KEY (day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE differences (
  difference_id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  trade_ref TEXT NOT NULL,
  order_no TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  line_count INTEGER NOT NULL CHECK (line_count > 0),
  bill_minor INTEGER NOT NULL,
  ledger_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  cause TEXT NOT NULL,
  owner TEXT NOT NULL CHECK (owner <> ''),
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'closed'),
  opened_at INTEGER NOT NULL CHECK (opened_at > 0),
  closed_at INTEGER NOT NULL CHECK ((closed_at <> 0) = (state = 'closed')),
  closed_by TEXT NOT NULL CHECK ((closed_by <> '') = (state = 'closed')),
  reason TEXT NOT NULL CHECK ((reason <> '') = (state = 'closed')),
  evidence TEXT NOT NULL
) STRICT;
CREATE INDEX differences_by_day ON differences (day, difference_id);
CREATE INDEX differences_of_account ON differences (account, day, state);

CREATE TABLE journal (
  difference_id TEXT NOT NULL,
  entry_no INTEGER NOT NULL CHECK (entry_no > 0),
  step TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL CHECK (by <> ''),
  words TEXT NOT NULL,
  PRIMARY KEY (difference_id, entry_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  day TEXT NOT NULL,
  due_day TEXT NOT NULL,
  order_no TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_due ON waiting (account, due_day);
CREATE INDEX waiting_of_day ON waiting (account, day);

CREATE TABLE elsewhere (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  bill_day TEXT NOT NULL,
  PRIMARY KEY (account, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_lines (
  sort_key TEXT NOT NULL,
  line_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  trade_ref TEXT NOT NULL,
  trade_no TEXT NOT NULL,
  refund_ref TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (kind, sort_key, line_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_facts (
  sort_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  trade_no TEXT NOT NULL,
  refund_ref TEXT NOT NULL,
  order_no TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  number INTEGER NOT NULL,
  is_booked INTEGER NOT NULL,
  PRIMARY KEY (kind, sort_key, channel)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* second = R"(
ALTER TABLE days ADD COLUMN fund_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE days ADD COLUMN fund_in_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE days ADD COLUMN fund_out_minor INTEGER NOT NULL DEFAULT 0;
)";

}  // namespace

std::vector<Migration> bill_migrations() {
  return {{1, "0001_bills", first}, {2, "0002_fund_flow", second}};
}

}  // namespace daozhang::storage::sqlite
