// The thirteen ways in which shops of this kind lose money, each on a running shop and sandbox of its own. Every story
// compares what we say with what the channel and the supplier say, and ends with a clean stop and a clean fsck.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noticeFields, notify, signed } from './alipay_notice.mjs';
import { freshPhone, skip, until, withShop } from './shop.mjs';

const secretPrice = 4880;
const topupPrice = 4990;
const windowSeconds = 60;
const shortWindow = [`policy.payment_window_seconds=${windowSeconds}`, 'policy.payment_ask_seconds=5'];
const afterWindowMs = (windowSeconds + 60) * 1_000;

const codes = (word, count) => Array.from({ length: count }, (_, index) => `${word}-${String(index).padStart(4, '0')}`);
const openOnly = { pay: false };

// Product makers for `withShop`.
const secretProduct = (sku) => (demo) => [{ ...demo['steam-card-50'], sku }];
const topupProduct = (sku, changes) => (demo) => [{ ...demo['mobile-topup-50'], sku, ...changes }];

async function reach(instant) {
  await until(`the clock shows ${instant}`, () => Date.now() >= instant, { withinMs: afterWindowMs, everyMs: 5 });
}

// One of two good ends; either way the buyer has the goods or the money, never both and never neither.
async function deliveredOrGivenBack(order) {
  const seen = await order.until('has ended', ({ state, refunds }) => {
    const through = refunds.every((refund) => ['accepted', 'settled'].includes(refund.state));
    return ['delivered', 'given_back'].includes(state) && through;
  }, afterWindowMs);
  await order.agree({ taken: secretPrice, givenBack: seen.state === 'given_back' ? secretPrice : 0 });
  return seen.state;
}

