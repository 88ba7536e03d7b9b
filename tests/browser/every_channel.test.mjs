// One purchase by each way that the shop offers, as a person with a computer or a phone makes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as stage from './stage.mjs';

const isForPhones = ({ way }) => way === 'wap' || way === 'h5';

function deviceFor(channel) {
  if (channel.way === 'jsapi') return stage.devices.wechat;
  return isForPhones(channel) ? stage.devices.phone : stage.devices.desktop;
}

// A link of ours is followed at once; one that the channel has to make first is on the order's page. Inside WeChat the
// buyer is named on the way and the sheet opens by itself.
async function payAtTheCashier(page, { way }) {
  if (way === 'jsapi') return;
  if (way === 'h5') await page.getByTestId('go-pay').click();
  if (way !== 'qr') {
    await page.locator('#pay').click();
    await page.waitForURL((url) => url.href.startsWith(stage.shopUrl));
    return;
  }
  await stage.waitForOrder(page, 'awaiting_payment');
  const scanner = await page.context().newPage();
  await scanner.goto(await page.getByTestId('qr').getAttribute('data-content'));
  await scanner.locator('#pay').click();
  await scanner.close();
}

test('every way to pay leads to the goods', { skip: stage.skip }, async (t) => {
  const { channels } = await (await fetch(`${stage.shopUrl}/v1/channels`)).json();
  assert.ok(new Set(channels.map(({ kind }) => kind)).size >= 3, 'Alipay, WeChat Pay and epay are offered');
  for (const channel of channels) {
    await t.test(`${channel.channel} (${channel.way})`, () =>
      stage.inBrowser(deviceFor(channel), async (page) => {
        if (channel.way === 'jsapi') await stage.bringBridge(page);
        const product = await stage.findProduct(({ kind }) => kind === 'secret');
        await stage.goToConfirm(page, product, { contact: 'channels@example.com', channel: channel.channel });
        await page.getByTestId('place').click();
        await payAtTheCashier(page, channel);
        await stage.waitForOrder(page, 'delivered');
        await page.getByTestId('reveal').click();
        assert.notEqual((await page.getByTestId('secret').first().textContent()).trim(), '');
      }),
    );
  }
});

test('a buyer who says that he paid is told what is done, and is believed once the channel says so', { skip: stage.skip }, () =>
  stage.inBrowser(stage.devices.phone, async (page) => {
    const product = await stage.findProduct(({ kind }) => kind === 'secret');
    await stage.goToConfirm(page, product, { contact: 'says@example.com', channel: await stage.channelOf('qr') });
    await page.getByTestId('place').click();
    await stage.waitForOrder(page, 'awaiting_payment');
    await page.getByTestId('qr').waitFor();
    await page.getByTestId('said-paid').click();
    await page.getByTestId('asked').waitFor();
    assert.match(await page.getByTestId('asked').textContent(), /已向付款渠道查询/);
    await stage.setFault('lose_notify', { on: true, times: 1 });
    await payAtTheCashier(page, { way: 'qr' });
    await page.getByTestId('said-paid').click();
    await stage.waitForOrder(page, 'delivered');
  }),
);
