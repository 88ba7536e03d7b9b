// WeChat Pay and epay as buyers meet them: paid, told, lost, odd and given back. The rest of what a channel may do wrong is
// the connectors' own tests and the simulator's.
import assert from 'node:assert/strict';
import { createSign, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { skip, until, withShop } from './shop.mjs';

const secretPrice = 4_880;
const byPage = ({ payments }) => payments[0].redirect_url;
const byCode = ({ payments }) => payments[0].qr_content;

// As the merchant's staff does it, past the shop.
async function refundInTheConsole(shop, order) {
  const path = '/v3/refund/domestic/refunds';
  const amount = { refund: secretPrice, total: secretPrice, currency: 'CNY' };
  const body = JSON.stringify({ out_trade_no: `${order.no}_1`, out_refund_no: 'CONSOLE1', amount });
  const stamp = Math.floor(Date.now() / 1000);
  const nonce = randomBytes(16).toString('hex');
  const key = readFileSync(join(shop.stage.directory, 'wechatpay_merchant_private.pem'));
  const signature = createSign('RSA-SHA256').update(`POST\n${path}\n${stamp}\n${nonce}\n${body}\n`).sign(key, 'base64');
  const who = 'mchid="1900000001",serial_no="5D3A7C1E9B2F4860A1C3E5079B8D6F42137A9C5E"';
  const Authorization = `WECHATPAY2-SHA256-RSA2048 ${who},nonce_str="${nonce}",timestamp="${stamp}",signature="${signature}"`;
  const headers = { 'Content-Type': 'application/json', Authorization };
  const answer = await fetch(`${shop.stage.sandboxUrl}${path}`, { method: 'POST', headers, body });
  assert.equal(answer.status, 200, await answer.text());
}

// Opens what the buyer would open, once the channel has made it.
async function urlOf(order, content) {
  const { payments } = await order.until('can be paid', (now) => content(now));
  return payments[0].redirect_url ?? payments[0].qr_content;
}

async function buy(shop, channel, content, more = {}) {
  const order = await shop.place({ channel });
  const paid = await order.payUrl(await urlOf(order, content), more);
  assert.equal(paid.outcome, 'paid', JSON.stringify(paid));
  return order;
}

describe('WeChat Pay and epay', { skip, concurrency: 3 }, () => {
  for (const [channel, content] of [['wechatpay', byCode], ['wechatpay_h5', byPage], ['epay', byPage]]) {
    test(`a purchase by ${channel} arrives, and the books of both sides agree`, () =>
      withShop({}, async (shop) => {
        const order = await buy(shop, channel, content);
        await order.untilState('delivered');
        assert.equal((await order.secrets()).length, 1);
        await order.agree({ taken: secretPrice });
      }));

    test(`by ${channel}, a lost notification is found by asking, at once if the buyer says that he paid`, () =>
      withShop({}, async (shop) => {
        await shop.fault('lose_notify');
        const order = await buy(shop, channel, content);
        const asked = await shop.api('POST', `/v1/orders/${order.no}/payments/ask`, { headers: order.headers });
        assert.equal(asked.status, 202, asked.text);
        await order.untilState('delivered');
        await order.agree({ taken: secretPrice });
      }));
  }

  test('what WeChat Pay did not sign, or signed for another key, changes nothing and stands in the inbox', () =>
    withShop({}, async (shop) => {
      const order = await shop.place({ channel: 'wechatpay' });
      const url = `${shop.stage.shopUrl}/v1/notify/wechatpay`;
      const body = { id: 'N1', event_type: 'TRANSACTION.SUCCESS', resource_type: 'encrypt-resource', resource: {} };
      const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      assert.equal(answer.status, 400);
      assert.equal((await answer.json()).code, 'FAIL');
      const got = await fetch(`${shop.stage.shopUrl}/v1/notify/wechatpay?a=b`);
      assert.equal(got.status, 405, 'WeChat Pay never notifies by GET');
      assert.equal((await order.get()).state, 'awaiting_payment');
      const listed = await shop.stage.command('inbox');
      assert.match(listed.output, /refused\s+wechatpay\s+notification\s+signature_missing/);
      const filtered = async (...words) => (await shop.stage.command('inbox', ...words)).output;
      const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
      for (const words of [['--channel', 'wechatpay'], ['--verdict', 'refused'], ['--because', 'signature_missing'], ['--since', today]])
        assert.match(await filtered(...words), /signature_missing/, words.join(' '));
      const tomorrow = new Date(Date.now() + 32 * 3600_000).toISOString();
      for (const words of [['--channel', 'alipay'], ['--verdict', 'asked'], ['--because', 'seller_differs'], ['--since', tomorrow]])
        assert.doesNotMatch(await filtered(...words), /signature_missing/, words.join(' '));
      const wrong = await shop.stage.command('inbox', '--verdict', 'nonsense');
      assert.notEqual(wrong.status, 0, wrong.output);
    }));

  test('a refund that WeChat Pay can not end is a person\'s, and is seen when it is mended', () =>
    withShop({}, async (shop) => {
      await shop.fault('refund_abnormal', { times: 1 });
      await shop.fault('fail_definitely');
      const order = await shop.placeTopup({ channel: 'wechatpay' });
      await order.payUrl(await urlOf(order, byCode));
      await order.until('is being given back', ({ refunds }) => refunds.length === 1);
      await until('the log says what a person has to do', () => /refund_stuck/.test(shop.stage.log('serve')));
    }));

  test('money that was given back in the console before the shop knew of it delivers nothing, and a person hears of it', () =>
    withShop({}, async (shop) => {
      await shop.fault('lose_notify');
      const order = await buy(shop, 'wechatpay', byCode);
      await refundInTheConsole(shop, order);
      await shop.api('POST', `/v1/orders/${order.no}/payments/ask`, { headers: order.headers });
      await until('a person is told', () => /payment_not_ours/.test(shop.stage.log('serve')));
      assert.equal((await order.get()).state, 'awaiting_payment');
    }));

  test('a payment at epay counts only when the gateway, asked, says the same', () =>
    withShop({}, async (shop) => {
      await shop.fault('query_timeout', { hold_ms: 1 });
      const order = await buy(shop, 'epay', byPage);
      await until('the notification was taken', async () => (await shop.sandbox('GET', 'notifications')).notifications.some(({ status }) => status === 200));
      assert.equal((await order.get()).state, 'awaiting_payment', 'told, and not confirmed yet');
      await shop.sandbox('PUT', 'faults/query_timeout', { on: false });
      await shop.api('POST', `/v1/orders/${order.no}/payments/ask`, { headers: order.headers });
      await order.untilState('delivered');
      await order.agree({ taken: secretPrice });
    }));

  test('a channel that does not answer is told as such, and the other ones stay', () =>
    withShop({ settings: ['outgoing.total_timeout_seconds=1'] }, async (shop) => {
      await shop.fault('create_reply_lost');
      const stateOf = async (name) => (await shop.api('GET', '/v1/channels')).json().channels.find(({ channel }) => channel === name).state;
      assert.equal(await stateOf('wechatpay'), 'answering');
      await Promise.all(Array.from({ length: 4 }, () => shop.place({ channel: 'wechatpay' })));
      await until('it is kept from the checkout', async () => (await stateOf('wechatpay')) === 'not_answering');
      assert.equal(await stateOf('alipay'), 'answering');
    }));
});