describe('the thirteen failure modes', { skip, concurrency: 6 }, () => {
  test('1: one notification many times in parallel is one payment and one delivery', () =>
    withShop({}, async (shop) => {
      await shop.fault('double_notify', { copies: 20 });
      const secret = await shop.place();
      const trade = await secret.pay();
      const topup = await shop.placeTopup();
      await topup.pay();
      const same = signed(shop.stage, noticeFields(trade));
      const answers = await Promise.all(Array.from({ length: 50 }, () => notify(shop.stage, same)));
      assert.ok(answers.every(({ status, text }) => status === 200 && text === 'success'));
      await secret.untilState('delivered');
      await topup.untilState('delivered');
      const order = await secret.agree({ taken: secretPrice });
      assert.equal(order.payments.length, 1);
      assert.equal((await secret.secrets()).length, 1);
      await topup.agree({ taken: topupPrice, executed: 1 });
      await shop.assertStruck('double_notify');
    }));

  test('2: a valid signature that does not say "paid" pays nothing', () =>
    withShop({}, async (shop) => {
      const order = await shop.place();
      const { trade } = await order.payUrl(order.payment.redirect_url, openOnly);
      assert.equal((await shop.sandbox('POST', `trades/${trade.out_trade_no}/notify`, { forge: 'status' })).status, 202);
      for (const trade_status of ['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_FINISHING', '', undefined])
        await notify(shop.stage, signed(shop.stage, noticeFields(trade, { trade_status })));
      await until('the sandbox has told it', async () => {
        const { notifications } = await shop.sandbox('GET', `notifications?number=${trade.out_trade_no}`);
        return notifications.some(({ status }) => status > 0);
      });
      assert.equal((await order.get()).state, 'awaiting_payment');
      await order.agree({ taken: 0 });
      await order.pay();
      await order.untilState('delivered');
      await order.agree({ taken: secretPrice });
    }));

  test('3: a short sum delivers nothing and goes back, an excess goes back, a false sum is asked for', () =>
    withShop({ settings: shortWindow }, async (shop) => {
      const short = await shop.place();
      await short.pay({ amount_minor: secretPrice - 1 });
      const over = await shop.place();
      await over.pay({ amount_minor: secretPrice + 100 });
      await shop.fault('wrong_amount_notify', { minor: -(secretPrice - 1) });
      const lied = await shop.place();
      await lied.pay();

      await over.until('has its excess back', ({ refunds }) => refunds[0]?.accepted_at);
      const paidOver = await over.agree({ taken: secretPrice + 100, givenBack: 100 });
      assert.equal(paidOver.state, 'delivered');
      assert.equal(paidOver.refunds[0].reason, 'surplus');
      await lied.untilState('delivered');
      await lied.agree({ taken: secretPrice });
      await shop.assertStruck('wrong_amount_notify');

      const waiting = await short.until('knows of the money', ({ payments }) => payments[0].paid_minor > 0);
      assert.equal(waiting.state, 'awaiting_payment');
      assert.equal(waiting.payments[0].paid_minor, secretPrice - 1);
      const refusal = await short.reveal();
      assert.equal(refusal.status, 409);
      await short.until('has the part back', ({ refunds }) => refunds[0]?.accepted_at, afterWindowMs);
      const paidShort = await short.agree({ taken: secretPrice - 1, givenBack: secretPrice - 1 });
      assert.equal(paidShort.refunds[0].reason, 'shortfall');
      assert.ok(paidShort.units.every(({ state }) => state !== 'delivered'));
    }));

  test('3: the rest of a short sum can be paid by another payment', () =>
    withShop({}, async (shop) => {
      const order = await shop.place();
      await order.pay({ amount_minor: secretPrice - 80 });
      await order.until('knows of the money', ({ payments }) => payments[0].paid_minor > 0);
      const rest = await order.openOther('alipay_wap');
      assert.equal(rest.amount_minor, 80);
      await order.payUrl(rest.redirect_url);
      await order.untilState('delivered');
      await order.agree({ taken: secretPrice });
    }));

  test('4: a payment counts for the order, the payment and the channel that it names, and for no other', () =>
    withShop({}, async (shop) => {
      const [paid, other] = [await shop.place(), await shop.place()];
      const trade = await paid.pay();
      await paid.untilState('delivered');
      const { trade: unpaid } = await other.payUrl(other.payment.redirect_url, openOnly);
      const replay = await notify(shop.stage, signed(shop.stage, noticeFields(trade)), 'alipay_qr');
      assert.deepEqual([replay.status, replay.text], [400, 'failure'], 'by the path of another channel');
      const stolen = noticeFields(trade, { out_trade_no: unpaid.out_trade_no });
      const claimed = await notify(shop.stage, signed(shop.stage, stolen));
      assert.deepEqual([claimed.status, claimed.text], [400, 'failure'], 'one trade for two orders');
      const strange = noticeFields(trade, { out_trade_no: 'ANOTHERSYSTEMSORDER1_1' });
      const foreign = await notify(shop.stage, signed(shop.stage, strange));
      assert.deepEqual([foreign.status, foreign.text], [400, 'failure'], 'no order of ours');
      const unopened = noticeFields(trade, { out_trade_no: `${other.no}_7`, trade_no: '2026000000000000000000000007' });
      assert.equal((await notify(shop.stage, signed(shop.stage, unopened))).text, 'failure', 'no payment of the order');
      const again = await notify(shop.stage, signed(shop.stage, noticeFields(trade)));
      assert.deepEqual([again.status, again.text], [200, 'success']);
      assert.equal((await other.get()).state, 'awaiting_payment');
      await other.agree({ taken: 0 });
      const order = await paid.agree({ taken: secretPrice });
      assert.equal(order.payments.length, 1);
    }));

  test('5: the page, then the code, then the page: the first payment counts and the second goes back', () =>
    withShop({}, async (shop) => {
      const order = await shop.place();
      await order.payUrl(order.payment.redirect_url, openOnly);
      await order.openOther('alipay_qr');
      const ready = ({ payments }) => payments.find(({ way }) => way === 'qr')?.qr_content;
      const { payments } = await order.until('has a code', ready);
      const code = payments.find(({ way }) => way === 'qr').qr_content;
      await order.payUrl(code, openOnly);
      await shop.fault('delay_notify', { s: 2 });
      const [byPage, byCode] = await Promise.all([order.payUrl(order.payment.redirect_url), order.payUrl(code)]);
      assert.equal(byPage.outcome, 'paid', 'opening another way does not spoil the first');
      assert.equal(byCode.outcome, 'paid');
      const twice = ({ refunds, state }) => state === 'delivered' && refunds[0]?.accepted_at;
      const done = await order.until('has arrived and has the second payment back', twice);
      assert.deepEqual(done.refunds.map(({ reason }) => reason), ['surplus']);
      await order.agree({ taken: 2 * secretPrice, givenBack: secretPrice, refunds: 1 });
      assert.equal((await order.secrets()).length, 1);
    }));

  test('5: after the page is paid, the code that was opened beside it can not be paid any more', () =>
    withShop({}, async (shop) => {
      const order = await shop.place({ channel: 'alipay_qr' });
      const { payments } = await order.until('has a code', (now) => now.payments[0].qr_content);
      await order.payUrl(payments[0].qr_content, openOnly);
      const page = await order.openOther('alipay');
      await order.payUrl(page.redirect_url);
      await order.until('has closed the code', (now) => now.state === 'delivered' && now.payments[0].state === 'closed');
      const late = await order.payUrl(payments[0].qr_content);
      assert.notEqual(late.outcome, 'paid');
      await order.agree({ taken: secretPrice });
    }));

  test('6: paid after expiry: delivered if stock is left, given back if it is gone', () =>
    withShop({
      settings: shortWindow,
      products: (demo) => ['left', 'gone'].flatMap((sku) => secretProduct(sku)(demo)),
      secrets: { left: codes('LEFT', 1), gone: codes('GONE', 1) },
    }, async (shop) => {
      const [left, gone] = [await shop.place({ sku: 'left' }), await shop.place({ sku: 'gone' })];
      for (const order of [left, gone]) await order.payUrl(order.payment.redirect_url, openOnly);
      for (const order of [left, gone]) await order.untilState('expired', afterWindowMs);
      const next = await shop.place({ sku: 'gone' });
      await next.pay();
      await next.untilState('delivered');

      await shop.fault('pay_after_expiry');
      for (const order of [left, gone]) {
        const number = `${order.no}_${order.payment.payment_no}`;
        assert.equal((await shop.sandbox('POST', `trades/${number}/pay`, {})).outcome, 'paid');
      }
      await left.untilState('delivered');
      await left.agree({ taken: secretPrice });
      assert.deepEqual(await left.secrets(), codes('LEFT', 1));
      const back = await gone.until('is given back', ({ refunds }) => refunds[0]?.accepted_at);
      assert.equal(back.state, 'given_back');
      assert.equal(back.refunds[0].reason, 'out_of_stock');
      await gone.agree({ taken: secretPrice, givenBack: secretPrice, refunds: 1 });
      await next.agree({ taken: secretPrice });
      assert.deepEqual(await next.secrets(), codes('GONE', 1));
    }));

  test('7: a crash between the commit and the call loses nothing and calls for nothing twice', () =>
    withShop({}, async (shop) => {
      await shop.fault('supplier_slow', { ms: 4_000 });
      const [secret, topup] = [await shop.place(), await shop.placeTopup()];
      await secret.payUrl(secret.payment.redirect_url, openOnly);
      await topup.pay();
      await topup.untilState('fulfilling');
      await shop.assertStruck('supplier_slow');
      await shop.stage.killShop();
      // Paid while nobody listens: the channel repeats its notification.
      const { trade_no } = (await shop.sandbox('POST', `trades/${secret.no}_1/pay`, {})).trade;
      assert.ok(trade_no);
      await shop.fault('supplier_slow', { on: false });
      await shop.stage.startShop();
      await secret.untilState('delivered');
      await topup.untilState('delivered', 120_000);
      await topup.agree({ taken: topupPrice, executed: 1 });
      await secret.agree({ taken: secretPrice });
    }));

  test('7: killed again and again on its way, a top-up is bought once', () =>
    withShop({}, async (shop) => {
      await shop.fault('supplier_slow', { ms: 700 });
      const topups = [];
      for (let round = 0; round < 5; ++round) {
        const topup = await shop.placeTopup();
        await topup.payUrl(topup.payment.redirect_url);
        topups.push(topup);
        await shop.stage.killShop();
        await shop.stage.startShop();
      }
      for (const topup of topups) await topup.untilState('delivered', 150_000);
      for (const topup of topups) await topup.agree({ taken: topupPrice, executed: 1 });
    }));

  test('8: the last secrets go to as many orders as there are secrets', () =>
    withShop({ products: secretProduct('last'), secrets: { last: codes('LAST', 3) } }, async (shop) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => shop.placing({ sku: 'last' })));
      const placed = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status === 409).map((answer) => answer.json().code);
      assert.equal(placed.length, 3);
      assert.deepEqual(new Set(refused), new Set(['out_of_stock']));
      assert.equal(refused.length, 17);
      const orders = placed.map((answer) => shop.orderOf(answer));
      await Promise.all(orders.map((order) => order.pay()));
      const shown = [];
      for (const order of orders) {
        await order.untilState('delivered');
        await order.agree({ taken: secretPrice });
        shown.push(...(await order.secrets()));
      }
      assert.deepEqual(shown.sort(), codes('LAST', 3));
    }));

  test('9: of an order of three, what is there is delivered and the rest is given back', () =>
    withShop({
      settings: shortWindow,
      products: secretProduct('few'),
      secrets: { few: codes('FEW', 3) },
    }, async (shop) => {
      const three = await shop.place({ sku: 'few', quantity: 3 });
      await three.payUrl(three.payment.redirect_url, openOnly);
      await three.untilState('expired', afterWindowMs);
      const two = await shop.place({ sku: 'few', quantity: 2 });
      await two.pay();
      await two.untilState('delivered');
      await shop.fault('pay_after_expiry');
      await shop.sandbox('POST', `trades/${three.no}_1/pay`, {});
      const partly = await three.until('is partly given back', ({ refunds }) => refunds[0]?.accepted_at);
      assert.equal(partly.state, 'partially_delivered');
      assert.deepEqual(partly.refunds.map(({ units }) => units), [[2, 3]], 'what fails together goes back together');
      await three.agree({ taken: 3 * secretPrice, givenBack: 2 * secretPrice, refunds: 1 });
      const shown = [...(await three.secrets()), ...(await two.secrets())];
      assert.deepEqual(shown.sort(), codes('FEW', 3));
    }));

  test('9: of three top-ups the one that never comes is given back, the others arrive', () =>
    withShop({
      products: topupProduct('bundle', { quantity_max: 3, promise_seconds: 15 }),
    }, async (shop) => {
      await shop.fault('silent', { skip: 2, times: 1 });
      await shop.fault('cancel_refused');
      const bundle = await shop.placeTopup({ sku: 'bundle', quantity: 3 });
      await bundle.pay();
      const back = await bundle.until('is partly given back', ({ refunds }) => refunds[0]?.accepted_at, 60_000);
      assert.equal(back.state, 'partially_delivered');
      assert.deepEqual(back.refunds.map(({ reason }) => reason), ['deadline_missed']);
      await bundle.agree({ taken: 3 * topupPrice, givenBack: topupPrice, refunds: 1, executed: 2 });
      await shop.assertStruck('silent', 'cancel_refused');
    }));

  test('10: the supplier answers after our time-out: bought once, delivered by asking', () =>
    withShop({ settings: ['outgoing.total_timeout_seconds=1'] }, async (shop) => {
      await shop.fault('supplier_slow', { ms: 2_500, times: 1 });
      await shop.fault('callback_lost');
      const order = await shop.placeTopup();
      await order.pay();
      await order.untilState('delivered');
      await order.agree({ taken: topupPrice, executed: 1 });
      await shop.assertStruck('supplier_slow', 'callback_lost');
    }));

  test('10: the supplier answers after the deadline: given back once, and it stays so', () =>
    withShop({ products: topupProduct('express', { promise_seconds: 8 }) }, async (shop) => {
      await shop.fault('answer_late', { s: 11 });
      await shop.fault('cancel_refused');
      const order = await shop.placeTopup({ sku: 'express' });
      await order.pay();
      await order.until('is given back', ({ refunds }) => refunds[0]?.accepted_at);
      await until('the goods came after all', async () => (await order.truth()).executed === 1);
      await until('the shop was told', async () => {
        const { notifications } = await shop.sandbox('GET', `notifications?number=${order.no}_u`);
        return notifications.some(({ acknowledged }) => acknowledged);
      });
      const late = await order.agree({ taken: topupPrice, givenBack: topupPrice, refunds: 1, executed: 1 });
      assert.equal(late.state, 'given_back');
      assert.equal(late.units[0].reason, 'deadline_missed');
    }));

  test('11: the supplier answers a repeat with its record: the result is taken, nothing is bought again', () =>
    withShop({ settings: ['supplier.demo.inflight_horizon_seconds=3'] }, async (shop) => {
      await shop.fault('execute_lose_reply', { times: 1 });
      await shop.fault('answer_late', { s: 12 });
      await shop.fault('not_found_in_flight', { times: 3 });
      await shop.fault('callback_lost');
      const order = await shop.placeTopup();
      await order.pay();
      await order.untilState('delivered', 60_000);
      await order.agree({ taken: topupPrice, executed: 1 });
      const { goods_executed: goods } = await shop.truth();
      assert.equal(goods.length, 1, 'one reference');
      await shop.assertStruck('execute_lose_reply', 'not_found_in_flight');
    }));

  test('12: expiry against payment: whoever pays around the last moment has the goods or the money', () =>
    withShop({
      settings: shortWindow,
      products: secretProduct('rare'),
      secrets: { rare: codes('RARE', 6) },
    }, async (shop) => {
      await shop.fault('pay_after_expiry');
      await shop.fault('slow', { ms: 300 });
      const orders = await Promise.all(Array.from({ length: 6 }, () => shop.place({ sku: 'rare' })));
      for (const order of orders) await order.payUrl(order.payment.redirect_url, openOnly);
      const offsets = [-1_000, -300, 0, 300, 800, 1_500];
      const paid = await Promise.all(orders.map(async (order, index) => {
        await reach(Date.parse(order.placed.promise.pay_by) + offsets[index]);
        return shop.sandbox('POST', `trades/${order.no}_1/pay`, {});
      }));
      const takers = orders.filter((_, index) => paid[index].outcome === 'paid');
      assert.ok(takers.length > 0, JSON.stringify(paid));
      const shown = [];
      for (const order of takers)
        if ((await deliveredOrGivenBack(order)) === 'delivered') shown.push(...(await order.secrets()));
      assert.equal(new Set(shown).size, shown.length, 'no secret twice');
      for (const order of orders.filter((each) => !takers.includes(each))) {
        await order.untilState('expired', afterWindowMs);
        await order.agree({ taken: 0 });
      }
    }));

  test('13: a refund whose call is lost, fails or is cut by a crash gives the money back once', () =>
    withShop({ settings: ['outgoing.total_timeout_seconds=1'] }, async (shop) => {
      // Told late, so that the second payment is not closed before it is made.
      await shop.fault('delay_notify', { s: 2 });
      const twice = async () => {
        const order = await shop.place();
        const other = await order.openOther('alipay_wap');
        await order.payUrl(order.payment.redirect_url, openOnly);
        await order.payUrl(other.redirect_url, openOnly);
        await order.payUrl(order.payment.redirect_url);
        await order.payUrl(other.redirect_url);
        return order;
      };
      const orders = [];
      await shop.fault('refund_executed_reply_lost', { times: 2, hold_ms: 3_000 });
      orders.push(await twice());
      await orders[0].until('asks for its refund', ({ refunds }) => refunds.length === 1);
      await shop.fault('refund_system_error', { times: 2, executed: 1 });
      orders.push(await twice());
      await shop.fault('query_timeout', { times: 2, hold_ms: 3_000 });
      orders.push(await twice());
      await orders[2].until('asks for its refund', ({ refunds }) => refunds.length === 1);
      await shop.stage.killShop();
      await shop.stage.startShop();
      for (const order of orders) {
        await order.until('has its money back', ({ refunds }) => refunds[0]?.accepted_at, 120_000);
        const seen = await order.agree({ taken: 2 * secretPrice, givenBack: secretPrice, refunds: 1 });
        assert.equal(seen.state, 'delivered');
      }
      await shop.assertStruck('refund_executed_reply_lost', 'refund_system_error');
    }));

  test('13: a supplier that refuses for good means the money goes back once, without anyone asking', () =>
    withShop({}, async (shop) => {
      const phone = freshPhone();
      await shop.fault('fail_definitely', { match: phone });
      const order = await shop.placeTopup({ target: { phone } });
      await order.pay();
      const back = await order.until('is given back', ({ refunds }) => refunds[0]?.accepted_at, 90_000);
      assert.equal(back.state, 'given_back');
      await order.agree({ taken: topupPrice, givenBack: topupPrice, refunds: 1, executed: 0 });
    }));
});
