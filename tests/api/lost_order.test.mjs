// A store that was restored from a backup, and what comes for the orders that it does not have any more; and money that a
// channel took back.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { call } from '../stage/http.mjs';
import { skip, until, withShop } from './shop.mjs';

const storeFiles = (stage) => readdirSync(stage.directory).filter((name) => name.startsWith('daozhang.db'));

// The store as it is now, of a shop that is stopped; gives back what restores it as docs/operating/backup.md says.
async function backUp(stage) {
  await stage.stopShop();
  const folder = join(stage.directory, 'backup');
  mkdirSync(folder, { recursive: true });
  for (const name of storeFiles(stage)) copyFileSync(join(stage.directory, name), join(folder, name));
  await stage.startShop();
  return async () => {
    await stage.stopShop();
    for (const name of storeFiles(stage)) rmSync(join(stage.directory, name));
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(stage.directory, name));
    rmSync(join(stage.directory, 'daozhang.db.commits'), { force: true });
    assert.ok(existsSync(join(stage.directory, 'daozhang.db')));
    await stage.startShop();
  };
}

// The channel's page, as the buyer's browser opened it while the order was still there.
async function openPage(order) {
  const there = await call(new URL(order.payment.redirect_url, order.shop.stage.shopUrl).href, { redirect: 'manual' });
  assert.ok([302, 303].includes(there.status), there.text);
  return there.headers.location;
}

const logged = (stage, event) =>
  stage
    .log('serve')
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line));

describe('money for an order that a restored store does not have', { skip, concurrency: 2 }, () => {
  test('is asked about and given back, once, and the operator is told', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      const restore = await backUp(stage);
      const order = await shop.place();
      const page = await openPage(order);
      await restore();
      assert.equal((await shop.api('GET', `/v1/orders/${order.no}`, { headers: order.headers })).status, 404);

      const paid = await order.payUrl(page);
      assert.equal(paid.status, 200, JSON.stringify(paid));
      await until('the money is back', async () => (await order.truth()).givenBack === 4_880);
      assert.deepEqual(await order.truth(), { taken: 4_880, givenBack: 4_880, refunds: 1, executed: 0 });
      const told = logged(stage, 'orphan_payment');
      assert.deepEqual([told.length > 0, told[0].level, told[0].order_no], [true, 'error', order.no]);

      const report = await until('it stands in the books', async () => {
        const { output } = await stage.command('report', 'money', '--json');
        const money = JSON.parse(output);
        return money.currencies[0]?.channels[0]?.refund_payable_minor === 0 && money;
      });
      assert.equal(report.adds_up, true);
      assert.equal(report.currencies[0].channels[0].clearing_minor, 0);
    }));

  test('whose notification was lost too is found by what the bill says', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      const restore = await backUp(stage);
      const order = await shop.place();
      const page = await openPage(order);
      await restore();
      await shop.fault('lose_notify');
      const paid = await order.payUrl(page);
      assert.equal(paid.status, 200, JSON.stringify(paid));

      const acting = ['--as', 'lin', '--reason', 'it stands in the bill'];
      const settle = (...more) => stage.command('admin', 'settle', `${order.no}_1`, '--trade-no', paid.trade.trade_no, ...more, ...acting);
      const unknown = await settle();
      assert.equal(unknown.status, 1, unknown.output);
      assert.match(unknown.output, /--channel, --amount and --second/);
      const asked = await settle('--channel', 'alipay', '--amount', '48.80', '--second', 'wang');
      assert.equal(asked.status, 0, asked.output);
      await until('the money is back', async () => (await order.truth()).givenBack === 4_880);
    }));
});

describe('money that the channel took back', { skip, concurrency: 2 }, () => {
  test('is a loss once, and its buyer is refused until somebody forgives him', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      const order = await shop.place();
      const { trade_no } = await order.pay();
      await order.untilState('delivered');
      const acting = ['--as', 'lin', '--reason', 'the payer disputed it'];
      const charge = (...more) => stage.command('admin', 'chargeback', order.no, '--case', 'C-77', ...more, ...acting);
      const booked = ['--trade-no', trade_no, '--amount', '48.80', '--second', 'wang'];

      assert.equal((await charge('--trade-no', trade_no)).status, 2, 'how much is missing');
      const first = await charge(...booked);
      assert.equal(first.status, 0, first.output);
      assert.match((await charge(...booked)).output, /booked before/);

      const money = JSON.parse((await stage.command('report', 'money', '--json')).output);
      assert.equal(money.adds_up, true);
      assert.equal(money.currencies[0].channels[0].clearing_minor, 0);
      assert.equal(money.currencies[0].revenue_minor, 4_880, 'it was earned');

      const refused = await shop.placing();
      assert.deepEqual([refused.status, refused.json().code], [403, 'buyer_flagged']);
      assert.equal((await shop.placing({ contact: { email: 'another@example.com' } })).status, 201);
      const forgiven = await stage.command('admin', 'forgive', order.no, '--second', 'wang', ...acting);
      assert.equal(forgiven.status, 0, forgiven.output);
      assert.equal((await shop.placing()).status, 201);

      const won = await charge('--returned');
      assert.equal(won.status, 0, won.output);
      assert.equal((await charge('--returned')).status, 1, 'once');
      const after = JSON.parse((await stage.command('report', 'money', '--json')).output);
      assert.equal(after.currencies[0].channels[0].clearing_minor, 4_880);
    }));
});
