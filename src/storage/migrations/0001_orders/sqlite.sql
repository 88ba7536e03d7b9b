-- 0001 orders. Columns are the fields of the domain's records (visit_fields) in their order, enums
-- are their words, instants are microseconds since 1970 with 0 for "not set". why.md says why each
-- constraint and index is there.

CREATE TABLE orders (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  order_id INTEGER NOT NULL CHECK (order_id > 0),
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (state = 'awaiting_payment' OR state = 'paid' OR
    state = 'in_review' OR state = 'fulfilling' OR state = 'delivered' OR
    state = 'partially_delivered' OR state = 'giving_back' OR state = 'given_back' OR
    state = 'expired'),
  shop_id INTEGER NOT NULL CHECK (shop_id > 0),
  order_no TEXT NOT NULL CHECK (order_no <> ''),
  sku TEXT NOT NULL CHECK (sku <> ''),
  product_version INTEGER NOT NULL CHECK (product_version > 0),
  kind TEXT NOT NULL CHECK (kind = 'secret' OR kind = 'topup' OR kind = 'membership'),
  product_name TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_minor INTEGER NOT NULL CHECK (unit_price_minor BETWEEN 1 AND 10000000000),
  currency TEXT NOT NULL CHECK (currency = 'CNY' OR currency = 'USD' OR currency = 'EUR' OR
    currency = 'HKD'),
  supplier TEXT NOT NULL,
  supplier_sku TEXT NOT NULL,
  face_minor INTEGER NOT NULL CHECK (face_minor >= 0),
  cost_minor_max INTEGER NOT NULL CHECK (cost_minor_max >= 0),
  contact_email TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  access_hash TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  placed_at INTEGER NOT NULL CHECK (placed_at > 0),
  pay_by INTEGER NOT NULL CHECK (pay_by >= placed_at),
  promise_seconds INTEGER NOT NULL CHECK (promise_seconds > 0),
  deadline INTEGER NOT NULL CHECK (deadline >= 0),
  target TEXT NOT NULL,
  target_display TEXT NOT NULL,
  paid_at INTEGER NOT NULL CHECK (paid_at >= 0),
  fulfill_by INTEGER NOT NULL CHECK (fulfill_by >= 0),
  expired_at INTEGER NOT NULL CHECK (expired_at >= 0),
  closed_at INTEGER NOT NULL CHECK (closed_at >= 0),
  quarantined INTEGER NOT NULL CHECK (quarantined = 0 OR quarantined = 1),
  quarantine_reason TEXT NOT NULL,
  transfer_count INTEGER NOT NULL CHECK (transfer_count >= 0),
  effect_count INTEGER NOT NULL CHECK (effect_count >= 0),
  due_at INTEGER NOT NULL CHECK (due_at >= 0),
  PRIMARY KEY (order_id, partition)
) STRICT;
CREATE INDEX orders_due ON orders (due_at, partition, order_id) WHERE due_at <> 0;

CREATE TABLE units (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  unit_no INTEGER NOT NULL CHECK (unit_no > 0),
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'fulfilling' OR state = 'delivered' OR
    state = 'failed'),
  reason TEXT NOT NULL CHECK (reason = 'none' OR reason = 'out_of_stock' OR
    reason = 'supplier_refused' OR reason = 'deadline_missed'),
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

CREATE TABLE payment_intents (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  intent_no INTEGER NOT NULL CHECK (intent_no > 0),
  channel TEXT NOT NULL CHECK (channel <> ''),
  state TEXT NOT NULL CHECK (state = 'preparing' OR state = 'ready' OR state = 'closing' OR
    state = 'closed' OR state = 'paid' OR state = 'failed'),
  call TEXT NOT NULL CHECK (call = 'none' OR call = 'create' OR call = 'query' OR call = 'close'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000),
  opened_at INTEGER NOT NULL CHECK (opened_at >= 0),
  expires_at INTEGER NOT NULL CHECK (expires_at >= 0),
  pay_content TEXT NOT NULL,
  ask_count INTEGER NOT NULL CHECK (ask_count >= 0),
  next_ask_at INTEGER NOT NULL CHECK (next_ask_at >= 0),
  settled_at INTEGER NOT NULL CHECK (settled_at >= 0),
  problem TEXT NOT NULL,
  PRIMARY KEY (order_id, partition, intent_no)
) STRICT;

