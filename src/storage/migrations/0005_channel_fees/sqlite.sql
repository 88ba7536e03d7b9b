-- 0005 channel fees. why.md says why.

CREATE TABLE fee_postings (
  partition INTEGER NOT NULL CHECK (partition BETWEEN 0 AND 63),
  channel TEXT NOT NULL CHECK (channel <> ''),
  day TEXT NOT NULL CHECK (length(day) = 10),
  posting_no INTEGER NOT NULL CHECK (posting_no > 0),
  debit TEXT NOT NULL CHECK (debit <> ''),
  credit TEXT NOT NULL CHECK (credit <> '' AND credit <> debit),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (currency = 'CNY' OR currency = 'USD' OR currency = 'EUR' OR
    currency = 'HKD'),
  at INTEGER NOT NULL CHECK (at > 0),
  PRIMARY KEY (channel, day, posting_no, partition)
) STRICT, WITHOUT ROWID;
