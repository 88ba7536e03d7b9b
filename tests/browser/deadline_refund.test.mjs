import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as stage from './stage.mjs';

// The test's shop promises this top-up within half a minute or less; the shipped one takes half an hour.
const promiseMax = 30;

test('when the promised moment passes the refund shows by itself', { skip: stage.skip }, (context) =>
  stage.inBrowser(stage.devices.phone, async (page) => {
    const product = await stage.findProduct(
      (candidate) => stage.takesPhone(candidate) && candidate.promise_seconds <= promiseMax,
    );
    if (!product) return context.skip(`skipped: no phone top-up here is promised within ${promiseMax} s`);
    const phone = stage.freshPhone();
    const name = Object.keys(product.target_schema.properties)[0];
    for (const fault of ['silent', 'cancel_refused']) {
      await stage.setFault(fault, { on: true, match: phone.slice(3) });
    }

    await stage.goToConfirm(page, product, {
      target: { [name]: phone },
      contact: phone,
      channel: await stage.channelOf('wap', 'page'),
    });
    await page.getByTestId('place').click();
    await page.locator('#pay').click();
    await page.waitForURL((url) => url.href.startsWith(stage.shopUrl));
    await stage.recordStages(page);
    await stage.waitForOrder(page, 'fulfilling');

    await stage.waitForOrder(page, 'given_back', (product.promise_seconds + 60) * 1_000);
    const seen = await stage.stagesSeen(page);
    assert.ok(seen.includes('fulfilling current') && seen.includes('delivered failed'), seen.join(', '));
    const refund = page.getByTestId('refund');
    assert.equal(await refund.count(), 1);
    assert.match(await refund.getAttribute('data-state'), /^(accepted|settled)$/);
    assert.equal(await refund.getAttribute('data-reason'), 'deadline_missed');
    assert.equal(await page.getByTestId('unit-1').getAttribute('data-state'), 'failed');
  }),
);
