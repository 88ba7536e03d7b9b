// The live page: events that carry what a GET says, resume after a lost connection, and end with the shop. Then what the
// machine room asks: is it alive, is it ready, how does it go.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { call } from '../stage/http.mjs';
import { checkOrder } from './contract.mjs';
import { EventStream } from './event_stream.mjs';
import { newKey, skip, until, withShop } from './shop.mjs';

const versions = (stream) => stream.events.map(({ id }) => Number(id));

function assertEvents(stream) {
  for (const event of stream.events) {
    assert.equal(event.event, 'order');
    assert.equal(event.id, String(event.order.version), 'the id is the version');
    checkOrder(event.order);
  }
  const seen = versions(stream);
  for (let i = 1; i < seen.length; ++i) assert.ok(seen[i] > seen[i - 1], `versions rise: ${seen}`);
}

describe('the live page', { skip, concurrency: 2 }, () => {
  test('it begins with the present state and tells every stage up to the delivery', () =>
    withShop({}, async (shop) => {
      const order = await shop.placeTopup();
      const live = await EventStream.open(order);
      assert.equal(live.status, 200);
      assert.match(live.headers['content-type'], /^text\/event-stream/);
      assert.equal(live.headers['cache-control'], 'no-store');
      await live.until('the present state', ({ events }) => events.length === 1);
      assert.deepEqual(live.last.order, await order.get());
      await order.pay();
      await live.until('delivered', ({ last }) => last.order.state === 'delivered');
      assertEvents(live);
      const states = new Set(live.events.map((event) => event.order.state));
      for (const state of ['awaiting_payment', 'fulfilling', 'delivered']) assert.ok(states.has(state), [...states].join());
      const current = live.events.flatMap((event) => event.order.stages.filter(({ state }) => state === 'current'));
      assert.ok(current.some(({ waits_for }) => waits_for === 'supplier:demo'), 'names whom it waits for');
      assert.ok(current.some(({ waits_for }) => waits_for === 'buyer'), 'names the buyer');
      await until('the stream and the GET say the same', async () => {
        const order2 = await order.get();
        return order2.version === live.last.order.version && JSON.stringify(order2) === live.last.data;
      });
      live.close();
    }));

  test('a connection that comes back is told what it missed, and nothing if it missed nothing', () =>
    withShop({}, async (shop) => {
      const order = await shop.place();
      const first = await EventStream.open(order);
      await first.until('the present state', ({ events }) => events.length === 1);
      const seen = first.last.id;
      first.close();

      const idle = await EventStream.open(order, { lastEventId: seen });
      await order.pay();
      await order.untilState('delivered');
      await idle.until('delivered', ({ last }) => last?.order.state === 'delivered');
      assert.ok(versions(idle)[0] > Number(seen), 'the present state is not told again');
      idle.close();

      const late = await EventStream.open(order, { lastEventId: seen });
      await late.until('what was missed', ({ events }) => events.length > 0);
      assert.equal(late.events[0].order.state, 'delivered');
      late.close();

      for (const lastEventId of ['999999999', '0', 'x', '-1', '', '1e3']) {
        const odd = await EventStream.open(order, { lastEventId });
        assert.equal(odd.status, 200, lastEventId);
        await odd.until('the present state', ({ events }) => events.length > 0);
        assert.equal(odd.last.order.state, 'delivered');
        odd.close();
      }
    }));

  test('a restart of the shop is a connection that comes back', () =>
    withShop({}, async (shop) => {
      const order = await shop.placeTopup();
      const live = await EventStream.open(order);
      await live.until('the present state', ({ events }) => events.length === 1);
      await shop.stage.killShop();
      await live.until('the end', ({ ended }) => ended);
      await shop.stage.startShop();
      const again = await EventStream.open(order, { lastEventId: live.last.id });
      await order.pay();
      await again.until('delivered', ({ last }) => last?.order.state === 'delivered');
      assertEvents(again);
      again.close();
    }));

  test('it opens by code or by the cookie of its order, and by nothing else', () =>
    withShop({}, async (shop) => {
      const placed = await shop.placing();
      const order = shop.orderOf(placed);
      const [cookie, ...attributes] = placed.headers['set-cookie'][0].split('; ');
      assert.ok(attributes.includes('HttpOnly') && attributes.includes(`Path=/v1/orders/${order.no}`), attributes.join());
      const byCookie = await EventStream.open(order, { headers: { Cookie: cookie } });
      await byCookie.until('the present state', ({ events }) => events.length === 1);
      byCookie.close();
      const other = await shop.place();
      for (const headers of [{}, { Authorization: 'Bearer x' }, other.headers]) {
        const refused = await EventStream.open(order, { headers });
        assert.equal(refused.status, 404);
      }
      const withQuery = await call(`${shop.stage.shopUrl}/v1/orders/${order.no}/stream?access_code=${order.code}`);
      assert.equal(withQuery.status, 404, 'a code in the address opens nothing');
    }));

  test('a hundred watchers of one order are told the same; over the limit a page is sent to polling', () =>
    withShop({ settings: ['limits.live_pages=100'] }, async (shop) => {
      const order = await shop.place();
      const watchers = await Promise.all(Array.from({ length: 100 }, () => EventStream.open(order)));
      await Promise.all(watchers.map((live) => live.until('the present state', ({ events }) => events.length === 1)));
      const surplus = await shop.api('GET', `/v1/orders/${order.no}/stream`, { headers: order.headers });
      assert.deepEqual([surplus.status, surplus.json().code], [503, 'too_many_live_pages']);
      assert.ok(Number(surplus.headers['retry-after']) > 0);
      await order.pay();
      await Promise.all(watchers.map((live) => live.until('delivered', ({ last }) => last.order.state === 'delivered')));
      assert.equal(new Set(watchers.map(({ last }) => last.data)).size, 1);
      watchers.forEach((live) => live.close());
      await until('their places are free', async () => {
        const metrics = (await call(`${shop.stage.adminUrl}/metrics`)).text;
        return /^daozhang_live_pages 0$/m.test(metrics);
      });
    }));
});

