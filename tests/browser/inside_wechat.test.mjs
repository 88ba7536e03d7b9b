// A purchase inside WeChat: who pays is asked there, the sheet opens on the order's page, and whatever goes wrong is said
// with what to do next. The pictures go to SCREENSHOTS, if that names a folder.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as stage from './stage.mjs';

const channel = 'wechatpay_jsapi';

async function picture(page, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
}

async function goToConfirm(page) {
  await stage.bringBridge(page);
  const product = await stage.findProduct(({ kind }) => kind === 'secret');
  await stage.goToConfirm(page, product, { contact: 'wechat@example.com', channel });
}

const inWechat = (story) => stage.inBrowser(stage.devices.wechat, story);
const result = (page, word) => page.locator(`[data-testid=sheet-result][data-result=${word}]`).waitFor();
const told = (page, why) => page.locator(`[data-testid=payer-told][data-why=${why}]`).waitFor();

test('a buyer inside WeChat is offered its sheet first, pays without leaving, and gets the goods', { skip: stage.skip }, () =>
  inWechat(async (page) => {
    await goToConfirm(page);
    await page.goBack();
    const ways = await page.locator('[data-testid^=channel-]').evaluateAll((inputs) => inputs.map(({ value }) => value));
    assert.equal(ways[0], channel);
    assert.ok(!ways.includes('wechatpay_h5'), 'that page does not open inside WeChat');
    await picture(page, 'checkout');
    await page.getByTestId('to-confirm').click();
    await page.getByTestId('place').click();
    await stage.waitForOrder(page, 'delivered');
    assert.deepEqual(await page.evaluate(() => window.sheetsInvoked), ['getBrandWCPayRequest']);
    assert.ok(!page.url().includes('?'), 'what WeChat added to the address is gone');
    await picture(page, 'delivered');
    await page.getByTestId('reveal').click();
    assert.notEqual((await page.getByTestId('secret').first().textContent()).trim(), '');
  }),
);

test('a sheet that is closed, fails or lies is said so, and only the shop says what is paid', { skip: stage.skip }, () =>
  inWechat(async (page) => {
    await stage.setFault('bridge_cancel', { on: true, times: 1 });
    await goToConfirm(page);
    await page.getByTestId('place').click();
    await result(page, 'cancel');
    assert.match(await page.getByTestId('sheet-result').textContent(), /关闭了微信支付窗口.*换一种方式/);
    await picture(page, 'canceled');
    await stage.setFault('bridge_fail', { on: true, times: 1 });
    await page.getByTestId('open-sheet').click();
    await result(page, 'fail');
    await stage.setFault('bridge_ok_unpaid', { on: true, times: 1 });
    await page.getByTestId('open-sheet').click();
    await result(page, 'ok');
    await picture(page, 'said_ok');
    await page.getByTestId('open-sheet').waitFor();
    await stage.waitForOrder(page, 'awaiting_payment');
    await page.getByTestId('open-sheet').click();
    await stage.waitForOrder(page, 'delivered');
  }),
);

test('a buyer whom WeChat does not name is told why, and may try again or pay another way', { skip: stage.skip }, () =>
  inWechat(async (page) => {
    await stage.setFault('payer_code_used', { on: true, times: 1 });
    await goToConfirm(page);
    await page.getByTestId('place').click();
    await told(page, 'code_used');
    await page.getByTestId('pay-by-alipay_qr').waitFor();
    await picture(page, 'code_used');
    await stage.setFault('payer_declines', { on: true, times: 1 });
    await page.getByTestId('go-pay').click();
    await told(page, 'declined');
    await stage.setFault('payer_code_expired', { on: true, times: 1 });
    await page.getByTestId('go-pay').click();
    await told(page, 'code_expired');
    await page.getByTestId('go-pay').click();
    await stage.waitForOrder(page, 'delivered');
  }),
);

test("a payer of another app's gets no sheet and pays by another way", { skip: stage.skip }, () =>
  inWechat(async (page) => {
    await stage.setFault('payer_of_other_app', { on: true, times: 1 });
    await goToConfirm(page);
    await page.getByTestId('place').click();
    await page.locator(`[data-testid=payment][data-channel=${channel}][data-state=failed]`).waitFor();
    await picture(page, 'other_app');
    await page.getByTestId('pay-by-alipay_qr').click();
    await page.getByTestId('qr').waitFor();
  }),
);

test('an order begun inside WeChat says in another browser where it can be paid', { skip: stage.skip }, () =>
  inWechat(async (page, browser) => {
    await stage.setFault('payer_declines', { on: true, times: 1 });
    await goToConfirm(page);
    await page.getByTestId('place').click();
    await told(page, 'declined');
    const { origin, pathname } = new URL(page.url());
    const code = await page.getByTestId('access-code').textContent();
    const elsewhere = await (await browser.newContext({ ...stage.devices.desktop, locale: 'en-US' })).newPage();
    await elsewhere.goto(origin + pathname);
    await elsewhere.getByTestId('find-code').fill(code.trim());
    await elsewhere.getByTestId('find-open').click();
    await elsewhere.getByTestId('wechat-elsewhere').waitFor();
    await picture(elsewhere, 'elsewhere');
  }),
);
