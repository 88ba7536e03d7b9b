// Notifications that are not the channel's, not for us, or do not say that we were paid: they change nothing, they are
// recorded, and the channel is not told that they were received. The same for callbacks of the supplier.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { noticeFields, notify, signed } from './alipay_notice.mjs';
import { skip, withShop } from './shop.mjs';

// What is changed in a true notification; the mark tells the record of each from the others.
const forgeries = {
  'the last character of the signature changed': (fields) => ({ ...fields, sign: `${fields.sign.slice(0, -3)}${fields.sign.at(-3) === 'A' ? 'Q' : 'A'}==` }),
  'no signature': ({ sign, ...fields }) => fields,
  'an empty signature': (fields) => ({ ...fields, sign: '' }),
  'the signature as a list': ({ sign, ...fields }) => ({ ...fields, 'sign[]': sign }),
  'a weaker kind of signature': (fields) => ({ ...fields, sign_type: 'RSA' }),
  'a sum changed after signing': (fields) => ({ ...fields, total_amount: '0.01' }),
  'a field added after signing': (fields) => ({ ...fields, passback_params: 'x' }),
};

// Rightly signed by Alipay all the same.
const misdirected = {
  'another app_id': { app_id: '2021000000000009' },
  'no app_id': { app_id: undefined },
  'another seller_id': { seller_id: '2088000000000009' },
  'no order number': { out_trade_no: undefined },
  'an order number with an injection': { out_trade_no: "' OR 1=1 --" },
  'an unknown status': { trade_status: 'TRADE_ALMOST' },
  'no status': { trade_status: undefined },
  'no trade number': { trade_no: undefined },
  ...Object.fromEntries(
    ['1e2', '48.800', '-48.80', ' 48.80', '0x64', '48,80', '1'.repeat(30), '', '48.8.0', '+48.80', '٤٨.٨٠', 'NaN'].map((sum) => [
      `the sum "${sum}"`,
      { total_amount: sum },
    ]),
  ),
  'no sum': { total_amount: undefined },
  'another currency': { trans_currency: 'USD', settle_currency: 'USD' },
};

// Opens the pay page, so that the channel knows the trade, and does not pay.
async function openedTrade(shop) {
  const order = await shop.place();
  const { trade } = await order.payUrl(order.payment.redirect_url, { pay: false });
  return { order, trade };
}

async function assertUntouched(order, before) {
  const now = await order.get();
  assert.equal(now.state, 'awaiting_payment');
  assert.deepEqual(now, before);
  await order.agree({ taken: 0 });
}

describe('forged notifications', { skip, concurrency: 2 }, () => {
  test('every forgery is refused, changes nothing and is recorded', () =>
    withShop({}, async (shop) => {
      const { order, trade } = await openedTrade(shop);
      const before = await order.get();
      const marks = [];
      for (const [what, forge] of Object.entries(forgeries)) {
        const mark = `forged${marks.length}x${trade.trade_no}`;
        const answer = await notify(shop.stage, forge(signed(shop.stage, noticeFields(trade, { notify_id: mark }))));
        assert.deepEqual([answer.status, answer.text], [400, 'failure'], what);
        marks.push(mark);
      }
      await assertUntouched(order, before);
      await shop.stage.stopShop();
      const written = Buffer.concat(shop.stage.writtenFiles().filter(([name]) => name.startsWith('daozhang.db')).map(([, bytes]) => bytes));
      for (const mark of marks) assert.ok(written.includes(mark), `${mark} is not recorded`);
    }));

  test('what Alipay signed for someone else, or without saying "paid", pays nothing', () =>
    withShop({}, async (shop) => {
      const { order, trade } = await openedTrade(shop);
      const before = await order.get();
      for (const [what, changes] of Object.entries(misdirected)) {
        const answer = await notify(shop.stage, signed(shop.stage, noticeFields(trade, changes)));
        assert.deepEqual([answer.status, answer.text], [400, 'failure'], what);
      }
      await assertUntouched(order, before);
    }));

  test('a field twice, a wrong content type and broken encodings are refused', () =>
    withShop({}, async (shop) => {
      const { order, trade } = await openedTrade(shop);
      const before = await order.get();
      const body = new URLSearchParams(signed(shop.stage, noticeFields(trade))).toString();
      const bodies = [`${body}&total_amount=0.01`, `total_amount=0.01&${body}`, `${body}&total_amount[]=1`, `${body}%`, `${body}&a=%ff`, `${body}&=`, '', '&&&', '{}', '\u0000'];
      for (const bad of bodies) {
        const answer = await notify(shop.stage, bad);
        assert.deepEqual([answer.status, answer.text], [400, 'failure'], bad.slice(-30));
      }
      const asJson = await shop.api('POST', '/v1/notify/alipay', { body, headers: { 'Content-Type': 'application/json' } });
      assert.equal(asJson.status, 400, asJson.text);
      assert.equal((await shop.api('POST', '/v1/notify/stripe', { body })).status, 404);
      await assertUntouched(order, before);
    }));

  test('the return to the shop with success in its address pays nothing', () =>
    withShop({}, async (shop) => {
      await shop.fault('return_url_only', { paid: 0 });
      const order = await shop.place();
      const paid = await order.payUrl(order.payment.redirect_url);
      assert.equal(paid.outcome, 'returned_unpaid');
      const before = await order.get();
      const back = new URL(paid.return_url);
      await shop.api('GET', `${back.pathname}${back.search}`);
      await shop.api('GET', `/v1/orders/${order.no}?trade_status=TRADE_SUCCESS`, { headers: order.headers });
      await assertUntouched(order, before);
      await shop.assertStruck('return_url_only');
    }));

  test('a payment whose notification never comes is found by asking', () =>
    withShop({ settings: ['policy.payment_ask_seconds=2'] }, async (shop) => {
      await shop.fault('lose_notify');
      const order = await shop.place();
      await order.pay();
      await order.untilState('delivered');
      await order.agree({ taken: 4880 });
      await shop.assertStruck('lose_notify');
    }));
});

