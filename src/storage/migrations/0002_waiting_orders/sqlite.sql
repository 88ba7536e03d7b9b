-- 0002 waiting orders. why.md says why.

CREATE INDEX orders_waiting ON orders (order_id, partition) WHERE closed_at = 0 AND due_at = 0;
