-- What a careful shop would write by hand for the same work on PostgreSQL 15: keys, checks, and the indexes that the
-- three transactions need, no more.
CREATE TABLE orders (
  order_id bigserial PRIMARY KEY,
  order_no text NOT NULL UNIQUE,
  shop_id int NOT NULL,
  idempotency_key text NOT NULL,
  request_hash text NOT NULL,
  sku text NOT NULL,
  quantity int NOT NULL CHECK (quantity > 0),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency text NOT NULL CHECK (currency IN ('CNY', 'USD', 'EUR', 'HKD')),
  state text NOT NULL CHECK (state IN ('awaiting_payment', 'paid', 'delivered', 'expired', 'given_back')),
  access_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  pay_by timestamptz NOT NULL,
  paid_at timestamptz,
  delivered_at timestamptz,
  UNIQUE (shop_id, idempotency_key)
);
CREATE INDEX orders_unpaid ON orders (pay_by) WHERE state = 'awaiting_payment';
CREATE INDEX orders_undelivered ON orders (paid_at) WHERE state = 'paid';

CREATE TABLE payments (
  payment_id bigserial PRIMARY KEY,
  order_id bigint NOT NULL UNIQUE REFERENCES orders,
  channel text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'paid', 'closed')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  trade_no text,
  opened_at timestamptz NOT NULL,
  paid_at timestamptz,
  UNIQUE (channel, trade_no)
);

CREATE TABLE notifications (
  channel text NOT NULL,
  notify_id text NOT NULL,
  order_id bigint NOT NULL REFERENCES orders,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (channel, notify_id)
);

CREATE TABLE secrets (
  secret_id bigserial PRIMARY KEY,
  sku text NOT NULL,
  state text NOT NULL CHECK (state IN ('available', 'issued')),
  sealed bytea NOT NULL,
  fingerprint text NOT NULL UNIQUE,
  order_id bigint UNIQUE REFERENCES orders,
  issued_at timestamptz,
  CHECK ((state = 'issued') = (order_id IS NOT NULL))
);
CREATE INDEX secrets_available ON secrets (sku, secret_id) WHERE state = 'available';

CREATE TABLE postings (
  posting_id bigserial PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES orders,
  account text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency text NOT NULL CHECK (currency IN ('CNY', 'USD', 'EUR', 'HKD')),
  reason text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX postings_of_order ON postings (order_id);

CREATE TABLE events (
  order_id bigint NOT NULL REFERENCES orders,
  version int NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (order_id, version)
);

INSERT INTO secrets (sku, state, sealed, fingerprint)
SELECT 'steam-card-50', 'available', decode(md5(n::text) || md5((n + 1)::text), 'hex'), md5('fingerprint' || n)
FROM generate_series(1, :secret_count) AS n;
VACUUM ANALYZE;
