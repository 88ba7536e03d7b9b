// What opens an order, and how much of it: the access code everything, the contact a look.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Stage } from '../stage/stage.mjs';
import { EventStream } from './event_stream.mjs';
import { newKey, Shop, skip, withShop } from './shop.mjs';

const email = 'buyer@example.com';

describe('what opens an order', { skip, concurrency: 2 }, () => {
  let shop;
  before(async () => {
    shop = new Shop(await Stage.open({ settings: ['limits.lookups_per_minute=0'] }));
  });
  after(() => shop?.stage.close());

  const find = (body) => shop.api('POST', '/v1/orders/find', { body });
  const cookieOf = (answer) => answer.headers['set-cookie'][0].split(';')[0];
  const delivered = async () => {
    const placed = await shop.placing();
    const order = shop.orderOf(placed);
    await order.pay();
    await order.untilState('delivered');
    return { order, placed };
  };
  const reveal = (order, headers) => shop.api('POST', `/v1/orders/${order.no}/reveal`, { headers });
  const openOther = (order, headers) =>
    shop.api('POST', `/v1/orders/${order.no}/payments`, { body: { channel: 'alipay_qr' }, headers });

  test('found by its contact it is shown, and its secret is not', async () => {
    const { order } = await delivered();
    const found = await find({ order_no: order.no, contact: { email } });
    assert.deepEqual([found.status, found.json()], [200, { order_no: order.no, scope: 'view' }]);
    const headers = { Cookie: cookieOf(found) };

    const shown = await shop.api('GET', `/v1/orders/${order.no}`, { headers });
    assert.equal(shown.status, 200, shown.text);
    const live = await EventStream.open(order, { headers });
    await live.until('the present state', ({ events }) => events.length === 1);
    live.close();

    for (const [language, words] of [['zh-CN', /查询码/], ['en', /access code/]]) {
      const refused = await reveal(order, { ...headers, 'Accept-Language': language });
      assert.deepEqual([refused.status, refused.json().code], [403, 'access_code_needed'], refused.text);
      assert.match(refused.json().detail, words);
      assert.ok(!refused.text.includes('DEMO-'));
    }
    assert.equal((await order.get()).units[0].revealed_at, null, 'nothing was recorded as revealed');
  });

  test('found by its access code it is open in full', async () => {
    const { order } = await delivered();
    const found = await find({ order_no: order.no, access_code: order.code });
    assert.deepEqual([found.status, found.json()], [200, { order_no: order.no, scope: 'full' }]);
    const secrets = await reveal(order, { Cookie: cookieOf(found) });
    assert.equal(secrets.status, 200, secrets.text);
    assert.equal(secrets.json().units.length, 1);
  });

  test('the case in which an address, a code or a scheme is typed does not matter', async () => {
    const { order } = await delivered();
    const byContact = await find({ order_no: order.no, contact: { email: 'Buyer@Example.COM' } });
    assert.deepEqual([byContact.status, byContact.json().scope], [200, 'view'], byContact.text);
    const byCode = await find({ order_no: order.no.toLowerCase(), access_code: order.code.toLowerCase() });
    assert.deepEqual([byCode.status, byCode.json().scope], [200, 'full'], byCode.text);
    const shown = await shop.api('GET', `/v1/orders/${order.no}`, { headers: { Authorization: `bearer ${order.code}` } });
    assert.equal(shown.status, 200, shown.text);
  });

  test('the log joins an order with the request that placed it, and tells how it ended', async () => {
    const { order, placed } = await delivered();
    const lines = shop.stage.log('serve').split('\n').filter((line) => line.includes(order.no)).map((line) => JSON.parse(line));
    const made = lines.find(({ event }) => event === 'order_placed');
    assert.equal(made?.request_id, placed.headers['x-request-id'], JSON.stringify(lines));
    assert.ok(lines.some(({ event, state }) => event === 'order_changed' && state === 'delivered'), JSON.stringify(lines));
  });

  test('the browser that placed it keeps everything open when it finds it by the contact', async () => {
    const { order, placed } = await delivered();
    const found = await find({ order_no: order.no, contact: { email } });
    const names = [placed, found].map((answer) => cookieOf(answer).split('=')[0]);
    assert.equal(new Set(names).size, 2, names.join());
    const both = await reveal(order, { Cookie: `${cookieOf(placed)}; ${cookieOf(found)}` });
    assert.equal(both.status, 200, both.text);
  });

  test('a look can not be made more of', async () => {
    const { order } = await delivered();
    const other = await shop.placing();
    const view = cookieOf(await find({ order_no: order.no, contact: { email } }));
    const value = view.split('=')[1];
    for (const cookie of [`daozhang_order=${value}`, cookieOf(other), `daozhang_order=full.${value}`]) {
      const refused = await reveal(order, { Cookie: cookie });
      assert.deepEqual([refused.status, refused.json().code], [404, 'order_not_found'], cookie);
    }
    const elsewhere = await shop.api('GET', `/v1/orders/${other.json().order_no}`, { headers: { Cookie: view } });
    assert.equal(elsewhere.status, 404, 'the cookie of one order opens no other');
  });

  test('another payment is opened by the code only; what is open can be paid by whoever sees it', async () => {
    const order = await shop.place();
    const headers = { Cookie: cookieOf(await find({ order_no: order.no, contact: { email } })) };
    const refused = await openOther(order, headers);
    assert.deepEqual([refused.status, refused.json().code], [403, 'access_code_needed'], refused.text);
    const seen = await shop.api('GET', `/v1/orders/${order.no}`, { headers });
    assert.equal(seen.json().payments.length, 1, 'nothing was opened');
    const paid = await order.payUrl(seen.json().payment.redirect_url);
    assert.equal(paid.status, 200, JSON.stringify(paid));
    await order.untilState('delivered');
    assert.equal((await openOther(order, { Cookie: cookieOf(await find({ order_no: order.no, access_code: order.code })) })).status, 409);
  });

  test('a wrong code, a missing order and the order of another are found alike: not', async () => {
    const [mine, other] = [await shop.place(), await shop.place({ contact: { email: 'other@example.com' } })];
    const missing = `${mine.no.slice(0, -1)}${mine.no.endsWith('A') ? 'B' : 'A'}`;
    const attempts = [
      { order_no: mine.no, access_code: newKey() },
      { order_no: mine.no, access_code: other.code },
      { order_no: missing, access_code: mine.code },
      { order_no: 'nonsense', access_code: mine.code },
      { order_no: mine.no, contact: { email: 'other@example.com' } },
      { order_no: other.no, contact: { email } },
      { order_no: missing, contact: { email } },
    ];
    const bodies = new Set();
    for (const body of attempts) {
      const answer = await find(body);
      assert.equal(answer.status, 404, JSON.stringify(body));
      assert.equal(answer.headers['set-cookie'], undefined);
      bodies.add(answer.text);
    }
    assert.equal(bodies.size, 1, [...bodies].join('\n'));
  });

  test('code and contact together, or neither, are refused with the field', async () => {
    const order = await shop.place();
    const wrong = [
      [{}, 'contact'],
      [{ contact: { email }, access_code: order.code }, 'contact'],
      [{ access_code: null }, 'access_code'],
      [{ access_code: [order.code] }, 'access_code'],
      [{ access_code: 1, contact: { email } }, 'access_code'],
    ];
    for (const [body, field] of wrong) {
      const answer = await find({ order_no: order.no, ...body });
      assert.deepEqual([answer.status, answer.json().field], [400, field], JSON.stringify(body));
    }
  });

  test('after too many wrong tries the right code still opens, the right contact does not', () =>
    withShop({ settings: ['limits.lookups_per_minute=5'] }, async (limited) => {
      const order = await limited.place();
      const tryIt = async (body) => (await limited.api('POST', '/v1/orders/find', { body: { order_no: order.no, ...body } })).status;
      for (let i = 0; i < 5; ++i) assert.equal(await tryIt({ contact: { email: `guess${i}@example.com` } }), 404);
      assert.equal(await tryIt({ contact: { email } }), 429);
      assert.equal(await tryIt({ access_code: newKey() }), 429);
      assert.equal(await tryIt({ access_code: order.code }), 200);
    }));
});
