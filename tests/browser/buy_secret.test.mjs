import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as stage from './stage.mjs';

const contact = 'secret.buyer@example.com';

async function payByScanning(page) {
  const content = await page.getByTestId('qr').getAttribute('data-content');
  const scanner = await page.context().newPage();
  await scanner.goto(content);
  await scanner.locator('#pay').click();
  await scanner.close();
}

async function revealSecret(page) {
  await page.getByTestId('reveal').click();
  const secret = (await page.getByTestId('secret').first().textContent()).trim();
  assert.notEqual(secret, '');
  return secret;
}

test('a secret is bought by scanning, watched without a reload, revealed, and found again', { skip: stage.skip }, () =>
  stage.inBrowser(stage.devices.phone, async (page, browser) => {
    const product = await stage.findProduct(({ kind }) => kind === 'secret');
    assert.ok(product, 'the shop sells no secret');
    const keys = [];
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      if (request.method() === 'POST' && path === '/v1/orders') keys.push(request.headers()['idempotency-key']);
    });

    await stage.goToConfirm(page, product, { contact, channel: await stage.channelOf('qr') });
    await page.getByTestId('place').dblclick();
    await stage.waitForOrder(page, 'awaiting_payment');
    assert.equal(new Set(keys).size, 1, 'a double click places one order');
    const orderNo = new URL(page.url()).pathname.split('/').pop();
    const code = (await page.getByTestId('access-code').textContent()).trim();
    assert.ok(!page.url().includes(code), 'the code stands in no address');

    await stage.recordStages(page);
    await payByScanning(page);
    await stage.waitForOrder(page, 'delivered');
    const seen = await stage.stagesSeen(page);
    for (const line of ['paid current', 'paid done', 'accepted done', 'fulfilling done', 'delivered done']) {
      assert.ok(seen.includes(line), `${line} was not shown: ${seen.join(', ')}`);
    }

    assert.match(await page.title(), /^已到账/, 'a tab in the background says it too');
    assert.equal(await page.getByTestId('secret').count(), 0, 'nothing is shown before it is asked for');
    const secret = await revealSecret(page);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(!kept.includes(secret), 'the secret is not stored in the browser');

    await findByContact(browser, orderNo, code, secret);
    await findByCode(browser, orderNo, code, secret);
  }),
);

// Another browser: a stranger's contact finds nothing; the buyer's shows the order, and the same secret for the code only.
async function findByContact(browser, orderNo, code, secret) {
  const page = await (await browser.newContext(stage.devices.desktop)).newPage();
  await page.goto(`${stage.shopUrl}/find`);
  await page.getByTestId('find-number').fill(orderNo);
  await page.getByTestId('find-by-contact').check({ force: true });
  await page.getByTestId('find-contact').fill('stranger@example.com');
  await page.getByTestId('find-open').click();
  await page.getByTestId('find-wrong').waitFor();

  await page.getByTestId('find-contact').fill(contact);
  await page.getByTestId('find-open').click();
  await stage.waitForOrder(page, 'delivered');
  await page.getByTestId('reveal').click();
  await page.getByTestId('enter-code-input').fill(code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
  await page.getByTestId('enter-code-open').click();
  await page.getByTestId('enter-code-wrong').waitFor();
  assert.equal(await page.getByTestId('secret').count(), 0, 'the contact and a wrong code show nothing');
  await page.getByTestId('enter-code-input').fill(code);
  await page.getByTestId('enter-code-open').click();
  assert.equal((await page.getByTestId('secret').first().textContent()).trim(), secret);
}

async function findByCode(browser, orderNo, code, secret) {
  const page = await (await browser.newContext(stage.devices.phone)).newPage();
  await page.goto(`${stage.shopUrl}/find`);
  await page.getByTestId('find-number').fill(orderNo);
  await page.getByTestId('find-code').fill(code);
  await page.getByTestId('find-open').click();
  await stage.waitForOrder(page, 'delivered');
  assert.equal(await revealSecret(page), secret);
}