function callback(shop, reference, { key = 'demo', secret, age = 0, body } = {}) {
  const path = '/v1/supplier-callbacks/demo';
  const content = body ?? JSON.stringify({
    ...{ event: 'order.updated', reference, status: 'done', supplier_order_no: 'SBX000000000000001' },
    ...{ cost_minor: 4900, proof: 'forged', reason: null },
  });
  const time = String(Math.floor(Date.now() / 1_000) - age);
  const nonce = randomBytes(12).toString('hex');
  const shared = secret ?? readFileSync(shop.stage.file('supplier_secret'), 'utf8').trim();
  const hash = createHash('sha256').update(content).digest('hex');
  const signature = createHmac('sha256', shared).update(['POST', path, time, nonce, hash].join('\n')).digest('hex');
  const headers = { 'Content-Type': 'application/json', 'Daozhang-Key': key, 'Daozhang-Timestamp': time };
  Object.assign(headers, { 'Daozhang-Nonce': nonce, 'Daozhang-Signature': signature });
  return { path, content, headers };
}

describe('callbacks of the supplier', { skip }, () => {
  test('forged, old and foreign ones are refused; a true one that lies is asked about', () =>
    withShop({}, async (shop) => {
      await shop.fault('silent');
      const order = await shop.placeTopup();
      await order.pay();
      await order.until('is with the supplier', ({ units }) => units[0].state === 'fulfilling');
      const reference = `${order.no}_u1a1`;
      const send = async (options) => {
        const { path, content, headers } = callback(shop, options.reference ?? reference, options);
        return shop.api('POST', path, { body: content, headers: { ...headers, ...options.headers } });
      };
      const refused = [{ secret: 'f'.repeat(64) }, { age: 301 }, { age: -600 }, { key: 'other' }, { headers: { 'Daozhang-Signature': '' } }];
      for (const options of refused) assert.equal((await send(options)).status, 401, JSON.stringify(options));
      assert.equal((await send({ reference: `${order.no}_u1a9` })).status, 404);
      assert.equal((await send({ reference: 'AAAAAAAAAAAAAAAAAAAA_u1a1' })).status, 404);
      for (const body of ['{}', '[]', '{"reference":1}', 'x']) {
        const answer = await send({ body });
        assert.ok(answer.status >= 400 && answer.status < 500, `${body}: ${answer.text}`);
      }
      const { path, content, headers } = callback(shop, reference);
      assert.equal((await shop.api('POST', path, { body: content, headers })).status, 200);
      const repeat = await shop.api('POST', path, { body: content, headers });
      assert.ok([200, 401].includes(repeat.status), repeat.text);
      assert.equal((await shop.api('POST', '/v1/supplier-callbacks/nobody', { body: content, headers })).status, 404);
      const now = await order.get();
      assert.equal(now.units[0].state, 'fulfilling', 'a callback is a hint; the supplier said that it is not done');
      assert.equal(now.units[0].proof, null);
      await order.agree({ taken: 4990 });
    }));

  test('a callback many times at once, or lost, or forged, makes no difference', () =>
    withShop({}, async (shop) => {
      for (const fault of ['answer_twice', 'callback_lost', 'callback_forged']) {
        await shop.fault(fault, { times: 1 });
        const order = await shop.placeTopup();
        await order.pay();
        await order.untilState('delivered');
        await order.agree({ taken: 4990, executed: 1 });
        await shop.assertStruck(fault);
      }
    }));
});
