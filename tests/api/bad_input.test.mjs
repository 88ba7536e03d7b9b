// What must be refused: each with a clear problem that names the field, and nothing stored.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Stage } from '../stage/stage.mjs';
import { exchange, lines } from './raw_http.mjs';
import { newKey, Shop, skip, until, withShop } from './shop.mjs';

const marker = 'nothing-of-this-is-stored';
const good = {
  sku: 'steam-card-50',
  quantity: 1,
  contact: { email: `${marker}@example.com` },
  channel: 'alipay',
};
const topup = { ...good, sku: 'mobile-topup-50', target: { phone: '13800138000' } };
const goodText = JSON.stringify(good);
const withQuantity = (text) => goodText.replace('"quantity":1', `"quantity":${text}`);
const deep = (depth) => goodText.replace('"quantity":1', `"quantity":${'['.repeat(depth)}${']'.repeat(depth)}`);
const badBytes = Buffer.from(goodText.replace('steam', 'st§eam'), 'latin1');

// What is sent, and the field that the problem must name.
const badOrders = [
  ...['price', 'price_minor', 'paid', 'state', 'discount', 'shop_id', 'deadline', '__proto__'].map((name) => [
    `an unknown field ${name}`,
    goodText.replace('{', `{"${name}":1,`),
    name,
  ]),
  ['an unknown field of the contact', { ...good, contact: { wechat: marker } }, 'contact.wechat'],
  ...['0', '-1', '1.5', '"1"', '2147483648', '9223372036854775808', `1${'0'.repeat(30)}`, '1e0', '1.0', 'null', 'true', '[1]', '6', '{}'].map(
    (text) => [`quantity ${text.slice(0, 20)}`, withQuantity(text), 'quantity'],
  ),
  ['no quantity', { ...good, quantity: undefined }, 'quantity'],
  ['no sku', { ...good, sku: undefined }, 'sku'],
  ['no channel', { ...good, channel: undefined }, 'channel'],
  ['a sku that is a number', { ...good, sku: 50 }, 'sku'],
  ['a sku that is a list', { ...good, sku: ['steam-card-50'] }, 'sku'],
  ['a sku that nobody sells', { ...good, sku: 'gold' }, 'sku'],
  ['a sku with an injection', { ...good, sku: "x' OR 1=1 --" }, 'sku'],
  ['a channel that is not there', { ...good, channel: 'paypal' }, 'channel'],
  ['a channel that is null', { ...good, channel: null }, 'channel'],
  ['a target that is a text', { ...topup, target: '13800138000' }, 'target'],
  ['a target that is a list', { ...topup, target: ['13800138000'] }, 'target'],
  ['a top-up without target', { ...topup, target: undefined }, 'target.phone'],
  ['a phone that is a number', { ...topup, target: { phone: 13800138000 } }, 'target.phone'],
  ['a phone that is none', { ...topup, target: { phone: '1234' } }, 'target.phone'],
  ['a phone in a list', { ...topup, target: { phone: ['13800138000'] } }, 'target.phone'],
  ['a target with one field too many', { ...topup, target: { phone: '13800138000', qq: '1' } }, 'target.qq'],
  ['a target for a secret', { ...good, target: { phone: '13800138000' } }, 'target.phone'],
  ['a server of another region', { ...good, sku: 'starlight-600', target: { account: 'hero1', region: 'south', server: 'e1' } }, 'target.server'],
  ['an account with a line break', { ...good, sku: 'starlight-600', target: { account: 'he\r\nro', region: 'east', server: 'e1' } }, 'target.account'],
  ['an account of 10 kB', { ...good, sku: 'starlight-600', target: { account: 'a'.repeat(10_240), region: 'east', server: 'e1' } }, 'target.account'],
  ['a contact that is a text', { ...good, contact: 'a@example.com' }, 'contact'],
  ['a mail address with a header in it', { ...good, contact: { email: 'a@example.com\r\nBcc: b@example.com' } }, 'contact.email'],
  ['a mail address that is none', { ...good, contact: { email: 'nobody' } }, 'contact.email'],
  ['a contact phone that is none', { ...good, contact: { phone: '12' } }, 'contact.phone'],
  ['a field twice', goodText.replace('{', '{"quantity":5,'), 'quantity'],
  ['a field twice in depth', JSON.stringify(topup).replace('"phone":', '"phone":"13900139000","phone":'), 'phone'],
  ['a depth of 10,000', deep(10_000), null],
  ['invalid UTF-8', badBytes, null],
  ['trailing bytes', `${goodText}{}`, null],
  ['half an object', goodText.slice(0, -1), null],
  ['a byte order mark', `\ufeff${goodText}`, null],
  ['a list', `[${goodText}]`, null],
  ['nothing', '', null],
  ['a form', 'sku=steam-card-50&quantity[]=1', null],
];

