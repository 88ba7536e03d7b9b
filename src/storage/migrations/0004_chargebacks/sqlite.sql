-- 0004 chargebacks. why.md says why.

CREATE TABLE chargebacks (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  chargeback_no INTEGER NOT NULL CHECK (chargeback_no > 0),
  payment_no INTEGER NOT NULL CHECK (payment_no > 0),
  case_no TEXT NOT NULL CHECK (case_no <> ''),
  state TEXT NOT NULL CHECK (state = 'taken' OR state = 'returned'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000),
  learned_at INTEGER NOT NULL CHECK (learned_at > 0),
  returned_at INTEGER NOT NULL CHECK (returned_at >= 0),
  flags_buyer INTEGER NOT NULL CHECK (flags_buyer = 0 OR flags_buyer = 1),
  PRIMARY KEY (order_id, partition, chargeback_no),
  UNIQUE (order_id, partition, payment_no, case_no)
) STRICT;

ALTER TABLE units RENAME TO units_before_0004;
CREATE TABLE units (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  unit_no INTEGER NOT NULL CHECK (unit_no > 0),
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'fulfilling' OR state = 'delivered' OR
    state = 'failed'),
  reason TEXT NOT NULL CHECK (reason = 'none' OR reason = 'out_of_stock' OR
    reason = 'supplier_refused' OR reason = 'deadline_missed' OR reason = 'order_lost'),
  hold TEXT NOT NULL CHECK (hold = 'none' OR hold = 'held' OR hold = 'consumed' OR
    hold = 'released'),
  item_partition INTEGER NOT NULL CHECK (item_partition BETWEEN 0 AND 63),
  item_id INTEGER NOT NULL CHECK (item_id >= 0),
  began_at INTEGER NOT NULL CHECK (began_at >= 0),
  delivered_at INTEGER NOT NULL CHECK (delivered_at >= 0),
  failed_at INTEGER NOT NULL CHECK (failed_at >= 0),
  revealed_at INTEGER NOT NULL CHECK (revealed_at >= 0),
  proof TEXT NOT NULL,
  PRIMARY KEY (order_id, partition, unit_no)
) STRICT;
INSERT INTO units SELECT * FROM units_before_0004;
DROP TABLE units_before_0004;

ALTER TABLE transfers RENAME TO transfers_before_0004;
CREATE TABLE transfers (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  transfer_no INTEGER NOT NULL CHECK (transfer_no > 0),
  reason TEXT NOT NULL CHECK (reason = 'payment_received' OR reason = 'unit_delivered' OR
    reason = 'supplier_cost' OR reason = 'refund_decided' OR reason = 'refund_accepted' OR
    reason = 'late_supplier_success' OR reason = 'supplier_reversal' OR
    reason = 'chargeback_taken' OR reason = 'chargeback_returned' OR
    reason = 'given_back_by_hand'),
  subject_no INTEGER NOT NULL CHECK (subject_no >= 0),
  debit TEXT NOT NULL CHECK (debit <> ''),
  credit TEXT NOT NULL CHECK (credit <> '' AND credit <> debit),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (currency = 'CNY' OR currency = 'USD' OR currency = 'EUR' OR
    currency = 'HKD'),
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (order_id, partition, transfer_no)
) STRICT;
INSERT INTO transfers SELECT * FROM transfers_before_0004;
DROP TABLE transfers_before_0004;

ALTER TABLE claims RENAME TO claims_before_0004;
CREATE TABLE claims (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  kind TEXT NOT NULL CHECK (kind = 'idempotency_key' OR kind = 'trade_no' OR
    kind = 'flagged_contact'),
  name TEXT NOT NULL CHECK (name <> ''),
  order_partition INTEGER NOT NULL CHECK (order_partition BETWEEN 0 AND 63),
  order_id INTEGER NOT NULL CHECK (order_id > 0),
  claimed_at INTEGER NOT NULL CHECK (claimed_at > 0),
  PRIMARY KEY (kind, name, partition)
) STRICT, WITHOUT ROWID;
INSERT INTO claims SELECT * FROM claims_before_0004;
DROP TABLE claims_before_0004;