describe('the machine room', { skip, concurrency: 2 }, () => {
  test('a stop ends live pages and connections well, and keeps what it answered', () =>
    withShop({}, async (shop) => {
      const order = await shop.place();
      const live = await EventStream.open(order);
      await live.until('the present state', ({ events }) => events.length === 1);
      const key = newKey();
      const placing = Array.from({ length: 20 }, (_, index) => shop.placing({}, `${key}${index}`).catch(() => null));
      const stopped = shop.stage.stopShop();
      const answers = await Promise.all(placing);
      await stopped;
      await live.until('the end', ({ ended }) => ended);
      assert.ok(live.wellEnded, 'the stream ends as HTTP says, it is not cut');
      await shop.stage.startShop();
      for (const [index, answer] of answers.entries())
        if (answer?.status === 201) assert.equal((await shop.placing({}, `${key}${index}`)).text, answer.text);
      assert.equal((await order.get()).state, 'awaiting_payment');
    }));

  test('it says that it lives, that it is ready, and how it goes, on its own port only', () =>
    withShop({}, async (shop) => {
      const admin = (path) => call(`${shop.stage.adminUrl}${path}`);
      assert.deepEqual([(await admin('/livez')).status, (await admin('/livez')).text], [200, 'ok\n']);
      assert.deepEqual((await admin('/readyz')).json(), { ready: true, reasons: [] });
      await shop.place();
      const metrics = await admin('/metrics');
      assert.match(metrics.headers['content-type'], /^text\/plain; version=0\.0\.4/);
      for (const line of metrics.text.split('\n'))
        assert.match(line, /^($|# (HELP|TYPE) [a-z_:]+ |[a-z_:]+(\{[^}]*\})? [-+0-9.eInfNa]+$)/);
      assert.match(metrics.text, /^daozhang_http_requests_total\{route="\/v1\/orders",status="201"\} 1$/m);
      for (const path of ['/v1/products', '/', '/v1/orders']) assert.equal((await admin(path)).status, 404, path);
      assert.equal((await call(`${shop.stage.adminUrl}/livez`, { method: 'POST' })).status, 405);
    }));

  test('log lines are JSON with the order they are about, and hold no code', () =>
    withShop({ settings: ['log.level=debug'] }, async (shop) => {
      const order = await shop.place();
      await order.pay();
      await order.untilState('delivered');
      await order.secrets();
      const log = shop.stage.log('serve');
      const rows = log.trim().split('\n').map((line) => JSON.parse(line));
      assert.ok(rows.length > 0);
      assert.ok(rows.some((row) => row.request_id), 'names requests');
      assert.ok(rows.some((row) => JSON.stringify(row).includes(order.no)), 'names orders');
      assert.ok(!log.includes(order.code));
    }));

  test('a second shop on the same store is refused', () =>
    withShop({}, async (shop) => {
      const second = await shop.stage.serveOnce(['server.listen=127.0.0.1:1', 'admin.listen=127.0.0.1:1']);
      assert.notEqual(second.status, 0);
      assert.match(second.output, /lock|in use|another/i);
    }));
});
