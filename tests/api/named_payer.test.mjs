// A payment that waits for its payer: WeChat names him to the shop, only for the browser that may pay, only once, and
// nobody else ever reads who he is.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { call, until } from '../stage/http.mjs';
import { skip, withShop } from './shop.mjs';

const channel = 'wechatpay_jsapi';
const secretPrice = 4_880;
const openid = 'oSandboxPayer';
const browser = { 'User-Agent': 'Mozilla/5.0 Mobile MicroMessenger/8.0.50' };
const waits = ({ payments: [payment] }) => payment.state === 'preparing' && payment.redirect_url !== null;
const hasSheet = ({ payments: [payment] }) => payment.pay_sheet;

// The buyer's browser: the order with its cookie, on the way to WeChat and back.
async function placeInWechat(shop, wanted = { channel }) {
  const placed = await shop.placing(wanted);
  assert.equal(placed.status, 201, placed.text);
  const order = shop.orderOf(placed);
  order.cookie = placed.headers['set-cookie'][0].split(';')[0];
  order.path = (url) => url.slice(shop.stage.shopUrl.length);
  return order;
}

const visit = (shop, order, url, cookie = order.cookie) =>
  shop.api('GET', order.path(url), { headers: { ...browser, Cookie: cookie } });

async function redirectOf(answering) {
  const answer = await answering;
  assert.equal(answer.status, 302, answer.text);
  return answer.headers.location;
}

// → where WeChat sends the browser back to.
async function askedAtWechat(shop, order) {
  const link = await redirectOf(visit(shop, order, order.payment.redirect_url));
  assert.ok(link.startsWith(`${shop.stage.sandboxUrl}/connect/oauth2/authorize?appid=wx0123456789abcdef&redirect_uri=`), link);
  assert.ok(link.endsWith('#wechat_redirect'), link);
  return redirectOf(call(link.slice(0, link.indexOf('#')), { headers: browser }));
}

const howItWent = (location) => new URL(location).searchParams.get('payer');

async function invoke(shop, sheet) {
  const { err_msg: said } = await shop.sandbox('POST', 'wechatpay/bridge', { pay_sheet: sheet });
  return said;
}