CREATE TABLE payments (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  payment_no INTEGER NOT NULL CHECK (payment_no > 0),
  intent_no INTEGER NOT NULL CHECK (intent_no > 0),
  channel TEXT NOT NULL CHECK (channel <> ''),
  trade_no TEXT NOT NULL CHECK (trade_no <> ''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000),
  applied_minor INTEGER NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor),
  source TEXT NOT NULL CHECK (source = 'notification' OR source = 'query'),
  paid_at INTEGER NOT NULL CHECK (paid_at >= 0),
  learned_at INTEGER NOT NULL CHECK (learned_at > 0),
  PRIMARY KEY (order_id, partition, payment_no),
  UNIQUE (channel, trade_no, partition)
) STRICT;

CREATE TABLE attempts (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  attempt_no INTEGER NOT NULL CHECK (attempt_no > 0),
  unit_no INTEGER NOT NULL CHECK (unit_no > 0),
  supplier TEXT NOT NULL CHECK (supplier <> ''),
  reference TEXT NOT NULL CHECK (reference <> ''),
  state TEXT NOT NULL CHECK (state = 'submitting' OR state = 'accepted' OR state = 'unknown' OR
    state = 'done' OR state = 'failed' OR state = 'canceled' OR state = 'reversed'),
  call TEXT NOT NULL CHECK (call = 'none' OR call = 'submit' OR call = 'query' OR call = 'cancel'),
  intended_at INTEGER NOT NULL CHECK (intended_at > 0),
  accepted_at INTEGER NOT NULL CHECK (accepted_at >= 0),
  ended_at INTEGER NOT NULL CHECK (ended_at >= 0),
  disowned_at INTEGER NOT NULL CHECK (disowned_at >= 0),
  cancel_asked INTEGER NOT NULL CHECK (cancel_asked = 0 OR cancel_asked = 1),
  retry_can_help INTEGER NOT NULL CHECK (retry_can_help = 0 OR retry_can_help = 1),
  loss_booked INTEGER NOT NULL CHECK (loss_booked = 0 OR loss_booked = 1),
  ask_count INTEGER NOT NULL CHECK (ask_count >= 0),
  next_ask_at INTEGER NOT NULL CHECK (next_ask_at >= 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  supplier_order_no TEXT NOT NULL,
  proof TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (order_id, partition, attempt_no)
) STRICT;
CREATE UNIQUE INDEX attempts_open ON attempts (order_id, partition, unit_no)
  WHERE state IN ('submitting', 'accepted', 'unknown');

CREATE TABLE refunds (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  refund_no INTEGER NOT NULL CHECK (refund_no > 0),
  payment_no INTEGER NOT NULL CHECK (payment_no > 0),
  purpose TEXT NOT NULL CHECK (purpose = 'unit' OR purpose = 'surplus' OR
    purpose = 'shortfall' OR purpose = 'reversal'),
  unit_no INTEGER NOT NULL CHECK (unit_no >= 0),
  refund_ref TEXT NOT NULL CHECK (refund_ref <> ''),
  channel TEXT NOT NULL CHECK (channel <> ''),
  state TEXT NOT NULL CHECK (state = 'decided' OR state = 'unknown' OR state = 'accepted' OR
    state = 'settled' OR state = 'refused'),
  call TEXT NOT NULL CHECK (call = 'none' OR call = 'refund' OR call = 'query'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 10000000000),
  decided_at INTEGER NOT NULL CHECK (decided_at > 0),
  accept_by INTEGER NOT NULL CHECK (accept_by >= 0),
  accepted_at INTEGER NOT NULL CHECK (accepted_at >= 0),
  settled_at INTEGER NOT NULL CHECK (settled_at >= 0),
  try_count INTEGER NOT NULL CHECK (try_count >= 0),
  next_try_at INTEGER NOT NULL CHECK (next_try_at >= 0),
  problem TEXT NOT NULL,
  PRIMARY KEY (order_id, partition, refund_no),
  UNIQUE (order_id, partition, payment_no, purpose, unit_no)
) STRICT;

CREATE TABLE events (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  at INTEGER NOT NULL CHECK (at > 0),
  body TEXT NOT NULL CHECK (body <> ''),
  salt BLOB NOT NULL,
  leaf TEXT NOT NULL,
  PRIMARY KEY (order_id, partition, version)
) STRICT;

CREATE TABLE transfers (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  transfer_no INTEGER NOT NULL CHECK (transfer_no > 0),
  reason TEXT NOT NULL CHECK (reason = 'payment_received' OR reason = 'unit_delivered' OR
    reason = 'supplier_cost' OR reason = 'refund_decided' OR reason = 'refund_accepted' OR
    reason = 'late_supplier_success' OR reason = 'supplier_reversal'),
  subject_no INTEGER NOT NULL CHECK (subject_no >= 0),
  debit TEXT NOT NULL CHECK (debit <> ''),
  credit TEXT NOT NULL CHECK (credit <> '' AND credit <> debit),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (currency = 'CNY' OR currency = 'USD' OR currency = 'EUR' OR
    currency = 'HKD'),
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (order_id, partition, transfer_no)
) STRICT;

CREATE TABLE balances (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  account TEXT NOT NULL CHECK (account <> ''),
  currency TEXT NOT NULL CHECK (currency = 'CNY' OR currency = 'USD' OR currency = 'EUR' OR
    currency = 'HKD'),
  debit_minor INTEGER NOT NULL CHECK (debit_minor >= 0),
  credit_minor INTEGER NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (partition, account, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE effects (
  partition INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  effect_no INTEGER NOT NULL CHECK (effect_no > 0),
  kind TEXT NOT NULL CHECK (kind = 'create_payment' OR kind = 'query_payment' OR
    kind = 'close_payment' OR kind = 'refund' OR kind = 'query_refund' OR
    kind = 'submit_attempt' OR kind = 'query_attempt' OR kind = 'cancel_attempt'),
  subject_no INTEGER NOT NULL CHECK (subject_no > 0),
  decided_at INTEGER NOT NULL CHECK (decided_at > 0),
  PRIMARY KEY (order_id, partition, effect_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  kind TEXT NOT NULL CHECK (kind = 'idempotency_key' OR kind = 'trade_no'),
  name TEXT NOT NULL CHECK (name <> ''),
  order_partition INTEGER NOT NULL CHECK (order_partition BETWEEN 0 AND 63),
  order_id INTEGER NOT NULL CHECK (order_id > 0),
  claimed_at INTEGER NOT NULL CHECK (claimed_at > 0),
  PRIMARY KEY (kind, name, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  digest TEXT NOT NULL CHECK (digest <> ''),
  channel TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source = 'notification' OR source = 'query'),
  verdict TEXT NOT NULL CHECK (verdict = 'applied' OR verdict = 'repeated' OR
    verdict = 'asked' OR verdict = 'ignored' OR verdict = 'refused'),
  reason TEXT NOT NULL,
  order_partition INTEGER NOT NULL CHECK (order_partition BETWEEN 0 AND 63),
  order_id INTEGER NOT NULL CHECK (order_id >= 0),
  body BLOB NOT NULL CHECK (length(body) <= 8192),
  seen_count INTEGER NOT NULL CHECK (seen_count > 0),
  first_seen_at INTEGER NOT NULL CHECK (first_seen_at > 0),
  last_seen_at INTEGER NOT NULL CHECK (last_seen_at > 0),
  PRIMARY KEY (order_id, digest, partition)
) STRICT;
-- What did not count, for whoever asks why.
CREATE INDEX inbox_not_counted ON inbox (first_seen_at)
  WHERE verdict = 'refused' OR verdict = 'asked';

CREATE TABLE import_batches (
  batch_id INTEGER NOT NULL PRIMARY KEY CHECK (batch_id > 0),
  shop_id INTEGER NOT NULL CHECK (shop_id > 0),
  sku TEXT NOT NULL CHECK (sku <> ''),
  key_version INTEGER NOT NULL CHECK (key_version > 0),
  wrapped_key BLOB NOT NULL,
  item_count INTEGER NOT NULL CHECK (item_count >= 0),
  imported_at INTEGER NOT NULL CHECK (imported_at > 0)
) STRICT;

CREATE TABLE stock_items (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  item_id INTEGER NOT NULL CHECK (item_id > 0),
  shop_id INTEGER NOT NULL CHECK (shop_id > 0),
  sku TEXT NOT NULL CHECK (sku <> ''),
  state TEXT NOT NULL CHECK (state = 'available' OR state = 'held' OR state = 'issued'),
  version INTEGER NOT NULL CHECK (version > 0),
  order_partition INTEGER NOT NULL CHECK (order_partition BETWEEN 0 AND 63),
  order_id INTEGER NOT NULL CHECK ((order_id = 0) = (state = 'available')),
  unit_no INTEGER NOT NULL CHECK ((unit_no = 0) = (state = 'available')),
  hold_expires_at INTEGER NOT NULL CHECK (hold_expires_at >= 0),
  batch_id INTEGER NOT NULL REFERENCES import_batches (batch_id),
  fingerprint TEXT NOT NULL CHECK (fingerprint <> ''),
  sealed BLOB NOT NULL,
  imported_at INTEGER NOT NULL CHECK (imported_at > 0),
  PRIMARY KEY (partition, item_id),
  UNIQUE (partition, shop_id, fingerprint)
) STRICT;
CREATE INDEX stock_items_available ON stock_items (shop_id, sku, item_id, partition)
  WHERE state = 'available';

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('partition_count', 64), ('time_high_water', 0),
  ('commit_count', 0), ('event_sum', 0), ('message_count', 0),
  ('item_count', 0);
