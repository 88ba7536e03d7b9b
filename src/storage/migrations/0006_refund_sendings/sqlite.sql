-- 0006 refund sendings. why.md says why.

ALTER TABLE refunds ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0 CHECK (sent_at >= 0);
ALTER TABLE refunds ADD COLUMN absent_count INTEGER NOT NULL DEFAULT 0 CHECK (absent_count >= 0);