describe('bad input', { skip }, () => {
  let shop;
  before(async () => {
    shop = new Shop(await Stage.open({ settings: ['limits.lookups_per_minute=0'] }));
  });
  after(() => shop?.stage.close());

  const json = { 'Content-Type': 'application/json' };
  const headersOf = () => ({ ...json, 'Idempotency-Key': newKey() });

  for (const [what, body, field] of badOrders)
    test(`an order with ${what} is refused`, async () => {
      const answer = await shop.api('POST', '/v1/orders', { body, headers: headersOf() });
      assert.ok([400, 422].includes(answer.status), `${answer.status} ${answer.text}`);
      const problem = answer.json();
      assert.ok(problem.field, `names a field: ${answer.text}`);
      assert.ok(problem.detail, `says what to do: ${answer.text}`);
      if (field) assert.ok(problem.field === field || problem.field.endsWith(`.${field}`), `${problem.field}, not ${field}`);
    });

  test('another content type than JSON is refused', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/jsonp', '']) {
      const answer = await shop.api('POST', '/v1/orders', { body: goodText, headers: { ...headersOf(), 'Content-Type': type } });
      assert.equal(answer.status, 415, `${type}: ${answer.text}`);
    }
  });

  test('quotes refuse the same', async () => {
    for (const text of ['0', '-1', '1.5', '"1"', '2147483648', '9223372036854775808', `1${'0'.repeat(30)}`]) {
      const body = `{"sku":"steam-card-50","quantity":${text},"target":{}}`;
      const answer = await shop.api('POST', '/v1/quotes', { body, headers: json });
      assert.deepEqual([answer.status, answer.json().field], [400, 'quantity'], text);
    }
  });

  test('look-ups with nothing in the contact find nothing', async () => {
    const order = await shop.place({ contact: { email: 'found@example.com' } });
    const empty = [{}, { email: '' }, { email: '0' }, { phone: '' }, { phone: '0' }, null, [], '', undefined];
    for (const contact of [...empty, { email: null }, { email: [] }, { email: 'other@example.com' }]) {
      const answer = await shop.api('POST', '/v1/orders/find', { body: { order_no: order.no, contact } });
      assert.ok([400, 404].includes(answer.status), `${JSON.stringify(contact)}: ${answer.text}`);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
    const found = await shop.api('POST', '/v1/orders/find', { body: { order_no: order.no, contact: { email: 'found@example.com' } } });
    assert.equal(found.status, 200);
  });

  test('bodies larger than the limit are refused before they are read, and the memory stays', async () => {
    const bytes = 50 * 1024 * 1024;
    const rss = () => Number(readFileSync(`/proc/${shop.stage.shop.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
    const paths = ['/v1/orders', '/v1/quotes', '/v1/notify/alipay', '/v1/supplier-callbacks/demo'];
    const oversized = (path, ...more) => lines(`POST ${path} HTTP/1.1`, 'Host: shop', 'Content-Type: application/json',
      `Idempotency-Key: ${newKey()}`, ...more);
    const send = (path) => exchange(shop.stage.shopUrl, oversized(path, `Content-Length: ${bytes}`), bytes);
    await send(paths[0]);
    const earlier = rss();
    for (let round = 0; round < 25; ++round)
      for (const answer of await Promise.all(paths.map(send))) {
        assert.equal(answer.status, 413, answer.text);
        assert.match(answer.text, /application\/problem\+json/);
        assert.ok(answer.closed, 'the connection is closed');
        // What a stubborn client goes on sending is thrown away unread, so that it sees the answer.
      }
    assert.ok(rss() - earlier < 10 * 1024, `${earlier} kB grew to ${rss()} kB`);
    const patient = await exchange(shop.stage.shopUrl, oversized(paths[0], `Content-Length: ${bytes}`, 'Expect: 100-continue'));
    assert.equal(patient.status, 413, patient.text);
    const chunked = await exchange(shop.stage.shopUrl,
      `${oversized(paths[0], 'Transfer-Encoding: chunked')}${(bytes).toString(16)}\r\n`, bytes);
    assert.equal(chunked.status, 413, chunked.text);
    assert.ok(chunked.closed && chunked.sentBytes < bytes);
  });

  test('messages of which it is not certain where they end are refused, and the connection with them', async () => {
    const begin = ['POST /v1/quotes HTTP/1.1', 'Host: shop', 'Content-Type: application/json'];
    const wrong = {
      'a length and chunks': lines(...begin, 'Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\nGET /v1/products HTTP/1.1\r\n\r\n',
      'two lengths': lines(...begin, 'Content-Length: 5', 'Content-Length: 6') + 'aaaaaa',
      'an unknown coding': lines(...begin, 'Transfer-Encoding: chunked ,x') + '0\r\n\r\n',
      'a length that is no number': lines(...begin, 'Content-Length: 0x5') + 'aaaaa',
      'a folded header': lines(...begin, 'X-Note: a', ' b', 'Content-Length: 2') + '{}',
      'a header of 1 MB': lines(...begin, `X-Note: ${'a'.repeat(1024 * 1024)}`),
      'no HTTP': 'HELO shop\r\n\r\n',
    };
    for (const [what, head] of Object.entries(wrong)) {
      const answer = await exchange(shop.stage.shopUrl, head);
      assert.ok(answer.closed, `${what}: closed`);
      assert.ok([0, 400, 413, 431].includes(answer.status), `${what}: ${answer.text}`);
      assert.equal(answer.text.split('HTTP/1.1 ').length <= 2, true, `${what}: one answer at most`);
    }
  });

  test('nothing changes by GET or HEAD, and by no header that overrides the method', async () => {
    const order = await shop.place();
    const before = await order.get();
    const posts = [`/v1/orders/${order.no}/reveal`, `/v1/orders/${order.no}/payments`, '/v1/orders', '/v1/quotes', '/v1/notify/alipay', '/v1/supplier-callbacks/demo'];
    for (const path of posts)
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
        const headers = { ...order.headers, 'X-HTTP-Method-Override': 'POST' };
        const answer = await shop.api(method, path, { headers });
        assert.equal(answer.status, 405, `${method} ${path}`);
        assert.match(answer.headers.allow ?? '', /POST/, `${method} ${path}: Allow`);
      }
    assert.deepEqual(await order.get(), before);
  });

  test('what is no page of the shop is not there', async () => {
    for (const path of ['/.git/config', '/.env', '/install', '/metrics', '/livez', '/readyz', '/v0/orders', '/v1/', '/v1/orders/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd']) {
      const answer = await shop.api('GET', path);
      assert.equal(answer.status, 404, `${path}: ${answer.text}`);
    }
    const trace = await exchange(shop.stage.shopUrl, lines('TRACE / HTTP/1.1', 'Host: shop', 'Connection: close'));
    assert.ok(trace.status >= 400 && trace.status < 500, trace.text);
    assert.doesNotMatch(trace.text, /^server:/im);
  });

  test('a page of another site can not use the cookie', async () => {
    const placed = await shop.placing();
    const order = shop.orderOf(placed);
    await order.pay();
    await order.untilState('delivered');
    const cookie = placed.headers['set-cookie'][0].split(';')[0];
    assert.match(placed.headers['set-cookie'][0], /HttpOnly/);
    const path = `/v1/orders/${order.no}`;
    for (const evil of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }])
      for (const action of ['reveal', 'payments']) {
        const headers = { ...json, Cookie: cookie, ...evil };
        const answer = await shop.api('POST', `${path}/${action}`, { body: '{"channel":"alipay_qr"}', headers });
        assert.deepEqual([answer.status, answer.json().code], [403, 'cross_site'], JSON.stringify(evil));
      }
    assert.equal((await order.get()).units[0].revealed_at, null);
    const own = await shop.api('POST', `${path}/reveal`, { headers: { Cookie: cookie, Origin: shop.stage.shopUrl } });
    assert.equal(own.status, 200, own.text);
  });

  test('a wrong code, a missing order and the order of another look the same', async () => {
    const [mine, other] = [await shop.place(), await shop.place()];
    const missing = `${mine.no.slice(0, -1)}${mine.no.endsWith('A') ? 'B' : 'A'}`;
    const attempts = [
      [other.no, {}],
      [other.no, mine.headers],
      [other.no, { Authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAA' }],
      [other.no, { Authorization: 'Bearer ' }],
      [other.no, { Authorization: other.code }],
      [other.no, { Cookie: 'daozhang_order=' }],
      [missing, mine.headers],
      ['AAAAAAAAAAAAAAAAAAAA', mine.headers],
      ["'%20OR%201=1%20--", mine.headers],
      [`${'A'.repeat(10_240)}`, mine.headers],
    ];
    const bodies = new Set();
    for (const [number, headers] of attempts)
      for (const [method, action] of [['GET', ''], ['POST', '/reveal'], ['GET', '/stream'], ['POST', '/payments']]) {
        const options = method === 'POST' ? { body: '{"channel":"alipay_qr"}', headers: { ...json, ...headers } } : { headers };
        const answer = await shop.api(method, `/v1/orders/${number}${action}`, options);
        assert.equal(answer.status, 404, `${method} ${number}${action}: ${answer.text}`);
        bodies.add(answer.text);
      }
    assert.equal(bodies.size, 1, [...bodies].join('\n'));
  });

  test('an idempotency key means one order, byte for byte, also when both come at once', async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.placing({}, key)));
    assert.ok(answers.every(({ status }) => status === 201));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    const reordered = await shop.placing({ channel: 'alipay', quantity: 1 }, key);
    assert.equal(reordered.text, answers[0].text);
    for (const other of [{ quantity: 2 }, { channel: 'alipay_qr' }, { contact: { email: 'other@example.com' } }, { contact: {} }]) {
      const refusal = await shop.placing(other, key);
      assert.deepEqual([refusal.status, refusal.json().code], [422, 'idempotency_conflict'], JSON.stringify(other));
    }
    assert.equal((await shop.placing({ quantity: 0 }, key)).status, 400);
  });

  test('an idempotency key that is missing, short, long or doubled is refused', async () => {
    const keys = [undefined, '', 'short', 'a'.repeat(21), 'a'.repeat(129), 'with spaces in between it all', '../../../../../etc/passwd', ['a'.repeat(30), 'b'.repeat(30)]];
    for (const key of keys) {
      const headers = key === undefined ? json : { ...json, 'Idempotency-Key': key };
      const answer = await shop.api('POST', '/v1/orders', { body: goodText, headers });
      assert.deepEqual([answer.status, answer.json().field], [400, 'Idempotency-Key'], `${key}: ${answer.text}`);
    }
  });

  test('afterwards nothing of all that is stored', async () => {
    await shop.stage.stopAndCheck();
    for (const [name, bytes] of shop.stage.writtenFiles()) assert.ok(!bytes.includes(marker), name);
  });
});

describe('what is stored once', { skip, concurrency: 2 }, () => {
  test('the same key gives the same bytes after the order has moved on and after a restart', () =>
    withShop({}, async (shop) => {
      for (const channel of ['alipay', 'alipay_qr']) {
        const key = newKey();
        const first = await shop.placing({ channel }, key);
        const order = shop.orderOf(first);
        if (channel === 'alipay_qr') await order.until('has a code', ({ payments }) => payments[0].qr_content);
        else {
          await order.pay();
          await order.untilState('delivered');
        }
        assert.equal((await shop.placing({ channel }, key)).text, first.text, 'later');
        await shop.stage.stopShop();
        await shop.stage.startShop();
        assert.equal((await shop.placing({ channel }, key)).text, first.text, 'after a restart');
      }
    }));

  test('too many tries at codes are refused, whatever the client says of its address', () =>
    withShop({ settings: ['limits.lookups_per_minute=10'] }, async (shop) => {
      const order = await shop.place();
      const statuses = [];
      for (let i = 0; i < 30; ++i) {
        const headers = { Authorization: `Bearer ${newKey()}`, 'X-Forwarded-For': `10.0.0.${i}` };
        statuses.push((await shop.api('GET', `/v1/orders/${order.no}`, { headers })).status);
      }
      assert.deepEqual(statuses, [...Array(10).fill(404), ...Array(20).fill(429)]);
    }));

  test('one client can not place orders without end', () =>
    withShop({ settings: ['limits.orders_per_minute=5'] }, async (shop) => {
      const statuses = [];
      for (let i = 0; i < 8; ++i) statuses.push((await shop.placing()).status);
      assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429, 429, 429]);
    }));

  test('a revealed secret stands in no log, no journal and not in clear in the database', () => {
    const codes = ['SECRET-4f1c9a7e-PLAIN', 'SECRET-77b0d2e5-PLAIN'];
    const products = (demo) => [{ ...demo['steam-card-50'], sku: 'known' }];
    return withShop({ products, secrets: { known: codes }, settings: ['log.level=debug'] }, async (shop) => {
      const order = await shop.place({ sku: 'known', quantity: 2 });
      await order.pay();
      await order.untilState('delivered');
      assert.deepEqual((await order.secrets()).sort(), [...codes].sort());
      assert.deepEqual((await order.secrets()).sort(), [...codes].sort(), 'again');
      const order2 = await order.get();
      assert.ok(!JSON.stringify(order2).includes('SECRET-'));
      await until('the reveal is in the order', async () => (await order.get()).units[0].revealed_at);
      await shop.stage.stopShop();
      const forms = codes.flatMap((code) => [code, Buffer.from(code).toString('base64'), Buffer.from(code).toString('hex'), code.slice(7, 15)]);
      for (const [name, bytes] of shop.stage.writtenFiles())
        for (const form of [...forms, order.code]) assert.ok(!bytes.includes(form), `${form} stands in ${name}`);
    });
  });
});
