-- 0003 bills. why.md says why.

CREATE INDEX payments_by_time ON payments
  (channel, learned_at, order_id, partition, payment_no);
CREATE INDEX refunds_by_time ON refunds (channel, accepted_at, order_id, partition, refund_no)
  WHERE accepted_at <> 0;
