-- 0007 refunds of several units. why.md says why.

ALTER TABLE refunds ADD COLUMN more_units TEXT NOT NULL DEFAULT '';
