import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as stage from './stage.mjs';

const seconds = 3;

test('a top-up is bought by the page after another way was opened, and its stages move without a reload', { skip: stage.skip }, () =>
  stage.inBrowser(stage.devices.desktop, async (page) => {
    const product = await stage.findProduct(stage.takesPhone);
    assert.ok(product, 'the shop sells no phone top-up');
    const phone = stage.freshPhone();
    const name = Object.keys(product.target_schema.properties)[0];
    const [qr, wayOfPage] = [await stage.channelOf('qr'), await stage.channelOf('page')];
    await stage.setFault('answer_late', { on: true, s: seconds, match: phone.slice(3) });

    await refuseWrongPhone(page, product, name);
    await stage.goToConfirm(page, product, { target: { [name]: phone }, contact: phone, channel: qr });
    const target = await page.getByTestId('confirm-target').textContent();
    assert.ok(target.replace(/\s/g, '').includes(phone), `the confirm step repeats the number: ${target}`);
    assert.match(await page.getByTestId('confirm-deadline').textContent(), /\d\d:\d\d/);
    await page.getByTestId('place').click();
    await page.getByTestId('qr').waitFor();

    await page.getByTestId(`pay-by-${wayOfPage}`).click();
    await page.getByTestId('go-pay').waitFor();
    assert.equal(await page.getByTestId('payment').count(), 2, 'the first way is not lost');
    await page.getByTestId('go-pay').click();
    await page.locator('#pay').click();
    await page.waitForURL((url) => url.href.startsWith(stage.shopUrl));

    await stage.recordStages(page);
    await stage.waitForOrder(page, 'delivered');
    const seen = await stage.stagesSeen(page);
    for (const line of ['fulfilling current', 'fulfilling done', 'delivered done']) {
      assert.ok(seen.includes(line), `${line} was not shown: ${seen.join(', ')}`);
    }
    assert.equal(await page.getByTestId('reveal').count(), 0, 'a top-up has nothing to reveal');
  }),
);

async function refuseWrongPhone(page, product, name) {
  await page.goto(`${stage.shopUrl}/checkout/${product.sku}`);
  await page.getByTestId(`target-${name}`).fill('1234');
  await page.getByTestId('contact').fill('buyer@example.com');
  await page.getByTestId('to-confirm').click();
  await page.locator(`#wrong-${name}`).waitFor();
  await page.locator(`#target-${name}:focus`).waitFor();
  assert.equal(await page.getByTestId('confirm').count(), 0);
}

test('a lost connection falls back to asking, and the page goes on', { skip: stage.skip }, () =>
  stage.inBrowser(stage.devices.phone, async (page) => {
    const product = await stage.findProduct(stage.takesPhone);
    const phone = stage.freshPhone();
    const name = Object.keys(product.target_schema.properties)[0];
    await page.route('**/v1/orders/*/stream', (route) => route.abort());
    await stage.goToConfirm(page, product, {
      target: { [name]: phone },
      contact: phone,
      channel: await stage.channelOf('wap', 'page'),
    });
    await page.getByTestId('place').click();
    await page.locator('#pay').click();
    await page.waitForURL((url) => url.href.startsWith(stage.shopUrl));
    await page.locator('[data-testid=connection][data-mode=polling]').waitFor();
    await stage.recordStages(page);
    await stage.waitForOrder(page, 'delivered');
    await stage.stagesSeen(page);

    await page.unroute('**/v1/orders/*/stream');
    await page.locator('[data-testid=connection][data-mode=live]').waitFor({ timeout: 60_000 });
  }),
);
