-- One order: placed, paid, delivered; three transactions, as three requests would make them. pgbench runs this file over
-- and over with prepared statements. Signature check, JSON and HTTP are not in it: it does less than the shop does.
\set key random(1, 9000000000000000000)
\set other random(1, 9000000000000000000)

BEGIN;
INSERT INTO orders (order_no, shop_id, idempotency_key, request_hash, sku, quantity, amount_minor, currency, state,
                    access_hash, created_at, pay_by)
VALUES (md5(:key::text), 1, :key::text || '-' || :other::text, md5(:other::text), 'steam-card-50', 1, 4880, 'CNY',
        'awaiting_payment', md5(:key::text || 'code'), now(), now() + interval '15 minutes')
RETURNING order_id
\gset
INSERT INTO payments (order_id, channel, state, amount_minor, opened_at)
VALUES (:order_id, 'alipay', 'open', 4880, now());
INSERT INTO events (order_id, version, kind, body, at)
VALUES (:order_id, 1, 'placed', '{"sku": "steam-card-50","quantity": 1,"amount_minor": 4880}', now());
COMMIT;

BEGIN;
INSERT INTO notifications (channel, notify_id, order_id, body, received_at)
VALUES ('alipay', md5(:key::text || 'notice'), :order_id, repeat('x', 1200), now());
UPDATE payments SET state = 'paid', trade_no = md5(:key::text || 'trade'), paid_at = now()
WHERE order_id = :order_id AND state = 'open';
UPDATE orders SET state = 'paid', paid_at = now() WHERE order_id = :order_id AND state = 'awaiting_payment';
INSERT INTO postings (order_id, account, direction, amount_minor, currency, reason, at)
VALUES (:order_id, 'channel_clearing.alipay', 'debit', 4880, 'CNY', 'payment_received', now()),
       (:order_id, 'escrow', 'credit', 4880, 'CNY', 'payment_received', now());
INSERT INTO events (order_id, version, kind, body, at)
VALUES (:order_id, 2, 'paid', '{"channel": "alipay","amount_minor": 4880}', now());
COMMIT;

BEGIN;
UPDATE secrets SET state = 'issued', order_id = :order_id, issued_at = now()
WHERE secret_id = (SELECT secret_id FROM secrets WHERE sku = 'steam-card-50' AND state = 'available'
                   ORDER BY secret_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING secret_id
\gset
UPDATE orders SET state = 'delivered', delivered_at = now() WHERE order_id = :order_id AND state = 'paid';
INSERT INTO postings (order_id, account, direction, amount_minor, currency, reason, at)
VALUES (:order_id, 'escrow', 'debit', 4880, 'CNY', 'unit_delivered', now()),
       (:order_id, 'stock', 'credit', 4500, 'CNY', 'unit_delivered', now()),
       (:order_id, 'revenue', 'credit', 380, 'CNY', 'unit_delivered', now());
INSERT INTO events (order_id, version, kind, body, at)
VALUES (:order_id, 3, 'delivered', '{"secret_id": ' || :secret_id::text || '}', now());
COMMIT;
