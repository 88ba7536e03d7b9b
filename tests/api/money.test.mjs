// Where the money of a running shop stands, and its bills, as an operator's commands tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { call } from '../stage/http.mjs';
import { skip, until, withShop } from './shop.mjs';

// As the console will: the key is derived from the installation's keys (src/api/admin/operator_key.h).
function askAsOperator(shop, verb, request = {}) {
  const keys = readFileSync(shop.stage.file('keys.txt'), 'utf8');
  const accessCode = Buffer.from(/^access_code ([0-9a-f]{64})$/m.exec(keys)[1], 'hex');
  const derived = createHmac('sha256', accessCode).update('operator key 1').digest();
  const key = createHmac('sha256', derived).update('daozhang operator channel 1').digest('hex');
  const body = { as: 'lin', reason: 'the evening report', request };
  return call(`${shop.stage.adminUrl}/admin/v1/${verb}`, { method: 'POST', headers: { Authorization: `Bearer ${key}` }, body });
}

describe('the money of a shop that runs', { skip, concurrency: 4 }, () => {
  test('adds up while it is held and after it is earned', () =>
    withShop({}, async (shop) => {
      const report = async () => {
        const { status, output } = await shop.stage.command('report', 'money', '--json');
        assert.equal(status, 0, output);
        const told = JSON.parse(output);
        assert.equal(told.adds_up, true);
        return told.currencies[0];
      };
      assert.equal(await report(), undefined);

      const card = await shop.place();
      await card.pay();
      await card.untilState('delivered');
      const earned = await report();
      assert.equal(earned.revenue_minor, 4_880);
      assert.equal(earned.escrow.held_minor, 0);
      assert.deepEqual(earned.channels, [{ channel: 'alipay', clearing_minor: 4_880, refund_payable_minor: 0, fees_minor: 0 }]);

      await shop.fault('silent');
      const topup = await shop.placeTopup();
      await topup.pay();
      await topup.untilState('fulfilling');
      const held = await report();
      assert.equal(held.escrow.held_minor, 4_990);
      assert.deepEqual(held.escrow.by_age.under_1h, { held_minor: 4_990, order_count: 1 });
      assert.equal(held.escrow.oldest_order_no, topup.no);
      assert.equal(held.proof.debit_minor, held.proof.credit_minor);

      const asked = await askAsOperator(shop, 'money');
      assert.equal(asked.status, 200, asked.text);
      assert.deepEqual({ ...asked.json().currencies[0], escrow: 0 }, { ...held, escrow: 0 }, 'the console is told the same');
      assert.equal((await call(`${shop.stage.adminUrl}/admin/v1/money`, { method: 'POST', body: {} })).status, 401);

      const words = await shop.stage.command('report', 'money', '--language', 'zh-CN');
      assert.match(words.output, /账平/);
      assert.match((await shop.stage.command('report', 'money', '--language', 'en')).output, /49\.90 {2}in escrow {2}1 orders/);
    }));

  test('a store that is not there can not be reported on', () =>
    withShop({}, async (shop) => {
      const nothing = await shop.stage.command('report', 'money', '--set', `store.path=${shop.stage.file('nothing.db')}`);
      assert.equal(nothing.status, 2, nothing.output);
    }));

  test('bills: who changes what has a name and a reason', () =>
    withShop({}, async (shop) => {
      const bills = (...words) => shop.stage.command('bills', ...words);
      const listed = await until('the bills file is there', async () => {
        const answer = await bills('--language', 'en');
        return answer.status === 0 && answer;
      });
      assert.match(listed.output, /no bill has been asked for yet/);
      assert.deepEqual(JSON.parse((await bills('--json')).output), { days: [], differences: [] });
      const refused = [
        [2, ['close', '0123456789abcdef', '--reason', 'seen'], /--as/],
        [2, ['close', '0123456789abcdef', '--as', 'li'], /--reason/],
        [2, ['close', '0123456789abcdef', '--as', 'reconciliation', '--reason', 'seen'], /say yours/],
        [2, ['assign', '0123456789abcdef', '--as', 'li'], /--to/],
        [2, ['again', '--day', '2026-11-22', '--channel', 'alipay', '--as', 'li'], /--reason/],
        [2, ['again', '--day', '2026-11-22', '--channel', 'alipay', '--as', 'li', '--reason', 'corrected'], /no bill of alipay/],
        [2, ['--day', '22.11.2026'], /date/],
        [2, ['--channel', 'nobody'], /nobody/],
        [1, ['close', '0123456789abcdef', '--as', 'li', '--reason', 'seen'], /no difference/],
        [1, ['assign', '0123456789abcdef', '--as', 'li', '--to', 'zhao'], /no difference/],
        [1, ['show', '0123456789abcdef'], /no difference/],
      ];
      for (const [status, words, said] of refused) {
        const answer = await bills(...words);
        assert.equal(answer.status, status, `${words.join(' ')}: ${answer.output}`);
        assert.match(answer.output, said);
      }
    }));
});