describe('a payer whom WeChat names', { skip, concurrency: 3 }, () => {
  test('pays with the sheet that is made for him, and who he is stands in no answer, log or metric', () =>
    withShop({}, async (shop) => {
      const answers = [];
      const order = await placeInWechat(shop);
      assert.ok(waits({ payments: [order.payment] }), JSON.stringify(order.payment));
      answers.push(JSON.stringify(await order.until('waits for its payer', waits)));
      const back = await askedAtWechat(shop, order);
      assert.equal(await redirectOf(visit(shop, order, back)), `${shop.stage.shopUrl}/order/${order.no}?payer=named`);
      const { payments } = await order.until('has its sheet', hasSheet);
      answers.push(JSON.stringify(payments));
      assert.equal(payments[0].redirect_url, null);
      assert.equal(await invoke(shop, payments[0].pay_sheet), 'get_brand_wcpay_request:ok');
      answers.push(JSON.stringify(await order.untilState('delivered')));
      await order.agree({ taken: secretPrice });
      answers.push((await call(`${shop.stage.adminUrl}/metrics`)).text, shop.stage.log('serve'));
      answers.push((await shop.stage.command('inbox', '--order', order.no)).output);
      for (const text of answers) assert.ok(!text.includes(openid), text);
    }));

  test('is named once: the code again, or a page loaded twice, changes nothing', () =>
    withShop({}, async (shop) => {
      const order = await placeInWechat(shop);
      const back = await askedAtWechat(shop, order);
      const both = await Promise.all([1, 2].map(() => redirectOf(visit(shop, order, back))));
      assert.ok(both.every((location) => ['named', null].includes(howItWent(location))), String(both));
      assert.equal(howItWent(await redirectOf(visit(shop, order, back))), null);
      const { payments } = await order.until('has its sheet', hasSheet);
      assert.equal(payments.length, 1);
      assert.equal(howItWent(await redirectOf(visit(shop, order, order.payment.redirect_url))), null);
    }));

  test('is taken only with the state that was given for this payment, from the browser that has the order', () =>
    withShop({}, async (shop) => {
      const order = await placeInWechat(shop);
      const other = await placeInWechat(shop);
      const back = await askedAtWechat(shop, order);
      const ofOther = await askedAtWechat(shop, other);
      const stateOf = (url) => new URL(url).searchParams.get('state');
      const forged = [back.replace(stateOf(back), stateOf(ofOther)), back.replace(/state=.*/, 'state='), back.replace(/&state=.*/, ''), `${back}&state=x`];
      for (const url of forged) assert.equal(howItWent(await redirectOf(visit(shop, order, url))), 'state_wrong', url);
      for (const cookie of ['', other.cookie]) {
        assert.equal(howItWent(await redirectOf(visit(shop, order, back, cookie))), 'access_code_needed');
        assert.equal(howItWent(await redirectOf(visit(shop, order, order.payment.redirect_url, cookie))), 'access_code_needed');
      }
      const nothing = await visit(shop, order, order.payment.redirect_url.replace(order.no, 'NOTHING'));
      assert.equal(nothing.status, 404);
      assert.ok(waits(await order.get()), 'nobody was named');
      assert.equal(howItWent(await redirectOf(visit(shop, order, back))), 'named', 'and the genuine one still is');
    }));

  test('who is not named leaves the order to another try and to the other ways', () =>
    withShop({}, async (shop) => {
      const order = await placeInWechat(shop);
      for (const [fault, why] of [
        ['payer_declines', 'declined'],
        ['payer_code_used', 'code_used'],
        ['payer_code_expired', 'code_expired'],
        ['payer_busy', 'unavailable'],
      ]) {
        await shop.fault(fault, { times: 1 });
        const back = await askedAtWechat(shop, order);
        assert.equal(howItWent(await redirectOf(visit(shop, order, back))), why);
        assert.ok(waits(await order.get()), why);
      }
      assert.match(shop.stage.log('serve'), /"payer_unknown".*"code_used"/);
      const alipay = await order.openOther('alipay');
      await order.payUrl(alipay.redirect_url);
      const { payments } = await order.untilState('delivered');
      assert.equal(payments[0].state, 'closed', 'it never was at WeChat, so nobody needs to be asked');
      await order.agree({ taken: secretPrice });
    }));

  test("another app's openid makes no sheet, and that is said", () =>
    withShop({}, async (shop) => {
      await shop.fault('payer_of_other_app', { times: 1 });
      const order = await placeInWechat(shop);
      await redirectOf(visit(shop, order, await askedAtWechat(shop, order)));
      await order.until('was refused', ({ payments: [payment] }) => payment.state === 'failed');
    }));

  test('is not asked for where a program names him, and can be named for a payment opened later', () =>
    withShop({}, async (shop) => {
      const named = await shop.place({ channel, payer_id: 'oOfAProgram' });
      await named.until('has its sheet', hasSheet);
      const wrong = await shop.placing({ channel, payer_id: 'o p' });
      assert.equal(wrong.status, 422, wrong.text);
      const later = await placeInWechat(shop, { channel: 'alipay' });
      const opened = await later.openOther(channel);
      later.payment = opened;
      await redirectOf(visit(shop, later, await askedAtWechat(shop, later)));
      await later.until('has its sheet', ({ payments }) => payments[1].pay_sheet);
    }));

  test('a secret that is empty, an example or wrong stops the start or is told to the operator', () =>
    withShop({}, async (shop) => {
      await shop.stage.stopShop();
      const file = shop.stage.file('app_secret');
      const start = (secret) => {
        writeFileSync(file, secret, { mode: 0o600 });
        return shop.stage.serveOnce([`channel.wechatpay_jsapi.app_secret_file=${file}`]);
      };
      for (const [secret, words] of [['', /is empty/], ['0'.repeat(32), /app_secret_unusable/], ['changeme', /app_secret_unusable/]]) {
        const { status, output } = await start(secret);
        assert.notEqual(status, 0, output);
        assert.match(output, words);
      }
      const elsewhere = await shop.stage.serveOnce([`channel.wechatpay.app_secret_file=${shop.stage.file('wechatpay_app_secret')}`]);
      assert.match(elsewhere.output, /app_secret_unneeded/);
      writeFileSync(file, '53d67fcb97e68f9998cbd17ed7a8d1e2', { mode: 0o600 });
      await shop.stage.startShop(`channel.wechatpay_jsapi.app_secret_file=${file}`);
      const order = await placeInWechat(shop);
      const back = await askedAtWechat(shop, order);
      assert.equal(howItWent(await redirectOf(visit(shop, order, back))), 'account_refused');
      await until('the operator is told', () => /app_secret_file of this channel/.test(shop.stage.log('serve')));
    }));
});
