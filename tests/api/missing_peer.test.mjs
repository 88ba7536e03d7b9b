// A channel or supplier that is gone from the settings while orders still need it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { call } from '../stage/http.mjs';
import { skip, withShop } from './shop.mjs';

// Without the given sections; gives back what puts them back.
function takeOut(stage, ...names) {
  const file = stage.file('daozhang.toml');
  const whole = readFileSync(file, 'utf8');
  const sections = whole.split(/^(?=\[)/m);
  const left = sections.filter((section) => !names.some((name) => section.startsWith(`[${name}]`)));
  assert.equal(left.length, sections.length - names.length);
  writeFileSync(file, left.join(''));
  return () => writeFileSync(file, whole);
}

describe('a peer that open orders need', { skip, concurrency: 2 }, () => {
  test('is missed at the start, by name and with how many wait, until it is back or allowed to be away', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      await shop.place({ channel: 'alipay_wap' });
      await shop.placeTopup({ channel: 'alipay_wap' });
      await stage.stopShop();
      const putBack = takeOut(stage, 'channel.alipay_wap', 'supplier.demo');

      const refused = await stage.serveOnce([]);
      assert.equal(refused.status, 1, refused.output);
      assert.match(refused.output, /channel\.alipay_wap is not in the settings, and 2 open orders wait on it/);
      assert.match(refused.output, /supplier\.demo is not in the settings, and 1 open order wait/);
      assert.match(refused.output, /\[channel\.alipay_wap\].*store\.allow_missing_peers=true/);

      await stage.startShop('store.allow_missing_peers=true');
      const ready = await call(`${stage.adminUrl}/readyz`);
      assert.deepEqual([ready.status, ready.json()], [200, { ready: true, reasons: ['peer_missing'] }]);
      // What nobody can execute is not sold.
      const products = (await shop.api('GET', '/v1/products')).json().products;
      assert.deepEqual([...new Set(products.filter(({ kind }) => kind !== 'secret').map(({ in_stock }) => in_stock))], [false]);
      const metrics = (await call(`${stage.adminUrl}/metrics`)).text;
      assert.match(metrics, /^daozhang_missing_peer_orders\{peer="channel.alipay_wap"\} 2$/m);
      assert.match(metrics, /^daozhang_missing_peer_orders\{peer="supplier.demo"\} 1$/m);
      const warnings = stage.log('serve').split('\n').filter((line) => line.includes('"peer_missing"')).map((line) => JSON.parse(line));
      assert.deepEqual(warnings.map(({ level, peer, orders }) => [level, peer, orders]), [
        ['warn', 'channel.alipay_wap', 2],
        ['warn', 'supplier.demo', 1],
      ]);
      await stage.stopShop();

      putBack();
      await stage.startShop();
      assert.deepEqual((await call(`${stage.adminUrl}/readyz`)).json(), { ready: true, reasons: [] });
    }));

  test('is not missed when all of its orders are closed', () =>
    withShop({}, async (shop) => {
      const { stage } = shop;
      const order = await shop.place({ channel: 'alipay_wap' });
      await order.pay();
      await order.untilState('delivered');
      const open = await shop.place({ channel: 'alipay' });
      await stage.stopShop();
      takeOut(stage, 'channel.alipay_wap', 'supplier.demo');
      await stage.startShop();
      await open.pay();
      await open.untilState('delivered');
      assert.equal((await order.get()).state, 'delivered');
    }));
});
