// Whoever orders without paying keeps a few units from others, and no more (A20).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newKey, skip, withShop } from './shop.mjs';

const limit = 3;
const windowSeconds = 60;
const settings = [
  `limits.unpaid_units_per_client=${limit}`,
  'server.trusted_proxies=127.0.0.1',
  `policy.payment_window_seconds=${windowSeconds}`,
];
// A product of ten codes, as A20 has it.
const codes = Array.from({ length: 10 }, (_, index) => `CODE-${index}-${newKey()}`);
const products = (demo) => [{ ...demo['steam-card-50'], sku: 'ten', quantity_max: 10 }];
const withTen = (story) => withShop({ products, secrets: { ten: codes }, settings }, story);

// Buyers behind a proxy that names them.
function buyerAt(shop, address) {
  const placing = (wanted = {}, key = newKey(), language = 'zh-CN') =>
    shop.api('POST', '/v1/orders', {
      body: { sku: 'ten', quantity: 1, contact: { email: 'buyer@example.com' }, channel: 'alipay', ...wanted },
      headers: { 'Idempotency-Key': key, 'X-Forwarded-For': address, 'Accept-Language': language },
    });
  const place = async (...args) => {
    const answer = await placing(...args);
    assert.equal(answer.status, 201, answer.text);
    return shop.orderOf(answer);
  };
  return { placing, place };
}

describe('unpaid orders', { skip, concurrency: 2 }, () => {
  test('of one buyer hold so many units, also when all come at once, and others can still buy', () =>
    withTen(async (shop) => {
      const [hoarder, buyer] = [buyerAt(shop, '203.0.113.7'), buyerAt(shop, '203.0.113.8')];
      const answers = await Promise.all(Array.from({ length: 200 }, () => hoarder.placing()));
      assert.equal(answers.filter(({ status }) => status === 201).length, limit);
      for (const { status, headers, json } of answers.filter(({ status }) => status !== 201)) {
        assert.deepEqual([status, json().code], [429, 'too_many_unpaid_units']);
        const wait = Number(headers['retry-after']);
        assert.ok(wait >= 1 && wait <= windowSeconds, headers['retry-after']);
      }
      const [zh, en] = [await hoarder.placing(), await hoarder.placing({}, newKey(), 'en')];
      assert.match(zh.json().detail, /未付款/);
      assert.match(en.json().detail, /unpaid/);
      const order = await buyer.place();
      await order.pay();
      await order.untilState('delivered');
    }));

  test('make room when one is paid, and only then', () =>
    withTen(async (shop) => {
      const buyer = buyerAt(shop, '203.0.113.7');
      const key = newKey();
      const first = await buyer.place({ quantity: limit - 1 }, key);
      await buyer.place();
      assert.equal((await buyer.placing()).status, 429);
      assert.equal((await buyer.placing({ quantity: limit - 1 }, key)).status, 201, 'a repeat is no further order');
      assert.equal((await buyer.placing()).status, 429, 'and makes no room');
      await first.pay();
      await first.untilState('delivered');
      await buyer.place({ quantity: limit - 1 });
      assert.equal((await buyer.placing()).status, 429);
    }));

  test('that were refused hold nothing, and goods that are not from stock are not counted', () =>
    withTen(async (shop) => {
      const buyer = buyerAt(shop, '203.0.113.7');
      const all = await buyer.place({ quantity: 10 });
      const other = buyerAt(shop, '203.0.113.8');
      for (let i = 0; i < 2 * limit; ++i)
        assert.equal((await other.placing()).json().code, 'out_of_stock', 'the buyer is told the truth each time');
      for (let i = 0; i < 2 * limit; ++i)
        await buyer.place({ sku: 'mobile-topup-50', target: { phone: '13800138000' } });
      assert.equal((await all.get()).state, 'awaiting_payment');
    }));

  test('make room when their window has ended', () =>
    withTen(async (shop) => {
      const buyer = buyerAt(shop, '203.0.113.7');
      const orders = [await buyer.place(), await buyer.place({ quantity: limit - 1 })];
      const refused = await buyer.placing();
      assert.equal(refused.status, 429);
      const end = Date.parse((await orders[0].get()).promise.pay_by);
      const wait = Number(refused.headers['retry-after']);
      assert.ok(Math.abs(Date.now() + wait * 1000 - end) < 3_000, `${wait} s is the end of the earliest window`);
      for (const order of orders) await order.untilState('expired', (windowSeconds + 60) * 1_000);
      await buyer.place({ quantity: limit });
    }));
});
